"""The HTML snapshot of the page: the trained network, and the pretrained ones that fit in."""

from __future__ import annotations

from playground.errors import InputError
from playground.export.snapshot import digits_snapshot
from playground.networks import pretrained
from playground.networks.classifiers import CLASSIFIERS
from playground.training.images import ImageTrainer
from playground.views.images.view_data import DIGITS
from playground.views.theme import Theme

INCLUDED = ("softmax", "mlp", "cnn")
"""Pretrained classifiers to include; the last ones are left out first."""


def html_snapshot(trainer: ImageTrainer, theme: Theme) -> str:
    """Return one HTML file to draw digits in; any thread may call it.

    A network that was not trained here is left out, and so is the pretrained classifier of the
    architecture that was.

    Raises
    ------
    InputError
        If JavaScript cannot compute the network, or it is too large even by itself.
    """
    learned = trainer if trainer.step_count else None
    has_digit_classes = trainer.frame().classes == DIGITS
    if not has_digit_classes and learned is None:
        raise InputError(
            "There is no trained network for these pictures yet: train this one, then download it."
        )
    names = [
        name
        for name in INCLUDED
        if has_digit_classes
        and name in pretrained.names()
        and not (learned and name == trainer.classifier)
    ]
    while True:
        models = {CLASSIFIERS[name].label: pretrained.load(name) for name in names}
        try:
            return digits_snapshot(models, learned, theme=theme)
        except InputError:
            if not names or (learned is None and len(names) == 1):
                raise
            names.pop()
