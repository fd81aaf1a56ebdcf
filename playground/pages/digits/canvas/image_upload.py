"""Upload of an image: the digits in it, and the choice of the one to predict."""

from __future__ import annotations

import io
from base64 import b64encode
from dataclasses import dataclass
from html import escape

import numpy as np
import panel as pn
import param
from PIL import Image

from playground.deadlines import check_deadline
from playground.ink.photos.detections import Box, DetectedDigit, DigitDetections
from playground.ink.photos.image_files import open_image
from playground.ink.photos.image_preparation import prepare_image
from playground.pages.accessibility.bokeh_widgets import group_name
from playground.pages.controls.deferred import DeferredColumn
from playground.pages.controls.help_tags import help_tags
from playground.pages.controls.live_html import LiveHTML
from playground.pages.controls.uploads.file_dropper import file_dropper
from playground.pages.digits.prediction.live_predictor import LivePredictor
from playground.pages.digits.prediction.predictions import Predictions, predict_with_all
from playground.pages.part import Part
from playground.pages.shell.latest_task import LatestTask
from playground.prediction import DOUBTFUL, join_labels
from playground.serving.threads.thread_pools import prediction_workers

MAX_SIDE = 480
"""Longer side, in pixels, of the image as it is shown."""


@dataclass(frozen=True, slots=True, eq=False)
class UploadedImage:
    """An uploaded image with its digits.

    Attributes
    ----------
    detections : DigitDetections
    names : tuple of str
        The prediction for each digit; "?" for what is probably no digit, or if no classifier
        could predict.
    image : str
        The image, upright and small, as a data URI.
    """

    detections: DigitDetections
    names: tuple[str, ...]
    image: str


class ImageUpload(Part):
    """A drop area for an image file or a photo, then the choice of a digit in it.

    A file that cannot be used is refused with a sentence, and nothing else changes.

    Parameters
    ----------
    predictor : LivePredictor
        Its input becomes the first digit, then each one that is chosen.

    Attributes
    ----------
    photo : panel object
        The image with a frame around each digit; hidden while there is none.
    """

    uploaded = param.ClassSelector(
        class_=UploadedImage, default=None, doc="The image that is shown, if any."
    )

    def __init__(self, predictor: LivePredictor) -> None:
        super().__init__()
        self._predictor = predictor
        self._task: LatestTask[UploadedImage] = LatestTask(
            self._show_image, self._show_error, prediction_workers
        )
        self._file = file_dropper(100)
        self._file.param.watch(self._on_file, "value")
        self._file.param.watch(
            lambda event: self._show_error(event.new), "refusal", onlychanged=False
        )
        self._message = LiveHTML("", margin=0, visible=False, css_classes=["pg-remark"])
        predictor.drawing.param.watch(self._clear_message, "lines")
        self._image = LiveHTML("", margin=0, css_classes=["pg-image"])
        self._choice = pn.widgets.RadioButtonGroup(
            name="Digits in the picture",
            options=[],
            margin=0,
            css_classes=["pg-modes"],
            tags=[
                *group_name("Digits in the picture"),
                *help_tags("Which of the digits in the picture is read."),
            ],
        )
        self._choice.param.watch(self._on_choice, "value")
        back = pn.widgets.Button(name="Back to drawing", margin=0, css_classes=["pg-small"])
        back.on_click(lambda _event: self.close())
        self._tools = DeferredColumn(
            pn.Row(self._choice, back, css_classes=["pg-found"], margin=0),
            margin=0,
            sizing_mode="stretch_width",
            visible=False,
        )
        self.photo = pn.Column(self._image, css_classes=["pg-photo"], margin=0)
        self._column = pn.Column(
            self._tools,
            self._message,
            self._file,
            css_classes=["pg-upload"],
            margin=0,
            sizing_mode="stretch_width",
        )

    def __panel__(self) -> pn.Column:
        return self._column

    def close(self) -> None:
        """Remove the image; the drawing becomes the input again."""
        self._clear_message()
        if self.uploaded is not None:
            self.uploaded = None
            self._tools.visible = False
            self._predictor.set_input(self._predictor.drawing.strokes)

    def _on_file(self, _event: param.parameterized.Event) -> None:
        """Detect and predict the digits of a new file."""
        files = self._file.take()
        if not files:
            return
        _name, data = files[-1]
        self._show_message("Detecting digits …")
        models, classes = self._predictor.models, self._predictor.classes

        def detect() -> UploadedImage:
            # SciPy takes a twelfth of the time in which a server starts.
            from playground.ink.photos.digit_detection import detect_digits

            detections = detect_digits(data)
            results = []
            for found in detections.found:
                check_deadline()
                results.append(predict_with_all(found, models, classes))
            return UploadedImage(detections, tuple(map(label_of, results)), data_uri(data))

        self._task.submit(detect)

    def _show_image(self, uploaded: UploadedImage) -> None:
        self.uploaded = uploaded
        self._show_message(*number_sentence(uploaded.names), *uploaded.detections.remarks)
        # Options must differ even if predictions are equal: trailing blanks are invisible.
        options = {f"{name}{' ' * number}": number for number, name in enumerate(uploaded.names)}
        self._choice.param.update(options=options, value=0, visible=len(options) > 1)
        self._tools.visible = True
        self._select(0)

    def _on_choice(self, event: param.parameterized.Event) -> None:
        if event.new is not None:
            self._select(event.new)

    def _select(self, number: int) -> None:
        """Make one of the digits the input."""
        if self.uploaded is not None:
            self._image.object = image_html(self.uploaded, number)
            self._predictor.set_input(self.uploaded.detections.found[number])

    def _show_error(self, sentence: str) -> None:
        """Say why a file is refused, and what is still shown instead."""
        kept = ""
        if self.uploaded is not None:
            kept = "The picture before it is still shown."
        elif self._predictor.drawing.lines:
            kept = "What you drew is still shown."
        self._show_message(sentence, kept, wrong=True)

    def _show_message(self, *sentences: str, wrong: bool = False) -> None:
        text = " ".join(filter(None, sentences))
        kind = "pg-refused" if wrong else "pg-idle"
        self._message.param.update(
            object=f'<p class="{kind}">{escape(text)}</p>', visible=bool(text)
        )

    def _clear_message(self, *_events: object) -> None:
        """Hide the message about a file once something else has changed."""
        self._message.visible = False


