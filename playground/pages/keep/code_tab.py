"""A tab that shows the code: what is on the page, as a program without us."""

from __future__ import annotations

from functools import partial

import panel as pn

from playground.export.code import script
from playground.pages.errand import Errand
from playground.pages.keep.code_view import CodeView
from playground.pages.keep.offer import Offer, download, say
from playground.pages.keep.toolbar import plain_button
from playground.pages.part import Part
from playground.pages.words import Words
from playground.training.digits import DigitTrainer
from playground.training.trainer import Trainer

ABOUT = (
    "<p>This very network and its training as a short program in Python. It needs PyTorch, "
    "but not Playground, begins afresh with the settings of now, and learns the same way.</p>"
)


class CodeTab(Part):
    """The program of a trainer as it is set at the moment of a click.

    Parameters
    ----------
    trainer : Trainer or DigitTrainer
    """

    def __init__(self, trainer: Trainer | DigitTrainer) -> None:
        super().__init__()
        self._said = Words("", margin=0, visible=False)
        self._view = CodeView()
        self._write = partial(script, trainer)
        self._writing: Errand[str] = Errand(self._show, self._refuse)
        self._column = pn.Column(
            Words(ABOUT, css_classes=["pg-about"], margin=0),
            pn.Row(
                plain_button("Show the code", self._ask),
                download(Offer("Download", "playground_script.py", self._write), self._said),
                css_classes=["pg-switches"],
                margin=0,
            ),
            self._said,
            self._view,
            css_classes=["pg-tab"],
            margin=0,
            sizing_mode="stretch_width",
        )

    def __panel__(self) -> pn.Column:
        return self._column

    def _ask(self) -> None:
        """Write the program as things are now."""
        self._writing.ask(self._write)

    def _show(self, text: str) -> None:
        say(self._said, "")
        self._view.text = text

    def _refuse(self, sentence: str) -> None:
        self._view.text = ""
        say(self._said, sentence, wrong=True)
