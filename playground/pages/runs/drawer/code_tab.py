"""A tab that shows the page's network and training as a PyTorch program."""

from __future__ import annotations

from functools import partial
from html import escape

import panel as pn

from playground.export.code import script
from playground.export.formats import EXPORTS
from playground.pages.controls.buttons import text_button
from playground.pages.controls.code_view import CodeView
from playground.pages.controls.live_html import LiveHTML
from playground.pages.part import Part
from playground.pages.runs.drawer.file_export import export_button, show_message
from playground.pages.shell.latest_task import LatestTask
from playground.training.dense.trainer import Trainer
from playground.training.images import ImageTrainer


class CodeTab(Part):
    """The tab of a trainer's PyTorch program, which is written when a button is clicked.

    Parameters
    ----------
    trainer : Trainer or ImageTrainer
    """

    def __init__(self, trainer: Trainer | ImageTrainer) -> None:
        super().__init__()
        self._message = LiveHTML("", margin=0, visible=False)
        self._view = CodeView()
        code = EXPORTS["code"]
        (python,) = code.formats
        self._write = partial(script, trainer)
        self._task: LatestTask[str] = LatestTask(self._show, self._refuse)
        self._column = pn.Column(
            LiveHTML(f"<p>{escape(code.about)}</p>", css_classes=["pg-about"], margin=0),
            pn.Row(
                text_button("Show the code", self._write_code),
                export_button(python, code.filename, trainer, self._message),
                css_classes=["pg-switches"],
                margin=0,
            ),
            self._message,
            self._view,
            css_classes=["pg-tab"],
            margin=0,
            sizing_mode="stretch_width",
        )

    def __panel__(self) -> pn.Column:
        return self._column

    def _write_code(self) -> None:
        """Write the program for the current settings."""
        self._task.submit(self._write)

    def _show(self, text: str) -> None:
        show_message(self._message, "")
        self._view.text = text

    def _refuse(self, sentence: str) -> None:
        self._view.text = ""
        show_message(self._message, sentence, wrong=True)
