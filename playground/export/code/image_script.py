"""The script of a network that learns to read pictures."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from torch import nn

from playground.export.code.definitions import Definitions
from playground.export.code.dense_script import PROGRESS_LINES, loss_code
from playground.export.code.formatting import WIDTH, format_call, format_literal, render_template
from playground.export.code.network_code import network_code
from playground.export.code.optimiser_code import optimiser, schedule
from playground.export.loss_in_use import loss_in_use, loss_name
from playground.problems.image_datasets import IMAGE_DATASETS, normalise_pictures
from playground.training.images import ImageTrainer
from playground.training.images.augmentation.augmentation import Augmentation, augment_images
from playground.training.images.network_builder import build

MODE_DEPENDENT = (nn.Dropout, nn.BatchNorm1d, nn.BatchNorm2d)
"""Layers that do one thing while they learn and another while they are examined."""
DEFAULT_EPOCHS = 3
"""What is suggested where nothing has been trained and nothing says when to stop."""


def image_script(trainer: ImageTrainer, epochs: int | None = None) -> str:
    """Write a script; see `playground.export.code.script`."""
    training, definitions = trainer.training, Definitions()
    corpus = IMAGE_DATASETS[trainer.problem.corpus]
    model = build(trainer.reader, trainer.seed, redraw=True)
    epochs = epochs or trainer.epoch or training.stop_epoch or DEFAULT_EPOCHS
    loss = loss_in_use(training, "classification", len(corpus.classes))
    definitions.imports.module("os")
    definitions.imports.module("sys")
    definitions.imports.name("torchvision.datasets", corpus.torchvision_name)
    definitions.name(normalise_pictures)
    context = {
        "corpus": corpus.name,
        "classes": len(corpus.classes),
        "kin": corpus.torchvision_name,
        "epochs": epochs,
        "every": max(1, epochs // PROGRESS_LINES),
        "batch_size": training.batch_size,
        "seed": trainer.seed,
        "loss_name": loss_name(training, "classification").capitalize(),
        "loss": loss_code(loss, definitions),
        "modes": any(isinstance(each, MODE_DEPENDENT) for each in model.modules()),
        "remarks": [line for remark in _remarks(trainer) for line in _wrap(remark)],
        "network": network_code(model, definitions),
        "optimiser": optimiser(training, definitions),
        "schedule": schedule(training, definitions),
        "l1": training.l1,
        "l2": training.l2,
        **_augmentation(trainer.augmentation, definitions),
    }
    return render_template(
        "images", imports=definitions.imports, definitions=definitions.sources, **context
    )


def _augmentation(augmentation: Augmentation, definitions: Definitions) -> dict[str, str]:
    """How pictures vary, and the call that varies them; nothing where they are left alone."""
    if augmentation.untouched >= 1:
        return {"augmentation": "", "vary": ""}
    definitions.imports.name("types", "SimpleNamespace")
    limits = {name: each for name, each in augmentation.param.values().items() if name != "name"}
    listed = [f"{name}={format_literal(limit)}" for name, limit in limits.items()]
    return {
        "augmentation": format_call("variety = SimpleNamespace", listed),
        "vary": definitions.format_call(augment_images, "pictures", "variety", "chance"),
    }


def _remarks(trainer: ImageTrainer) -> Iterator[str]:
    """What the script does otherwise than the page did, in sentences."""
    images, corrections = trainer.problem.images, trainer.corrections
    if images and images.is_fallback:
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


def _wrap(remark: str) -> list[str]:
    return textwrap.wrap(remark, WIDTH - 2)
