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
    candidate_shapes,
    choose_resolution,
    margins,
    max_tile_side,
    place_levels,
)
from playground.views.size_tracking import Size

PORT_SPREAD = 0.9  # share of a tile's height over which the ports of its row are spread


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Geometry of a diagram; equal arguments of `compute_layout` give the identical object.

    Attributes
    ----------
    size : (float, float)
        Width and height of the diagram.
    tile : float
        Side of a unit's square.
    dot : float
        Side of a bias's square, which touches its unit's lower left edge from outside.
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
    """

    size: Size
    tile: float
    dot: float
    resolution: TileResolution
    blocks: tuple[LevelBlock, ...]
    starts: npt.NDArray[np.int64]
    x: Floats
    y: Floats
    port: Floats

    @property
    def counts(self) -> tuple[int, ...]:
        """Number of features, then of units in each layer."""
        return tuple(block.count for block in self.blocks)

    @property
    def columns(self) -> tuple[float, ...]:
        """Horizontal centre of each hidden layer as a fraction of the width."""
        return tuple(block.centre / self.size[0] for block in self.blocks[1:-1])

    def dots(self, which: slice | npt.NDArray[np.bool_] = slice(None)) -> tuple[Floats, Floats]:
        """Return the centres of biases' squares: outside their tile, at its lower left."""
        across, down = (self.tile + self.dot) / 2, (self.tile - self.dot) / 2
        return self.x[which] - np.float32(across), self.y[which] - np.float32(down)


@lru_cache(maxsize=64)
def compute_layout(counts: tuple[int, ...], size: Size) -> Layout:
    """Place features and units so that their tiles are as large as possible.

    Parameters
    ----------
    counts : tuple of int
        Number of features, of units in each hidden layer, and of outputs; at least two levels.
    size : (float, float)
        Width and height in pixels.
    """
    edges = margins(size)
    room = (size[0] - edges.left - edges.right, size[1] - edges.top - edges.bottom)
    resolution = choose_resolution(sum(counts))
    grid_shapes = max(
        candidate_shapes(counts),
        key=lambda grid_shapes: max_tile_side(grid_shapes, room, resolution),
    )
    tile = max_tile_side(grid_shapes, room, resolution)
    blocks = place_levels(counts, grid_shapes, tile, resolution, room, edges)
    x, y, port = map(
        np.concatenate, zip(*(centres(block, tile, resolution) for block in blocks), strict=True)
    )
    return Layout(
        size=size,
        tile=tile,
        dot=tile * resolution.gap / resolution.cells,
        resolution=resolution,
        blocks=blocks,
        starts=np.cumsum([0, *counts]),
        x=x,
        y=y,
        port=port,
    )


def centres(
    block: LevelBlock, tile: float, resolution: TileResolution
) -> tuple[Floats, Floats, Floats]:
    """Return x and y of each tile's centre, and y of links at the block's edge, (count,)."""
    cell = tile / resolution.cells
    column, row = np.divmod(np.arange(block.count), block.rows)
    x = block.left + tile / 2 + column * (resolution.cells + resolution.gap) * cell
    y = block.top - tile / 2 - row * (resolution.cells + block.gap) * cell
    port = y + (tile * PORT_SPREAD) * ((column + 0.5) / block.columns - 0.5)
    return x.astype(np.float32), y.astype(np.float32), port.astype(np.float32)
