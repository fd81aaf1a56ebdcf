"""The script for an image classifier."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import torch
from torch import nn

from playground.export.code.definitions import Definitions
from playground.export.code.dense_script import PROGRESS_LINES, loss_code, loss_title
from playground.export.code.formatting import WIDTH, format_call, format_literal, render_template
from playground.export.code.module_code import (
    DRAWS_REMARK,
    checked_network_code,
    draws_at_random,
    learning_code,
)
from playground.export.code.network_code import network_code
from playground.export.code.optimiser_code import (
    clipping_code,
    optimiser_code,
    schedule_code,
    watching_code,
)
from playground.export.loss_in_use import is_weighted, loss_in_use, loss_name
from playground.problems.image_datasets import IMAGE_DATASETS, normalise_pictures
from playground.problems.image_datasets.labelled_images import SIDE
from playground.training.core.class_weights import balanced_weights
from playground.training.images import ImageTrainer
from playground.training.images.augmentation.augmentation import Augmentation, augment_images
from playground.training.images.classifier.network_builder import build
from playground.training.training import Training

DEFAULT_EPOCHS = 3
"""The number of epochs where nothing has been trained and no stop condition is set."""
_PICTURES_COMPARED = 4
"""Random pictures with which the code of a module of the user is tried."""


def image_script(trainer: ImageTrainer, epochs: int | None = None) -> str:
    """Write the script of a trainer; see `playground.export.code.script`."""
    training, definitions = trainer.training, Definitions()
    corpus = IMAGE_DATASETS[trainer.problem.corpus]
    model = build(trainer.classifier, trainer.seed, redraw=True, classes=len(corpus.classes))
    epochs = epochs or trainer.epoch or training.stop_epoch or DEFAULT_EPOCHS
    loss = loss_in_use(training, "classification", len(corpus.classes))
    definitions.imports.module("os")
    definitions.imports.module("sys")
    definitions.imports.name("torchvision.datasets", corpus.torchvision_name)
    definitions.name(normalise_pictures)
    context = {
        "corpus": corpus.name,
        "classes": len(corpus.classes),
        "dataset": corpus.torchvision_name,
        "epochs": epochs,
        "every": max(1, epochs // PROGRESS_LINES),
        "batch_size": training.batch_size,
        "seed": trainer.seed,
        "loss_name": loss_title(
            loss_name(training, "classification"), weighted=is_weighted(training)
        ),
        "loss": loss_code(loss, definitions, weighted=is_weighted(training)),
        "weighting": _class_weights_code(len(corpus.classes), training, definitions),
        "labels": "targets",
        **learning_code(model),
        "frozen": [],
        "remarks": [line for remark in _remarks(trainer, model) for line in _wrap(remark)],
        "network": _network(trainer, model, definitions),
        "optimiser": optimiser_code(training, definitions),
        "schedule": schedule_code(training, definitions),
        "l1": training.l1,
        "l2": training.l2,
        "max_norm": clipping_code(training, definitions),
        **watching_code(training, definitions, trainer.epoch),
        **_augmentation(trainer.augmentation, definitions),
    }
    return render_template(
        "images", imports=definitions.imports, definitions=definitions.sources, **context
    )


def _class_weights_code(classes: int, training: Training, definitions: Definitions) -> str:
    if not is_weighted(training):
        return ""
    return definitions.format_call(balanced_weights, "train.targets", str(classes))


def _augmentation(augmentation: Augmentation, definitions: Definitions) -> dict[str, str]:
    """Write the limits of the augmentation and its call; nothing where it is off."""
    if augmentation.untouched >= 1:
        return {"augmentation": "", "augment": ""}
    definitions.imports.name("types", "SimpleNamespace")
    limits = {name: each for name, each in augmentation.param.values().items() if name != "name"}
    listed = [f"{name}={format_literal(limit)}" for name, limit in limits.items()]
    return {
        "augmentation": format_call("augmentation = SimpleNamespace", listed),
        "augment": definitions.format_call(augment_images, "pictures", "augmentation", "generator"),
    }


def _network(trainer: ImageTrainer, model: nn.Module, definitions: Definitions) -> str:
    if not isinstance(trainer.classifier, nn.Module):
        return network_code(model, definitions)
    return checked_network_code(model, definitions, torch.rand(_PICTURES_COMPARED, 1, SIDE, SIDE))


def _remarks(trainer: ImageTrainer, model: nn.Module) -> Iterator[str]:
    """Sentences on differences between the script and the page."""
    images, corrections = trainer.problem.images, trainer.corrections
    if images and images.is_fallback:
        yield (
            f"On the page {images.source} stood in for {trainer.problem.corpus}, which was "
            "not there. This script is about the set itself."
        )
    if isinstance(trainer.classifier, nn.Module):
        yield "On the page the network began with trained weights; here it begins with new ones."
    if draws_at_random(model):
        yield DRAWS_REMARK
    if count := len(corrections.items):
        pictures = "one correction" if count == 1 else f"{count} corrections"
        yield (
            f"On the page it also learned from {pictures} of yours, {corrections.weight} times "
            "an epoch; this script does without."
        )


def _wrap(remark: str) -> list[str]:
    return textwrap.wrap(remark, WIDTH - 2)
