"""The buttons about one run."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from html import escape
from io import BytesIO

import panel as pn

from playground.pages.keep.download import Download
from playground.pages.part import Part
from playground.pages.words import Words
from playground.runs import Broken, Listed, Record


def plain_button(name: str, action: Callable[[], None]) -> pn.widgets.Button:
    """A button with its name on it."""
    made = pn.widgets.Button(name=name, margin=0)
    made.on_click(lambda _event: action())
    return made


class Toolbar(Part):
    """Buttons about the run that is chosen; to delete it takes two of them.

    Parameters
    ----------
    actions : dict of str to callable
        What each button does, by its name.
    delete : callable
        Called once the person is sure.
    content : coroutine function
        Gives the file to download, or None; see `Download`.
    """

    def __init__(
        self,
        actions: dict[str, Callable[[], None]],
        delete: Callable[[], None],
        content: Callable[[], Awaitable[BytesIO | None]],
    ) -> None:
        super().__init__()
        self._download = Download(
            callback=content, filename="run", label="Download", margin=0, height=32
        )
        self._delete = plain_button("Delete", self._ask)
        self._for_sound = (
            *(plain_button(name, action) for name, action in actions.items()),
            self._download,
        )
        self._which = Words("", margin=0)
        sure = pn.Row(
            self._which,
            plain_button("Delete for good", delete),
            plain_button("Keep it", self.calm),
            css_classes=["pg-switches"],
            margin=(8, 0, 0, 0),
        )
        # In a column: the style of a row of switches would have it seen in any case.
        self._sure = pn.Column(sure, margin=0, visible=False)
        self._column = pn.Column(
            pn.Row(*self._for_sound, self._delete, css_classes=["pg-switches"], margin=0),
            self._sure,
            margin=0,
        )
        self.about(None)

    def __panel__(self) -> pn.Column:
        return self._column

    def about(self, chosen: Listed | None) -> None:
        """Offer what can be done with a run; a broken file can only be deleted."""
        for each in self._for_sound:
            each.disabled = not isinstance(chosen, Record)
        self._delete.disabled = not isinstance(chosen, Record | Broken)
        if isinstance(chosen, Record):
            self._download.filename = file_name(chosen.name)
        which = chosen.name if isinstance(chosen, Record) else "This file"
        self._which.object = f"<b>{escape(which)}</b>"

    def calm(self) -> None:
        """Ask no longer whether to delete."""
        self._sure.visible = False

    def _ask(self) -> None:
        self._sure.visible = True


def file_name(name: str) -> str:
    """What a run's file is called when it is downloaded: no character means anything in a path."""
    return f"{re.sub(r'[^0-9A-Za-z]+', '-', name).strip('-') or 'run'}.safetensors"
