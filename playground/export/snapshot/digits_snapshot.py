"""The snapshot of networks that read digits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from string import Template
from typing import Any

import numpy as np
from torch import nn

from playground.errors import InputError
from playground.export.snapshot.array_encoding import encode_layers
from playground.export.snapshot.assets import read_asset
from playground.export.snapshot.browser_layers import browser_layers
from playground.export.snapshot.document import SnapshotDocument
from playground.export.snapshot.html_fragments import (
    HEADER_NUMBERS,
    confusion,
    definition_list,
    progress_rows,
    settings,
)
from playground.export.snapshot.recorded_weights import RecordedWeights, record_weights
from playground.export.snapshot.run_data import MAX_CHECKPOINTS, run_data
from playground.networks import pretrained
from playground.networks.classifiers import summarise_layers
from playground.prediction import CANNOT_REJECT, predict_proba
from playground.training.images import ImageFrame
from playground.training.images.trainer import ImageTrainer
from playground.views.network_summary import count_with_noun
from playground.views.theme import DARK, LIGHT, Theme, diverging_palette

DIGITS = tuple("0123456789")
TRAINED_HERE = "Trained here"
"""What the trainer's own network is called."""


def digits_snapshot(
    models: Mapping[str, nn.Module],
    trainer: ImageTrainer | None = None,
    *,
    checkpoints: Sequence[RecordedWeights] | None = None,
    title: str = "",
    theme: Theme = LIGHT,
    date_made: date | None = None,
) -> str:
    """Write one HTML file to draw digits in, which are read there, without a server.

    Parameters
    ----------
    models : mapping of str to nn.Module
        Networks by what people call them, in evaluation mode. They take pictures of shape
        (n, 1, 28, 28) and are layers in a row; see `browser_layers`.
    trainer : ImageTrainer, optional
        Its network is added, with the way it learned: curves, the weights of its first layer at
        recorded moments, and what it takes for what.
    checkpoints : sequence of RecordedWeights, optional
        The past in rising order; what the trainer remembers if left out. It is thinned so that
        the file stays small.
    title : str
        What stands at the top.
    theme : Theme
        `LIGHT` or `DARK`: how it opens.
    date_made : date, optional
        Today if left out.

    Raises
    ------
    InputError
        If there is no network, one can't be worked out in a browser, or answers with other
        classes than the others; or if the file would be larger than 6 MB.
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
        raise InputError("Give a snapshot at least one network that reads.")
    blank = np.zeros((1, 28, 28), np.uint8)
    for name, model in networks.items():
        browser_layers(model, name)  # says it in better words if a layer is unknown
        if (count := predict_proba(blank, model).shape[1]) != len(classes):
            raise InputError(
                f"“{name}” tells {count} classes apart, but there are {len(classes)} here."
            )


def _model(name: str, model: nn.Module) -> dict[str, Any]:
    rejecting_models = (each for each in pretrained.names() if each not in CANNOT_REJECT)
    return {
        "name": name,
        "layers": encode_layers(browser_layers(model, name)),
        "judges": any(model is pretrained.load(each) for each in rejecting_models),
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
            # Not where they lie: that is nobody's business who gets the file.
            ("Pictures", images.source if images and images.is_fallback else corpus),
            *settings(trainer.training),
            *progress_rows(frame, frame.epoch),
        ]
        run = Template(read_asset("run.html")).substitute(
            tested=f"{frame.confusion.sum():,}",
            confusion=confusion(frame.confusion, frame.classes),
            settings=definition_list(rows),
        )
    alone = "" if trainer else " alone"
    return Template(read_asset("digits.html")).substitute(run=run, alone=alone)