def label_of(predictions: Predictions) -> str:
    """Return the class that most classifiers predict, or "?" for what is probably no digit."""
    votes = predictions.votes
    doubtful = predictions.bars.doubtful or not votes
    return DOUBTFUL if doubtful else max(votes, key=votes.__getitem__)


def number_sentence(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the predictions of several digits in reading order, as a sentence."""
    return (f"Prediction: {join_labels(names)}.",) if len(names) > 1 else ()


def data_uri(data: bytes) -> str:
    """Return an image, upright and small, as a data URI."""
    image = Image.fromarray(prepare_image(open_image(data)).colours.astype(np.uint8))
    image.thumbnail((MAX_SIDE, MAX_SIDE))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    return "data:image/jpeg;base64," + b64encode(file.getvalue()).decode()


def image_html(uploaded: UploadedImage, chosen: int) -> str:
    """Return the image with a frame around each digit, as HTML."""
    size = uploaded.detections.size
    frames = "".join(
        box_html(found, size, name, chosen=number == chosen)
        for number, (found, name) in enumerate(
            zip(uploaded.detections.found, uploaded.names, strict=True)
        )
    )
    return f'<div class="pg-framed"><img src="{uploaded.image}" alt="Your picture">{frames}</div>'


def box_html(found: DetectedDigit, size: tuple[int, int], name: str, *, chosen: bool) -> str:
    """Return a frame around one digit with its prediction, placed in percent."""
    left, top, right, bottom = box_in_percent(found.box, size)
    place = f"left:{left:.2f}%;top:{top:.2f}%;width:{right - left:.2f}%;height:{bottom - top:.2f}%"
    kind = "pg-frame pg-chosen" if chosen else "pg-frame"
    return f'<span class="{kind}" style="{place}"><b>{escape(name)}</b></span>'


def box_in_percent(box: Box, size: tuple[int, int]) -> tuple[float, ...]:
    """Return a box in percent of the image's width and height."""
    return tuple(100 * side / size[number % 2] for number, side in enumerate(box))
