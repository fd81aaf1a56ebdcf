"""The report on a dense network for a gate or points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from playground.export.loss_in_use import loss_name
from playground.export.report import png_images
from playground.export.report.content import (
    ContentBlock,
    Paragraph,
    ReportContent,
    ReportImage,
    Section,
    Table,
)
from playground.export.report.formatting import (
    describe_score,
    format_setting,
    join_names,
    pluralise,
)
from playground.export.report.scaling_paragraphs import (
    plane_ranges,
    regression_error_table,
    scaling,
)
from playground.export.report.training_sections import (
    observations,
    results,
    settings_table,
    training_progress,
)
from playground.networks.dense.module_plan import ModulePlan
from playground.number_text import format_percent
from playground.problems.gates import CUSTOM, Gates
from playground.problems.points.points import OWN, Points
from playground.problems.problem import Problem
from playground.problems.tables.table_problem import TableProblem
from playground.training.core.metrics import Curves
from playground.training.dense.frame import Frame
from playground.training.dense.trainer import Trainer
from playground.views.network_summary import summary, table

_IMAGE_WIDTH = 400
_MAX_PARTS = 40
"""Parts of a module that are listed."""


def dense_content(trainer: Trainer, footer: str) -> ReportContent:
    """Compose the report on a trainer; see `playground.export.report.report`."""
    frame, problem = trainer.frame(), trainer.problem
    sections = (
        Section("Problem and data", tuple(_data(problem, frame))),
        Section("Architecture", tuple(_architecture(trainer, frame))),
        Section(
            "Training",
            (
                _settings(trainer),
                *_earlier_data_note(frame),
                *training_progress(_since_data_change(frame)),
            ),
        ),
        Section(
            "Results", (*results(frame), *regression_error_table(frame), _boundary(problem, frame))
        ),
        *observations(frame.notes),
    )
    return ReportContent(
        f"A neural network learns {_title_subject(problem)}",
        _summary(trainer, frame),
        sections,
        footer,
    )


def _title_subject(problem: Problem) -> str:
    if isinstance(problem, Gates):
        gate = "a truth table" if problem.gate == CUSTOM else problem.gate
        return f"{gate} of {problem.inputs_count} inputs"
    if isinstance(problem, Points) and problem.shape != OWN:
        return f"the points “{problem.shape}”"
    if isinstance(problem, TableProblem):
        return f"{problem.data.target} from {join_names(problem.inputs)}"
    return f"from samples with the inputs {join_names(problem.inputs)}"


def _since_data_change(frame: Frame) -> Frame:
    """Return the frame with the curves of these samples and this loss, up to the present."""
    curves = frame.curves.after(frame.comparable_since)
    if not len(curves.epoch):
        now = (frame.epoch, frame.train.loss, frame.test.loss)
        accuracies = frame.train.accuracy, frame.test.accuracy
        curves = Curves(*(np.array([each], np.float32) for each in (*now, *accuracies)))
    return replace(frame, curves=curves)


def _earlier_data_note(frame: Frame) -> Iterator[ContentBlock]:
    if frame.comparable_since:
        # After going back, what is comparable begins an epoch later than the samples.
        samples = frame.samples_since + 1 >= frame.comparable_since
        what = "on other samples" if samples else "with another loss"
        first = _since_data_change(frame).curves.epoch[0]
        yield Paragraph(
            f"Curves and losses below begin at epoch {first:,.0f}: before, the network was trained "
            f"{what}."
        )


def _summary(trainer: Trainer, frame: Frame) -> str:
    train, test = frame.samples.train, frame.samples.test
    tested = np.isfinite(frame.test.loss) and test is not train
    under_way = f" and {frame.part:.0%} of another" if frame.part else ""
    on_test = f" On {pluralise(len(test), 'test sample')} it has {describe_score(frame.test)}."
    network = (
        f"A module of your own, {type(trainer.model).__name__},"
        if isinstance(frame.plan, ModulePlan)
        else f"A dense network ({summary(frame.plan)})"
    )
    return (
        f"{network} was trained for "
        f"{pluralise(frame.epoch, 'epoch')}{under_way}. "
        f"On {pluralise(len(train), 'training sample')} "
        f"it has {describe_score(frame.train)}.{on_test if tested else ''}"
    )


def _data(problem: Problem, frame: Frame) -> Iterator[ContentBlock]:
    split = frame.samples
    if isinstance(problem, Gates):
        yield from _truth_table(problem)
    else:
        yield Paragraph(_describe_points(problem))
        if isinstance(problem, TableProblem):
            yield from scaling(problem)
    if split.test is split.train:
        yield Paragraph(
            f"The network learns from all {pluralise(len(split.train), 'sample')} and is evaluated "
            "on the same samples, since there are no others."
        )
    elif not len(split.test):
        yield Paragraph(
            f"The network learns from all {pluralise(len(split.train), 'sample')}; there are no "
            "others to test it with."
        )
    else:
        yield Paragraph(
            f"The network learns from {pluralise(len(split.train), 'sample')} and is evaluated on "
            f"{pluralise(len(split.test), 'other')}, on which it is never trained."
        )
    if frame.classes and not isinstance(problem, Gates):
        yield _class_sizes(frame)


def _truth_table(problem: Gates) -> Iterator[ContentBlock]:
    rows = zip(problem.rows(), problem.answers(), strict=True)
    yield Table(
        "Truth table.",
        (*problem.inputs, "answer"),
        tuple((*(f"{value:g}" for value in row), str(answer)) for row, answer in rows),
    )
    if problem.noise:
        yield Paragraph(
            "For training, each row comes several times, with normally distributed noise of "
            f"standard deviation {format_setting(problem.noise)} added to its inputs (seed "
            f"{problem.seed})."
        )


def _describe_points(problem: Problem) -> str:
    inputs = f"Each sample has the inputs {join_names(problem.inputs)}."
    if isinstance(problem, Points) and problem.shape != OWN:
        return (
            f"{pluralise(problem.count, 'point')} of the shape “{problem.shape}” were drawn with a "
            f"noise of {format_setting(problem.noise)} (seed {problem.seed}). {inputs}"
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


def _architecture(trainer: Trainer, frame: Frame) -> Iterator[ContentBlock]:
    plan = frame.plan
    scaled = "as they are" if frame.preprocessing.inputs.is_identity else "standardised"
    given = scaled if plan.features == frame.inputs else "and features made of them"
    inputs = f"The network is given the inputs {given}: {join_names(plan.features)}."
    if isinstance(plan, ModulePlan):
        yield from _module(trainer, inputs)
        return
    yield Paragraph(
        f"{inputs} It has "
        f"{pluralise(len(plan.hidden), 'hidden layer')} and {pluralise(plan.size, 'parameter')}, "
        f"weights and biases together. {_first_weights(trainer)}"
    )
    rows = tuple(
        (row.layer, row.shape, row.activation, f"{row.parameters:,}") for row in table(plan)
    )
    yield Table("Layers of the network.", ("layer", "neurons", "activation", "parameters"), rows)
    if frozen := sum(int(layer.frozen.sum()) for layer in frame.layers):
        yield Paragraph(f"Of these parameters {frozen:,} are frozen and not trained.")


def _first_weights(trainer: Trainer) -> str:
    architecture = trainer.architecture
    if trainer.first_weights is not None:
        return "It began with the weights that the module came with."
    if isinstance(trainer.plan, ModulePlan):
        return f"Its layers drew their first weights themselves (seed {architecture.seed})."
    return (
        f"Its weights were drawn by the initialiser “{architecture.initialiser}” (seed "
        f"{architecture.seed})."
    )


def _module(trainer: Trainer, inputs: str) -> Iterator[ContentBlock]:
    """Describe a module of the user, of whose layers no more is known than their names."""
    module = trainer.model
    fixed = sum(each.numel() for each in module.parameters() if not each.requires_grad)
    count = sum(each.numel() for each in module.parameters())
    not_trained = f", of which {fixed:,} are not trained" if fixed else ""
    yield Paragraph(
        f"{inputs} It is a module of your own, {type(module).__name__}, with "
        f"{pluralise(count, 'parameter')}{not_trained}. "
        f"{_first_weights(trainer)}"
    )
    leaves = [(name, each) for name, each in module.named_modules() if not [*each.children()]]
    rows = tuple(
        (name or "–", type(each).__name__, f"{sum(p.numel() for p in each.parameters()):,}")
        for name, each in leaves[:_MAX_PARTS]
    )
    left_out = len(leaves) - len(rows)
    caption = "Parts of the module." + (f" {left_out:,} more are not listed." if left_out else "")
    yield Table(caption, ("part", "kind", "parameters"), rows)


def _settings(trainer: Trainer) -> Table:
    loss = loss_name(
        trainer.training, "classification" if trainer.problem.classes else "regression"
    )
    dropout = trainer.architecture.dropout
    more = (("Dropout", format_percent(dropout)),) if dropout else ()
    return settings_table(trainer.training, loss, more, classes=bool(trainer.problem.classes))


def _boundary(problem: Problem, frame: Frame) -> ReportImage:
    across, up = frame.axis_names
    range_across, range_up = plane_ranges(frame)
    held = ", ".join(
        f"{name} {value if isinstance(value, str) else format(value, '.4g')}"
        for name, value in _held_inputs(problem, frame)
    )
    train, test = frame.samples.train, frame.samples.test
    squares = ", squares test samples" if len(test) and test is not train else ""
    return ReportImage(
        f"Predictions of the network from {range_across} across ({across}) and {range_up} up "
        f"({up}). Circles are training samples{squares}."
        + (f" The other inputs are held at: {held}." if held else ""),
        png_images.boundary(frame),
        "png",
        _IMAGE_WIDTH,
    )


def _held_inputs(problem: Problem, frame: Frame) -> list[tuple[str, float | str]]:
    """Return what is on neither axis of the picture, and where it is held, in its units."""
    if isinstance(problem, TableProblem):
        columns = zip(problem.columns, problem.held_values(), strict=True)
        return [
            (column.name, value)
            for column, value in columns
            if not {*column.inputs} & {*frame.axis_names}
        ]
    named = zip(frame.inputs, frame.plane.pins, strict=False)
    return [(name, value) for name, value in named if name not in frame.axis_names]
