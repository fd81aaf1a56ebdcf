"""Images of the levels: the maps of all features or units of a level, and their biases."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from playground.problems.problem import Floats
from playground.training.dense.frame import Frame
from playground.views.diagram.diagram_layout import Layout
from playground.views.diagram.levels import LevelBlock, TileResolution
from playground.views.theme import Indices, value_index

CORNER = 0.12  # radius of a tile's corners, as a fraction of its side
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
    drawn = frame.layers[:-1] if layout.has_open_end else frame.layers
    return [
        features_image(layout, frame.feature_maps),
        *(
            assemble(
                map_indices(layer.maps, resolution.cells),
                bias_indices(layer.bias),
                block,
                resolution,
            )
            for layer, block in zip(drawn, layout.blocks[1:], strict=False)
        ),
        *([bias_indices(frame.layers[-1].bias)[:, None]] if layout.has_open_end else []),
    ]


def unused_image(layout: Layout, frame: Frame) -> Indices:
    """Image of the features that the network does not take, transparent where the others are."""
    if not len(layout.unused_x):
        return np.zeros((1, 1), np.uint8)
    return features_image(layout, frame.unused_maps, unused=True)


def features_image(layout: Layout, maps: Floats, *, unused: bool = False) -> Indices:
    """Image of the features that the network takes, or of the others; transparent elsewhere.

    It is the identical one as long as they are the same, as they are while a network learns.
    """
    return _features_image(layout, maps.tobytes(), maps.shape[-1], unused)


@lru_cache(maxsize=64)
def _features_image(layout: Layout, maps: bytes, side: int, unused: bool) -> Indices:
    cells, mask = layout.resolution.cells, ~layout.taken if unused else layout.taken
    pictures = np.zeros((len(mask), cells, cells), np.uint8)
    values = np.frombuffer(maps, np.float32).reshape(-1, side, side)
    pictures[mask] = map_indices(values, cells)
    return assemble(pictures, None, layout.blocks[0], layout.resolution)


def map_indices(maps: Floats, cells: int) -> Indices:
    """Turn maps of shape (n, side, side) into indices of shape (n, cells, cells).

    Maps with values between -1 and 1 are not scaled, so that growing activations are visible;
    others are scaled to their own largest magnitude, so that their shape stays visible.
    """
    side = maps.shape[-1]
    picked = ((np.arange(cells) + 0.5) * side / cells).astype(int)
    small = maps[:, picked[:, None], picked]
    if not np.isfinite(small).all():
        small = np.nan_to_num(small, nan=0.0, posinf=1e30, neginf=-1e30)
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
    cells, gap, dot = resolution
    picture = np.zeros((block.rows, cells + block.gap, block.columns, gap + cells), np.uint8)
    write_tiles(picture[:, :cells, :, gap:], map_indices * rounded_square(cells), block)
    if bias_indices is not None:
        write_tiles(picture[:, :dot, :, gap - dot : gap], bias_indices[:, None, None], block)
    flat = picture.reshape(block.rows * (cells + block.gap), block.columns * (gap + cells))
    return flat[: len(flat) - block.gap, gap - dot :]


@cache
def rounded_square(cells: int) -> Indices:
    """A mask of a tile, 1 inside and 0 in its rounded corners, shape (cells, cells)."""
    radius = CORNER * cells
    centre = (np.arange(cells) + 0.5) - cells / 2
    outside = np.maximum(np.abs(centre) - (cells / 2 - radius), 0)
    mask: Indices = (np.hypot(outside[:, None], outside) <= radius).astype(np.uint8)
    return mask


def write_tiles(picture: Indices, values: Indices, block: LevelBlock) -> None:
    """Write the squares of all units into an array of shape (rows, height, columns, width)."""
    for column, first in enumerate(range(0, block.count, block.rows)):
        held = values[first : first + block.rows]
        picture[block.rows - len(held) :, :, column] = held[::-1]
