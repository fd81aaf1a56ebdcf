"""The buttons that act on the chosen run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from html import escape
from io import BytesIO

import panel as pn

from playground.pages.controls.async_download import AsyncDownload
from playground.pages.controls.buttons import text_button
from playground.pages.controls.live_html import LiveHTML
from playground.pages.part import Part
from playground.runs import RunRecord, StoreEntry
from playground.runs.atomic_files import SUFFIX
from playground.runs.record import file_stem

DELETE = "Delete"


class RunToolbar(Part):
    """Buttons that act on the chosen run; deleting asks for confirmation.

    Parameters
    ----------
    actions : dict of str to callable
        What to call for each button, by the button's name.
    delete : callable
        Called once the person has confirmed.
    content : coroutine function
        Returns the file to download, or None; see `AsyncDownload`.
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
        self._delete = text_button(DELETE, self._show_confirmation)
        self._action_buttons = {name: text_button(name, action) for name, action in actions.items()}
        self._run_name = LiveHTML("", margin=0)
        confirmation = pn.Row(
            self._run_name,
            text_button("Delete permanently", delete),
            text_button("Cancel", self.hide_confirmation),
            css_classes=["pg-switches"],
            margin=(8, 0, 0, 0),
        )
        # In a column: the style of a row of switches would override `visible`.
        self._confirmation = pn.Column(confirmation, margin=0, visible=False)
        self._column = pn.Column(
            pn.Row(
                *self._action_buttons.values(),
                self._download,
                self._delete,
                css_classes=["pg-switches"],
                margin=0,
            ),
            self._confirmation,
            margin=0,
        )
        self.show_run(None)

    def __panel__(self) -> pn.Column:
        return self._column

    def show_run(self, chosen: StoreEntry | None, impossible: Collection[str] = ()) -> None:
        """Enable what can be done with a run; a broken file can only be deleted.

        Parameters
        ----------
        chosen : StoreEntry or None
        impossible : collection of str
            Names of the buttons, such as "Delete", for what can't be done with this one.
        """
        is_run = isinstance(chosen, RunRecord)
        for name, each in self._action_buttons.items():
            each.disabled = not is_run or name in impossible
        self._download.disabled = not is_run
        self._delete.disabled = chosen is None or DELETE in impossible
        if isinstance(chosen, RunRecord):
            self._download.filename = f"{file_stem(chosen.name)}{SUFFIX}"
        name = chosen.name if isinstance(chosen, RunRecord) else "This file"
        self._run_name.object = f"<b>{escape(name)}</b>"

    def hide_confirmation(self) -> None:
        """Close the question whether to delete."""
        self._confirmation.visible = False

    def _show_confirmation(self) -> None:
        self._confirmation.visible = True
