"""What a report says about the units of inputs and values."""

from __future__ import annotations

from collections.abc import Iterator

from playground.export.report.content import ContentBlock, Paragraph, Table
from playground.problems.input_columns import first_inputs
from playground.problems.tables.table_problem import TableProblem
from playground.problems.tables.table_sentences import missing_sentence, split_sentence
from playground.training.dense.frame import Frame


def scaling(problem: TableProblem) -> Iterator[ContentBlock]:
    """Say what the network is given for each input and for the value."""
    inputs, targets = problem.preprocessing.inputs, problem.preprocessing.targets
    yield Paragraph(split_sentence(problem))
    if missing := missing_sentence(problem):
        yield Paragraph(missing)
    categories = {each.name: each.categories for each in problem.columns if each.categories}
    if categories:
        listed = "; ".join(f"{name} ({', '.join(each)})" for name, each in categories.items())
        yield Paragraph(
            f"Each category is an input of its own, 1 or 0 and not standardised: {listed}."
        )
    if inputs.is_identity:
        yield Paragraph("The network is given the inputs as they are, without standardisation.")
    else:
        yield Paragraph(
            "Inputs are standardised: the mean of the training samples is subtracted, and the "
            "result is divided by their standard deviation."
        )
        rows = tuple(
            (
                column.name,
                *(inputs.format(each[place], place) for each in (inputs.offset, inputs.scale)),
            )
            for column, place in zip(problem.columns, first_inputs(problem.columns), strict=True)
            if not column.categories
        )
        yield Table("Standardisation.", ("input", "mean", "standard deviation"), rows)
    if problem.classes:
        return
    if targets.is_identity:
        yield Paragraph(f"Values of {problem.data.target} are given as they are.")
    else:
        low, high = (
            targets.format(targets.offset[0] + sign * targets.scale[0]) for sign in (-1, 1)
        )
        yield Paragraph(
            f"Values of {problem.data.target} were brought to -1 to 1: {low} becomes -1 and {high} "
            "becomes 1. Losses are those of the values so scaled; errors are told in the units of "
            f"{problem.data.target}."
        )


def regression_error_table(frame: Frame) -> Iterator[ContentBlock]:
    """List the errors of values in the units of the target; nothing for classes."""
    if frame.errors is None:
        return
    write = frame.preprocessing.targets.format
    rows = tuple(
        (
            name,
            write(each.mean_absolute),
            write(each.root_mean_square),
            f"{each.r2:.3f}" if each.r2 == each.r2 else "–",
        )
        for name, each in zip(("training", "test"), frame.errors, strict=True)
        if each.mean_absolute == each.mean_absolute
    )
    head = ("errors on", "mean absolute error", "root mean squared error", "R²")
    yield Table("Errors in the units of the target.", head, rows)


def plane_ranges(frame: Frame) -> tuple[str, str]:
    """Say the range of both axes of the boundary in the units of the user."""
    places, (low, high) = frame.places, (frame.plane.low, frame.plane.high)
    if places.is_identity:
        return (f"{low:g} to {high:g}",) * 2
    across, up = (
        " to ".join(
            places.format(places.inverse_transform_value(end, axis), axis) for end in (low, high)
        )
        for axis in frame.plane.axes
    )
    return across, up
