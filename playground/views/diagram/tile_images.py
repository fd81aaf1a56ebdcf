"""Images of the levels: the maps of all features or units of a level, and their biases."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from playground.problems.problem import Floats
from playground.training.dense.frame import Frame
from playground.views.diagram.diagram_layout import Layout
from playground.views.diagram.levels import LevelBlock, TileResolution
from playground.views.theme import Indices, value_index

HALF_COLOUR_BIAS = 0.5  # a bias of this size has half of the full colour


def level_images(layout: Layout, frame: Frame) -> list[Indices]:
    """Images as indices into `masked_diverging_palette`, 0 (transparent) between tiles.

    Returns
    -------
    list of uint8 arrays
        One a level, lowest row first; each covers the level's block and, left of it, the
        squares of its first column's biases.
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

    Maps with values between -1 and 1 are not scaled, so that growing activations are visible;
    others are scaled to their own largest magnitude, so that their shape stays visible.
    """
    side = maps.shape[-1]
    picked = ((np.arange(cells) + 0.5) * side / cells).astype(int)
    small = maps[:, picked[:, None], picked]
    small = np.nan_to_num(small, copy=False, nan=0.0, posinf=1e30, neginf=-1e30)
    limit = np.abs(small).max(axis=(1, 2), keepdims=True, initial=1)
    return opaque_indices(small / limit)


def bias_indices(bias: Floats) -> Indices:
    """Turn biases into indices, shape (units,), that approach the full colour asymptotically."""
    finite = np.nan_to_num(bias, nan=0.0, posinf=1e30, neginf=-1e30)
    return opaque_indices(finite / (HALF_COLOUR_BIAS + np.abs(finite)))


def opaque_indices(values: npt.NDArray[np.floating]) -> Indices:
    """Indices for values between -1 and 1, at least 1, since 0 is transparent."""
    return np.maximum(value_index(values, 1.0), 1)


def assemble(
    map_indices: Indices,
    bias_indices: Indices | None,
    block: LevelBlock,
    resolution: TileResolution,
) -> Indices:
    """Arrange tiles of shape (count, cells, cells) in their block, biases at their lower left."""
    cells, gap = resolution
    picture = np.zeros((block.rows, cells + block.gap, block.columns, gap + cells), np.uint8)
    write_tiles(picture[:, :cells, :, gap:], map_indices, block)
    if bias_indices is not None:
        write_tiles(picture[:, :gap, :, :gap], bias_indices[:, None, None], block)
    flat = picture.reshape(block.rows * (cells + block.gap), block.columns * (gap + cells))
    return flat[: len(flat) - block.gap]


def write_tiles(picture: Indices, values: Indices, block: LevelBlock) -> None:
    """Write the squares of all units into an array of shape (rows, height, columns, width)."""
    for column, first in enumerate(range(0, block.count, block.rows)):
        held = values[first : first + block.rows]
        picture[block.rows - len(held) :, :, column] = held[::-1]
