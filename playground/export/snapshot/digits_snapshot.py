"""The snapshot of digit classifiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from string import Template
from typing import Any

import numpy as np
from torch import nn

from playground.errors import InputError
from playground.export.snapshot.assets import read_template
from playground.export.snapshot.document import SnapshotDocument
from playground.export.snapshot.html_fragments import (
    HEADER_NUMBERS,
    confusion_table,
    definition_list,
    progress_rows,
    setting_rows,
)
from playground.export.snapshot.recorded_weights import RecordedWeights, record_weights
from playground.export.snapshot.run_data import MAX_CHECKPOINTS, run_data
from playground.export.snapshot.translation.array_encoding import encode_layers
from playground.export.snapshot.translation.browser_functions import activation_functions
from playground.export.snapshot.translation.browser_layers import (
    activation_modules,
    browser_layers,
    check_computation,
)
from playground.networks import pretrained
from playground.networks.classifiers import summarise_layers
from playground.prediction import CANNOT_REJECT, predict_proba
from playground.training.images import ImageFrame
from playground.training.images.trainer import ImageTrainer
from playground.views.network_summary import count_with_noun
from playground.views.theme import DARK, LIGHT, Theme, diverging_palette

DIGITS = tuple("0123456789")
TRAINED_HERE = "Trained here"
"""The name of the trainer's own network."""


def digits_snapshot(
    models: Mapping[str, nn.Module],
    trainer: ImageTrainer | None = None,
    *,
    checkpoints: Sequence[RecordedWeights] | None = None,
    title: str = "",
    theme: Theme = LIGHT,
    date_made: date | None = None,
) -> str:
    """Write one HTML file with a canvas for digits that classifies them without a server.

    Parameters
    ----------
    models : mapping of str to nn.Module
        Networks by name, in evaluation mode. They take pictures of shape (n, 1, 28, 28) and are
        sequences of layers; see `browser_layers`.
    trainer : ImageTrainer, optional
        Its network is added, with its training: curves, the weights of its first layer at
        checkpoints, and its confusion matrix.
    checkpoints : sequence of RecordedWeights, optional
        In rising order of epochs; the checkpoints of the trainer if left out. They are thinned to
        limit the size of the file.
    title : str
        The heading.
    theme : Theme
        `LIGHT` or `DARK`: the one that it opens in.
    date_made : date, optional
        Today if left out.

    Raises
    ------
    InputError
        If there is no network, one can't be computed in the browser, or the numbers of classes
        differ; or if the file would be larger than 6 MB.
    """
    frame = trainer.frame() if trainer else None
    classes = frame.classes if frame else DIGITS
    networks = dict(models) | ({TRAINED_HERE: deepcopy(trainer.model)} if trainer else {})
    _check(networks, classes)
    data: dict[str, Any] = {
        "classes": classes,
        "models": [_model(name, model) for name, model in networks.items()],
        "colours": {each.name: _colours(each) for each in (LIGHT, DARK)},
        "run": None,
    }
    document = SnapshotDocument(
        title=title or "Handwritten digits",
        subtitle=_subtitle(networks),
        header_numbers=HEADER_NUMBERS if trainer else {},
        theme=theme,
        body=_body(trainer, frame),
        script="digits.js",
        functions={"activations": activation_functions(activation_modules(networks.values()))},
        data=data,
        plots=trainer is not None,
        date_made=date_made or date.today(),
    )
    if trainer and frame:
        checkpoints = (
            record_weights(trainer, MAX_CHECKPOINTS) if checkpoints is None else checkpoints
        )
        data["run"] = run_data(networks[TRAINED_HERE], frame, checkpoints, document.remaining_bytes)
    return document.html()


def _check(networks: Mapping[str, nn.Module], classes: Sequence[str]) -> None:
    if not networks:
        raise InputError("Give a snapshot at least one classifier.")
    blank = np.zeros((1, 28, 28), np.uint8)
    for name, model in networks.items():
        browser_layers(model, name)  # its error names the layer that is unknown
        check_computation(model, name)
        if (count := predict_proba(blank, model).shape[1]) != len(classes):
            raise InputError(f"“{name}” has {count} classes, but there are {len(classes)} here.")


def _model(name: str, model: nn.Module) -> dict[str, Any]:
    rejecting_models = (each for each in pretrained.names() if each not in CANNOT_REJECT)
    return {
        "name": name,
        "layers": encode_layers(browser_layers(model, name)),
        "rejects": any(model is pretrained.load(each) for each in rejecting_models),
    }


def _colours(theme: Theme) -> dict[str, Any]:
    return {"ink": theme.ink, "diverging": diverging_palette(theme)}


def _subtitle(networks: Mapping[str, nn.Module]) -> str:
    counts = {
        name: sum(layer.parameters for layer in summarise_layers(network))
        for name, network in networks.items()
    }
    return " · ".join(
        f"{name}: {count_with_noun(count, 'parameter')}" for name, count in counts.items()
    )


def _body(trainer: ImageTrainer | None, frame: ImageFrame | None) -> str:
    run = ""
    if trainer and frame:
        images, corpus = trainer.problem.images, trainer.problem.corpus
        rows = [
            # Without the folder: the file is for other people.
            ("Pictures", images.source if images and images.is_fallback else corpus),
            *setting_rows(trainer.training),
            *progress_rows(frame, frame.epoch),
        ]
        run = Template(read_template("run.html")).substitute(
            tested=f"{frame.confusion.sum():,}",
            confusion=confusion_table(frame.confusion, frame.classes),
            settings=definition_list(rows),
        )
    alone = "" if trainer else " alone"
    return Template(read_template("digits.html")).substitute(run=run, alone=alone)
