"""Columns of outlines, colour swatches and marks of frozen parameters."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from playground.problems.problem import Floats
from playground.training.dense.frame import Frame
from playground.views.diagram.diagram_layout import Layout
from playground.views.diagram.levels import LevelBlock
from playground.views.diagram.links import Links
from playground.views.diagram.refs import BiasRef, LinkRef, Ref, UnitRef

Columns = dict[str, Any]
SWATCH_OFFSET = 11.0  # pixels right of an output's tile
SHADOW_SPREADS = (0.5, 1.5, 3.0, 5.0)  # pixels
SELECTED_GAP = 4.0  # pixels between a selected tile and its outline
IMAGE_COLUMNS = ("x", "y", "dw", "dh")
NO_POINTS = {axis: np.empty(0, np.float32) for axis in "xy"}


@lru_cache(maxsize=32)
def image_positions(layout: Layout) -> Columns:
    """Lower left corner and extent of each level's image, with the biases' squares."""
    positions = [block_position(layout, block) for block in layout.blocks]
    if layout.has_open_end:  # of the output there is only the bias
        x, y = (float(axis[-1]) - layout.dot / 2 for axis in layout.dots())
        positions[-1] = (x, y, layout.dot, layout.dot)
    return dict(zip(IMAGE_COLUMNS, map(list, zip(*positions, strict=True)), strict=True))


@lru_cache(maxsize=32)
def unused_positions(layout: Layout) -> Columns:
    """Lower left corner and extent of the image of the features that are not in use."""
    position = block_position(layout, layout.blocks[0])
    return {name: [value] for name, value in zip(IMAGE_COLUMNS, position, strict=True)}


def block_position(layout: Layout, block: LevelBlock) -> tuple[float, float, float, float]:
    """Return x, y, width and height of the image of a block."""
    width = block.right - block.left + layout.dot
    return block.left - layout.dot, block.bottom, width, block.top - block.bottom


@lru_cache(maxsize=32)
def outlines(layout: Layout) -> Columns:
    """Edges of all tiles, then of all biases' squares."""
    dots = dot_edges(layout, slice(layout.starts[1], None))
    return joined(tile_edges(layout, drawn_tiles(layout)), dots)


@lru_cache(maxsize=32)
def unused_outlines(layout: Layout) -> Columns:
    """Edges of the tiles of features that are not in use."""
    return edges(layout.unused_x, layout.unused_y, layout.tile)


@lru_cache(maxsize=32)
def shadows(layout: Layout) -> Columns:
    """Edges of the shadows of all tiles: each wider and a little lower than the one before."""
    tiles = tile_edges(layout, drawn_tiles(layout))
    return joined(*(shadow(tiles, spread) for spread in SHADOW_SPREADS))


def shadow(tiles: Columns, spread: float) -> Columns:
    """Rectangles that reach beyond tiles, below more than above."""
    beyond = np.float32(spread)
    return {
        "left": tiles["left"] - beyond,
        "bottom": tiles["bottom"] - 2 * beyond,
        "right": tiles["right"] + beyond,
        "top": tiles["top"],
    }


def drawn_tiles(layout: Layout) -> slice:
    """Select all tiles; of an open end there is none."""
    return slice(None, -1 if layout.has_open_end else None)


def joined(*parts: Columns) -> Columns:
    """Concatenate columns."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


@lru_cache(maxsize=32)
def swatches(layout: Layout, classes: int) -> Columns:
    """A dot beside each output that stands for a class, with the class number as its colour."""
    block = layout.blocks[-1]
    rows = layout.y[layout.starts[-2] :] if block.count == classes else layout.y[:0]
    return {
        "x": np.full_like(rows, block.right + SWATCH_OFFSET),
        "y": rows,
        "color": np.arange(len(rows), dtype=np.float32),
    }


@lru_cache(maxsize=32)
def focus_outlines(layout: Layout, refs: tuple[Ref, ...], selected: Ref | None = None) -> Columns:
    """Edges of the squares of selected or hovered parts; a link has those of its two units.

    Around what is selected there is a gap, so that it looks different from what is hovered.
    """
    squares = [
        wider(square_edges(layout, end), SELECTED_GAP if ref == selected else 0)
        for ref in refs
        for end in refs_to_outline(ref)
    ]
    nothing = tile_edges(layout, slice(0))
    return {
        name: np.concatenate([none, *(edges[name] for edges in squares)])
        for name, none in nothing.items()
    }


def frozen_marks(layout: Layout, frame: Frame, links: Links, drawn: Columns) -> Columns:
    """Centres of the frozen links that are drawn, and of frozen biases.

    Layers that are frozen as a whole are left out; their titles are marked instead.
    """
    if not any(layer.frozen.any() for layer in frame.layers):
        return NO_POINTS
    whole = np.array([layer.frozen.all() for layer in frame.layers])
    frozen_links = links.frozen & ~whole[links.layer]
    middle = {axis: (drawn[f"{axis}0"] + drawn[f"{axis}1"])[frozen_links] / 2 for axis in "xy"}
    biases = [layer.frozen[:, -1] & ~layer.frozen.all() for layer in frame.layers]
    frozen_biases = np.concatenate([np.zeros(layout.starts[1], bool), *biases])
    x, y = layout.dots(frozen_biases)
    return {"x": np.concatenate([middle["x"], x]), "y": np.concatenate([middle["y"], y])}


def refs_to_outline(ref: Ref) -> tuple[UnitRef | BiasRef, ...]:
    """Units and biases to outline for a reference."""
    if isinstance(ref, LinkRef):
        return UnitRef(ref.layer - 1, ref.source), UnitRef(ref.layer, ref.unit)
    return (ref,)


def square_edges(layout: Layout, ref: UnitRef | BiasRef) -> dict[str, Floats]:
    """Edges of one tile or bias, each of shape (1,)."""
    tile = layout.starts[ref.layer + 1] + ref.unit
    edges = dot_edges if isinstance(ref, BiasRef) else tile_edges
    return edges(layout, slice(tile, tile + 1))


def wider(square: dict[str, Floats], gap: float) -> dict[str, Floats]:
    """Edges of a square that is larger on all sides."""
    beyond = np.float32(gap)
    return {
        "left": square["left"] - beyond,
        "bottom": square["bottom"] - beyond,
        "right": square["right"] + beyond,
        "top": square["top"] + beyond,
    }


def tile_edges(layout: Layout, which: slice) -> dict[str, Floats]:
    """Edges of units' tiles."""
    return edges(layout.x[which], layout.y[which], layout.tile)


def dot_edges(layout: Layout, which: slice) -> dict[str, Floats]:
    """Edges of biases' squares."""
    return edges(*layout.dots(which), layout.dot)


def edges(x: Floats, y: Floats, side: float) -> dict[str, Floats]:
    """Edges of squares, given their centres and side in pixels."""
    half = np.float32(side / 2)
    return {"left": x - half, "bottom": y - half, "right": x + half, "top": y + half}
