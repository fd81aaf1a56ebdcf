"""How the units of each level stand, so that their squares are as large as the room allows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

Size = tuple[float, float]
MAX_TILE_SIDE = 48.0
COLUMN_GAP = 1.5  # at least so many tiles between two layers
MAX_ROWS_ONE_COLUMN = 8  # a layer of no more units is one column
MAX_ROWS = 16
NARROW_WIDTH = 480.0  # below this width labels get less room


class TileResolution(NamedTuple):
    """How finely tiles are drawn: picture cells along a side, and between two tiles."""

    cells: int
    gap: int


class GridShape(NamedTuple):
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
class LevelBlock:
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
    return Margins(44, 54, 38, 8) if size[0] < NARROW_WIDTH else Margins(62, 66, 42, 14)


def choose_resolution(tiles: int) -> TileResolution:
    """Choose finer pictures where there are few of them, so that a push stays small."""
    if tiles <= 24:
        return TileResolution(24, 4)
    return TileResolution(16, 3) if tiles <= 90 else TileResolution(10, 2)


def candidate_shapes(counts: tuple[int, ...]) -> Iterator[list[GridShape]]:
    """List ways to arrange levels; only large hidden layers get more columns than one."""
    first, *hidden, last = counts
    tallest = MAX_ROWS if max(hidden, default=0) > MAX_ROWS_ONE_COLUMN else MAX_ROWS_ONE_COLUMN
    for rows in range(MAX_ROWS_ONE_COLUMN, tallest + 1):
        yield [
            GridShape(first, 1),
            *(grid_shape(count, rows) for count in hidden),
            GridShape(last, 1),
        ]


def grid_shape(count: int, limit: int) -> GridShape:
    """Spread `count` units evenly over columns of at most `limit`."""
    columns = -(-count // limit)
    return GridShape(-(-count // columns), columns)


def max_tile_side(grid_shapes: list[GridShape], room: Size, resolution: TileResolution) -> float:
    """Find the largest tile with which everything fits."""
    gap = resolution.gap / resolution.cells
    across = sum(columns + (columns - 1) * gap for _, columns in grid_shapes)
    across += (len(grid_shapes) - 1) * COLUMN_GAP
    tallest = max(rows for rows, _ in grid_shapes)
    return min(MAX_TILE_SIDE, room[0] / across, room[1] / (tallest + (tallest - 1) * gap))


def place_levels(
    counts: tuple[int, ...],
    grid_shapes: list[GridShape],
    tile: float,
    resolution: TileResolution,
    room: Size,
    edges: Margins,
) -> tuple[LevelBlock, ...]:
    """Put one block a level, with equal distances between, centred vertically."""
    cell = tile / resolution.cells
    widths = [
        (grid_shape.columns * (resolution.cells + resolution.gap) - resolution.gap) * cell
        for grid_shape in grid_shapes
    ]
    between = (room[0] - sum(widths)) / (len(counts) - 1)
    middle = edges.bottom + room[1] / 2
    blocks, left = [], edges.left
    for count, (rows, columns), width in zip(counts, grid_shapes, widths, strict=True):
        gap = row_gap(rows, room[1] / cell, resolution)
        half = (rows * (resolution.cells + gap) - gap) * cell / 2
        blocks.append(
            LevelBlock(rows, columns, count, gap, left, middle - half, left + width, middle + half)
        )
        left += width + between
    return tuple(blocks)


def row_gap(rows: int, height: float, resolution: TileResolution) -> int:
    """Count cells between rows: airy where there is room, never less than the grain's."""
    free = (height - rows * resolution.cells) / max(rows - 1, 1)
    return int(np.clip(free + 1e-6, resolution.gap, resolution.cells // 2))
