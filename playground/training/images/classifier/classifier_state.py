"""Conversion of a classifier to a saved state, and back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from playground.networks.module_state import LAYER_PACKAGES
from playground.torch_internals.modules import DROPOUT_LAYERS
from playground.training.core.state.state import State
from playground.training.core.state.state_reader import RestoreStep, StateReader
from playground.training.core.state.tensor_packing import pack, packed_size, unpack
from playground.training.images.classifier.trainable_classifier import TrainableClassifier


def classifier_state(classifier: TrainableClassifier, kind: str) -> State:
    """Copy the present and the last good weights, and the names and shapes of all tensors.

    Parameters
    ----------
    classifier : TrainableClassifier
    kind : str
        What states of this kind are called in files.
    """
    tensors = {"now": pack(classifier.tensors), "good": pack(classifier.good_state)}
    return State({"kind": kind, "shapes": _shapes(classifier.network)}, tensors)


def prepare_classifier_restore(
    saved: StateReader, classifier: TrainableClassifier
) -> Iterator[RestoreStep]:
    """Check what `classifier_state` made, and yield the steps that restore it.

    Raises
    ------
    InputError
        If it is not the state of such a network.
    """
    if saved.value("shapes") != _shapes(classifier.network):
        raise saved.invalid("shapes", "are those of another network than is asked for")
    yield partial(classifier.restore, _read_tensors(classifier, saved, "now"))
    yield partial(classifier.save_good_state, _read_tensors(classifier, saved, "good"))


def uses_global_rng(network: nn.Module) -> bool:
    """Whether a network may draw from the generator that the whole process shares.

    Dropout does, and modules from other packages might.
    """
    return any(
        isinstance(part, DROPOUT_LAYERS) or not type(part).__module__.startswith(LAYER_PACKAGES)
        for part in network.modules()
    )


def _shapes(network: nn.Module) -> list[list[Any]]:
    """Return the name and the shape of each tensor of a network."""
    return [[name, list(each.shape)] for name, each in network.state_dict().items()]


def _read_tensors(classifier: TrainableClassifier, saved: StateReader, name: str) -> list[Tensor]:
    like = classifier.tensors
    tensors = unpack(saved.tensor(name, (packed_size(like),), torch.uint8), like)
    if not tensors[0].isfinite().all():
        raise saved.invalid(name, "should hold numbers only, but some are infinite or NaN")
    return tensors
