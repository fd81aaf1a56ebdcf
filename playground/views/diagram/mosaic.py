"""The heat maps of all features and units, and their biases: one small picture a level."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from playground.problems.problem import Floats
from playground.training.frame import Frame
from playground.views.diagram.blocks import Block, Grain
from playground.views.diagram.layout import Layout
from playground.views.theme import Indices, value_index

VIVID = 0.5  # a bias of this size has half the strength of colour that is possible


def pictures(layout: Layout, frame: Frame) -> list[Indices]:
    """Draw indices into the `mosaic` palette, 0 (transparent) between tiles, lowest row first.

    Returns
    -------
    list of uint8 arrays
        One a level, each for the rectangle of its block, widened to the left by a dot.
    """
    grain = layout.grain
    levels = [(frame.feature_maps, None), *((layer.maps, layer.bias) for layer in frame.layers)]
    return [
        assemble(tiles(maps, grain.cells), None if bias is None else dots(bias), block, grain)
        for (maps, bias), block in zip(levels, layout.blocks, strict=True)
    ]


def tiles(maps: Floats, cells: int) -> Indices:
    """Turn maps of shape (n, side, side) into indices of shape (n, cells, cells).

    Values between -1 and 1 are shown as they are, so that a unit that grows is seen to; a map
    that goes beyond is scaled to its own largest value, so that its shape stays visible.
    """
    side = maps.shape[-1]
    picked = ((np.arange(cells) + 0.5) * side / cells).astype(int)
    small = maps[:, picked[:, None], picked]
    small = np.nan_to_num(small, copy=False, nan=0.0, posinf=1e30, neginf=-1e30)
    limit = np.abs(small).max(axis=(1, 2), keepdims=True, initial=1)
    return visible(small / limit)


def dots(bias: Floats) -> Indices:
    """Turn biases into indices, shape (units,), ever slower towards full colour."""
    finite = np.nan_to_num(bias, nan=0.0, posinf=1e30, neginf=-1e30)
    return visible(finite / (VIVID + np.abs(finite)))


def visible(values: npt.NDArray[np.floating]) -> Indices:
    """Find indices for values between -1 and 1, of which none is the transparent one."""
    return np.maximum(value_index(values, 1.0), 1)


def assemble(tiles: Indices, dots: Indices | None, block: Block, grain: Grain) -> Indices:
    """Lay tiles of shape (count, cells, cells) out as their block says, dots left below them."""
    cells, gap = grain
    picture = np.zeros((block.rows, cells + block.gap, block.columns, gap + cells), np.uint8)
    in_place(picture[:, :cells, :, gap:], tiles, block)
    if dots is not None:
        in_place(picture[:, :gap, :, :gap], dots[:, None, None], block)
    flat = picture.reshape(block.rows * (cells + block.gap), block.columns * (gap + cells))
    return flat[: len(flat) - block.gap]


def in_place(picture: Indices, values: Indices, block: Block) -> None:
    """Write one small square a unit into a view of shape (rows, height, columns, width)."""
    for column, first in enumerate(range(0, block.count, block.rows)):
        held = values[first : first + block.rows]
        picture[block.rows - len(held) :, :, column] = held[::-1]
