"""Trainers of tables and of modules of one's own, without their page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import nn

from playground.networks.architecture import Architecture
from playground.problems.tables.row_reader import read_rows
from playground.problems.tables.table_problem import TableProblem
from playground.training.dense.trainer import Trainer
from playground.training.training import Training

TOLERANCE = 1e-5
EPOCHS = 3

MODULES: dict[str, Callable[[int, int], nn.Module] | None] = {
    "none": None,
    "dense": lambda inputs, outputs: nn.Sequential(
        nn.Linear(inputs, 5), nn.Tanh(), nn.Linear(5, outputs)
    ),
    "wide": lambda inputs, outputs: nn.Sequential(
        nn.Linear(inputs, 40), nn.ReLU(), nn.Linear(40, outputs)
    ),
    "normalised": lambda inputs, outputs: nn.Sequential(
        nn.Linear(inputs, 9), nn.BatchNorm1d(9), nn.ReLU(), nn.Dropout(0.3), nn.Linear(9, outputs)
    ),
}
MORE = ["nothing", "eighteen columns", "categories and gaps"]
"""What a table has besides two columns of numbers and the target."""
INPUTS = {"nothing": 2, "eighteen columns": 20, "categories and gaps": 6}


EXPORTED = (
    ("eighteen columns", "twelve classes", 5000.0, True, "wide"),
    ("categories and gaps", "two classes", 5000.0, False, "none"),
    # Without standardisation 1.7e9 would leave nothing but rounding.
    ("categories and gaps", "values", 1.7e9, True, "normalised"),
)
"""What is trained, for `exported_table`."""


def table(target: str, size: float, more: str = "nothing") -> pd.DataFrame:
    """Two columns of very different size, more, and a target."""
    rng = np.random.default_rng(3)
    a, b = rng.normal(10, 3, 61), size + 50 * rng.normal(size=61)
    score = (a - 10) / 3 + (b - size) / 50
    targets = {
        "two classes": np.where(score > 0, "yes", "no"),
        "three classes": np.array(["u", "v", "w"])[np.digitize(score, [-0.5, 0.5])],
        "twelve classes": np.array([*"abcdefghijkl"])[np.arange(61) % 12],
        "values": 1e6 + 1000 * score,
    }
    found = pd.DataFrame({"a": a, "b": b, "target": targets[target]})
    if more == "eighteen columns":
        for number in range(18):
            found.insert(number, f"x {number}", rng.normal(number, 1 + number, 61))
    elif more == "categories and gaps":
        found.insert(0, "c", rng.normal(5, 2, 61))
        found.loc[rng.permutation(61)[:9], "c"] = np.nan
        found.insert(2, "colour", rng.choice(["red", "green", "blue"], 61))
        found.loc[4, "colour"] = None
    return found


def trainer_of(
    data: pd.DataFrame,
    module: nn.Module | None = None,
    *,
    problem: Mapping[str, Any] | None = None,
    **choices: Any,
) -> Trainer:
    """Make the trainer of a page of own data, without the page."""
    own = TableProblem(data, **(problem or {}))
    architecture = Architecture(features=list(own.inputs), hidden=[8])
    training = Training(**{"batch_size": 20, "learning_rate": 0.02, **choices})
    return Trainer(own, architecture, training, module)


def train_on_table(
    target: str,
    size: float,
    *,
    standardise: bool,
    module: str,
    more: str = "nothing",
    tested: bool = False,
    problem: Mapping[str, Any] | None = None,
    **choices: Any,
) -> tuple[Trainer, pd.DataFrame]:
    """Train on a table, with its last rows as test rows if `tested`; return its inputs too."""
    data = table(target, size, more)
    if target == "values" and not standardise:
        data.target = data.target / 1000 - 1000  # With a million, training diverges at once.
    torch.manual_seed(0)
    outputs = {"three classes": 3, "twelve classes": 12}.get(target, 1)
    make = MODULES[module]
    own = None if make is None else make(INPUTS[more], outputs)
    problem = {**(problem or {}), "standardise": standardise}
    if tested:
        problem["test_data"] = data[45:]
    trainer = trainer_of(data[:45] if tested else data, own, problem=problem, **choices)
    trainer.train(EPOCHS)
    return trainer, data.drop(columns="target")


def inputs_of(trainer: Trainer, data: pd.DataFrame) -> Any:
    """Rows of the inputs in their units: one-hot where the table has categories."""
    return read_rows(data, trainer.problem.inputs, trainer.problem.preprocessing)


def exported_table(
    more: str, target: str, size: float, standardise: bool, module: str
) -> tuple[Trainer, Any]:
    """Train on a table; return the trainer, and rows of the type that its files take."""
    trainer, data = train_on_table(
        target, size if standardise else 0.0, standardise=standardise, module=module, more=more
    )
    rows = inputs_of(trainer, data)
    np.testing.assert_array_equal(trainer.predict(rows), trainer.predict(data))
    if trainer.problem.preprocessing.input_type is np.float32:
        rows = rows.astype(np.float32)
    return trainer, rows


def size_of_answers(trainer: Trainer) -> float:
    """The scale of what is answered, in its units."""
    problem = trainer.problem
    return 1.0 if problem.classes else float(problem.preprocessing.targets.scale[0])


def check_answers(said: np.ndarray[Any, Any], trainer: Trainer, rows: Any) -> None:
    """Compare answers to rows with those of the trainer."""
    atol = TOLERANCE * size_of_answers(trainer)
    np.testing.assert_allclose(said, trainer.predict(rows), atol=atol, rtol=1e-6)
