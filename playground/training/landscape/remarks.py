"""What to know before anything is concluded from a loss landscape, as sentences."""

from __future__ import annotations

from collections.abc import Iterator

from playground.networks.dense.activations import ACTIVATIONS
from playground.networks.dense.plan import Plan
from playground.training.landscape.directions import Directions
from playground.training.landscape.settings import CURVATURE, PATH, RANDOM
from playground.training.landscape.weight_loss import WeightLoss

CURVED = 0.05
"""The share of a path's second direction from which on the path is drawn as a curve."""
RANDOM_WALK_SHARE = 0.76
"""What the first two principal components of a long random walk hold: (6 / π²) (1 + 1/4)."""
NO_BEND = 0.01
"""A curvature is none if it is a smaller share of the largest."""
FLAT_ENOUGH = 0.995
"""The share from which on a path practically lies in a plane."""


def direction_remarks(kind: str, directions: Directions, share: float) -> Iterator[str]:
    """Yield what to know about directions, and about the path projected onto their plane."""
    if kind == PATH and directions.shares is not None and directions.shares[1] >= CURVED:
        yield (
            "Do not read too much into the curve of the path: a random walk looks like such a "
            f"curve too, and its first two directions hold {RANDOM_WALK_SHARE:.0%} of it "
            "(Antognini and Sohl-Dickstein 2018)."
        )
    if share < FLAT_ENOUGH:
        yield (
            f"The path does not lie in this picture, only {share:.0%} of its way from here does: "
            "its dots have the colours of their true losses, and these can differ from the ground "
            "around them."
        )
    if kind == CURVATURE and directions.curvatures is not None:
        yield curvature_sentence(*directions.curvatures)
    if kind == RANDOM:
        yield (
            "Random directions hardly ever meet a saddle (Böttcher and Wheeler 2022): nothing but "
            "a bowl here does not mean that there is none."
        )


def curvature_sentence(most: float, least: float) -> str:
    """Say what the extreme curvatures at a place mean."""
    numbers = f"The loss bends by {most:.3g} across and by {least:.3g} upwards"
    flat = NO_BEND * max(abs(most), abs(least))
    if least < -flat and most > flat:
        return f"{numbers}: here is a saddle, up on one way and down on the other."
    if least > flat:
        return f"{numbers}: here it bends up in every direction, as in a valley."
    if most < -flat:
        return f"{numbers}: here it bends down in every direction, as on a hill."
    return f"{numbers}: in some directions it is flat here."


def plan_remarks(kind: str, plan: Plan) -> Iterator[str]:
    """Yield what to know about networks of a plan."""
    names = {layer.activation for layer in plan.hidden}
    are_scale_free = bool(names) and all(ACTIVATIONS[name].is_scale_free for name in names)
    if kind in (RANDOM, CURVATURE) and are_scale_free:
        yield (
            f"How sharp a valley is says little for {' and '.join(sorted(names))} networks: with "
            "larger weights in one layer and smaller ones in the next, the very same network lies "
            "in a wider or a narrower valley (Dinh et al. 2017)."
        )
    if any(layer.dropout for layer in plan.layers):
        yield "Dropout is off here, so the losses are those of the whole network."


def loss_remarks(loss: WeightLoss, *, penalised: bool, penalty: bool) -> Iterator[str]:
    """Yield what to know about the loss.

    Parameters
    ----------
    loss : WeightLoss
    penalised : bool
        Whether training adds penalties to the loss.
    penalty : bool
        Whether they are in these losses.
    """
    if penalised:
        yield (
            "The loss is drawn with L1 and L2 added, as training goes by it."
            if penalty
            else "The loss is drawn without L1 and L2, which training adds to it."
        )
    if loss.samples < loss.all_samples:
        yield (
            f"Losses are those of {loss.samples:,} of the {loss.all_samples:,} training samples."
        )
