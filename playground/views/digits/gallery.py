"""Test pictures and what they were read as, the worst mistakes, and what was learned from."""

from __future__ import annotations

import numpy as np

from playground.training.digits import ReaderFrame, Readings
from playground.views.digits.sheet import sheet
from playground.views.digits.sights import SheetSight
from playground.views.live import LiveView
from playground.views.theme import Theme

NONE_WRONG = np.zeros(0, np.int64)


def samples(frame: ReaderFrame, theme: Theme) -> LiveView:
    """Some test pictures, with what they are read as and how surely."""
    return sheet(frame, theme, lambda frame: told(frame.samples, frame.classes))


def mistakes(frame: ReaderFrame, theme: Theme) -> LiveView:
    """The test pictures that are wrong with the most confidence."""
    return sheet(frame, theme, lambda frame: told(frame.mistakes, frame.classes))


def learned_from(frame: ReaderFrame, theme: Theme) -> LiveView:
    """Training pictures as the network was given them last."""
    return sheet(frame, theme, lambda frame: SheetSight(frame.shown, (), NONE_WRONG))


def told(readings: Readings, classes: tuple[str, ...]) -> SheetSight:
    """Pictures with what they were read as, and what they are where that is something else."""
    answers = zip(readings.said, readings.sureness, readings.labels, strict=True)
    return SheetSight(
        readings.pictures,
        tuple(caption(classes[said], sure, classes[label]) for said, sure, label in answers),
        np.flatnonzero(readings.said != readings.labels),
    )


def caption(said: str, sureness: float, truth: str) -> str:
    """Such as "98% 7", and below it "is 1" where that is wrong."""
    return f"{sureness:.0%} {said}\n" + (f"is {truth}" if said != truth else "")
