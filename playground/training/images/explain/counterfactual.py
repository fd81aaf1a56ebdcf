"""What would have to change for a picture to be taken for something else."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from playground.problems.problem import Floats
from playground.training.images.explain.inputs_and_hooks import check_label, to_input
from playground.training.images.frame import Pixels
from playground.training.images.image_data import to_images

STEP_SIZE = 0.2
"""How far a step moves the pixel that matters most, as a share of paper to ink."""


@dataclass(frozen=True, slots=True, eq=False)
class Counterfactual:
    """What would have to change for a picture to be taken for something else.

    Attributes
    ----------
    picture : uint8 array of shape (28, 28)
        The changed picture.
    delta : float32 array of shape (28, 28)
        Ink added (up to 1) and taken away (down to -1).
    probability : float
        Of the class that was asked for, in the changed picture.
    reached : bool
        Whether the changed picture is taken for it.
    """

    picture: Pixels
    delta: Floats
    probability: float
    reached: bool


def counterfactual(
    network: nn.Module, picture: Pixels, label: int, steps: int = 40
) -> Counterfactual:
    """Change a picture, little by little, until it is taken for another class.

    Each step follows the gradient and moves only the tenth of the pixels that matter most, so
    that the change stays small and local; ink stays between none and full.

    Parameters
    ----------
    label : int
        The class it should be taken for.
    steps : int
        The most steps to take; at least 1.
    """
    inputs = to_input(picture)
    before = inputs.clone()
    for _ in range(steps):
        inputs.requires_grad_()
        with torch.enable_grad():
            logits = network(inputs)[0]
            log_probability = torch.log_softmax(logits, 0)[check_label(label, len(logits))]
            if int(logits.argmax()) == label and float(log_probability.detach().exp()) > 0.5:
                break
            (slope,) = torch.autograd.grad(log_probability, inputs)
        inputs = _stepped(inputs.detach(), slope)
    with torch.no_grad():
        probabilities = torch.softmax(network(inputs)[0], 0)
    return Counterfactual(
        picture=to_images(inputs.detach())[0].numpy(),
        delta=((inputs.detach() - before)[0, 0] / 2).numpy(),
        probability=float(probabilities[label]),
        reached=int(probabilities.argmax()) == label,
    )


def _stepped(inputs: Tensor, slope: Tensor) -> Tensor:
    # Pixels at the end of the scale that are pushed further can't go.
    free = ((inputs > -1) | (slope > 0)) & ((inputs < 1) | (slope < 0))
    slope = torch.where(free, slope, 0)
    faintest = slope.abs().flatten().kthvalue(int(0.9 * slope.numel())).values
    slope = torch.where(slope.abs() >= faintest, slope, 0)
    largest = slope.abs().max().clamp(min=1e-12)
    return (inputs + 2 * STEP_SIZE * slope / largest).clamp(-1, 1)
