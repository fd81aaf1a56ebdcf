"""The choice of a classifier, and of the weights that it begins with, as settings."""

from __future__ import annotations

import param
from torch import nn

from playground.networks import pretrained
from playground.networks.classifiers import CLASSIFIERS, CustomClassifier

CUSTOM = "own"
NEW_WEIGHTS, PRETRAINED = "New weights", "Trained weights"
PREFIX = "own_"
"""Public names of the settings of a custom network begin with it."""


class ClassifierSettings(param.Parameterized):
    """A registered architecture with new or pretrained weights, or a custom one."""

    model: param.Selector[str] = param.Selector(
        default="mlp",
        objects={**{each.label: name for name, each in CLASSIFIERS.items()}, "Custom": CUSTOM},
        label="Network",
        doc="The network to train.",
    )
    start: param.Selector[str] = param.Selector(
        default=NEW_WEIGHTS,
        objects=[NEW_WEIGHTS, PRETRAINED],
        label="Start from",
        doc="Random initial weights, or the pretrained weights that come with Playground.",
    )


def chosen_classifier(
    settings: ClassifierSettings, own: CustomClassifier
) -> str | CustomClassifier | nn.Module:
    """Return what is to be trained; reads a weight file for pretrained weights.

    Raises
    ------
    InputError
        If there are no pretrained weights of the network.
    """
    if settings.model == CUSTOM:
        return own
    return pretrained.load(settings.model) if settings.start == PRETRAINED else settings.model
