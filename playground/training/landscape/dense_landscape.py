"""The loss landscape of a dense network."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from playground.errors import InputError
from playground.training.dense.weight_path import WeightPath
from playground.training.landscape.directions import (
    Directions,
    principal_directions,
    random_directions,
    two_weights,
)
from playground.training.landscape.hessian import extreme_directions
from playground.training.landscape.landscape import (
    Extent,
    Landscape,
    OnProgress,
    compute,
    path_extent,
    project,
    square_extent,
)
from playground.training.landscape.remarks import direction_remarks, loss_remarks, plan_remarks
from playground.training.landscape.settings import (
    CURVATURE,
    PATH,
    RANDOM,
    TWO_WEIGHTS,
    LandscapeSettings,
)
from playground.training.landscape.weight_loss import DenseLoss

WEIGHT_REACH = 3.0
"""How far two weights vary at least, in either direction."""


def dense_landscape(
    walked: WeightPath,
    settings: LandscapeSettings | None = None,
    on_progress: OnProgress | None = None,
) -> Landscape:
    """Compute the loss landscape of a dense network at one moment.

    Where the directions that are asked for don't exist (the network has no path yet, or is too
    large), random ones are taken, and the first remark says so.

    Parameters
    ----------
    walked : WeightPath
        See `Trainer.weight_path`.
    settings : LandscapeSettings, optional
    on_progress : callable, optional
        Called with the share that is done.

    Raises
    ------
    InputError
        If there are no samples to learn from, or the network has no such weights.
    """
    settings = settings or LandscapeSettings()
    if not len(walked.train):
        raise InputError("There is no landscape without samples to learn from: add some points.")
    penalties = walked.penalties if settings.penalty else None
    loss = DenseLoss(walked.plan, walked.train, walked.loss, penalties)
    with torch.inference_mode():
        kind, directions, refused = _directions(walked, loss, settings)
        # In a random plane every path is next to nothing.
        path = walked.path[:0] if kind == RANDOM else walked.path
        projected = project(path, walked.weights, directions.vectors)
        extent = _extent(kind, walked.weights, projected[0])
        penalised = bool(walked.penalties.l1 or walked.penalties.l2)
        remarks = (
            *([refused] if refused else []),
            *direction_remarks(kind, directions, projected[1]),
            *plan_remarks(kind, walked.plan),
            *loss_remarks(loss, penalised=penalised, penalty=settings.penalty),
        )
        return compute(
            kind,
            loss,
            walked.weights,
            directions,
            extent.scaled(settings.reach),
            settings.side,
            path=path,
            projected=projected,
            epochs=walked.epochs[: len(path)],
            remarks=remarks,
            on_progress=on_progress,
        )


def _directions(
    walked: WeightPath, loss: DenseLoss, settings: LandscapeSettings
) -> tuple[str, Directions, str]:
    """Return the kind of directions, they themselves, and why they are not those asked for."""
    make: dict[str, Callable[[], Directions]] = {
        PATH: lambda: principal_directions(walked.path),
        TWO_WEIGHTS: lambda: two_weights(
            walked.plan, settings.first_weight, settings.second_weight
        ),
        CURVATURE: lambda: extreme_directions(walked.plan, loss, walked.weights, walked.frozen),
    }
    refused = ""
    if settings.directions in make:
        try:
            return settings.directions, make[settings.directions](), ""
        except InputError as error:
            if settings.directions == TWO_WEIGHTS:
                raise
            refused = f"{error} Shown instead: two random directions."
    drawn = random_directions(loss, walked.weights, settings.seed)
    if walked.frozen is not None:
        drawn.vectors[:, walked.frozen] = 0
    return RANDOM, drawn, refused


def _extent(kind: str, weights: Tensor, places: Tensor) -> Extent:
    """Return what is shown of the plane."""
    if kind == RANDOM:
        return square_extent(1.0)
    if kind == PATH:
        return path_extent(places)
    if kind == TWO_WEIGHTS:
        return square_extent(max(WEIGHT_REACH, 1.2 * float(places.abs().max())))
    return square_extent(max(1.0, float(weights.norm()) / 4))
