"""Predictions of several networks for one drawing, or for one digit of an image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from playground.errors import InputError
from playground.ink.photos.detections import DetectedDigit
from playground.ink.strokes import Stroke
from playground.prediction import (
    CANNOT_REJECT,
    ModelOrName,
    extract_digits,
    is_rejected,
    predict_proba,
    predict_several_digits,
)
from playground.training.images.frame import Pixels
from playground.views.images.view_data import DIGITS, BarsData

ClassifierInput = Sequence[Stroke] | DetectedDigit
"""A drawing, or a digit detected in an image."""

TRAINING_NOW = "Training now"
"""Label of the network in training."""
EMPTY_CANVAS = "Draw a digit from 0 to 9."


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """Predictions for one input.

    Attributes
    ----------
    picture : uint8 array of shape (28, 28) or None
        The input of the networks; None if there is no digit.
    bars : BarsData
        The probabilities.
    message : str
        Why there is no prediction, or not from all networks; else empty.
    digit_sequence : tuple of str
        Digits drawn apart, if they are more probable than the whole as one digit; else empty.
    """

    picture: Pixels | None
    bars: BarsData
    message: str = ""
    digit_sequence: tuple[str, ...] = ()

    @property
    def votes(self) -> dict[str, int]:
        """How many networks predict each class; the one in training counts if there is no other."""
        bars = self.bars
        known = {
            model: bars.classes[int(row.argmax())]
            for model, row in zip(bars.models, bars.probabilities, strict=True)
            if np.isfinite(row).all()
        }
        pretrained = [name for model, name in known.items() if model != TRAINING_NOW]
        names = pretrained or list(known.values())
        return {name: names.count(name) for name in names}


def no_predictions(
    models: Sequence[str], classes: tuple[str, ...] = DIGITS, message: str = EMPTY_CANVAS
) -> Predictions:
    """Return predictions without probabilities, for an input that is no digit."""
    bars = BarsData(tuple(models), np.full((len(models), len(classes)), np.nan), classes)
    return Predictions(None, bars, message)


def predict_with_all(
    inputs: ClassifierInput, models: Mapping[str, ModelOrName], classes: tuple[str, ...] = DIGITS
) -> Predictions:
    """Predict one input with several networks.

    Parameters
    ----------
    inputs : sequence of (xs, ys), or DetectedDigit
    models : mapping of str to str or nn.Module
        Networks by their labels; see `playground.prediction.predict_proba`.
    classes : tuple of str
        In the order of the probabilities.

    Raises
    ------
    NoDigitError
        If there is no digit.
    InputError
        If the drawing can't be understood.
    """
    pictures = (
        inputs if isinstance(inputs, DetectedDigit) else extract_digits(inputs).found[0]
    ).pictures
    outputs, messages = [], []
    for model in models.values():
        try:
            outputs.append(predict_proba(pictures, model))
        except InputError as error:  # a damaged file must not block the others
            outputs.append(np.full((len(pictures), len(classes)), np.nan))
            messages.append(str(error))
    probabilities = np.array(outputs).reshape(len(models), len(pictures), len(classes))
    # If ink and paper may be swapped, take the version with the highest total confidence.
    confidence = np.nan_to_num(probabilities.max(axis=2)).sum(axis=0)
    best = int(confidence.argmax())
    rows = probabilities[:, best]
    rejecting = rejection_probabilities(rows, models) if classes == DIGITS else {}
    mean = np.mean(list(rejecting.values()), axis=0) if rejecting else np.ones(1)
    groups = (
        ()
        if isinstance(inputs, DetectedDigit)
        else predict_several_digits(inputs, list(rejecting), whole=float(mean.max()))
    )
    bars = BarsData(tuple(models), rows, classes, is_rejected(mean))
    return Predictions(
        pictures[best],
        bars,
        " ".join(dict.fromkeys(messages)),
        tuple(str(group.digit) for group in groups),
    )


def rejection_probabilities(
    rows: np.ndarray, models: Mapping[str, ModelOrName]
) -> dict[str, np.ndarray]:
    """Return the probabilities of the pretrained models that were trained to reject non-digits."""
    return {
        model: row
        for model, row in zip(models.values(), rows, strict=True)
        if isinstance(model, str) and model not in CANNOT_REJECT and np.isfinite(row).all()
    }
