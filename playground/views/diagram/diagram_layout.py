"""Layout of the diagram: positions in pixels from its lower left corner."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from playground.problems.problem import Floats
from playground.views.diagram.levels import (
    LevelBlock,
    TileResolution,
    choose_resolution,
    choose_shapes,
    margins,
    place_levels,
)
from playground.views.size_tracking import Size

MAX_ARRIVAL_GAP = 9.0  # pixels between two links that arrive at the output
PORT_SPREAD = 0.9  # share of a tile's height over which the ports of its row are spread


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Geometry of a diagram; equal arguments of `compute_layout` give the identical object.

    Attributes
    ----------
    size : (float, float)
        Width and height of the diagram.
    counts : tuple of int
        Number of features that the network takes, then of units in each layer.
    tile : float
        Side of a unit's square.
    dot : float
        Side of a bias's square, which stands left of its unit's lower left edge.
    resolution : TileResolution
    blocks : tuple of LevelBlock
        Features, hidden layers, output.
    starts : int array of shape (levels + 1,)
        Index in `x` and `y` at which each level begins.
    x, y : float32 arrays of shape (tiles,)
        Centres of all tiles, level by level.
    port : float32 array of shape (tiles,)
        Heights at which links cross the edge of a unit's block: those of the units, slightly
        spread for units in the same row.
    dot_x, dot_y : float32 arrays of shape (tiles,)
        Centres of the squares of biases.
    taken : bool array of shape (features,)
        Which of the features that the problem has the network takes.
    unused_x, unused_y : float32 arrays
        Centres of the tiles of the other features.
    has_open_end : bool
        Whether the links of the last layer end at the right edge, where the output is shown.
    arrival_gap : float
        Pixels between two links that arrive there.
    """

    size: Size
    counts: tuple[int, ...]
    tile: float
    dot: float
    resolution: TileResolution
    blocks: tuple[LevelBlock, ...]
    starts: npt.NDArray[np.int64]
    x: Floats
    y: Floats
    port: Floats
    dot_x: Floats
    dot_y: Floats
    taken: npt.NDArray[np.bool_]
    unused_x: Floats
    unused_y: Floats
    has_open_end: bool
    arrival_gap: float

    @property
    def columns(self) -> tuple[float, ...]:
        """Horizontal centre of each hidden layer as a fraction of the width."""
        return tuple(block.centre / self.size[0] for block in self.blocks[1:-1])

    def dots(self, which: slice | npt.NDArray[np.bool_] = slice(None)) -> tuple[Floats, Floats]:
        """Return the centres of biases' squares."""
        return self.dot_x[which], self.dot_y[which]


@lru_cache(maxsize=64)
def compute_layout(
    counts: tuple[int, ...],
    size: Size,
    taken: tuple[bool, ...] = (),
    *,
    open_end: bool = False,
) -> Layout:
    """Place features and units so that their tiles are as large as possible.

    Parameters
    ----------
    counts : tuple of int
        Number of features that the network takes, of units in each hidden layer, and of outputs;
        at least two levels.
    size : (float, float)
        Width and height in pixels.
    taken : tuple of bool
        Which of all features the network takes; if left out, it takes all.
    open_end : bool
        Have the links of a single output end at the right edge instead of in a tile.
    """
    taken = taken or (True,) * counts[0]
    has_open_end = open_end and counts[-1] == 1
    edges = margins(size, counts[-1], open_end=has_open_end)
    room = (size[0] - edges.left - edges.right, size[1] - edges.top - edges.bottom)
    slots = (len(taken), *counts[1:])
    resolution = choose_resolution(sum(slots))
    grid_shapes, tile = choose_shapes(slots, room, resolution, has_open_end)
    blocks = place_levels(slots, grid_shapes, tile, resolution, room, edges, has_open_end)
    features, *layers = (centres(block, tile, resolution) for block in blocks)
    used = np.array(taken)
    x, y, port = map(
        np.concatenate, zip(tuple(axis[used] for axis in features), *layers, strict=True)
    )
    dot = tile * resolution.dot / resolution.cells
    dot_x, dot_y = x - np.float32((tile + dot) / 2), y - np.float32((tile - dot) / 2)
    arrival_gap = min(MAX_ARRIVAL_GAP, room[1] / 2 / counts[-2])
    if has_open_end:  # below all links that arrive
        dot_y[-1] = y[-1] - arrival_gap * counts[-2] / 2 - dot
        dot_x[-1] -= dot / 2  # Its frame, a little wider, is not cut at the edge.
    return Layout(
        size=size,
        counts=counts,
        tile=tile,
        dot=dot,
        resolution=resolution,
        blocks=blocks,
        starts=np.cumsum([0, *counts]),
        x=x,
        y=y,
        port=port,
        dot_x=dot_x,
        dot_y=dot_y,
        taken=used,
        unused_x=features[0][~used],
        unused_y=features[1][~used],
        has_open_end=has_open_end,
        arrival_gap=arrival_gap,
    )


def centres(
    block: LevelBlock, tile: float, resolution: TileResolution
) -> tuple[Floats, Floats, Floats]:
    """Return where the units of one level are drawn, each as a square, its tile.

    Parameters
    ----------
    block : LevelBlock
        The rectangle of the level's tiles: rows and columns, and where it stands.
    tile : float
        Side of a tile, in pixels.
    resolution : TileResolution

    Returns
    -------
    x, y : float32 arrays of shape (count,)
        Centre of each unit's tile.
    port : float32 array of shape (count,)
        Height at which the links of each unit cross the edge of the block: near its y, but
        different for units in the same row.
    """
    cell = tile / resolution.cells
    column, row = np.divmod(np.arange(block.count), block.rows)
    x = block.left + tile / 2 + column * (resolution.cells + resolution.gap) * cell
    y = block.top - tile / 2 - row * (resolution.cells + block.gap) * cell
    port = y + (tile * PORT_SPREAD) * ((column + 0.5) / block.columns - 0.5)
    return x.astype(np.float32), y.astype(np.float32), port.astype(np.float32)
