"""How the units of each level stand, so that their squares are as large as the room allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

Size = tuple[float, float]
LARGEST_TILE = 48.0
COLUMN_GAP = 1.5  # at least so many tiles between two layers
ROWS = 8  # a layer of no more units is one column
MOST_ROWS = 16
NARROW = 480.0  # below this width labels get less room


class Grain(NamedTuple):
    """How finely tiles are drawn: picture cells along a side, and between two tiles."""

    cells: int
    gap: int


class Fold(NamedTuple):
    """How the units of a level stand."""

    rows: int
    columns: int


class Margins(NamedTuple):
    """Room for the labels around the tiles."""

    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Block:
    """The tiles of one level: the features, a hidden layer or the output.

    Attributes
    ----------
    rows, columns : int
        Units fill the first column from the top, then the next.
    count : int
        How many units there are; the last column may be shorter.
    gap : int
        Picture cells between two rows; between two columns it is always the grain's.
    left, bottom, right, top : float
    """

    rows: int
    columns: int
    count: int
    gap: int
    left: float
    bottom: float
    right: float
    top: float

    @property
    def centre(self) -> float:
        """The horizontal middle."""
        return (self.left + self.right) / 2


def margins(size: Size) -> Margins:
    """Leave room for labels: features left, layers above, classes right."""
    return Margins(44, 54, 38, 8) if size[0] < NARROW else Margins(62, 66, 42, 14)


def grain_for(tiles: int) -> Grain:
    """Choose finer pictures where there are few of them, so that a push stays small."""
    if tiles <= 24:
        return Grain(24, 4)
    return Grain(16, 3) if tiles <= 90 else Grain(10, 2)


def foldings(counts: tuple[int, ...]) -> Iterator[list[Fold]]:
    """List ways to arrange levels; only large hidden layers get more columns than one."""
    first, *hidden, last = counts
    tallest = MOST_ROWS if max(hidden, default=0) > ROWS else ROWS
    for rows in range(ROWS, tallest + 1):
        yield [Fold(first, 1), *(fold(count, rows) for count in hidden), Fold(last, 1)]


def fold(count: int, limit: int) -> Fold:
    """Spread `count` units evenly over columns of at most `limit`."""
    columns = -(-count // limit)
    return Fold(-(-count // columns), columns)


def tile_side(folds: list[Fold], room: Size, grain: Grain) -> float:
    """Find the largest tile with which everything fits."""
    gap = grain.gap / grain.cells
    across = sum(columns + (columns - 1) * gap for _, columns in folds)
    across += (len(folds) - 1) * COLUMN_GAP
    tallest = max(rows for rows, _ in folds)
    return min(LARGEST_TILE, room[0] / across, room[1] / (tallest + (tallest - 1) * gap))


def place(
    counts: tuple[int, ...],
    folds: list[Fold],
    tile: float,
    grain: Grain,
    room: Size,
    edges: Margins,
) -> tuple[Block, ...]:
    """Put one block a level, with equal distances between, centred vertically."""
    cell = tile / grain.cells
    widths = [(fold.columns * (grain.cells + grain.gap) - grain.gap) * cell for fold in folds]
    between = (room[0] - sum(widths)) / (len(counts) - 1)
    middle = edges.bottom + room[1] / 2
    blocks, left = [], edges.left
    for count, (rows, columns), width in zip(counts, folds, widths, strict=True):
        gap = row_gap(rows, room[1] / cell, grain)
        half = (rows * (grain.cells + gap) - gap) * cell / 2
        blocks.append(
            Block(rows, columns, count, gap, left, middle - half, left + width, middle + half)
        )
        left += width + between
    return tuple(blocks)


def row_gap(rows: int, height: float, grain: Grain) -> int:
    """Count cells between rows: airy where there is room, never less than the grain's."""
    free = (height - rows * grain.cells) / max(rows - 1, 1)
    return int(np.clip(free + 1e-6, grain.gap, grain.cells // 2))
