"""The tab “Teach”: corrections, which the network in training learns at once."""

from __future__ import annotations

import io
from collections.abc import Callable
from html import escape

import numpy as np
import panel as pn

from playground.number_text import format_percent
from playground.pages.controls.fields.parameter_fields import field
from playground.pages.controls.help_tags import help_tags
from playground.pages.controls.live_html import LiveHTML
from playground.pages.digits.prediction.explanation_tab import controls_row, stretch, tab_content
from playground.pages.digits.prediction.live_predictor import LivePredictor
from playground.pages.part import Part
from playground.pages.shell.latest_task import LatestTask
from playground.training.images.frame import ImageFrame
from playground.views.images.captioned_images import captioned_images
from playground.views.images.view_data import CaptionedImagesData
from playground.views.live_view import LiveView
from playground.views.theme import Theme

NOTABLE_COST = 0.005
"""Loss of test accuracy that a person is asked about."""
MAX_SHOWN = 24
"""Corrections that are shown, the newest first."""
HINT = "Draw a digit, then choose its class: the network in training learns it."


class CorrectionsTab(Part):
    """A button for each class, the corrections so far, undo and download.

    Parameters
    ----------
    predictor : LivePredictor
    theme : Theme
    on_corrected : callable
        Called on the event loop after a correction was learned or undone.

    Attributes
    ----------
    views : tuple of LiveView
    """

    def __init__(
        self,
        predictor: LivePredictor,
        theme: Theme,
        on_corrected: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__()
        self._predictor, self._on_corrected = predictor, on_corrected
        self._trainer = predictor.trainer
        self._task: LatestTask[str] = LatestTask(self._done, self._done)
        self._sheet = captioned_images(self._newest_corrections(), theme)
        self.views: tuple[LiveView, ...] = (self._sheet,)
        self._classes: tuple[str, ...] = ()
        self._class_buttons = pn.Row(css_classes=["pg-answers"], margin=0)
        self._message = LiveHTML(HINT, css_classes=["pg-reading"], margin=0)
        self._count = LiveHTML("", css_classes=["pg-count"], margin=0, align="center")
        self._undo = pn.widgets.Button(name="Undo", margin=0, css_classes=["pg-small"])
        self._undo.on_click(self._undo_last)
        download = pn.widgets.FileDownload(
            callback=self._archive,
            filename="corrections.zip",
            label="Download",
            margin=0,
            css_classes=["pg-small"],
        )
        weight = field(
            self._trainer.corrections,
            "weight",
            name="Repeats per epoch",
            sizing_mode=None,
            width=110,
        )
        self._tab = tab_content(
            self._class_buttons,
            self._message,
            controls_row(self._undo, download, self._count),
            weight,
            stretch(self._sheet),
        )
        predictor.param.watch(self._update_buttons, "latest")
        self._update_buttons()
        self._show()

    def __panel__(self) -> pn.Column:
        return self._tab

    def _update_buttons(self, *_events: object) -> None:
        """Show a button for each class of the dataset."""
        if self._predictor.classes != self._classes:
            self._classes = self._predictor.classes
            self._class_buttons.objects = [
                self._class_button(number, name) for number, name in enumerate(self._classes)
            ]

    def _class_button(self, label: int, name: str) -> pn.widgets.Button:
        class_button = pn.widgets.Button(
            name=name,
            margin=0,
            css_classes=["pg-answer-button"],
            tags=help_tags("Teaches the network that this is what you drew."),
        )
        class_button.on_click(lambda _event: self._correct(label, name))
        return class_button

    def _correct(self, label: int, name: str) -> None:
        picture, trainer = self._predictor.latest.picture, self._trainer
        if picture is None:
            self._show_message("There is no picture to correct: draw something first.")
        elif not self._predictor.has_training_model:
            self._show_message(
                "There is no network in training yet: load the training pictures first."
            )
        else:

            def teach() -> str:
                before = trainer.frame()
                known = trainer.teach(picture, label)
                cost = cost_sentence(before, trainer.frame())
                return f"{correction_sentence(name, known=known)} {cost}".rstrip()

            self._start_task(f"“{name}” is being learned …")
            self._task.submit(teach)

    def _undo_last(self, _event: object) -> None:
        trainer, corrections = self._trainer, self._trainer.corrections
        if not corrections.items:
            self._show_message("There is no correction to undo.")
            return

        def undo() -> str:
            if trainer.undo():
                return "Undone: the network is as it was before."
            corrections.remove(corrections.items[-1])
            return "Undone: the correction is not in the training pictures any more."

        self._start_task("Undoing …")
        self._task.submit(undo)

    def _start_task(self, sentence: str) -> None:
        # A second click would replace the waiting task, and its correction would be lost.
        self._disable_buttons(True)
        self._show_message(sentence)

    def _done(self, sentence: str) -> None:
        self._disable_buttons(False)
        self._show_message(sentence)
        self._show()
        self._predictor.predict_again()
        self._on_corrected()

    def _disable_buttons(self, disabled: bool) -> None:
        for each in (*self._class_buttons.objects, self._undo):
            each.disabled = disabled

    def _show_message(self, sentence: str) -> None:
        self._message.object = escape(sentence)

    def _show(self) -> None:
        count = len(self._trainer.corrections.items)
        self._count.object = f"{count:,} correction{'s' * (count != 1)}"
        self._sheet.push(self._newest_corrections())

    def _newest_corrections(self) -> CaptionedImagesData:
        newest = self._trainer.corrections.items[: -MAX_SHOWN - 1 : -1]
        pictures = np.array([each.picture for each in newest], np.uint8).reshape(-1, 28, 28)
        captions = tuple(each.class_name for each in newest)
        return CaptionedImagesData(pictures, captions, np.zeros(0, np.int64))

    def _archive(self) -> io.BytesIO:
        return io.BytesIO(self._trainer.corrections.archive())


def correction_sentence(name: str, *, known: bool) -> str:
    """Return the message after a correction; `known` if the network predicts the class now."""
    outcome = (
        f"Learned: the prediction is “{name}” now."
        if known
        else f"Noted: “{name}”, which the network does not predict yet."
    )
    return f"{outcome} The correction comes up again in every epoch."


def cost_sentence(before: ImageFrame, after: ImageFrame) -> str:
    """Say what a correction has done to the test images; nothing where that is not known."""
    then, now = before.test.accuracy, after.test.accuracy
    if not (np.isfinite(then) and np.isfinite(now)):
        return ""
    sentence = f"Test accuracy {format_percent(then)} → {format_percent(now)}"
    if then - now < NOTABLE_COST or before.confusion.shape != after.confusion.shape:
        return f"{sentence}."
    more = after.confusion - before.confusion
    np.fill_diagonal(more, 0)
    true, predicted = np.unravel_index(int(more.argmax()), more.shape)
    names = after.classes
    taken = f": it now takes more images of “{names[true]}” for “{names[predicted]}”"
    return f"{sentence}{taken}. Undo?"
