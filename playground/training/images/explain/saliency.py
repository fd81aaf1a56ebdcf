"""Which pixels speak for a class."""

from __future__ import annotations

import torch
from torch import nn

from playground.problems.problem import Floats
from playground.training.images.explain.inputs_and_hooks import check_label, to_input
from playground.training.images.frame import Pixels


def saliency(network: nn.Module, picture: Pixels, label: int | None = None) -> Floats:
    """How each pixel speaks for a class: its gradient, times how much ink there is or could be.

    Gradient × input (Shrikumar et al. 2016) with the input measured from the middle of the
    scale, so that paper left blank can speak too.

    Parameters
    ----------
    label : int, optional
        The class asked about; the one the picture is taken for if left out.

    Returns
    -------
    float32 array of shape (28, 28)
        Positive where the pixel speaks for the class, negative where against it; the largest
        magnitude is 1, or all is 0.
    """
    inputs = to_input(picture).requires_grad_()
    with torch.enable_grad():
        logits = network(inputs)[0]
        chosen = int(logits.argmax()) if label is None else check_label(label, len(logits))
        # Against the others, not by itself: what raises all logits alike explains nothing.
        margin = torch.log_softmax(logits, 0)[chosen]
        (slope,) = torch.autograd.grad(margin, inputs)
    map_ = (slope * inputs.detach())[0, 0]
    largest = map_.abs().max()
    found: Floats = (map_ / largest if largest > 0 else map_).numpy()
    return found
