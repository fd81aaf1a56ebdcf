"""Notes where they belong: one plain sentence at the place it is about."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import panel as pn

from playground.pages.part import Part
from playground.training.frame import Note, Place

_SIGNS = {"info": "i", "warning": "!", "error": "×"}


class Notes(Part):
    """The notes of one place, below one another; takes no room while there are none."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self._place = place
        self._pane = pn.pane.HTML("", css_classes=["pg-notes"], margin=0, visible=False)

    def __panel__(self) -> pn.pane.HTML:
        return self._pane

    def say(self, notes: Iterable[Note]) -> None:
        """Show those of the notes that belong here."""
        mine = [note for note in notes if note.place == self._place]
        self._pane.param.update(object="".join(map(_html, mine)), visible=bool(mine))


def _html(note: Note) -> str:
    sign = _SIGNS[note.severity]
    return (
        f'<p class="pg-note pg-{note.severity}" data-kind="{escape(note.kind)}">'
        f"<i>{sign}</i><span>{escape(note.sentence)}</span></p>"
    )
