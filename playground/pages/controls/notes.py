"""Notes of the diagnosis, each shown at the place it is about, with buttons for what helps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from html import escape

import panel as pn

from playground.pages.controls.deferred import DeferredColumn
from playground.pages.controls.live_html import LiveHTML
from playground.pages.design import page_design
from playground.pages.part import Part
from playground.training.core.notes import Note, NotePlace, Remedy

MAX_REMEDIES = 3
"""Buttons at one place."""

_SYMBOLS = {"info": "i", "warning": "!", "error": "×"}


class Notes(Part):
    """The notes about one place, below one another.

    Parameters
    ----------
    place : NotePlace
    hint : str, optional
        Shown while there are no notes, in a space that is always reserved, so that nothing moves
        when a note appears. Without a hint, notes take no space while there are none.

    Attributes
    ----------
    apply : callable
        Called with the remedy whose button is clicked.
    """

    def __init__(self, place: NotePlace, hint: str = "") -> None:
        super().__init__()
        self._place = place
        self.hint = hint
        self.apply: Callable[[Remedy], None] = lambda remedy: None
        self._remedies: tuple[Remedy, ...] = ()
        self._text = self._hint_html()
        self._column = DeferredColumn(
            make=self._make_content, css_classes=["pg-noted"], margin=0, visible=bool(hint)
        )
        if hint:
            self._column.show_content()

    def __panel__(self) -> pn.Column:
        return self._column

    def _make_content(self) -> list[pn.viewable.Viewable]:
        classes = ["pg-notes", *(["pg-roomy"] if self.hint else [])]
        self._pane = LiveHTML(self._text, css_classes=classes, margin=0)
        self._button_row = pn.Row(css_classes=["pg-remedies"], margin=0)
        return [self._pane, self._button_row]

    def show_notes(self, notes: Iterable[Note]) -> None:
        """Show those of the notes that are about this place."""
        own = [note for note in notes if note.place == self._place]
        text = "".join(map(_html, own)) or self._hint_html()
        if text != self._text:
            self._text = text
            self._column.make_content()
            self._pane.object = text
            self._column.visible = bool(text)
        offered = dict.fromkeys(note.remedy for note in own if note.remedy is not None)
        remedies = tuple(offered)[:MAX_REMEDIES]
        if remedies != self._remedies:
            self._show_remedies(remedies)

    def _show_remedies(self, remedies: tuple[Remedy, ...]) -> None:
        self._remedies = remedies
        with page_design():
            while len(self._button_row) < len(remedies):
                self._button_row.append(self._button(len(self._button_row)))
        for number, target in enumerate(self._button_row):
            target.visible = number < len(remedies)
            if target.visible:
                target.name = remedies[number].label

    def _button(self, number: int) -> pn.widgets.Button:
        target = pn.widgets.Button(name="Help", margin=0, css_classes=["pg-small", "pg-remedy"])
        target.on_click(partial(self._on_click, number))
        return target

    def _on_click(self, number: int, _event: object) -> None:
        if number < len(self._remedies):
            self.apply(self._remedies[number])

    def _hint_html(self) -> str:
        return f'<p class="pg-idle">{escape(self.hint)}</p>' if self.hint else ""


def _html(note: Note) -> str:
    symbol = _SYMBOLS[note.severity]
    return (
        f'<p class="pg-note pg-{note.severity}" data-kind="{escape(note.kind)}">'
        f"<i>{symbol}</i><span>{escape(note.sentence)}</span></p>"
    )
