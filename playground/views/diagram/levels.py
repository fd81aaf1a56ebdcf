"""Arrangement of the units of each level in a grid of tiles that are as large as possible."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from playground.views.size_tracking import Size

MAX_TILE_SIDE = 48.0
COLUMN_GAP = 1.5  # smallest gap between two layers, in tiles
MAX_ROWS_ONE_COLUMN = 8  # layers with at most this many units have one column
MAX_ROWS = 16
NARROW_WIDTH = 480.0  # pixels; labels have less room in a narrower diagram


class TileResolution(NamedTuple):
    """Resolution of tiles: image cells along a side, and between two tiles."""

    cells: int
    gap: int


class GridShape(NamedTuple):
    """Rows and columns of the grid of a level's units."""

    rows: int
    columns: int


class Margins(NamedTuple):
    """Pixels left free for labels around the tiles."""

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
        Number of units; the last column may be shorter.
    gap : int
        Image cells between two rows; between two columns there are `TileResolution.gap`.
    left, bottom, right, top : float
        Pixels.
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
        """The x coordinate of the centre, in pixels."""
        return (self.left + self.right) / 2


def margins(size: Size) -> Margins:
    """Return the room for labels: features left, layers above, classes right."""
    return Margins(44, 54, 38, 8) if size[0] < NARROW_WIDTH else Margins(62, 66, 42, 14)


def choose_resolution(tiles: int) -> TileResolution:
    """Choose a finer resolution for fewer tiles, so that updates stay small."""
    if tiles <= 24:
        return TileResolution(24, 4)
    return TileResolution(16, 3) if tiles <= 90 else TileResolution(10, 2)


def candidate_shapes(counts: tuple[int, ...]) -> Iterator[list[GridShape]]:
    """Yield arrangements of all levels; only large hidden layers have several columns."""
    first, *hidden, last = counts
    tallest = MAX_ROWS if max(hidden, default=0) > MAX_ROWS_ONE_COLUMN else MAX_ROWS_ONE_COLUMN
    for rows in range(MAX_ROWS_ONE_COLUMN, tallest + 1):
        yield [
            GridShape(first, 1),
            *(grid_shape(count, rows) for count in hidden),
            GridShape(last, 1),
        ]


def grid_shape(count: int, limit: int) -> GridShape:
    """Distribute units evenly over columns of at most `limit`."""
    columns = -(-count // limit)
    return GridShape(-(-count // columns), columns)


def max_tile_side(grid_shapes: list[GridShape], room: Size, resolution: TileResolution) -> float:
    """Return the largest side of tiles, in pixels, with which all levels fit."""
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
    """Place the block of each level, with equal gaps between blocks, centred vertically."""
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
    """Image cells between two rows: more where there is room, at least the resolution's gap."""
    free = (height - rows * resolution.cells) / max(rows - 1, 1)
    return int(np.clip(free + 1e-6, resolution.gap, resolution.cells // 2))
