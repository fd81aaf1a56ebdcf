"""Prediction of several digits that were drawn apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from playground.errors import NoDigitError
from playground.ink.mnist_picture import picture_from_strokes
from playground.ink.stroke_groups import split_at_gaps
from playground.ink.strokes import Stroke, parse_strokes
from playground.prediction.digit_prediction import ModelOrName, Probabilities, predict_proba

DOUBTFUL = "?"
"""Label of what is probably no digit."""
MIN_PROBABILITY = 0.8
"""Least probability of each digit."""


@dataclass(frozen=True, slots=True, eq=False)
class DigitGroup:
    """One of several digits of a drawing.

    Attributes
    ----------
    strokes : list of (xs, ys)
        Its pen strokes.
    probabilities : float64 array (10,)
        Of each digit; they sum to 1.
    """

    strokes: list[Stroke]
    probabilities: Probabilities

    @property
    def digit(self) -> int:
        """The digit with the highest probability."""
        return int(self.probabilities.argmax())

    @property
    def size(self) -> float:
        """The longer side of the box round its strokes, in the unit of the drawing."""
        return float(max(np.ptp(np.concatenate(way)) for way in zip(*self.strokes, strict=True)))


def predict_several_digits(
    strokes: Sequence[Stroke], models: Sequence[ModelOrName], whole: float
) -> tuple[DigitGroup, ...]:
    """
    Predict digits that were drawn side by side, or one above the other.

    Measured on synthetic handwriting with the MLP, the CNN and the deep CNN: one of 12,000 digits
    is taken for two; of 300 pairs each, 290 side by side, 296 with a smaller second digit and 288
    one above the other are predicted as these two, and none as others.

    Parameters
    ----------
    strokes : sequence of (xs, ys)
        On a unit canvas, y downwards.
    models : sequence of str or nn.Module
        Classifiers that can reject what is no digit; see `predict_proba`. Their probabilities are
        averaged.
    whole : float
        The highest probability, by the same classifiers, of the whole drawing as one digit.

    Returns
    -------
    tuple of DigitGroup
        The digits from left to right, else from top to bottom; empty if there are no gaps between
        the strokes, if one part is probably no digit, or if the whole is the more probable one.

    Raises
    ------
    InputError
        If the strokes are invalid, or there is no such model.
    """
    groups = split_at_gaps(parse_strokes(strokes))
    if len(groups) < 2 or not models:
        return ()
    parts: list[list[Stroke]] = [[(line[:, 0], line[:, 1]) for line in group] for group in groups]
    try:
        pictures = np.array([picture_from_strokes(part) for part in parts])
    except NoDigitError:  # one is no more than a dot
        return ()
    probabilities = np.mean([predict_proba(pictures, model) for model in models], axis=0)
    if probabilities.max(axis=1).min() < max(MIN_PROBABILITY, whole):
        return ()
    return tuple(map(DigitGroup, parts, probabilities))


def join_labels(names: Sequence[str]) -> str:
    """Join labels in reading order: single characters to one word, others with commas.

    Around a `DOUBTFUL` one there are blanks: "3 ? 5".
    """
    if DOUBTFUL in names:
        return " ".join(names)
    return ("" if all(len(name) == 1 for name in names) else ", ").join(names)
