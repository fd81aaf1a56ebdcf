"""Loss and accuracy by epoch, in bounded memory however long training goes on."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt
import torch

from playground.training.core.metrics import Curves, Score
from playground.training.core.state.state import State
from playground.training.core.state.state_reader import MAX_COUNT, RestoreStep, StateReader

MAX_ROWS = 1024
FIRST_ROWS = 64
"""Rows for which there is room at first; it is doubled whenever they are full."""

Rows = npt.NDArray[np.float64]


class EpochRows:
    """One row for each epoch. When full, every other row is dropped, and fewer are kept then.

    So the rows are evenly spaced, at most `MAX_ROWS`, and the last row is always the newest.

    Parameters
    ----------
    columns : int
        Numbers in each row, beside its epoch.
    per_epoch : int
        Rows for each epoch.
    """

    def __init__(self, columns: int, per_epoch: int = 1) -> None:
        self._per_epoch = per_epoch
        # Single precision would lose count of the epochs after a few hours.
        self._rows: Rows = np.empty((FIRST_ROWS, 1 + columns))
        self.clear()

    def clear(self) -> None:
        """Drop all rows."""
        self._count = 0
        self._stride = 1

    def record_row(self, epoch: float, values: npt.ArrayLike) -> None:
        """Add the numbers at the end of an epoch, or of a part of one; epochs must not fall.

        A second row of the same epoch replaces the first.
        """
        number = round(epoch * self._per_epoch)
        # A last row that is off the stride is provisional: the next one replaces it.
        if self._count:
            last = self._rows[self._count - 1, 0]
            self._count -= bool(last % self._stride or last == number)
        if self._count == len(self._rows) < MAX_ROWS:
            self._double_room()
        while self._count == MAX_ROWS:
            self._thin()
        row = self._rows[self._count]
        row[0], row[1:] = number, values
        self._count += 1

    def truncate(self, epoch: float) -> None:
        """Drop all rows after an epoch, or after a part of one."""
        last = round(epoch * self._per_epoch)
        self._count = int((self._rows[: self._count, 0] <= last).sum())

    def rows(self) -> Rows:
        """Return all rows, the epoch first; they must not be written to, nor be kept."""
        return self._rows[: self._count]

    def state(self) -> State:
        """Copy all rows."""
        return self.state_of(self.rows())

    def state_of(self, rows: Rows) -> State:
        """Return a state with `rows` in place of all rows, such as a part of their columns."""
        return State({"pace": self._stride}, {"rows": torch.tensor(rows)})

    def prepare_restore(self, saved: StateReader) -> RestoreStep:
        """Check what `state` made, and return the step that restores it.

        Raises
        ------
        InputError
            If it is not the state of a history.
        """
        rows = saved.tensor("rows", (None, self._rows.shape[1]), torch.float64)
        counts = rows[:, 0]
        rising = (counts.diff() > 0).all() and torch.equal(
            counts, counts.round().clamp(0, MAX_COUNT)
        )
        if not rising or len(rows) > MAX_ROWS:
            raise saved.invalid("rows", f"should be up to {MAX_ROWS} rows with rising epochs")
        return partial(self._fill, rows.numpy().copy(), saved.integer("pace", minimum=1))

    def _fill(self, rows: Rows, stride: int) -> None:
        while len(rows) > len(self._rows):
            self._double_room()
        self._count, self._stride = len(rows), stride
        self._rows[: self._count] = rows

    def _double_room(self) -> None:
        self._rows = np.concatenate([self._rows, np.empty_like(self._rows)])

    def _thin(self) -> None:
        self._stride *= 2
        kept = self._rows[self._rows[:, 0] % self._stride == 0]
        self._count = len(kept)
        self._rows[: self._count] = kept


class History(EpochRows):
    """The scores of one network, epoch by epoch; see `EpochRows`.

    Parameters
    ----------
    per_epoch : int
        Rows for each epoch.
    """

    def __init__(self, per_epoch: int = 1) -> None:
        super().__init__(4, per_epoch)

    def record(self, epoch: float, train: Score, test: Score) -> None:
        """Add the scores at the end of an epoch, or of a part of one; see `record_row`."""
        self.record_row(epoch, (train.loss, test.loss, train.accuracy, test.accuracy))

    def curves(self) -> Curves:
        """Copy all rows as curves."""
        epoch, *rest = self.rows().T
        columns = (epoch / self._per_epoch, *rest)
        return Curves(*(column.astype(np.float32) for column in columns))
