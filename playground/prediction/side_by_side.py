"""Prediction of several digits that were drawn side by side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.errors import NoDigitError
from playground.ink.mnist_picture import picture_from_strokes
from playground.ink.stroke_groups import split_side_by_side
from playground.ink.strokes import Stroke, parse_strokes
from playground.prediction.digit_prediction import ModelOrName, predict_proba

DOUBTFUL = "?"
"""Label of what is probably no digit."""
MIN_PROBABILITY = 0.8
"""Least probability of each digit."""


def predict_side_by_side(
    strokes: Sequence[Stroke], models: Sequence[ModelOrName]
) -> tuple[int, ...]:
    """
    Predict digits that were drawn side by side.

    Call it only if the whole drawing was rejected. Then, measured on 20,000 digits in synthetic
    handwriting, none is taken for two; of 1,000 pairs of such digits, 0.1 to 0.6 of their height
    apart, 97 % are predicted as these two and 0.3 % as others.

    Parameters
    ----------
    strokes : sequence of (xs, ys)
        On a unit canvas, y downwards.
    models : sequence of str or nn.Module
        Classifiers that can reject what is no digit; see `predict_proba`. Their probabilities are
        averaged.

    Returns
    -------
    tuple of int
        The digits from left to right, at least two; empty if there is no gap between the strokes,
        or if one part is probably no digit.

    Raises
    ------
    InputError
        If the strokes are invalid, or there is no such model.
    """
    groups = split_side_by_side(parse_strokes(strokes))
    if len(groups) < 2 or not models:
        return ()
    try:
        pictures = [
            picture_from_strokes([(line[:, 0], line[:, 1]) for line in group]) for group in groups
        ]
    except NoDigitError:  # one is no more than a dot
        return ()
    probabilities = np.mean([predict_proba(np.array(pictures), model) for model in models], axis=0)
    return (
        tuple(map(int, probabilities.argmax(axis=1)))
        if probabilities.max(axis=1).min() >= MIN_PROBABILITY
        else ()
    )


def join_labels(names: Sequence[str]) -> str:
    """Join labels in reading order: single characters to one word, others with commas.

    Around a `DOUBTFUL` one there are blanks: "3 ? 5".
    """
    if DOUBTFUL in names:
        return " ".join(names)
    return ("" if all(len(name) == 1 for name in names) else ", ").join(names)
