"""Saliency: the contribution of each pixel to the prediction."""

from __future__ import annotations

import torch
from torch import nn

from playground.problems.problem import Floats
from playground.training.images.explain.network_input import check_label, to_input
from playground.training.images.frame import Pixels


def saliency(network: nn.Module, picture: Pixels, label: int | None = None) -> Floats:
    """Compute each pixel's contribution to the probability of a class: gradient × input.

    After Shrikumar et al. 2016. Inputs are -1 for paper and 1 for ink, so that blank pixels
    contribute too.

    Parameters
    ----------
    network : nn.Module
        In evaluation mode, from (n, 1, 28, 28) to logits.
    picture : uint8 array of shape (28, 28)
    label : int, optional
        The class; the predicted one by default.

    Returns
    -------
    float32 array of shape (28, 28)
        Positive where a pixel raises the probability of the class, negative where it lowers it.
        The largest magnitude is 1, or all values are 0.

    Raises
    ------
    InputError
        If the picture has another shape or type, or there is no such class.
    """
    inputs = to_input(picture).requires_grad_()
    with torch.enable_grad():
        logits = network(inputs)[0]
        chosen = int(logits.argmax()) if label is None else check_label(label, len(logits))
        # The log probability and not the logit: what raises all logits alike explains nothing.
        log_probability = torch.log_softmax(logits, 0)[chosen]
        (gradient,) = torch.autograd.grad(log_probability, inputs)
    contribution = (gradient * inputs.detach())[0, 0]
    largest = contribution.abs().max()
    scaled: Floats = (contribution / largest if largest > 0 else contribution).numpy()
    return scaled
