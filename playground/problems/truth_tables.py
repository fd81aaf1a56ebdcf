"""Truth tables: the registry of gates, and what can be said about a table.

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

# All take switches (rows, inputs) and give the answers (rows,), False or True.
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
    """The feature that is one of the inputs as it stands: (n, inputs) -> (n,).

    Equal for equal inputs, so that whoever compares features sees no change where there is none.
    """

    index: int

    def __call__(self, rows: Tensor) -> Tensor:
        """Return one column of `rows`."""
        return rows[:, self.index]


def all_input_rows(inputs: int) -> Bools:
    """Each combination of `inputs` switches once, shape (2**inputs, inputs)."""
    return np.array(list(product((False, True), repeat=inputs)))


def gate_table(gate: str, inputs: int) -> TableAnswers:
    """Return the answers, 0 or 1, of a gate in `GATES` to every row."""
    return tuple(np.asarray(GATES[gate](all_input_rows(inputs)), np.int64).tolist())


def check_table(table: Sequence[int], inputs: int) -> TableAnswers:
    """Return `table` as a tuple of int, if it is one for that many inputs.

    Raises
    ------
    InputError
        If it has another length than 2**inputs or holds anything but 0 and 1.
    """
    right = f"a truth table for {inputs} inputs has {2**inputs} answers, each 0 or 1"
    try:
        answers = list(table)
    except TypeError:
        raise InputError(f"{table!r} is no truth table: {right}.") from None
    if len(answers) != 2**inputs:
        raise InputError(f"{len(answers)} answers were given; {right}.")
    for row, answer in enumerate(answers):
        if not (np.isscalar(answer) and answer in (0, 1)):
            raise InputError(f"The answer in row {row + 1} is {answer!r}; {right}.")
    return tuple(int(answer) for answer in answers)


def resize_table(table: TableAnswers, inputs: int) -> TableAnswers:
    """Return `table` made longer or shorter for that many inputs.

    An input that comes in makes no difference to the answer; one that goes is taken as 0.
    """
    while len(table) < 2**inputs:
        table = tuple(answer for answer in table for _ in (0, 1))
    while len(table) > 2**inputs:
        table = table[::2]
    return table
