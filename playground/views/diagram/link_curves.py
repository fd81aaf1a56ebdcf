"""Curves, widths and opacities of links."""

from __future__ import annotations

import numpy as np

from playground.problems.problem import Floats
from playground.views.diagram.diagram_layout import Layout
from playground.views.diagram.links import Links, Mask

MIN_OPACITY = 0.2
WIDE_WEIGHT = 2.0
"""Largest weight of a layer from which on its links are as wide as links can be."""
LEAST_WIDTH = 0.35
"""Share of that width that the strongest link of a layer always has."""
SMALLEST_LARGEST = 1e-3  # weights below are drawn as what they are: nearly nothing
FADED_OPACITY = 0.16
BEND = np.float32(0.42)  # 0 is straight; 0.5 has both control points in the middle


def link_curves(layout: Layout, links: Links) -> dict[str, Floats]:
    """Return links as cubic Bézier curves that are horizontal at both ends.

    Marked links run from tile to tile; the others only from block to block, so that none passes
    between the tiles of a layer with several columns.

    Returns
    -------
    dict of float32 arrays of shape (n,)
        Ends `x0`, `y0`, `x1`, `y1`; the control points lie at `cx0` and `cx1`, each at the height
        of its end.
    """
    start = layout.starts[links.layer] + links.source
    end = layout.starts[links.layer + 1] + links.unit
    half = np.float32(layout.tile / 2)
    right = np.array([block.right for block in layout.blocks[:-1]], np.float32)[links.layer]
    left = np.array([block.left for block in layout.blocks[1:]], np.float32)[links.layer]
    bend = BEND * (left - right)
    y1 = np.where(links.marked, layout.y[end], layout.port[end])
    x1 = np.where(links.marked, layout.x[end] - half, left)
    if layout.has_open_end:
        arriving = links.layer == len(layout.counts) - 2
        middle = (layout.counts[-2] - 1) / 2
        y1 += (arriving * (middle - links.source) * layout.arrival_gap).astype(np.float32)
    return {
        "x0": np.where(links.marked, layout.x[start] + half, right),
        "y0": np.where(links.marked, layout.y[start], layout.port[start]),
        "x1": x1,
        "y1": y1,
        "cx0": right + bend,
        "cx1": left - bend,
    }


def link_styles(layout: Layout, links: Links, focused: bool) -> dict[str, Floats]:
    """Line width in pixels and opacity, by the share of the layer's largest weight.

    A layer's links are visible however small its weights are. They are less wide among many, and
    become wider while its weights grow.
    """
    size = np.abs(np.nan_to_num(links.weight, nan=0.0, posinf=np.inf, neginf=np.inf))
    largest = np.full(len(layout.counts) - 1, SMALLEST_LARGEST, np.float32)
    np.maximum.at(largest, links.layer, np.where(np.isfinite(size), size, 0))
    strength = np.minimum(size / largest[links.layer], 1)
    max_links = np.bincount(links.layer).max()
    widest = max(1.8, layout.tile * min(0.1, 1.0 / np.sqrt(max_links)))
    growth = np.clip(largest / WIDE_WEIGHT, LEAST_WIDTH, 1)
    alpha = MIN_OPACITY + (1 - MIN_OPACITY) * strength
    if focused:
        alpha = np.where(links.marked, np.maximum(alpha, 0.65), alpha * FADED_OPACITY)
    return {
        "width": (0.6 + widest * growth[links.layer] * strength).astype(np.float32),
        "alpha": alpha.astype(np.float32),
    }


def select_rows(columns: dict[str, Floats], rows: Mask) -> dict[str, Floats]:
    """Select rows of all columns."""
    return {name: values[rows] for name, values in columns.items()}
