"""How loss and accuracy went, kept in bounded memory however long training goes on."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt
import torch

from playground.training.checked import FAR, Checked, Step
from playground.training.frame import Curves, Score
from playground.training.state import State

MOST = 1024
_COLUMNS = 5


class History:
    """One row an epoch; when full, every other row is let go and the pace halves.

    So the rows kept are always evenly spaced, `MOST` at the most, and the last row is the
    newest epoch.

    Parameters
    ----------
    parts : int
        Rows an epoch, where epochs are long.
    """

    def __init__(self, parts: int = 1) -> None:
        self._parts = parts
        # Single precision would lose count of the epochs after a few hours.
        self._rows: npt.NDArray[np.float64] = np.empty((MOST, _COLUMNS))
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._count = 0
        self._pace = 1

    def record(self, epoch: float, train: Score, test: Score) -> None:
        """Note how an epoch, or a part of one, ended. They must come in rising order."""
        # Between two kept epochs the last row is provisional: the next one takes its place.
        if self._count and self._rows[self._count - 1, 0] % self._pace:
            self._count -= 1
        while self._count == MOST:
            self._thin()
        row = (round(epoch * self._parts), train.loss, test.loss, train.accuracy, test.accuracy)
        self._rows[self._count] = row
        self._count += 1

    def cut(self, epoch: float) -> None:
        """Forget all that came after an epoch, or a part of one."""
        last = round(epoch * self._parts)
        self._count = int((self._rows[: self._count, 0] <= last).sum())

    def state(self) -> State:
        """Copy out all that is kept."""
        return State({"pace": self._pace}, {"rows": torch.tensor(self._rows[: self._count])})

    def reading(self, given: Checked) -> Step:
        """Check what `state` gave, and return the step that takes it up.

        Raises
        ------
        InputError
            If it is no history.
        """
        rows = given.tensor("rows", (None, _COLUMNS), torch.float64)
        counts = rows[:, 0]
        rising = (counts.diff() > 0).all() and torch.equal(counts, counts.round().clamp(0, FAR))
        if not rising or len(rows) > MOST:
            raise given.refusal("rows", f"should be up to {MOST} rows with rising epochs")
        return partial(self._fill, rows.numpy().copy(), given.whole("pace", least=1))

    def _fill(self, rows: npt.NDArray[np.float64], pace: int) -> None:
        self._count, self._pace = len(rows), pace
        self._rows[: self._count] = rows

    def curves(self) -> Curves:
        """Copy out what has been kept."""
        epoch, *rest = self._rows[: self._count].T
        columns = (epoch / self._parts, *rest)
        return Curves(*(column.astype(np.float32) for column in columns))

    def _thin(self) -> None:
        self._pace *= 2
        kept = self._rows[self._rows[:, 0] % self._pace == 0]
        self._count = len(kept)
        self._rows[: self._count] = kept
