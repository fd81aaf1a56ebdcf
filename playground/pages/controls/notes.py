"""Notes of the diagnosis, each shown at the place it is about."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from playground.pages.controls.live_html import LiveHTML
from playground.pages.part import Part
from playground.training.core.notes import Note, NotePlace

_SYMBOLS = {"info": "i", "warning": "!", "error": "×"}


class Notes(Part):
    """The notes about one place, below one another.

    Parameters
    ----------
    place : NotePlace
    hint : str, optional
        Shown while there are no notes, in a space that is always reserved, so that nothing moves
        when a note appears. Without a hint, notes take no space while there are none.
    """

    def __init__(self, place: NotePlace, hint: str = "") -> None:
        super().__init__()
        self._place = place
        self.hint = hint
        self._pane = LiveHTML(
            self._hint_html(),
            css_classes=["pg-notes", *(["pg-roomy"] if hint else [])],
            margin=0,
            visible=bool(hint),
        )

    def __panel__(self) -> LiveHTML:
        return self._pane

    def show_notes(self, notes: Iterable[Note]) -> None:
        """Show those of the notes that are about this place."""
        own = [note for note in notes if note.place == self._place]
        text = "".join(map(_html, own)) or self._hint_html()
        if text != self._pane.object:
            self._pane.param.update(object=text, visible=bool(text))

    def _hint_html(self) -> str:
        return f'<p class="pg-idle">{escape(self.hint)}</p>' if self.hint else ""


def _html(note: Note) -> str:
    symbol = _SYMBOLS[note.severity]
    return (
        f'<p class="pg-note pg-{note.severity}" data-kind="{escape(note.kind)}">'
        f"<i>{symbol}</i><span>{escape(note.sentence)}</span></p>"
    )
