"""The page as a file: the reader that learned here, and as many others as there is room for."""

from __future__ import annotations

from playground.errors import InputError
from playground.export.snapshot import digits_snapshot
from playground.networks import pretrained
from playground.networks.classifiers import CLASSIFIERS
from playground.training.images import ImageTrainer
from playground.views.images.view_data import DIGITS
from playground.views.theme import Theme

INCLUDED = ("softmax", "mlp", "cnn")
"""Ready-made readers that go along, the first to be left behind last."""


def html_snapshot(trainer: ImageTrainer, theme: Theme) -> str:
    """Write one HTML file to draw digits in; from whatever thread.

    A reader that has learned nothing here stays behind, and so does a ready-made one of the kind
    that has.

    Raises
    ------
    InputError
        If the reader can't be worked out in a browser, or is too large even by itself.
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
        and not (learned and name == trainer.reader)
    ]
    while True:
        models = {CLASSIFIERS[name].label: pretrained.load(name) for name in names}
        try:
            return digits_snapshot(models, learned, theme=theme)
        except InputError:
            if not names or (learned is None and len(names) == 1):
                raise
            names.pop()
