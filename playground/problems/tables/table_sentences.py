"""Sentences about a table: its rows, how they were split, and missing values."""

from __future__ import annotations

import numpy as np

from playground.problems.tables.missing_values import (
    DROP,
    complete_rows,
    missing_counts,
)
from playground.problems.tables.table_problem import TableProblem

MAX_LISTED_COLUMNS = 5


def split_sentence(problem: TableProblem) -> str:
    """Say how many rows are trained on and tested with, and how they were chosen."""
    train, test = problem.samples().train, problem.samples().test
    counts = f"{len(train):,} training rows, {len(test):,} test rows"
    if problem.test_data is not None:
        return f"{counts} of a table of their own."
    if not len(test):
        return f"{counts}."
    if problem.classes and problem.stratify:
        return f"{counts}, chosen at random with the same share of each class."
    return f"{counts}, chosen at random."


def missing_sentence(problem: TableProblem) -> str:
    """Say where inputs are missing, and what is done about it; "" where none are."""
    tables = [problem.data, *([problem.test_data] if problem.test_data is not None else [])]
    x = np.concatenate([each.x for each in tables])
    counts = missing_counts(problem.columns, x)
    if not counts:
        return ""
    listed = [f"{name}: {number:,}" for name, number in [*counts.items()][:MAX_LISTED_COLUMNS]]
    where = ", ".join(listed) + (", …" if len(counts) > MAX_LISTED_COLUMNS else "")
    lacking = len(x) - len(complete_rows(x))
    done = (
        "and are left out"
        if problem.missing == DROP
        else "filled with the median, or the most frequent category, of the training rows"
    )
    return f"{lacking:,} of {len(x):,} rows lack values ({where}), {done}."
