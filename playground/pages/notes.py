"""Notes where they belong: one plain sentence at the place it is about."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from playground.pages.part import Part
from playground.pages.words import Words
from playground.training.frame import Note, Place

_SIGNS = {"info": "i", "warning": "!", "error": "×"}


class Notes(Part):
    """The notes of one place, below one another.

    Parameters
    ----------
    place : str
    idle : str, optional
        What is said while there is nothing to note. With it the notes always have room, so that
        nothing moves when one comes; without it they take none while there are none.
    """

    def __init__(self, place: Place, idle: str = "") -> None:
        super().__init__()
        self._place = place
        self.idle = idle
        self._pane = Words(
            self._idle_text(),
            css_classes=["pg-notes", *(["pg-roomy"] if idle else [])],
            margin=0,
            visible=bool(idle),
        )

    def __panel__(self) -> Words:
        return self._pane

    def say(self, notes: Iterable[Note]) -> None:
        """Show those of the notes that belong here."""
        mine = [note for note in notes if note.place == self._place]
        text = "".join(map(_html, mine)) or self._idle_text()
        if text != self._pane.object:
            self._pane.param.update(object=text, visible=bool(text))

    def _idle_text(self) -> str:
        return f'<p class="pg-idle">{escape(self.idle)}</p>' if self.idle else ""


def _html(note: Note) -> str:
    sign = _SIGNS[note.severity]
    return (
        f'<p class="pg-note pg-{note.severity}" data-kind="{escape(note.kind)}">'
        f"<i>{sign}</i><span>{escape(note.sentence)}</span></p>"
    )
