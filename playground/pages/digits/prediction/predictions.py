"""What several networks make of one drawing, or of one digit in a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from playground.errors import InputError
from playground.ink.photos.digit_detection import DetectedDigit
from playground.ink.strokes import Stroke
from playground.prediction import (
    CANNOT_REJECT,
    ModelOrName,
    extract_digits,
    is_rejected,
    predict_proba,
    predict_side_by_side,
)
from playground.training.images.frame import Pixels
from playground.views.images.view_data import DIGITS, BarsData

ClassifierInput = Sequence[Stroke] | DetectedDigit
"""A drawing, or a digit that has been found in a picture."""

TRAINING_NOW = "Training now"
"""What the network is called that learns on the page."""
EMPTY_CANVAS = "Draw a digit from 0 to 9."


@dataclass(frozen=True, slots=True, eq=False)
class Predictions:
    """What is seen and read at one moment.

    Attributes
    ----------
    picture : uint8 array of shape (28, 28) or None
        What the networks see; None if there is nothing to read.
    bars : BarsData
        What they read.
    said : str
        Why nothing is read, or not by all; else empty.
    digit_sequence : tuple of str
        What seem to be digits side by side, where the whole is perhaps no digit; else empty.
    """

    picture: Pixels | None
    bars: BarsData
    said: str = ""
    digit_sequence: tuple[str, ...] = ()

    @property
    def votes(self) -> dict[str, int]:
        """How many networks say each class; one that still learns only where there is no other."""
        bars = self.bars
        known = {
            model: bars.classes[int(row.argmax())]
            for model, row in zip(bars.models, bars.probabilities, strict=True)
            if np.isfinite(row).all()
        }
        said = [name for model, name in known.items() if model != TRAINING_NOW] or list(
            known.values()
        )
        return {name: said.count(name) for name in said}


def no_predictions(
    models: Sequence[str], classes: tuple[str, ...] = DIGITS, said: str = EMPTY_CANVAS
) -> Predictions:
    """A look at what is no digit."""
    bars = BarsData(tuple(models), np.full((len(models), len(classes)), np.nan), classes)
    return Predictions(None, bars, said)


def predict_with_all(
    inputs: ClassifierInput, models: Mapping[str, ModelOrName], classes: tuple[str, ...] = DIGITS
) -> Predictions:
    """See and read something with several networks.

    Parameters
    ----------
    inputs : sequence of (xs, ys), or DetectedDigit
    models : mapping of str to str or nn.Module
        Networks by what people call them; see `playground.prediction.predict_proba`.
    classes : tuple of str
        What their answers mean.

    Raises
    ------
    NoDigitError
        If there is nothing to read.
    InputError
        If the drawing can't be understood.
    """
    pictures = (
        inputs if isinstance(inputs, DetectedDigit) else extract_digits(inputs).found[0]
    ).pictures
    answers, said = [], []
    for model in models.values():
        try:
            answers.append(predict_proba(pictures, model))
        except InputError as error:  # A reader that can't be had does not keep the others back.
            answers.append(np.full((len(pictures), len(classes)), np.nan))
            said.append(str(error))
    probabilities = np.array(answers).reshape(len(models), len(pictures), len(classes))
    # Where ink could be paper, all answer for the picture that they are surest of together.
    sureness = np.nan_to_num(probabilities.max(axis=2)).sum(axis=0)
    best = int(sureness.argmax())
    rows = probabilities[:, best]
    rejecting = rejection_probabilities(rows, models) if classes == DIGITS else {}
    is_doubtful = bool(rejecting) and is_rejected(np.array(list(rejecting.values())))
    parts = (
        predict_side_by_side(inputs, list(rejecting))
        if is_doubtful and not isinstance(inputs, DetectedDigit)
        else ()
    )
    bars = BarsData(tuple(models), rows, classes, is_doubtful)
    return Predictions(pictures[best], bars, " ".join(dict.fromkeys(said)), tuple(map(str, parts)))


def rejection_probabilities(
    rows: np.ndarray, models: Mapping[str, ModelOrName]
) -> dict[str, np.ndarray]:
    """What those say that know what is no digit: some readers that ship with the package."""
    return {
        model: row
        for model, row in zip(models.values(), rows, strict=True)
        if isinstance(model, str) and model not in CANNOT_REJECT and np.isfinite(row).all()
    }
