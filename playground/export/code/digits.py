"""The script of a network that learns to read pictures."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from torch import nn

from playground.export.code.dense import REPORTS, loss_code
from playground.export.code.layers import network
from playground.export.code.layout import WIDTH, call, filled, literal
from playground.export.code.optimising import optimiser, schedule
from playground.export.code.quotes import Quotes
from playground.export.scoring import loss_in_use, loss_name
from playground.problems.corpora import CORPORA, normalised
from playground.training.augmentation import Augmentation, augmented
from playground.training.digits import DigitTrainer
from playground.training.digits.building import build

MODAL = (nn.Dropout, nn.BatchNorm1d, nn.BatchNorm2d)
"""Layers that do one thing while they learn and another while they are examined."""
EPOCHS = 3
"""What is suggested where nothing has been trained and nothing says when to stop."""


def digits_script(trainer: DigitTrainer, epochs: int | None = None) -> str:
    """Write a script; see `playground.export.code.script`."""
    training, quotes = trainer.training, Quotes()
    corpus = CORPORA[trainer.problem.corpus]
    model = build(trainer.reader, trainer.seed, redraw=True)
    epochs = epochs or trainer.epoch or training.stop_epoch or EPOCHS
    loss = loss_in_use(training, "classification", len(corpus.classes))
    quotes.imports.module("os")
    quotes.imports.module("sys")
    quotes.imports.name("torchvision.datasets", corpus.kin)
    quotes.name(normalised)
    words = {
        "corpus": corpus.name,
        "classes": len(corpus.classes),
        "kin": corpus.kin,
        "epochs": epochs,
        "every": max(1, epochs // REPORTS),
        "batch_size": training.batch_size,
        "seed": trainer.seed,
        "loss_name": loss_name(training, "classification").capitalize(),
        "loss": loss_code(loss, quotes),
        "modes": any(isinstance(each, MODAL) for each in model.modules()),
        "remarks": [line for remark in _remarks(trainer) for line in _wrapped(remark)],
        "network": network(model, quotes),
        "optimiser": optimiser(training, quotes),
        "schedule": schedule(training, quotes),
        "l1": training.l1,
        "l2": training.l2,
        **_augmentation(trainer.augmentation, quotes),
    }
    return filled("digits", imports=quotes.imports, quotes=quotes.texts, **words)


def _augmentation(wished: Augmentation, quotes: Quotes) -> dict[str, str]:
    """How pictures vary, and the call that varies them; nothing where they are left alone."""
    if wished.untouched >= 1:
        return {"augmentation": "", "vary": ""}
    quotes.imports.name("types", "SimpleNamespace")
    limits = {name: each for name, each in wished.param.values().items() if name != "name"}
    listed = [f"{name}={literal(limit)}" for name, limit in limits.items()]
    return {
        "augmentation": call("variety = SimpleNamespace", listed),
        "vary": quotes.call(augmented, "pictures", "variety", "chance"),
    }


def _remarks(trainer: DigitTrainer) -> Iterator[str]:
    """What the script does otherwise than the page did, in sentences."""
    images, corrections = trainer.problem.images, trainer.corrections
    if images and images.standing_in:
        yield (
            f"On the page {images.source} stood in for {trainer.problem.corpus}, which was "
            "not there. This script is about the set itself."
        )
    if isinstance(trainer.reader, nn.Module):
        yield "On the page the network began with trained weights; here it begins with new ones."
    if count := len(corrections.items):
        pictures = "one correction" if count == 1 else f"{count} corrections"
        yield (
            f"On the page it also learned from {pictures} of yours, {corrections.weight} times "
            "an epoch; this script does without."
        )


def _wrapped(remark: str) -> list[str]:
    return textwrap.wrap(remark, WIDTH - 2)
