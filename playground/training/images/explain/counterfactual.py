"""Counterfactuals: small changes of a picture that change its prediction."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from playground.deadlines import check_deadline
from playground.problems.problem import Floats
from playground.training.images.explain.network_input import check_label, to_input
from playground.training.images.frame import Pixels
from playground.training.images.image_data import to_images

STEP_SIZE = 0.2
"""Change of the most influential pixel in one step, as a share of the range paper to ink."""
STROKE_DEVIATION, RADIUS = 1.2, 3
"""Pixels: the standard deviation of a stroke's profile, and how far it is followed."""


@dataclass(frozen=True, slots=True, eq=False)
class Counterfactual:
    """A picture changed so that another class is predicted.

    Attributes
    ----------
    picture : uint8 array of shape (28, 28)
        The changed picture.
    delta : float32 array of shape (28, 28)
        The change: ink added (up to 1) and removed (down to -1).
    probability : float
        Probability of the target class for the changed picture.
    reached : bool
        Whether the target class is predicted for the changed picture.
    """

    picture: Pixels
    delta: Floats
    probability: float
    reached: bool


def counterfactual(
    network: nn.Module, picture: Pixels, label: int, steps: int = 40
) -> Counterfactual:
    """Change a picture in small steps until the network predicts a given class.

    Each step follows the gradient of the class's log probability, smoothed to about the width of a
    stroke, and changes only the tenth of the pixels with the largest gradients: a few places
    change, as a pen would change them, and not pixels here and there.

    Parameters
    ----------
    network : nn.Module
        In evaluation mode, from (n, 1, 28, 28) to logits.
    picture : uint8 array of shape (28, 28)
    label : int
        The target class.
    steps : int
        Maximum number of steps; at least 1.

    Raises
    ------
    InputError
        If the picture has another shape or type, or there is no such class.
    """
    inputs = to_input(picture)
    before = inputs.clone()
    for _ in range(steps):
        check_deadline()
        inputs.requires_grad_()
        with torch.enable_grad():
            logits = network(inputs)[0]
            log_probability = torch.log_softmax(logits, 0)[check_label(label, len(logits))]
            if int(logits.argmax()) == label and float(log_probability.detach().exp()) > 0.5:
                break
            (gradient,) = torch.autograd.grad(log_probability, inputs)
        inputs = _take_step(inputs.detach(), _smooth(gradient))
    with torch.no_grad():
        probabilities = torch.softmax(network(inputs)[0], 0)
    return Counterfactual(
        picture=to_images(inputs.detach())[0].numpy(),
        delta=((inputs.detach() - before)[0, 0] / 2).numpy(),
        probability=float(probabilities[label]),
        reached=int(probabilities.argmax()) == label,
    )


def _take_step(inputs: Tensor, gradient: Tensor) -> Tensor:
    # Pixels at an end of the range that the gradient would move beyond it stay as they are.
    movable = ((inputs > -1) | (gradient > 0)) & ((inputs < 1) | (gradient < 0))
    gradient = torch.where(movable, gradient, 0)
    threshold = gradient.abs().flatten().kthvalue(int(0.9 * gradient.numel())).values
    gradient = torch.where(gradient.abs() >= threshold, gradient, 0)
    largest = gradient.abs().max().clamp(min=1e-12)
    return (inputs + 2 * STEP_SIZE * gradient / largest).clamp(-1, 1)


def _smooth(gradient: Tensor) -> Tensor:
    # A pen changes places as wide as its stroke; what a single pixel does to a network says little.
    distance = torch.arange(-RADIUS, RADIUS + 1, dtype=gradient.dtype)
    weight = torch.exp(-0.5 * (distance / STROKE_DEVIATION) ** 2)
    kernel = torch.outer(weight, weight)[None, None] / weight.sum() ** 2
    return functional.conv2d(gradient, kernel, padding=RADIUS)
