"""What a report says of how a network learned, and of how well."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from playground.export.report.charts import WIDTH, Line, chart
from playground.export.report.story import Picture, Piece, Points, Section, Table, Text
from playground.export.report.wording import counted, number, percent
from playground.training.frame import Curves, Note, Score
from playground.training.training import Training


class Learned(Protocol):
    """What a Frame and a ReaderFrame have in common."""

    @property
    def epoch(self) -> int:
        """Finished epochs."""

    @property
    def step(self) -> int:
        """Optimiser steps."""

    @property
    def train(self) -> Score:
        """On what is learned from."""

    @property
    def test(self) -> Score:
        """On what is not."""

    @property
    def curves(self) -> Curves:
        """How both went."""

    @property
    def confusion(self) -> npt.NDArray[np.int64]:
        """True class by row."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Their names."""

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was noticed."""


Rows = tuple[tuple[str, ...], ...]


def settings(training: Training, loss: str, more: Rows) -> Table:
    """The settings in use: what is switched off is left out."""
    rate = number(training.learning_rate)
    if training.schedule != "constant":
        rate += f", schedule {training.schedule} over {counted(training.horizon, 'epoch')}"
    rows = [
        ("Optimiser", training.optimiser),
        ("Learning rate", rate),
        ("Batch size", f"{training.batch_size:,}"),
        ("Loss", loss),
        *((name, number(value)) for name, value in _penalties(training) if value),
    ]
    return Table("Settings of training.", ("setting", "value"), (*rows, *more))


def _penalties(training: Training) -> tuple[tuple[str, float], ...]:
    return ("L1 penalty", training.l1), ("L2 penalty (weight decay)", training.l2)


def process(seen: Learned) -> Iterator[Piece]:
    """How learning went, from the curves."""
    if not seen.epoch:
        yield Text("The network has not finished an epoch of training yet.")
        return
    epochs, steps = counted(seen.epoch, "epoch"), counted(seen.step, "optimiser step")
    yield Text(f"Training took {epochs}, which is {steps}. {' '.join(_course(seen))}")
    yield from _charts(seen.curves)


def _course(seen: Learned) -> Iterator[str]:
    curves = seen.curves
    first, last = float(curves.train_loss[0]), seen.train.loss
    if math.isfinite(first) and math.isfinite(last):
        way = "fell" if last < first else "went"
        yield f"The training loss {way} from {number(first)} to {number(last)}."
    losses = np.where(np.isfinite(curves.test_loss), curves.test_loss, np.inf)
    if not np.isfinite(losses).any():
        return
    best = int(losses.argmin())
    if losses[best] < 0.95 * seen.test.loss:
        yield (
            f"The test loss was lowest at epoch {curves.epoch[best]:g}, with "
            f"{number(float(losses[best]))}, and is {number(seen.test.loss)} at the end."
        )


def _charts(curves: Curves) -> Iterator[Piece]:
    losses = Line("training", curves.train_loss), Line("test", curves.test_loss)
    picture = chart(curves.epoch, losses, "loss")
    yield Picture("Loss on training and test samples by epoch.", picture, "svg+xml", WIDTH)
    if np.isfinite(curves.train_accuracy).any():
        shares = Line("training", curves.train_accuracy), Line("test", curves.test_accuracy)
        picture = chart(curves.epoch, shares, "accuracy", top=1.0)
        caption = "Accuracy on training and test samples by epoch."
        yield Picture(caption, picture, "svg+xml", WIDTH)


def results(seen: Learned) -> Iterator[Piece]:
    """Scores, and classes one by one."""
    rows = [_scores("training", seen.train)]
    if math.isfinite(seen.test.loss):
        rows.append(_scores("test", seen.test))
    yield Table("Results.", ("samples", "loss", "accuracy"), tuple(rows))
    if len(seen.confusion):
        yield _matrix(seen)
        yield _classes(seen)


def _scores(name: str, score: Score) -> tuple[str, ...]:
    return name, number(score.loss), percent(score.accuracy)


def _matrix(seen: Learned) -> Table:
    rows = tuple(
        (name, *map("{:,}".format, row))
        for name, row in zip(seen.classes, seen.confusion.tolist(), strict=True)
    )
    of = "test" if math.isfinite(seen.test.loss) else "training"
    caption = (
        f"Confusion matrix: {of} samples by what they are (rows) and were taken for (columns)."
    )
    return Table(caption, ("is / taken for", *seen.classes), rows)


def _classes(seen: Learned) -> Table:
    right, counts = seen.confusion.diagonal(), seen.confusion
    recall, precision = _shares(right, counts.sum(1)), _shares(right, counts.sum(0))
    rows = tuple(
        (name, f"{total:,}", percent(found), percent(true))
        for name, total, found, true in zip(
            seen.classes, counts.sum(1).tolist(), recall, precision, strict=True
        )
    )
    head = ("class", "samples", "recall", "precision")
    return Table(
        "Recall (found of those that are) and precision (right of those said).", head, rows
    )


def _shares(part: npt.NDArray[np.int64], whole: npt.NDArray[np.int64]) -> list[float]:
    share = np.full(len(part), np.nan)
    np.divide(part, whole, out=share, where=whole > 0)
    return list(map(float, share))


def noted(notes: Sequence[Note]) -> tuple[Section, ...]:
    """What Playground noticed; no section where that is nothing."""
    sentences = tuple(dict.fromkeys(note.sentence for note in notes))
    return (Section("Observations", (Points(sentences),)),) if sentences else ()
