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
        extent, path = _extent(kind, walked, directions)
        share = project(path, walked.weights, directions.vectors)[1] if len(path) else 1.0
        penalised = bool(walked.penalties.l1 or walked.penalties.l2)
        remarks = (
            *([refused] if refused else []),
            *direction_remarks(kind, directions, share),
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


def _extent(kind: str, walked: WeightPath, directions: Directions) -> tuple[Extent, Tensor]:
    """Return what is shown of the plane, and the path that is drawn there."""
    if kind == RANDOM:  # In such a plane every path is next to nothing.
        return square_extent(1.0), walked.path[:0]
    places, _share = project(walked.path, walked.weights, directions.vectors)
    if kind == PATH:
        return path_extent(places), walked.path
    if kind == TWO_WEIGHTS:
        return square_extent(max(WEIGHT_REACH, 1.2 * float(places.abs().max()))), walked.path
    return square_extent(max(1.0, float(walked.weights.norm()) / 4)), walked.path
