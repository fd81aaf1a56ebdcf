"""Builds the network of a classifier choice with new weights."""

from __future__ import annotations

import copy
from collections.abc import Hashable

import torch
from torch import nn

from playground.errors import InputError
from playground.networks.classifiers import CLASSIFIERS, CustomClassifier
from playground.networks.user_module.final_activation import final_activation
from playground.networks.user_module.wrapping import initialise_lazy_parts, unwrap_compiled
from playground.problems.image_datasets.labelled_images import SIDE
from playground.training.images.performance.compute_cost import not_for_pictures

ClassifierChoice = str | CustomClassifier | nn.Module
"""A key of `CLASSIFIERS`, a custom architecture, or a module whose weights are the initial ones."""


def choice_key(choice: ClassifierChoice) -> Hashable:
    """Return a key that is equal for choices of the same network."""
    if isinstance(choice, CustomClassifier):
        return repr(sorted(choice.param.values().items()))
    return choice


def build(choice: ClassifierChoice, seed: int, *, redraw: bool, classes: int = 10) -> nn.Module:
    """Build the chosen network.

    Parameters
    ----------
    choice : str, CustomClassifier or nn.Module
        A module is copied with its weights, which its lazy layers draw now; one of
        `torch.compile` is trained as the module that it was made of. What of it is frozen, or in
        evaluation mode, stays so, unless all of it is, as in a shipped classifier.
    seed : int
        Of the new weights.
    redraw : bool
        Whether the weights of a module are drawn anew too.
    classes : int
        The number of outputs, except for a module.

    Raises
    ------
    InputError
        If there is no such classifier, the layers of a custom one do not fit together, or a
        module ends with a softmax or sigmoid.
    """
    with torch.random.fork_rng(devices=[]), torch.inference_mode(False):
        torch.default_generator.manual_seed(seed)
        if isinstance(choice, CustomClassifier):
            return choice.build(classes)
        if isinstance(choice, str):
            if choice not in CLASSIFIERS:
                raise InputError(
                    f"There is no classifier {choice!r}; there are {', '.join(CLASSIFIERS)}."
                )
            return CLASSIFIERS[choice].build(classes)
        module, pictures = unwrap_compiled(choice), torch.zeros(2, 1, SIDE, SIDE)
        try:
            initialise_lazy_parts(module, pictures)
        except Exception as error:  # a user's module can raise anything
            raise not_for_pictures(pictures, error) from error
        network = copy.deepcopy(module)
        if not any(each.requires_grad for each in network.parameters()):
            network.requires_grad_()
        if not any(each.training for each in network.modules()):
            network.train()
        if (last := final_activation(network, (1, SIDE, SIDE))) is not None:
            raise InputError(f"The network ends with {last}: leave it out, as the loss adds it.")
        if redraw:
            for part in network.modules():
                if callable(draw := getattr(part, "reset_parameters", None)):
                    draw()
        return network
