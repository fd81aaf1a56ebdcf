"""The report on a dense network that learns a gate or points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from playground.export.report import pictures
from playground.export.report.story import Picture, Piece, Section, Story, Table, Text
from playground.export.report.training import noted, process, results, settings
from playground.export.report.wording import counted, listed, number, percent, score
from playground.export.scoring import loss_name
from playground.problems.gates import CUSTOM, Gates
from playground.problems.points import OWN, Points
from playground.problems.problem import Problem
from playground.training.frame import Frame
from playground.training.trainer import Trainer
from playground.views.summary import summary, table

_SHOWN = 400


def dense_story(trainer: Trainer, imprint: str) -> Story:
    """Write down what a trainer is and has done; see `playground.export.report.report`."""
    frame, problem = trainer.frame(), trainer.problem
    sections = (
        Section("Problem and data", tuple(_data(problem, frame))),
        Section("Architecture", tuple(_architecture(trainer, frame))),
        Section("Training", (_settings(trainer), *_before(frame), *process(_about_this(frame)))),
        Section("Results", (*results(frame), _boundary(frame))),
        *noted(frame.notes),
    )
    return Story(f"A neural network learns {_subject(problem)}", _summary(frame), sections, imprint)


def _subject(problem: Problem) -> str:
    if isinstance(problem, Gates):
        gate = "a truth table" if problem.gate == CUSTOM else problem.gate
        return f"{gate} of {problem.inputs_count} inputs"
    if isinstance(problem, Points) and problem.shape != OWN:
        return f"the points “{problem.shape}”"
    return f"from samples with the inputs {listed(problem.inputs)}"


def _about_this(frame: Frame) -> Frame:
    """The frame with what came of the samples of now alone."""
    return replace(frame, curves=frame.curves.after(frame.since))


def _before(frame: Frame) -> Iterator[Piece]:
    if frame.since:
        yield Text(
            f"Up to epoch {frame.since:,} the network learned other samples; curves and losses "
            "below are of what came after."
        )


def _summary(frame: Frame) -> str:
    train, test = frame.samples.train, frame.samples.test
    tested = np.isfinite(frame.test.loss) and test is not train
    on_test = f" On {counted(len(test), 'test sample')} it has {score(frame.test)}."
    return (
        f"A dense network ({summary(frame.plan)}) was trained for "
        f"{counted(frame.epoch, 'epoch')}. On {counted(len(train), 'training sample')} "
        f"it has {score(frame.train)}.{on_test if tested else ''}"
    )


def _data(problem: Problem, frame: Frame) -> Iterator[Piece]:
    split = frame.samples
    if isinstance(problem, Gates):
        yield from _truth_table(problem)
    else:
        yield Text(_about_points(problem))
    if split.test is split.train:
        yield Text(
            f"The network learns from all {counted(len(split.train), 'sample')} and is examined "
            "with the very same, since there are no others."
        )
    else:
        yield Text(
            f"The network learns from {counted(len(split.train), 'sample')} and is examined with "
            f"{len(split.test):,} others, from which it never learns."
        )
    if frame.classes and not isinstance(problem, Gates):
        yield _class_sizes(frame)


def _truth_table(problem: Gates) -> Iterator[Piece]:
    rows = zip(problem.rows(), problem.answers(), strict=True)
    yield Table(
        "Truth table.",
        (*problem.inputs, "answer"),
        tuple((*(f"{value:g}" for value in row), str(answer)) for row, answer in rows),
    )
    if problem.noise:
        yield Text(
            "To learn from, each row comes several times, with normally distributed noise of "
            f"standard deviation {number(problem.noise)} added to its inputs (seed {problem.seed})."
        )


def _about_points(problem: Problem) -> str:
    inputs = f"Each sample has the inputs {listed(problem.inputs)}."
    if isinstance(problem, Points) and problem.shape != OWN:
        return (
            f"{counted(problem.count, 'point')} of the shape “{problem.shape}” were drawn with a "
            f"noise of {number(problem.noise)} (seed {problem.seed}). {inputs}"
        )
    return f"The samples were given. {inputs}"


def _class_sizes(frame: Frame) -> Table:
    parts = frame.samples.train.y, frame.samples.test.y
    counts = [np.bincount(y.astype(np.int64), minlength=len(frame.classes)) for y in parts]
    rows = zip(frame.classes, *counts, strict=True)
    return Table(
        "Samples of each class.",
        ("class", "training", "test"),
        tuple((name, f"{train:,}", f"{test:,}") for name, train, test in rows),
    )


def _architecture(trainer: Trainer, frame: Frame) -> Iterator[Piece]:
    plan, architecture = frame.plan, trainer.architecture
    given = "as they are" if plan.features == frame.inputs else "and features made of them"
    yield Text(
        f"The network is given the inputs {given}: {listed(plan.features)}. It has "
        f"{counted(len(plan.hidden), 'hidden layer')} and {counted(plan.size, 'parameter')}, "
        f"weights and biases together. Its weights were drawn by the initialiser "
        f"“{architecture.initialiser}” (seed {architecture.seed})."
    )
    rows = tuple(
        (row.layer, row.shape, row.activation, f"{row.parameters:,}") for row in table(plan)
    )
    yield Table("Layers of the network.", ("layer", "neurons", "activation", "parameters"), rows)
    if frozen := sum(int(layer.frozen.sum()) for layer in frame.layers):
        yield Text(f"Of these parameters {frozen:,} are held in place and do not learn.")


def _settings(trainer: Trainer) -> Table:
    loss = loss_name(
        trainer.training, "classification" if trainer.problem.classes else "regression"
    )
    dropout = trainer.architecture.dropout
    more = (("Dropout", percent(dropout)),) if dropout else ()
    return settings(trainer.training, loss, more)


def _boundary(frame: Frame) -> Picture:
    across, up = (frame.inputs[axis] for axis in frame.plane.axes)
    return Picture(
        f"What the network answers from {frame.plane.low:g} to {frame.plane.high:g} across "
        f"({across}) and up ({up}). Circles are training samples, squares test samples.",
        pictures.boundary(frame),
        "png",
        _SHOWN,
    )
