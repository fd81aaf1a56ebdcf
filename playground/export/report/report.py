"""From a trainer to a report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.metadata import version

import torch

from playground.export.report import rendering
from playground.export.report.dense import dense_story
from playground.export.report.digits import digits_story
from playground.export.report.story import Story
from playground.training.digits import DigitTrainer
from playground.training.trainer import Trainer


@dataclass(frozen=True)
class Report:
    """A report, written down when it is asked for.

    Attributes
    ----------
    story : Story
        What it says.
    """

    story: Story

    @cached_property
    def html(self) -> str:
        """One page that needs nothing else."""
        return rendering.html(self.story)

    @cached_property
    def markdown(self) -> str:
        """The same in Markdown, pictures included."""
        return rendering.markdown(self.story)


def report(trainer: Trainer | DigitTrainer, day: date | None = None) -> Report:
    """Report on what a trainer is and has done so far.

    Parameters
    ----------
    trainer : Trainer or DigitTrainer
    day : date, optional
        Of the report; today if left out.

    Raises
    ------
    InputError
        If the pictures of a DigitTrainer are not loaded.
    """
    imprint = (
        f"Written by Playground {version('neural-playground')} with PyTorch {torch.__version__} "
        f"on {day or date.today():%Y-%m-%d}. Settings are those at the end of the run; what was "
        "changed on the way is not in this report."
    )
    if isinstance(trainer, DigitTrainer):
        return Report(digits_story(trainer, imprint))
    return Report(dense_story(trainer, imprint))
