"""The loss landscape of an image classifier."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional

from playground.errors import InputError
from playground.torch_internals.modules import BATCH_NORM_LAYERS
from playground.training.images.checkpoints.weight_path import ImageWeightPath, load_row
from playground.training.landscape.directions import (
    Directions,
    principal_directions,
    random_directions,
    random_instead,
)
from playground.training.landscape.landscape import Landscape, OnProgress, compute
from playground.training.landscape.settings import PATH, RANDOM, LandscapeSettings
from playground.training.landscape.weight_loss import WeightLoss

SIDE = 25
"""Losses along each side of the picture by default; each is that of a large network."""


class ImageLoss(WeightLoss):
    """The loss of image classifiers of one architecture, one after the other.

    Parameters
    ----------
    weight_path : ImageWeightPath
    penalty : bool
        Whether the penalties are added to the loss.
    """

    at_once = 1

    def __init__(self, weight_path: ImageWeightPath, *, penalty: bool) -> None:
        self._weight_path, self._penalty = weight_path, penalty
        self.samples, self.all_samples = len(weight_path.inputs), weight_path.all_images
        network = weight_path.network
        self._tensors = [*network.parameters(), *network.buffers()]

    def values(self, rows: Tensor) -> Tensor:
        """Return the loss of each network; see `WeightLoss.values`."""
        return torch.stack([self._value(row) for row in rows])

    def filters(self, row: Tensor) -> Sequence[Tensor]:
        """Return the weights of each neuron or channel; see `WeightLoss.filters`."""
        views, start = [], 0
        for each in self._weight_path.network.parameters():
            if each.ndim > 1:
                views.append(row[start : start + each.numel()].view(len(each), -1))
            start += each.numel()
        return views

    def _value(self, row: Tensor) -> Tensor:
        weight_path = self._weight_path
        load_row(row, self._tensors)
        answers = weight_path.network(weight_path.inputs)
        value = weight_path.loss.value(answers.T[None], weight_path.targets)[0]
        if self._penalty:
            weights = (row[: weight_path.parameters_count] * weight_path.is_weight).flatten()
            l1, l2 = weight_path.penalties.l1, weight_path.penalties.l2
            value = value + l1 * weights.abs().sum() + l2 / 2 * weights.square().sum()
        return value


def image_landscape(
    weight_path: ImageWeightPath,
    settings: LandscapeSettings | None = None,
    on_progress: OnProgress | None = None,
) -> Landscape:
    """Compute the loss landscape of an image classifier at one moment.

    Where the network has no path yet, random directions are taken, and the first remark says so.

    Parameters
    ----------
    weight_path : ImageWeightPath
        See `ImageTrainer.weight_path`.
    settings : LandscapeSettings, optional
        `side` is 25 by default.
    on_progress : callable, optional
        Told the share that is done.

    Raises
    ------
    InputError
        If other directions than 'path' and 'random' are asked for.
    """
    settings = settings or LandscapeSettings(side=SIDE)
    if settings.directions not in (PATH, RANDOM):
        raise InputError(
            f"An image classifier has too many weights for the directions {settings.directions!r}: "
            f"choose {PATH!r} or {RANDOM!r}."
        )
    with torch.no_grad():
        loss = ImageLoss(weight_path, penalty=settings.penalty)
        directions, refused = _directions(weight_path, loss, settings)
        return compute(
            RANDOM if directions.shares is None else PATH,
            loss,
            weight_path,
            directions,
            settings,
            refused=refused,
            network_remarks=_network_remarks(weight_path),
            distances=slice(weight_path.parameters_count),  # no averages of batch normalisation
            on_progress=on_progress,
        )


def _directions(
    weight_path: ImageWeightPath, loss: ImageLoss, settings: LandscapeSettings
) -> tuple[Directions, str]:
    """Return directions, and why they are not those asked for."""
    refused = ""
    if settings.directions == PATH:
        try:
            found = principal_directions(weight_path.path[:, : weight_path.parameters_count])
        except InputError as error:
            refused = random_instead(error)
        else:
            # Averages of batch normalisation stay those of the moment shown.
            averages = len(weight_path.weights) - weight_path.parameters_count
            vectors = functional.pad(found.vectors, (0, averages))
            return replace(found, vectors=vectors), ""
    return random_directions(loss, weight_path.weights, settings.seed), refused


def _network_remarks(weight_path: ImageWeightPath) -> Iterator[str]:
    if any(isinstance(each, BATCH_NORM_LAYERS) for each in weight_path.network.modules()):
        yield (
            "The averages of batch normalisation are those of the network as it is shown, all over "
            "the picture; each dot of the path has its own."
        )
