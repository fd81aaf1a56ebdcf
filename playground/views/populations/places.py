"""Where each run of a sweep stands on the wall, and each setting on the heatmap.

Where two settings vary, the one with more values goes across: screens are wider than high. Where
each is trained from several seeds, their tiles stand side by side in the place of the setting.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from playground.training.sweeps import Sweep
from playground.views.ticks import TickLabels

MAX_LABELS = 24
"""Labels along one axis; of more values every second, third … has one."""
MAX_ACROSS = 16
"""Tiles in a row where a single setting varies."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """A grid with a cell for each run: by two values, or row by row where one setting varies.

    Attributes
    ----------
    rows, across : int
        Cells of the grid.
    row, column : int64 arrays of shape (runs,)
        Counted from the lowest row, and from the left.
    x_name, y_name : str
        What varies along each axis; "" where the cells tell it themselves.
    x_labels, y_labels : mapping of float to str
        Labels at the middles of columns and rows.
    inner_rows, inner_across : int
        Cells that each setting takes, one for each of its seeds.
    """

    rows: int
    across: int
    row: npt.NDArray[np.int64]
    column: npt.NDArray[np.int64]
    x_name: str
    y_name: str
    x_labels: TickLabels
    y_labels: TickLabels
    inner_rows: int = 1
    inner_across: int = 1

    def run_at(self, x: float, y: float) -> int | None:
        """Return the run whose cell is at a position; None beside all cells."""
        found = np.flatnonzero((self.row == math.floor(y)) & (self.column == math.floor(x)))
        return int(found[0]) if len(found) else None


@lru_cache(maxsize=32)
def places_of(sweep: Sweep) -> Places:
    """Return the places of all runs of a sweep, which stay the same as it is trained."""
    settings, seeds = cells_of(sweep), sweep.seeds_per_setting
    if seeds == 1:
        return settings
    across = math.ceil(math.sqrt(seeds))
    rows = -(-seeds // across)
    seed, setting = np.divmod(np.arange(len(sweep)), len(settings.row))
    down, along = np.divmod(seed, across)
    return replace(
        settings,
        rows=settings.rows * rows,
        across=settings.across * across,
        row=settings.row[setting] * rows + rows - 1 - down,
        column=settings.column[setting] * across + along,
        x_labels={place * across: text for place, text in settings.x_labels.items()},
        y_labels={place * rows: text for place, text in settings.y_labels.items()},
        inner_rows=rows,
        inner_across=across,
    )


@lru_cache(maxsize=32)
def cells_of(sweep: Sweep) -> Places:
    """Return the places of all settings of a sweep, each of which may have several seeds."""
    runs = np.arange(len(sweep) // sweep.seeds_per_setting)
    first, *second = sweep.axes
    if second:
        up, along = np.divmod(runs, len(first.values))
        x, y = first, second[0]
        if len(y.values) > len(x.values):
            (x, y), (along, up) = (y, x), (up, along)
        names = x.variable.label, y.variable.label
        return Places(
            len(y.values), len(x.values), up, along, *names, _labels(x.texts), _labels(y.texts)
        )
    across = min(len(runs), MAX_ACROSS)
    rows = -(-len(runs) // across)
    row, column = np.divmod(runs, across)
    labels = _labels(first.texts) if rows == 1 else {}
    return Places(rows, across, rows - 1 - row, column, first.variable.label, "", labels, {})


def _labels(texts: tuple[str, ...]) -> TickLabels:
    step = -(-len(texts) // MAX_LABELS)
    return {place + 0.5: text for place, text in enumerate(texts) if place % step == 0}
