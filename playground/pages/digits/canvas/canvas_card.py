"""The card with the canvas, its tools, image upload, and the network input."""

from __future__ import annotations

from html import escape

import panel as pn
import param

from playground.pages.controls.buttons import button
from playground.pages.controls.fields.parameter_fields import card, field
from playground.pages.controls.live_html import LiveHTML
from playground.pages.digits.canvas.canvas_view import canvas
from playground.pages.digits.canvas.image_upload import ImageUpload
from playground.pages.digits.canvas.pen_keys import PenKeys
from playground.pages.digits.canvas.undo_keys import UndoKeys
from playground.pages.digits.prediction.live_predictor import LivePredictor
from playground.pages.part import Part
from playground.views.images.single_image import picture
from playground.views.images.view_data import PictureData
from playground.views.live_view import LiveView
from playground.views.theme import Theme

UNDO_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M9 6L4.5 10.5 9 15'
    'M5 10.5h9a5 5 0 0 1 0 10h-3" fill="none" stroke="currentColor" stroke-width="2" '
    'stroke-linecap="round" stroke-linejoin="round"/></svg>'
)
CLEAR_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M5 7h14M10 7V4.5h4V7'
    'M7 7l.8 12.5h8.4L17 7M10.5 10.5v5.5M13.500 10.5v5.5" fill="none" '
    'stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/>'
    "</svg>"
)


class CanvasCard(Part):
    """Canvas or uploaded image, with undo, clear, brush, and the input of the networks.

    Parameters
    ----------
    predictor : LivePredictor
        Its drawing is shown and changed.
    theme : Theme

    Attributes
    ----------
    views : tuple of LiveView
    """

    def __init__(self, predictor: LivePredictor, theme: Theme) -> None:
        super().__init__()
        self._predictor, self._drawing = predictor, predictor.drawing
        self._canvas = canvas(predictor.drawing, theme, self._show_message)
        self._input_view = picture(PictureData(None), theme)
        self.views: tuple[LiveView, ...] = (self._canvas, self._input_view)
        self._upload = ImageUpload(predictor)
        self._message = LiveHTML("", css_classes=["pg-refused"], margin=0, visible=False)
        self._canvas_column = pn.Column(
            self._canvas.pane(),
            PenKeys(predictor.drawing, self._show_message),
            css_classes=["pg-sheet", "pg-blank"],
            margin=0,
        )
        self._undo = button(UNDO_ICON, "Undo", self._undo_step, disabled=True)
        self._clear = button(CLEAR_ICON, "Clear", self._clear_all)
        self._card = card(
            "Draw a digit",
            pn.Row(
                self._canvas_column,
                self._upload.photo,
                pn.Column(
                    pn.pane.HTML("<h3>Network input</h3>", margin=0),
                    pn.Column(self._input_view.pane(), css_classes=["pg-seen"], margin=0),
                    field(self._drawing, "brush", widget=pn.widgets.IntSlider),
                    css_classes=["pg-beside"],
                    margin=0,
                ),
                css_classes=["pg-easel"],
                margin=0,
            ),
            self._message,
            self._upload,
            area="draw",
            tools=(self._undo, self._clear, UndoKeys(self._undo_step)),
        )
        self._drawing.param.watch(self._on_change, "lines")
        self._upload.param.watch(self._toggle_image, "uploaded")
        predictor.param.watch(self._show_input, "latest")
        self._toggle_image()

    def __panel__(self) -> pn.Column:
        return self._card

    def _undo_step(self, *_events: object) -> None:
        if self._canvas_column.visible:
            self._drawing.undo()

    def _clear_all(self, _event: object) -> None:
        if self._canvas_column.visible:
            self._upload.close()
            self._drawing.clear()

    def _toggle_image(self, *_events: object) -> None:
        """Show the uploaded image, if any, in place of the canvas."""
        self._upload.photo.visible = self._upload.uploaded is not None
        self._canvas_column.visible = self._upload.uploaded is None
        self._update_buttons()

    def _on_change(self, _event: object) -> None:
        blank = [] if self._drawing.lines else ["pg-blank"]
        self._canvas_column.css_classes = ["pg-sheet", *blank]
        self._message.visible = False
        self._update_buttons()

    def _update_buttons(self) -> None:
        """Disable undo and clear while the canvas is hidden."""
        self._clear.disabled = not self._canvas_column.visible
        self._undo.disabled = self._clear.disabled or not self._drawing.can_undo

    def _show_input(self, event: param.parameterized.Event) -> None:
        self._input_view.push(PictureData(event.new.picture))

    def _show_message(self, sentence: str) -> None:
        self._message.param.update(object=escape(sentence), visible=True)
