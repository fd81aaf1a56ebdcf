"""What can be chosen about a loss landscape."""

from __future__ import annotations

import param

from playground.seeds import MAX_SEED

PATH = "path"
RANDOM = "random"
TWO_WEIGHTS = "two weights"
CURVATURE = "curvature"
DIRECTIONS = {
    "The run's own path": PATH,
    "Two random directions": RANDOM,
    "Two weights": TWO_WEIGHTS,
    "Extreme curvature": CURVATURE,
}
"""The kinds of planes by what they are called on the page, the default first."""


class LandscapeSettings(param.Parameterized):
    """What is drawn of a loss landscape: which plane, how much of it, and which loss."""

    directions: param.Selector[str] = param.Selector(
        default=PATH,
        objects=DIRECTIONS,
        label="Directions",
        doc="Which two directions: 'path' are the two principal components of the run's own "
        "checkpoints; 'random' are two random ones, filter-normalised (Li et al. 2018); 'two "
        "weights' are two weights of one's choice; 'curvature' are those in which the loss bends "
        "up and down most (eigenvectors of the Hessian).",
    )
    reach = param.Number(
        default=1.0,
        bounds=(0.01, 100),
        label="Zoom out",
        doc="How far the picture reaches: 2 for twice as far as by default.",
    )
    seed = param.Integer(
        default=0, bounds=(0, MAX_SEED), label="Seed", doc="Of the random directions."
    )
    first_weight: param.Selector[str | None] = param.Selector(
        default=None,
        objects=[],
        allow_None=True,
        check_on_set=False,
        label="Across",
        doc="The weight that varies from left to right, by name; None for the first.",
    )
    second_weight: param.Selector[str | None] = param.Selector(
        default=None,
        objects=[],
        allow_None=True,
        check_on_set=False,
        label="Upwards",
        doc="The weight that varies from bottom to top, by name; None for the second.",
    )
    penalty = param.Boolean(
        default=False,
        label="With L1 and L2",
        doc="Whether the penalties on weights are added to the loss, as training does.",
    )
    side = param.Integer(
        default=51, bounds=(5, 201), label="Points", doc="Losses along each side of the picture."
    )
