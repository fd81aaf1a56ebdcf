"""The state of the schedule "plateau" as rows of a tensor, and back."""

from __future__ import annotations

import torch
from torch import Tensor

from playground.training.core.schedules import NO_PLATEAU, Plateau
from playground.training.core.state.state_reader import MAX_COUNT, StateReader

_COLUMNS = 4


def plateau_row(plateau: Plateau) -> Tensor:
    """Return a state as float64 of shape (4,)."""
    row = (plateau.factor, plateau.best, plateau.bad_epochs, plateau.since)
    return torch.tensor(row, dtype=torch.float64)


def read_plateaus(saved: StateReader, name: str, count: int) -> list[Plateau]:
    """Read rows of `plateau_row`; initial states where there are none, as in older files.

    Raises
    ------
    InputError
        If there is another number of rows, or one that cannot be.
    """
    if name not in saved:
        return [NO_PLATEAU] * count
    rows = saved.tensor(name, (count, _COLUMNS), torch.float64)
    counts = rows[:, 2:]
    if not (
        ((rows[:, 0] > 0) & (rows[:, 0] <= 1) & ~rows[:, 1].isnan()).all()
        and torch.equal(counts, counts.round().clamp(0, MAX_COUNT))
    ):
        raise saved.invalid(name, "should hold a factor, a loss and two whole numbers in each row")
    return [
        Plateau(factor, best, int(bad), int(since)) for factor, best, bad, since in rows.tolist()
    ]
