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
from playground.export.snapshot.document import Document
from playground.export.snapshot.layers import layers
from playground.export.snapshot.learned import MOST_MOMENTS, learned_data
from playground.export.snapshot.moments import Recorded, recorded
from playground.export.snapshot.packing import packed_layers
from playground.export.snapshot.sources import text
from playground.export.snapshot.words import FIGURES, confusion, listed, reached, settings
from playground.networks import pretrained
from playground.networks.readers import outline
from playground.reading import CANNOT_TELL, read
from playground.training.digits import ReaderFrame
from playground.training.digits.trainer import DigitTrainer
from playground.views.summary import counted
from playground.views.theme import DARK, LIGHT, Theme, diverging

DIGITS = tuple("0123456789")
HERE = "Trained here"
"""What the trainer's own network is called."""


def snapshot_digits(
    models: Mapping[str, nn.Module],
    trainer: DigitTrainer | None = None,
    *,
    moments: Sequence[Recorded] | None = None,
    title: str = "",
    theme: Theme = LIGHT,
    made: date | None = None,
) -> str:
    """Write one HTML file to draw digits in, which are read there, without a server.

    Parameters
    ----------
    models : mapping of str to nn.Module
        Networks by what people call them, in evaluation mode. They take pictures of shape
        (n, 1, 28, 28) and are layers in a row; see `playground.export.snapshot.layers.layers`.
    trainer : DigitTrainer, optional
        Its network is added, with the way it learned: curves, the weights of its first layer at
        recorded moments, and what it takes for what.
    moments : sequence of Recorded, optional
        The past in rising order; what the trainer remembers if left out. It is thinned so that
        the file stays small.
    title : str
        What stands at the top.
    theme : Theme
        `LIGHT` or `DARK`: how it opens.
    made : date, optional
        Today if left out.

    Raises
    ------
    InputError
        If there is no network, one can't be worked out in a browser, or answers with other
        classes than the others; or if the file would be larger than 6 MB.
    """
    frame = trainer.frame() if trainer else None
    classes = frame.classes if frame else DIGITS
    asked = dict(models) | ({HERE: deepcopy(trainer.model)} if trainer else {})
    _check(asked, classes)
    data: dict[str, Any] = {
        "classes": classes,
        "models": [_model(name, model) for name, model in asked.items()],
        "colours": {each.name: _colours(each) for each in (LIGHT, DARK)},
        "run": None,
    }
    document = Document(
        title=title or "Handwritten digits",
        subtitle=_subtitle(asked),
        figures=FIGURES if trainer else {},
        theme=theme,
        body=_body(trainer, frame),
        script="digits.js",
        data=data,
        plots=trainer is not None,
        made=made or date.today(),
    )
    if trainer and frame:
        past = recorded(trainer, MOST_MOMENTS) if moments is None else moments
        data["run"] = learned_data(asked[HERE], frame, past, document.room)
    return document.html()


def _check(asked: Mapping[str, nn.Module], classes: Sequence[str]) -> None:
    if not asked:
        raise InputError("Give a snapshot at least one network that reads.")
    blank = np.zeros((1, 28, 28), np.uint8)
    for name, model in asked.items():
        layers(model, name)  # says it in better words if a layer is unknown
        if (count := read(blank, model).shape[1]) != len(classes):
            raise InputError(
                f"“{name}” tells {count} classes apart, but there are {len(classes)} here."
            )


def _model(name: str, model: nn.Module) -> dict[str, Any]:
    telling = (each for each in pretrained.names() if each not in CANNOT_TELL)
    return {
        "name": name,
        "layers": packed_layers(layers(model, name)),
        "judges": any(model is pretrained.load(each) for each in telling),
    }


def _colours(theme: Theme) -> dict[str, Any]:
    return {"ink": theme.ink, "diverging": diverging(theme)}


def _subtitle(asked: Mapping[str, nn.Module]) -> str:
    return " · ".join(
        f"{name}: {counted(sum(stage.parameters for stage in outline(model)), 'parameter')}"
        for name, model in asked.items()
    )


def _body(trainer: DigitTrainer | None, frame: ReaderFrame | None) -> str:
    run = ""
    if trainer and frame:
        images, corpus = trainer.problem.images, trainer.problem.corpus
        rows = [
            # Not where they lie: that is nobody's business who gets the file.
            ("Pictures", images.source if images and images.standing_in else corpus),
            *settings(trainer.training),
            *reached(frame, frame.epoch),
        ]
        run = Template(text("run.html")).substitute(
            tested=f"{frame.confusion.sum():,}",
            confusion=confusion(frame.confusion, frame.classes),
            settings=listed(rows),
        )
    alone = "" if trainer else " alone"
    return Template(text("digits.html")).substitute(run=run, alone=alone)
