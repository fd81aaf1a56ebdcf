"""What runs of a sweep are compared by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from playground.errors import InputError
from playground.problems.problem import Floats
from playground.training.sweeps.frame import SweepFrame

LAST, BEST = MOMENTS = ("last", "best")
"""At the epoch that is shown, or the best of all epochs until then that the curves hold."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number by which runs are compared.

    Attributes
    ----------
    row : int or None
        The row of it in `PopulationFrame.scores`.
    lower_is_better : bool
    is_log : bool
        Whether equal factors, and not equal differences, matter.
    text : callable
        Writes a value.
    """

    row: int | None
    lower_is_better: bool
    is_log: bool
    text: Callable[[float], str]


def _loss_text(value: float) -> str:
    return f"{value:.3f}" if 0.01 <= value < 10 else f"{value:.2g}"


def _share_text(value: float) -> str:
    return f"{100 * value:.0f}%"


def _count_text(value: float) -> str:
    return f"{value:.0f}"


FIGURES: dict[str, Figure] = {
    "test loss": Figure(1, True, True, _loss_text),
    "training loss": Figure(0, True, True, _loss_text),
    "test accuracy": Figure(3, False, False, _share_text),
    "training accuracy": Figure(2, False, False, _share_text),
    "epochs to learn": Figure(None, True, False, _count_text),
}
"""All figures, by name."""


def figure_values(frame: SweepFrame, figure: str, moment: str = LAST) -> Floats:
    """Return a figure of each run, NaN where it has none: such as those that have diverged.

    Parameters
    ----------
    frame : SweepFrame
    figure : str
        A name of `FIGURES`.
    moment : str
        One of `MOMENTS`; the epochs to learn are the same at both.

    Raises
    ------
    InputError
        If there is no such figure or moment.
    """
    if figure not in FIGURES or moment not in MOMENTS:
        raise InputError(
            f"There is no figure {figure!r} at the moment {moment!r}: figures are "
            f"{', '.join(FIGURES)}; moments are {', '.join(MOMENTS)}."
        )
    chosen, runs = FIGURES[figure], frame.runs
    if chosen.row is None:
        values = runs.learned_epoch.astype(np.float32)
        return np.where(values >= 0, values, np.float32(np.nan))
    if moment == LAST:
        values = runs.scores[chosen.row]
    else:
        pick = np.fmin if chosen.lower_is_better else np.fmax
        until = runs.curves[runs.curve_epochs <= runs.epoch, chosen.row]
        # The newest scores may be of an epoch under way, which the curves do not hold yet.
        values = pick.reduce(np.vstack([until, runs.scores[chosen.row]]), axis=0)
    return np.where(runs.diverged, np.float32(np.nan), values)
