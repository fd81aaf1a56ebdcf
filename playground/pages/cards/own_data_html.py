"""Sentences about a user's own data, as HTML."""

from __future__ import annotations

from html import escape

import numpy as np

from playground.pages.cards.answer_html import class_badge
from playground.problems.input_columns import first_inputs
from playground.problems.tables.table_problem import TableProblem
from playground.problems.tables.table_sentences import missing_sentence, split_sentence


def about_html(problem: TableProblem) -> str:
    """Say what is learned, from how many rows, which values are missing, and name the classes."""
    sentences = [f"<b>{escape(problem.data.target)}</b> from {escape(split_sentence(problem))}"]
    if missing := missing_sentence(problem):
        sentences.append(escape(missing))
    return "".join(f"<p>{each}</p>" for each in sentences) + _legend(problem)


def _legend(problem: TableProblem) -> str:
    """Name the classes in their colours, each with the number of its rows; "" for values."""
    if not problem.classes:
        return ""
    split = problem.samples()
    y = np.concatenate([split.train.y, split.test.y]).astype(np.int64)
    counts = np.bincount(y, minlength=len(problem.classes))
    badges = "".join(
        f"<span>{class_badge(number, name)} {count:,}</span>"
        for number, (name, count) in enumerate(zip(problem.classes, counts, strict=True))
    )
    return f'<p class="pg-legend">{badges}</p>'


def scaling_html(problem: TableProblem) -> str:
    """Say what the network is given for each input and for the value."""
    scaling = problem.preprocessing
    sentences = []
    if problem.has_binary_inputs:
        sentences.append("All inputs are 0 or 1, and given as they are.")
    elif scaling.inputs.is_identity:
        sentences.append("Inputs are given as they are; the picture is in standard deviations.")
    else:
        sentences.append("Each number has its mean subtracted and is divided by its deviation:")
        sentences += [
            f"<b>{escape(column.name)}</b>: mean "
            f"{scaling.inputs.format(scaling.inputs.offset[place], place)}, "
            f"deviation {scaling.inputs.format(scaling.inputs.scale[place], place)}"
            for column, place in zip(problem.columns, first_inputs(problem.columns), strict=True)
            if not column.categories
        ]
    sentences += [
        f"<b>{escape(column.name)}</b>: an input of 1 or 0 for each of "
        f"{escape(', '.join(column.categories))}"
        for column in problem.columns
        if column.categories
    ]
    if not problem.classes:
        target, (offset,), (scale,) = scaling.targets, scaling.targets.offset, scaling.targets.scale
        low, high = target.format(offset - scale), target.format(offset + scale)
        sentences.append(
            f"<b>{escape(problem.data.target)}</b> is given as it is."
            if target.is_identity
            else f"<b>{escape(problem.data.target)}</b>: {low} becomes -1, {high} becomes 1"
        )
    sentences.append("Means and deviations are those of the training rows.")
    return "".join(f"<p>{each}</p>" for each in sentences)
