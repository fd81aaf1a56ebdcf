"""A small table of flowers, and trainers of tables that learn it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from playground.networks.architecture import Architecture
from playground.problems.tables.table_problem import TableProblem
from playground.training.dense.trainer import Trainer
from playground.training.training import Training


def flowers(rows: int = 60) -> pd.DataFrame:
    """Three kinds that differ in two of three measures."""
    kinds, rng = np.arange(rows) % 3, np.random.default_rng(rows)
    return pd.DataFrame(
        {
            "length": 10 * kinds + rng.normal(size=rows),
            "width": 1000 - 300 * kinds + 10 * rng.normal(size=rows),
            "age": rng.integers(1, 9, rows),
            "kind": np.array(["aster", "bellis", "crocus"])[kinds],
        }
    )


def trainer_of(data: Any, hidden: Sequence[int] = (8,), **choices: Any) -> Trainer:
    """Return a trainer with the settings of the page about one's own data."""
    problem = TableProblem(data, **choices)
    architecture = Architecture(features=list(problem.inputs), hidden=list(hidden))
    return Trainer(problem, architecture, Training(learning_rate=0.02, batch_size=10))
