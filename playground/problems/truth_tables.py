"""The registry of gates, and functions that make, check and resize truth tables.

A new gate is one entry in `GATES`. The rows of a table count upwards in binary, the first
input being the most significant digit: 00, 01, 10, 11.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
from torch import Tensor

from playground.errors import InputError

Bools = npt.NDArray[np.bool_]
TableAnswers = tuple[int, ...]

# All take inputs (rows, inputs) and return answers (rows,), False or True.
GATES: dict[str, Callable[[Bools], npt.ArrayLike]] = {
    "AND": lambda on: on.all(axis=1),
    "OR": lambda on: on.any(axis=1),
    "XOR": lambda on: on.sum(axis=1) == 1,  # exactly one is on: the "=1" of IEC 60617
    "NAND": lambda on: ~on.all(axis=1),
    "NOR": lambda on: ~on.any(axis=1),
    "XNOR": lambda on: on.sum(axis=1) != 1,
    # A → (B → (C → D)) fails only where everything but the last is on, and the last is off.
    "IMPLIES": lambda on: ~on[:, :-1].all(axis=1) | on[:, -1],
    "majority": lambda on: 2 * on.sum(axis=1) > on.shape[1],
    "parity": lambda on: on.sum(axis=1) % 2 == 1,
}


@dataclass(frozen=True)
class InputFeature:
    """The feature that is one of the inputs, unchanged: (n, inputs) -> (n,).

    Instances with the same index are equal, so that a comparison of features finds no change.
    """

    index: int

    def __call__(self, rows: Tensor) -> Tensor:
        """Return one column of `rows`."""
        return rows[:, self.index]


def all_input_rows(inputs: int) -> Bools:
    """Return each combination of `inputs` inputs once, shape (2**inputs, inputs)."""
    return np.array(list(product((False, True), repeat=inputs)))


def gate_table(gate: str, inputs: int) -> TableAnswers:
    """Return the answers, 0 or 1, of a gate in `GATES` to every row."""
    return tuple(np.asarray(GATES[gate](all_input_rows(inputs)), np.int64).tolist())


def check_table(table: Sequence[int], inputs: int) -> TableAnswers:
    """Return `table` as a tuple of int, after checking its length and values.

    Raises
    ------
    InputError
        If it has another length than 2**inputs or holds anything but 0 and 1.
    """
    right = f"a truth table for {inputs} inputs has {2**inputs} answers, each 0 or 1"
    try:
        answers = list(table)
    except TypeError:
        raise InputError(f"{table!r} is not a truth table: {right}.") from None
    if len(answers) != 2**inputs:
        raise InputError(f"{len(answers)} answers were given; {right}.")
    for row, answer in enumerate(answers):
        if not (np.isscalar(answer) and answer in (0, 1)):
            raise InputError(f"The answer in row {row + 1} is {answer!r}; {right}.")
    return tuple(int(answer) for answer in answers)


def resize_table(table: TableAnswers, inputs: int) -> TableAnswers:
    """Return `table` extended or shortened to that many inputs.

    Answers do not depend on an added input; a removed input is set to 0.
    """
    while len(table) < 2**inputs:
        table = tuple(answer for answer in table for _ in (0, 1))
    while len(table) > 2**inputs:
        table = table[::2]
    return table
