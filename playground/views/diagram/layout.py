"""Where everything in the diagram lies, in pixels from its lower left corner."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from playground.problems.problem import Floats
from playground.views.diagram.blocks import (
    Block,
    Grain,
    Size,
    foldings,
    grain_for,
    margins,
    place,
    tile_side,
)

PORTS = 0.9  # share of a tile's height over which the ports of one row are spread


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A diagram's geometry; equal arguments of `arrange` give the identical layout.

    Attributes
    ----------
    size : (float, float)
        Width and height of the whole.
    tile : float
        Side of a unit's square.
    dot : float
        Side of a bias's square, which touches its unit's lower left edge from outside.
    grain : Grain
    blocks : tuple of Block
        Features, hidden layers, output.
    starts : int array of shape (levels + 1,)
        Where each level begins in `x` and `y`.
    x, y : float32 arrays of shape (tiles,)
        Centres of all tiles, level by level.
    port : float32 array of shape (tiles,)
        Heights at which links pass the edge of a unit's block: the unit's own, but for units
        that stand in one row a little apart.
    """

    size: Size
    tile: float
    dot: float
    grain: Grain
    blocks: tuple[Block, ...]
    starts: npt.NDArray[np.int64]
    x: Floats
    y: Floats
    port: Floats

    @property
    def counts(self) -> tuple[int, ...]:
        """Features, then units of each layer."""
        return tuple(block.count for block in self.blocks)

    @property
    def columns(self) -> tuple[float, ...]:
        """Horizontal centre of each hidden layer as a fraction of the width."""
        return tuple(block.centre / self.size[0] for block in self.blocks[1:-1])

    def dots(self, which: slice | npt.NDArray[np.bool_] = slice(None)) -> tuple[Floats, Floats]:
        """Find the centres of the biases of some tiles: outside the tile, at its lower left."""
        across, down = (self.tile + self.dot) / 2, (self.tile - self.dot) / 2
        return self.x[which] - np.float32(across), self.y[which] - np.float32(down)


@lru_cache(maxsize=64)
def arrange(counts: tuple[int, ...], size: Size) -> Layout:
    """Place features and units so that their tiles are as large as the room allows.

    Parameters
    ----------
    counts : tuple of int
        Features, units of each hidden layer, outputs; at least two levels.
    size : (float, float)
        Width and height in pixels.
    """
    edges = margins(size)
    room = (size[0] - edges.left - edges.right, size[1] - edges.top - edges.bottom)
    grain = grain_for(sum(counts))
    folds = max(foldings(counts), key=lambda folds: tile_side(folds, room, grain))
    tile = tile_side(folds, room, grain)
    blocks = place(counts, folds, tile, grain, room, edges)
    x, y, port = map(
        np.concatenate, zip(*(centres(block, tile, grain) for block in blocks), strict=True)
    )
    return Layout(
        size=size,
        tile=tile,
        dot=tile * grain.gap / grain.cells,
        grain=grain,
        blocks=blocks,
        starts=np.cumsum([0, *counts]),
        x=x,
        y=y,
        port=port,
    )


def centres(block: Block, tile: float, grain: Grain) -> tuple[Floats, Floats, Floats]:
    """Find the centres of the tiles of one block, and its ports, each of shape (count,)."""
    cell = tile / grain.cells
    column, row = np.divmod(np.arange(block.count), block.rows)
    x = block.left + tile / 2 + column * (grain.cells + grain.gap) * cell
    y = block.top - tile / 2 - row * (grain.cells + block.gap) * cell
    port = y + (tile * PORTS) * ((column + 0.5) / block.columns - 0.5)
    return x.astype(np.float32), y.astype(np.float32), port.astype(np.float32)
