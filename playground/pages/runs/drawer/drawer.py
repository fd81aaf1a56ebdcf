"""The drawer below the header: saved runs, files to download, and the code."""

from __future__ import annotations

from collections.abc import Callable

import panel as pn

from playground.export.formats import EXPORTS
from playground.pages.controls.buttons import button
from playground.pages.controls.deferred import DeferredColumn
from playground.pages.design import page_design
from playground.pages.part import Part
from playground.pages.runs.drawer.code_tab import CodeTab
from playground.pages.runs.drawer.files_tab import FilesTab
from playground.pages.runs.drawer.runs_tab import RunsTab
from playground.pages.runs.person_files import examples, person_files
from playground.pages.runs.run_session import RunSession
from playground.pages.shell.click_outside import ClickOutside
from playground.views.live_view import LiveView
from playground.views.theme import Theme


class Drawer(Part):
    """A card of tabs; closed at first, and filled when it is first opened.

    Parameters
    ----------
    snapshot : callable
        Returns the page as one HTML file; called in a worker thread.
    """

    def __init__(self, snapshot: Callable[[], str]) -> None:
        super().__init__()
        self._snapshot = snapshot
        self.views: tuple[LiveView, ...] = ()
        self._runs: RunsTab | None = None
        # The style sheet gives cards a `display` of their own, which `visible` could not undo.
        self._place = DeferredColumn(
            make=self._make_card,
            css_classes=["pg-drawer-place"],
            margin=0,
            visible=False,
            sizing_mode="stretch_width",
        )

    def __panel__(self) -> pn.Column:
        return self._place

    def _make_card(self) -> list[pn.viewable.Viewable]:
        self._card = pn.Column(
            button("close", "Close the drawer", self._close, width=26, kind="pg-small pg-shut"),
            css_classes=["pg-card", "pg-drawer"],
            margin=0,
            min_width=0,
        )
        return [self._card, ClickOutside(self.close)]

    def toggle(self, run_session: RunSession, theme: Theme) -> None:
        """Open it, or close it.

        Parameters
        ----------
        run_session : RunSession
            The page's work, of which runs, files and code are made.
        theme : Theme
            Of the page.
        """
        if self._runs is None:
            self._fill(run_session, theme)
        elif not self._place.visible:
            self._runs.refresh()
        self._place.visible = not self._place.visible

    @property
    def is_open(self) -> bool:
        """Whether it can be seen."""
        return bool(self._place.visible)

    def close(self) -> None:
        """Close it, if it is open."""
        self._place.visible = False

    def _close(self, _event: object) -> None:
        self.close()

    def _fill(self, run_session: RunSession, theme: Theme) -> None:
        self._place.make_content()
        files, trainer = person_files(), run_session.trainer
        with page_design():
            code = (("Code", CodeTab(trainer)),) if EXPORTS["code"].takes(trainer) else ()
            self._runs = RunsTab(run_session, files.store, theme, examples(), files.shares)
            self.views = self._runs.views
            self._card.append(
                pn.Tabs(
                    ("Runs", self._runs),
                    ("Files", FilesTab(trainer, self._snapshot)),
                    *code,
                    dynamic=True,
                    sizing_mode="stretch_width",
                    margin=0,
                )
            )
