"""Makes the report on a trainer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.metadata import version

import torch

from playground.export.report import rendering
from playground.export.report.content import ReportContent
from playground.export.report.dense_content import dense_content
from playground.export.report.image_content import image_content
from playground.training.dense.trainer import Trainer
from playground.training.images import ImageTrainer


@dataclass(frozen=True)
class Report:
    """A report, rendered when a format is first read.

    Attributes
    ----------
    content : ReportContent
    """

    content: ReportContent

    @cached_property
    def html(self) -> str:
        """One HTML page without external files."""
        return rendering.html(self.content)

    @cached_property
    def markdown(self) -> str:
        """The same in Markdown, pictures included."""
        return rendering.markdown(self.content)


def report(trainer: Trainer | ImageTrainer, day: date | None = None) -> Report:
    """Report on the settings and results of a trainer.

    Parameters
    ----------
    trainer : Trainer or ImageTrainer
    day : date, optional
        Of the report; today if left out.

    Raises
    ------
    InputError
        If the pictures of an ImageTrainer are not loaded.
    """
    footer = (
        f"Written by Playground {version('neural-playground')} with PyTorch {torch.__version__} "
        f"on {day or date.today():%Y-%m-%d}. Settings are those at the end of the run; what was "
        "changed on the way is not in this report."
    )
    if isinstance(trainer, ImageTrainer):
        return Report(image_content(trainer, footer))
    return Report(dense_content(trainer, footer))
