"""The card to draw in: canvas, tools, and beside it what the networks see of it."""

from __future__ import annotations

import panel as pn
import param

from playground.pages.buttons import button
from playground.pages.digits.canvas import canvas
from playground.pages.digits.keys import UndoKeys
from playground.pages.digits.subject import Subject
from playground.pages.digits.upload import Upload
from playground.pages.fields import card, field
from playground.pages.part import Part
from playground.pages.words import Words
from playground.views.digits.picture import picture
from playground.views.digits.sights import PictureSight
from playground.views.live import LiveView
from playground.views.theme import Theme

UNDO = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M9 6L4.5 10.5 9 15'
    'M5 10.5h9a5 5 0 0 1 0 10h-3" fill="none" stroke="currentColor" stroke-width="2" '
    'stroke-linecap="round" stroke-linejoin="round"/></svg>'
)
CLEAR = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M5 7h14M10 7V4.5h4V7'
    'M7 7l.8 12.5h8.4L17 7M10.5 10.5v5.5M13.500 10.5v5.5" fill="none" '
    'stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/>'
    "</svg>"
)


class DrawCard(Part):
    """Where people draw, or put a picture.

    Parameters
    ----------
    subject : Subject
        Told what is drawn, stroke by stroke.
    theme : Theme

    Attributes
    ----------
    views : tuple of LiveView
    """

    def __init__(self, subject: Subject, theme: Theme) -> None:
        super().__init__()
        self._subject, self._drawing = subject, subject.drawing
        self._canvas = canvas(subject.drawing, theme, self._say)
        self._seen = picture(PictureSight(None), theme)
        self.views: tuple[LiveView, ...] = (self._canvas, self._seen)
        self._upload = Upload(subject)
        self._said = Words("", css_classes=["pg-refused"], margin=0, visible=False)
        self._sheet = pn.Column(self._canvas.pane(), css_classes=["pg-sheet", "pg-blank"], margin=0)
        self._undo = button(UNDO, "Undo", self._take_back, disabled=True)
        self._clear = button(CLEAR, "Clear", self._take_all)
        self._card = card(
            "Draw a digit",
            pn.Row(
                self._sheet,
                self._upload.photo,
                pn.Column(
                    pn.pane.HTML("<h3>What they see</h3>", margin=0),
                    pn.Column(self._seen.pane(), css_classes=["pg-seen"], margin=0),
                    field(self._drawing, "brush", widget=pn.widgets.IntSlider),
                    css_classes=["pg-beside"],
                    margin=0,
                ),
                css_classes=["pg-easel"],
                margin=0,
            ),
            self._said,
            self._upload,
            area="draw",
            tools=(self._undo, self._clear, UndoKeys(self._take_back)),
        )
        self._drawing.param.watch(self._changed, "lines")
        self._upload.param.watch(self._turn, "page")
        subject.param.watch(self._show, "look")
        self._turn()

    def __panel__(self) -> pn.Column:
        return self._card

    def _take_back(self, *_events: object) -> None:
        if self._sheet.visible:
            self._drawing.undo()

    def _take_all(self, _event: object) -> None:
        if self._sheet.visible:
            self._upload.close()
            self._drawing.clear()

    def _turn(self, *_events: object) -> None:
        """Show the picture in place of the canvas while there is one."""
        self._upload.photo.visible = self._upload.page is not None
        self._sheet.visible = self._upload.page is None
        self._allow()

    def _changed(self, _event: object) -> None:
        blank = [] if self._drawing.lines else ["pg-blank"]
        self._sheet.css_classes = ["pg-sheet", *blank]
        self._said.visible = False
        self._allow()

    def _allow(self) -> None:
        """Nothing can be taken back that is not to be seen."""
        self._clear.disabled = not self._sheet.visible
        self._undo.disabled = self._clear.disabled or not self._drawing.undoable

    def _show(self, event: param.parameterized.Event) -> None:
        self._seen.push(PictureSight(event.new.picture))

    def _say(self, sentence: str) -> None:
        self._said.param.update(object=sentence, visible=True)
