"""The sections of a report on training and results."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from playground.export.loss_in_use import is_weighted
from playground.export.report.content import (
    BulletList,
    ContentBlock,
    Paragraph,
    ReportImage,
    Section,
    Table,
)
from playground.export.report.formatting import format_setting, pluralise
from playground.export.report.svg_charts import WIDTH, Line, line_chart
from playground.number_text import format_loss, format_percent
from playground.training.core.frame_protocols import NetworkFrame
from playground.training.core.metrics import ClassScores, Curves, Score
from playground.training.core.notes import Note
from playground.training.core.optimisers import OPTIMISERS
from playground.training.core.schedules import PLATEAU
from playground.training.training import Training

TableRows = tuple[tuple[str, ...], ...]


def settings_table(
    training: Training, loss: str, more: TableRows, *, classes: bool = True
) -> Table:
    """List the settings in use, without those that are switched off or without effect."""
    weighted = classes and is_weighted(training)
    rate = format_setting(training.learning_rate)
    if training.schedule == PLATEAU:
        rate += (
            f", schedule plateau: times {format_setting(training.plateau_factor)} after more than "
            f"{pluralise(training.plateau_patience, 'epoch')} without a lower test loss"
        )
    elif training.schedule != "constant":
        rate += f", schedule {training.schedule} over {pluralise(training.horizon, 'epoch')}"
    rows = [
        ("Optimiser", _optimiser(training)),
        ("Learning rate", rate),
        ("Batch size", f"{training.batch_size:,}"),
        ("Loss", loss),
        *((("Class weights", training.class_weights),) if weighted else ()),
        *((name, format_setting(value)) for name, value in _limits(training) if value),
    ]
    if training.early_stopping is not None:
        epochs = pluralise(training.early_stopping, "epoch")
        rows.append(("Early stopping", f"after {epochs} without a lower test loss"))
    return Table("Settings of training.", ("setting", "value"), (*rows, *more))


def _optimiser(training: Training) -> str:
    """Name the optimiser, with the settings that only some have."""
    options = training.optimiser_options
    names = OPTIMISERS[training.optimiser].option_names
    return ", ".join(
        [training.optimiser, *(f"{name} {getattr(options, name):g}" for name in names)]
    )


def _limits(training: Training) -> tuple[tuple[str, float | None], ...]:
    return (
        ("L1 penalty", training.l1),
        ("L2 penalty (weight decay)", training.l2),
        ("Gradient norm, at most", training.max_norm),
    )


def training_progress(frame: NetworkFrame) -> Iterator[ContentBlock]:
    """Describe the course of training, with the curves."""
    if not frame.epoch:
        yield Paragraph("The network has not finished an epoch of training yet.")
        return
    epochs, steps = pluralise(frame.epoch, "epoch"), pluralise(frame.step, "optimiser step")
    yield Paragraph(f"Training took {epochs}, which is {steps}. {' '.join(_loss_trend(frame))}")
    yield from _charts(frame.curves)


def _loss_trend(frame: NetworkFrame) -> Iterator[str]:
    curves = frame.curves
    first, last = float(curves.train_loss[0]), frame.train.loss
    if math.isfinite(first) and math.isfinite(last):
        verb = "fell" if last < first else "went"
        yield f"The training loss {verb} from {format_loss(first)} to {format_loss(last)}."
    losses = np.where(np.isfinite(curves.test_loss), curves.test_loss, np.inf)
    if not np.isfinite(losses).any():
        return
    best = int(losses.argmin())
    if losses[best] < 0.95 * frame.test.loss:
        yield (
            f"The test loss was lowest at epoch {round(float(curves.epoch[best]), 2):,g}, with "
            f"{format_loss(float(losses[best]))}, and is {format_loss(frame.test.loss)} at "
            "the end."
        )


def _charts(curves: Curves) -> Iterator[ContentBlock]:
    losses = Line("training", curves.train_loss), Line("test", curves.test_loss)
    picture = line_chart(curves.epoch, losses, "loss")
    tested = " and test" if np.isfinite(curves.test_loss).any() else ""
    caption = f"Loss on training{tested} samples by epoch."
    yield ReportImage(caption, picture, "svg+xml", WIDTH)
    if np.isfinite(curves.train_accuracy).any():
        shares = Line("training", curves.train_accuracy), Line("test", curves.test_accuracy)
        picture = line_chart(curves.epoch, shares, "accuracy", top=1.0)
        caption = f"Accuracy on training{tested} samples by epoch."
        yield ReportImage(caption, picture, "svg+xml", WIDTH)


def results(frame: NetworkFrame) -> Iterator[ContentBlock]:
    """Tables of scores, of the confusion matrix, and of single classes."""
    rows = [_score_row("training", frame.train)]
    if math.isfinite(frame.test.loss):
        rows.append(_score_row("test", frame.test))
    yield Table("Results.", ("samples", "loss", "accuracy"), tuple(rows))
    if len(frame.confusion):
        yield _confusion_table(frame)
        yield _per_class_table(frame)


def _score_row(name: str, score: Score) -> tuple[str, ...]:
    return name, format_loss(score.loss), format_percent(score.accuracy)


def _confusion_table(frame: NetworkFrame) -> Table:
    rows = tuple(
        (name, *map("{:,}".format, row))
        for name, row in zip(frame.classes, frame.confusion.tolist(), strict=True)
    )
    of = "test" if math.isfinite(frame.test.loss) else "training"
    caption = f"Confusion matrix: {of} samples by true class (rows) and predicted class (columns)."
    return Table(caption, ("true / predicted", *frame.classes), rows)


def _per_class_table(frame: NetworkFrame) -> Table:
    scores = ClassScores.of(frame.confusion)
    shares = [
        [format_percent(float(share)) for share in column] for column in scores.metrics.values()
    ]
    samples = [f"{count:,}" for count in scores.samples]
    rows = list(zip(frame.classes, samples, *shares, strict=True))
    means = map(format_percent, map(scores.mean, scores.metrics))
    rows.append(("mean", f"{scores.samples.sum():,}", *means))
    return Table("Scores by class.", ("class", "samples", *scores.metrics), tuple(rows))


def observations(notes: Sequence[Note]) -> tuple[Section, ...]:
    """The notes of the diagnosis; no section if there are none."""
    sentences = tuple(dict.fromkeys(note.sentence for note in notes))
    return (Section("Observations", (BulletList(sentences),)),) if sentences else ()
