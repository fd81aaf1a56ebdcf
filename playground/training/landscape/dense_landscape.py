"""The loss landscape of a dense network."""

from __future__ import annotations

from collections.abc import Callable

import torch

from playground.errors import InputError
from playground.training.dense.weight_path import WeightPath
from playground.training.landscape.directions import (
    Directions,
    principal_directions,
    random_directions,
    random_instead,
    two_weights,
)
from playground.training.landscape.hessian import extreme_directions
from playground.training.landscape.landscape import Landscape, OnProgress, compute
from playground.training.landscape.remarks import plan_remarks
from playground.training.landscape.settings import (
    CURVATURE,
    PATH,
    RANDOM,
    TWO_WEIGHTS,
    LandscapeSettings,
)
from playground.training.landscape.weight_loss import DenseLoss


def dense_landscape(
    weight_path: WeightPath,
    settings: LandscapeSettings | None = None,
    on_progress: OnProgress | None = None,
) -> Landscape:
    """Compute the loss landscape of a dense network at one moment.

    Where the directions that are asked for don't exist (the network has no path yet, or is too
    large), random ones are taken, and the first remark says so.

    Parameters
    ----------
    weight_path : WeightPath
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
    if not len(weight_path.train):
        raise InputError("There is no landscape without samples to learn from: add some points.")
    penalties = weight_path.penalties if settings.penalty else None
    loss = DenseLoss(weight_path.plan, weight_path.train, weight_path.loss, penalties)
    with torch.inference_mode():
        kind, directions, refused = _directions(weight_path, loss, settings)
        return compute(
            kind,
            loss,
            weight_path,
            directions,
            settings,
            refused=refused,
            network_remarks=plan_remarks(kind, weight_path.plan),
            on_progress=on_progress,
        )


def _directions(
    weight_path: WeightPath, loss: DenseLoss, settings: LandscapeSettings
) -> tuple[str, Directions, str]:
    """Return the kind of directions, they themselves, and why they are not those asked for."""
    make: dict[str, Callable[[], Directions]] = {
        PATH: lambda: principal_directions(weight_path.path),
        TWO_WEIGHTS: lambda: two_weights(
            weight_path.plan, settings.first_weight, settings.second_weight
        ),
        CURVATURE: lambda: extreme_directions(
            weight_path.plan, loss, weight_path.weights, weight_path.frozen
        ),
    }
    refused = ""
    if settings.directions in make:
        try:
            return settings.directions, make[settings.directions](), ""
        except InputError as error:
            if settings.directions == TWO_WEIGHTS:
                raise
            refused = random_instead(error)
    drawn = random_directions(loss, weight_path.weights, settings.seed)
    if weight_path.frozen is not None:
        drawn.vectors[:, weight_path.frozen] = 0
    return RANDOM, drawn, refused
