"""Builds the network that a choice of classifier asks for."""

from __future__ import annotations

import copy
from collections.abc import Hashable

import torch
from torch import nn

from playground.errors import InputError
from playground.networks.classifiers import CLASSIFIERS, CustomClassifier

ClassifierChoice = str | CustomClassifier | nn.Module
"""A key of `CLASSIFIERS`, the choices about a custom network, or a module to begin with."""


def choice_key(choice: ClassifierChoice) -> Hashable:
    """Return a key that is equal for choices of the same network."""
    if isinstance(choice, CustomClassifier):
        return repr(sorted(choice.param.values().items()))
    return choice


def build(choice: ClassifierChoice, seed: int, *, redraw: bool) -> nn.Module:
    """Build the network that is asked for.

    Parameters
    ----------
    choice : str, CustomClassifier or nn.Module
        A module is copied, with the weights it has.
    seed : int
        Draws new weights.
    redraw : bool
        Whether a module's weights are drawn anew too.

    Raises
    ------
    InputError
        If there is no such classifier, or the layers of a custom network do not fit together.
    """
    with torch.random.fork_rng(devices=[]), torch.inference_mode(False):
        torch.manual_seed(seed)
        if isinstance(choice, CustomClassifier):
            return choice.build()
        if isinstance(choice, str):
            if choice not in CLASSIFIERS:
                raise InputError(
                    f"There is no reader {choice!r}; there are {', '.join(CLASSIFIERS)}."
                )
            return CLASSIFIERS[choice].build()
        network = copy.deepcopy(choice).requires_grad_()
        if redraw:
            for part in network.modules():
                if callable(draw := getattr(part, "reset_parameters", None)):
                    draw()
        return network
