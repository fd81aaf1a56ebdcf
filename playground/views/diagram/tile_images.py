"""The heat maps of all features and units, and their biases: one small picture a level."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from playground.problems.problem import Floats
from playground.training.dense.frame import Frame
from playground.views.diagram.diagram_layout import Layout
from playground.views.diagram.levels import LevelBlock, TileResolution
from playground.views.theme import Indices, value_index

HALF_COLOUR_BIAS = 0.5  # a bias of this size has half the strength of colour that is possible


def level_images(layout: Layout, frame: Frame) -> list[Indices]:
    """Draw indices into the `mosaic` palette, 0 (transparent) between tiles, lowest row first.

    Returns
    -------
    list of uint8 arrays
        One a level, each for the rectangle of its block, widened to the left by a dot.
    """
    resolution = layout.resolution
    levels = [(frame.feature_maps, None), *((layer.maps, layer.bias) for layer in frame.layers)]
    return [
        assemble(
            map_indices(maps, resolution.cells),
            None if bias is None else bias_indices(bias),
            block,
            resolution,
        )
        for (maps, bias), block in zip(levels, layout.blocks, strict=True)
    ]


def map_indices(maps: Floats, cells: int) -> Indices:
    """Turn maps of shape (n, side, side) into indices of shape (n, cells, cells).

    Values between -1 and 1 are shown as they are, so that a unit that grows is seen to; a map
    that goes beyond is scaled to its own largest value, so that its shape stays visible.
    """
    side = maps.shape[-1]
    picked = ((np.arange(cells) + 0.5) * side / cells).astype(int)
    small = maps[:, picked[:, None], picked]
    small = np.nan_to_num(small, copy=False, nan=0.0, posinf=1e30, neginf=-1e30)
    limit = np.abs(small).max(axis=(1, 2), keepdims=True, initial=1)
    return opaque_indices(small / limit)


def bias_indices(bias: Floats) -> Indices:
    """Turn biases into indices, shape (units,), ever slower towards full colour."""
    finite = np.nan_to_num(bias, nan=0.0, posinf=1e30, neginf=-1e30)
    return opaque_indices(finite / (HALF_COLOUR_BIAS + np.abs(finite)))


def opaque_indices(values: npt.NDArray[np.floating]) -> Indices:
    """Find indices for values between -1 and 1, of which none is the transparent one."""
    return np.maximum(value_index(values, 1.0), 1)


def assemble(
    map_indices: Indices,
    bias_indices: Indices | None,
    block: LevelBlock,
    resolution: TileResolution,
) -> Indices:
    """Lay tiles of shape (count, cells, cells) out as their block says, dots left below them."""
    cells, gap = resolution
    picture = np.zeros((block.rows, cells + block.gap, block.columns, gap + cells), np.uint8)
    write_tiles(picture[:, :cells, :, gap:], map_indices, block)
    if bias_indices is not None:
        write_tiles(picture[:, :gap, :, :gap], bias_indices[:, None, None], block)
    flat = picture.reshape(block.rows * (cells + block.gap), block.columns * (gap + cells))
    return flat[: len(flat) - block.gap]


def write_tiles(picture: Indices, values: Indices, block: LevelBlock) -> None:
    """Write one small square a unit into a view of shape (rows, height, columns, width)."""
    for column, first in enumerate(range(0, block.count, block.rows)):
        held = values[first : first + block.rows]
        picture[block.rows - len(held) :, :, column] = held[::-1]
