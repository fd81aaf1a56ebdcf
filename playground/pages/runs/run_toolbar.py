"""The buttons about one run."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from html import escape
from io import BytesIO

import panel as pn

from playground.pages.controls.async_download import AsyncDownload
from playground.pages.controls.live_html import LiveHTML
from playground.pages.part import Part
from playground.runs import BrokenFile, RunRecord, StoreEntry


def text_button(name: str, action: Callable[[], None]) -> pn.widgets.Button:
    """A button with its name on it."""
    button = pn.widgets.Button(name=name, margin=0)
    button.on_click(lambda _event: action())
    return button


class RunToolbar(Part):
    """Buttons about the run that is chosen; to delete it takes two of them.

    Parameters
    ----------
    actions : dict of str to callable
        What each button does, by its name.
    delete : callable
        Called once the person is sure.
    content : coroutine function
        Gives the file to download, or None; see `AsyncDownload`.
    """

    def __init__(
        self,
        actions: dict[str, Callable[[], None]],
        delete: Callable[[], None],
        content: Callable[[], Awaitable[BytesIO | None]],
    ) -> None:
        super().__init__()
        self._download = AsyncDownload(
            callback=content, filename="run", label="Download", margin=0, height=32
        )
        self._delete = text_button("Delete", self._show_confirmation)
        self._record_buttons = (
            *(text_button(name, action) for name, action in actions.items()),
            self._download,
        )
        self._run_name = LiveHTML("", margin=0)
        confirmation = pn.Row(
            self._run_name,
            text_button("Delete for good", delete),
            text_button("Keep it", self.hide_confirmation),
            css_classes=["pg-switches"],
            margin=(8, 0, 0, 0),
        )
        # In a column: the style of a row of switches would have it seen in any case.
        self._confirmation = pn.Column(confirmation, margin=0, visible=False)
        self._column = pn.Column(
            pn.Row(*self._record_buttons, self._delete, css_classes=["pg-switches"], margin=0),
            self._confirmation,
            margin=0,
        )
        self.show_run(None)

    def __panel__(self) -> pn.Column:
        return self._column

    def show_run(self, chosen: StoreEntry | None) -> None:
        """Offer what can be done with a run; a broken file can only be deleted."""
        for each in self._record_buttons:
            each.disabled = not isinstance(chosen, RunRecord)
        self._delete.disabled = not isinstance(chosen, RunRecord | BrokenFile)
        if isinstance(chosen, RunRecord):
            self._download.filename = file_name(chosen.name)
        which = chosen.name if isinstance(chosen, RunRecord) else "This file"
        self._run_name.object = f"<b>{escape(which)}</b>"

    def hide_confirmation(self) -> None:
        """Ask no longer whether to delete."""
        self._confirmation.visible = False

    def _show_confirmation(self) -> None:
        self._confirmation.visible = True


def file_name(name: str) -> str:
    """What a run's file is called when it is downloaded: no character means anything in a path."""
    return f"{re.sub(r'[^0-9A-Za-z]+', '-', name).strip('-') or 'run'}.safetensors"
