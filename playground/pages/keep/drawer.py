"""A drawer below the header: runs that are kept, files to take away, and the code."""

from __future__ import annotations

from collections.abc import Callable

import panel as pn

from playground.pages.keep.code_tab import CodeTab
from playground.pages.keep.runs_tab import RunsTab
from playground.pages.keep.take_tab import TakeTab
from playground.pages.keep.workplace import Workplace
from playground.pages.part import Part
from playground.pages.style import dressed
from playground.runs import Store, usual_folder
from playground.training.digits import DigitTrainer
from playground.training.trainer import Trainer
from playground.views.live import LiveView
from playground.views.theme import Theme


class Drawer(Part):
    """Closed at first, and filled when it is opened for the first time.

    Parameters
    ----------
    snapshot : callable
        Gives the page as one HTML file; called in a worker thread.
    """

    def __init__(self, snapshot: Callable[[], str]) -> None:
        super().__init__()
        self._snapshot = snapshot
        self.views: tuple[LiveView, ...] = ()
        self._runs: RunsTab | None = None
        self._card = pn.Column(css_classes=["pg-card", "pg-drawer"], margin=0, min_width=0)
        # A card has a layout of its own, which hiding it would not undo.
        self._frame = pn.Column(
            self._card,
            css_classes=["pg-drawer-place"],
            margin=0,
            visible=False,
            sizing_mode="stretch_width",
        )

    def __panel__(self) -> pn.Column:
        return self._frame

    def turn(self, work: Workplace, trainer: Trainer | DigitTrainer, theme: Theme) -> None:
        """Open it, or close it.

        Parameters
        ----------
        work : Workplace
        trainer : Trainer or DigitTrainer
            What files and code are made of.
        theme : Theme
            The page's, for what is seen inside.
        """
        if self._runs is None:
            self._fill(work, trainer, theme)
        elif not self._frame.visible:
            self._runs.refresh()
        self._frame.visible = not self._frame.visible

    def _fill(self, work: Workplace, trainer: Trainer | DigitTrainer, theme: Theme) -> None:
        with dressed():
            self._runs = RunsTab(work, Store(usual_folder()), theme)
            self.views = (self._runs.view,)
            self._card.append(
                pn.Tabs(
                    ("Runs", self._runs),
                    ("Files", TakeTab(trainer, self._snapshot)),
                    ("Code", CodeTab(trainer)),
                    dynamic=True,
                    sizing_mode="stretch_width",
                    margin=0,
                )
            )
