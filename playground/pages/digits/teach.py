"""Saying what it really was: the network that learns on the page learns it too."""

from __future__ import annotations

import io
from collections.abc import Callable
from html import escape

import numpy as np
import panel as pn

from playground.pages.digits.explanation import plot, row, tab
from playground.pages.digits.subject import Subject
from playground.pages.errand import Errand
from playground.pages.fields import field
from playground.pages.part import Part
from playground.pages.words import Words
from playground.views.digits.sheet import sheet
from playground.views.digits.sights import SheetSight
from playground.views.live import LiveView
from playground.views.theme import Theme

SHOWN = 24
"""Corrections that are shown, the newest first."""
HINT = "Draw a digit, then say what it is: the network that is training now learns it."


class Teach(Part):
    """A button for each class, the corrections so far, and the ways back and out.

    Parameters
    ----------
    subject : Subject
    theme : Theme
    taught : callable
        Called on the event loop when the network has learned or forgotten a correction.

    Attributes
    ----------
    views : tuple of LiveView
    """

    def __init__(
        self, subject: Subject, theme: Theme, taught: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__()
        self._subject, self._taught = subject, taught
        self._trainer = subject.trainer
        self._errand: Errand[str] = Errand(self._done, self._done)
        self._sheet = sheet(self._newest(), theme)
        self.views: tuple[LiveView, ...] = (self._sheet,)
        self._classes: tuple[str, ...] = ()
        self._answers = pn.Row(css_classes=["pg-answers"], margin=0)
        self._said = Words(HINT, css_classes=["pg-reading"], margin=0)
        self._count = Words("", css_classes=["pg-count"], margin=0, align="center")
        self._undo = pn.widgets.Button(name="Undo", margin=0, css_classes=["pg-small"])
        self._undo.on_click(self._take_back)
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
            name="Times in an epoch",
            sizing_mode=None,
            width=110,
        )
        self._tab = tab(
            self._answers,
            self._said,
            row(self._undo, download, self._count),
            plot(self._sheet),
            weight,
        )
        subject.param.watch(self._offer, "look")
        self._offer()
        self._show()

    def __panel__(self) -> pn.Column:
        return self._tab

    def _offer(self, *_events: object) -> None:
        """Have a button for each class that is learned."""
        if self._subject.classes != self._classes:
            self._classes = self._subject.classes
            self._answers.objects = [
                self._answer(number, name) for number, name in enumerate(self._classes)
            ]

    def _answer(self, label: int, name: str) -> pn.widgets.Button:
        made = pn.widgets.Button(name=name, margin=0, css_classes=["pg-answer-button"])
        made.on_click(lambda _event: self._teach(label, name))
        return made

    def _teach(self, label: int, name: str) -> None:
        picture, trainer = self._subject.look.picture, self._trainer
        if picture is None:
            self._say("There is nothing to be taught: draw something first.")
        elif not self._subject.learns:
            self._say("There is no network to be taught: pictures to learn from come first.")
        else:
            self._begin(f"“{name}” is being learned …")
            self._errand.ask(lambda: taught(name, known=trainer.teach(picture, label)))

    def _take_back(self, _event: object) -> None:
        trainer, corrections = self._trainer, self._trainer.corrections
        if not corrections.items:
            self._say("There is no correction to take back.")
            return

        def undo() -> str:
            if trainer.undo():
                return "Taken back, and forgotten: the network is as it was before."
            corrections.remove(corrections.items[-1])
            return "Taken back: it will not be learned from again."

        self._begin("Being taken back …")
        self._errand.ask(undo)

    def _begin(self, sentence: str) -> None:
        # A second click would replace the question that waits, and a correction would be lost.
        self._block(True)
        self._say(sentence)

    def _done(self, sentence: str) -> None:
        self._block(False)
        self._say(sentence)
        self._show()
        self._subject.again()
        self._taught()

    def _block(self, blocked: bool) -> None:
        for each in (*self._answers.objects, self._undo):
            each.disabled = blocked

    def _say(self, sentence: str) -> None:
        self._said.object = escape(sentence)

    def _show(self) -> None:
        count = len(self._trainer.corrections.items)
        self._count.object = f"{count:,} correction{'s' * (count != 1)}"
        self._sheet.push(self._newest())

    def _newest(self) -> SheetSight:
        newest = self._trainer.corrections.items[: -SHOWN - 1 : -1]
        pictures = np.array([each.picture for each in newest], np.uint8).reshape(-1, 28, 28)
        meanings = tuple(each.meaning for each in newest)
        return SheetSight(pictures, meanings, np.zeros(0, np.int64))

    def _archive(self) -> io.BytesIO:
        return io.BytesIO(self._trainer.corrections.archive())


def taught(name: str, *, known: bool) -> str:
    """What there is to say when something has been taught."""
    if known:
        return f"Learned: it is “{name}” now, and comes up again in every epoch."
    return f"Noted: “{name}”. It is not sure of it yet; it comes up again in every epoch."
