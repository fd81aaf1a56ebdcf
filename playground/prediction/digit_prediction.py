"""Class probabilities of a network for pictures."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from playground.errors import InputError
from playground.ink.photos.detections import Box, DetectedDigit, DigitDetections
from playground.networks import pretrained
from playground.problems.image_datasets import network_inputs

ModelOrName = str | nn.Module
PictureArray = npt.NDArray[np.uint8]
Probabilities = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class DigitPrediction:
    """The prediction for one digit.

    Attributes
    ----------
    picture : uint8 array (28, 28)
        The input of the network; 0 is paper.
    box : tuple of int
        Its place, as in `playground.ink.photos.detections.DetectedDigit`.
    probabilities : float64 array (10,)
        Of each digit; they sum to 1.
    """

    picture: PictureArray
    box: Box
    probabilities: Probabilities

    @property
    def digit(self) -> int:
        """The digit with the highest probability."""
        return int(self.probabilities.argmax())


def predict_proba(pictures: PictureArray, model: ModelOrName = "cnn") -> Probabilities:
    """Return the probabilities of each class.

    Parameters
    ----------
    pictures : uint8 array (n, 28, 28)
        0 is paper.
    model : str or nn.Module
        The name of a pretrained classifier, or any network that maps (n, 1, 28, 28), from -1 to 1,
        to logits. Neither its mode nor its weights change.

    Returns
    -------
    float64 array (n, classes)
        Rows sum to 1.

    Raises
    ------
    InputError
        If there is no pretrained classifier of that name, it is neither a name nor a network, or
        the pictures are not of that shape and dtype.
    """
    if not isinstance(model, str | nn.Module):
        raise InputError(
            "A model is the name of a classifier, such as “cnn”, or an nn.Module;"
            f" this is {type(model).__name__}."
        )
    network = pretrained.load(model) if isinstance(model, str) else _in_eval_mode(model)
    with torch.inference_mode():
        logits = network(network_inputs(pictures))
        probabilities: Probabilities = logits.double().softmax(1).numpy()
    return probabilities


def _in_eval_mode(network: nn.Module) -> nn.Module:
    """Return the network, or a copy, in evaluation mode: dropout off, running averages in use."""
    return deepcopy(network).eval() if network.training else network


def predict_digits(
    detections: DigitDetections, model: ModelOrName = "cnn"
) -> tuple[DigitPrediction, ...]:
    """Predict all detected digits, in the same order.

    If ink and paper may be swapped, the version with the higher probability is kept.

    Raises
    ------
    InputError
        As `predict_proba` does.
    """
    probabilities = predict_proba(
        np.concatenate([found.pictures for found in detections.found]), model
    )
    ends = np.cumsum([len(found.pictures) for found in detections.found])
    return tuple(map(_most_confident, detections.found, np.split(probabilities, ends[:-1])))


def _most_confident(found: DetectedDigit, probabilities: Probabilities) -> DigitPrediction:
    best = int(probabilities.max(axis=1).argmax())
    return DigitPrediction(found.pictures[best], found.box, probabilities[best])
