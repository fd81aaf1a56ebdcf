"""Arrangement of the units of each level in a grid of tiles that are as large as possible."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

import numpy as np

from playground.views.size_tracking import Size

MAX_TILE_SIDE = 48.0
MIN_TILE_SIDE = 30.0  # pixels; in a smaller tile its picture can't be recognised
COLUMN_GAP = 1.3  # smallest gap between two layers, in tiles
MAX_ROWS = 16
MIN_ROWS = 3
NARROW_WIDTH = 480.0  # pixels; labels have less room in a narrower diagram
TITLE_ROOM = 38.0  # pixels above the tiles: for the titles of layers, of two lines at most


class TileResolution(NamedTuple):
    """Resolution of tiles, in image cells.

    Attributes
    ----------
    cells : int
        Along a tile's side.
    gap : int
        Between two tiles, at least.
    dot : int
        Along the side of a bias's square, which stands in the gap.
    """

    cells: int
    gap: int
    dot: int

    @property
    def close_gap(self) -> int:
        """Cells between two features or outputs, at least: in one column, there may be many."""
        return self.gap // 2


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


def margins(size: Size, outputs: int = 2, *, open_end: bool = False) -> Margins:
    """Return the room for labels: features left, layers above, classes right, if there are some."""
    left, right = 66, 90
    if size[0] < NARROW_WIDTH:
        left, right = 50, 90 if outputs > 1 else 24
    return Margins(left, 0 if open_end else right, TITLE_ROOM, 5)


def choose_resolution(tiles: int) -> TileResolution:
    """Choose a finer resolution for fewer tiles, so that updates stay small."""
    if tiles <= 24:
        return TileResolution(20, 8, 4)
    return TileResolution(15, 6, 3) if tiles <= 90 else TileResolution(10, 4, 2)


def choose_shapes(
    counts: tuple[int, ...], room: Size, resolution: TileResolution, has_open_end: bool = False
) -> tuple[list[GridShape], float]:
    """Arrange all levels, and return the side of their tiles, in pixels.

    Hidden layers have as few columns as they can with tiles of at least `MIN_TILE_SIDE`; if there
    is no room for such tiles, those with the largest tiles.
    """
    choices = [
        (grid_shapes, max_tile_side(grid_shapes, room, resolution, has_open_end))
        for grid_shapes in candidate_shapes(counts)
    ]
    legible = (choice for choice in choices if choice[1] >= MIN_TILE_SIDE)
    return next(legible, None) or max(choices, key=lambda choice: choice[1])


def candidate_shapes(counts: tuple[int, ...]) -> Iterator[list[GridShape]]:
    """Yield the shapes of all layers, from tall to wide; only hidden ones have several columns."""
    first, *hidden, last = counts
    tallest = min(MAX_ROWS, max(hidden, default=MIN_ROWS))
    for rows in range(max(tallest, MIN_ROWS), MIN_ROWS - 1, -1):
        yield [
            GridShape(first, 1),
            *(grid_shape(count, rows) for count in hidden),
            GridShape(last, 1),
        ]


def grid_shape(count: int, limit: int) -> GridShape:
    """Distribute units evenly over columns of at most `limit`."""
    columns = -(-count // limit)
    return GridShape(-(-count // columns), columns)


def least_size(counts: tuple[int, ...], size: Size, *, open_end: bool) -> Size:
    """Return the width and height that tiles of `MIN_TILE_SIDE` need.

    Parameters
    ----------
    counts : tuple of int
        Of features and units that are drawn, by level.
    size : (float, float)
        What there is room for: a higher diagram can be less wide.
    open_end : bool
    """
    resolution = choose_resolution(sum(counts))
    edges = margins(size, counts[-1], open_end=open_end)
    shapes = list(candidate_shapes(counts))
    # Features and outputs stand in one column, whatever the arrangement of hidden layers.
    lowest = min(tiles_up(each, resolution) for each in shapes) * MIN_TILE_SIDE
    room = max(size[1] - edges.top - edges.bottom, lowest)
    fitting = (each for each in shapes if tiles_up(each, resolution) * MIN_TILE_SIDE <= room)
    across = tiles_across(next(fitting), resolution, open_end) * MIN_TILE_SIDE
    width = ceil(edges.left + across + edges.right) + 1
    if size[0] < NARROW_WIDTH <= width:  # with wider margins, then
        return least_size(counts, (NARROW_WIDTH, size[1]), open_end=open_end)
    return width, ceil(edges.top + lowest + edges.bottom) + 1


def max_tile_side(
    grid_shapes: list[GridShape], room: Size, resolution: TileResolution, has_open_end: bool
) -> float:
    """Return the largest side of tiles, in pixels, with which all levels fit."""
    across = tiles_across(grid_shapes, resolution, has_open_end)
    return min(MAX_TILE_SIDE, room[0] / across, room[1] / tiles_up(grid_shapes, resolution))


def tiles_up(grid_shapes: list[GridShape], resolution: TileResolution) -> float:
    """Return the smallest height of the tallest level, in tiles."""
    gap, close_gap = resolution.gap / resolution.cells, resolution.close_gap / resolution.cells
    features, *hidden, outputs = (rows for rows, _ in grid_shapes)
    return max(
        *(rows + (rows - 1) * close_gap for rows in (features, outputs)),
        *(rows + (rows - 1) * gap for rows in hidden),
    )


def tiles_across(
    grid_shapes: list[GridShape], resolution: TileResolution, has_open_end: bool
) -> float:
    """Return the smallest width of all levels with the gaps between them, in tiles.

    With an open end, the output takes none.
    """
    gap = resolution.gap / resolution.cells
    drawn = grid_shapes[:-1] if has_open_end else grid_shapes
    across = sum(columns + (columns - 1) * gap for _, columns in drawn)
    return across + (len(grid_shapes) - 1) * COLUMN_GAP


def place_levels(
    counts: tuple[int, ...],
    grid_shapes: list[GridShape],
    tile: float,
    resolution: TileResolution,
    room: Size,
    edges: Margins,
    has_open_end: bool,
) -> tuple[LevelBlock, ...]:
    """Place the block of each level, with equal gaps between blocks, centred vertically.

    With an open end, the block of the output begins where the diagram ends.
    """
    cell = tile / resolution.cells
    widths = [
        (grid_shape.columns * (resolution.cells + resolution.gap) - resolution.gap) * cell
        for grid_shape in grid_shapes
    ]
    inside = widths[:-1] if has_open_end else widths
    between = (room[0] - sum(inside)) / (len(counts) - 1)
    middle = edges.bottom + room[1] / 2
    blocks: list[LevelBlock] = []
    left = edges.left
    for count, (rows, columns), width in zip(counts, grid_shapes, widths, strict=True):
        is_hidden = 0 < len(blocks) < len(counts) - 1
        least = resolution.gap if is_hidden else resolution.close_gap
        gap = row_gap(rows, room[1] / cell, least, resolution.cells)
        half = (rows * (resolution.cells + gap) - gap) * cell / 2
        blocks.append(
            LevelBlock(rows, columns, count, gap, left, middle - half, left + width, middle + half)
        )
        left += width + between
    return tuple(blocks)


def row_gap(rows: int, height: float, least: int, cells: int) -> int:
    """Image cells between two rows: more where there is room, at most half a tile."""
    free = (height - rows * cells) / max(rows - 1, 1)
    return int(np.clip(free + 1e-6, least, cells // 2))
