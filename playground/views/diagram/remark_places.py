"""Where in a diagram there is room for a remark about one of its links."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from playground.problems.problem import Floats
from playground.training.dense.frame import Frame
from playground.views.diagram.diagram_layout import Layout
from playground.views.diagram.levels import TITLE_ROOM
from playground.views.diagram.link_curves import link_curves
from playground.views.diagram.links import Links, select_links

THICK = 0.5
"""Share of its layer's largest weight from which on a link is one to be pointed at."""
MAX_CANDIDATES = 10
ALONG = np.array([0.5, 0.65, 0.35, 0.8, 0.2], np.float32)
"""Where on a link a remark may point, from 0 to 1, the best first."""
SAMPLES = np.linspace(0, 1, 16, dtype=np.float32)
"""Points of each link that words may not cover."""
CLEAR = 5.0
"""Pixels around words that stay free."""


class Box(NamedTuple):
    """A rectangle, in pixels from the lower left corner of the diagram or from another place."""

    left: float
    bottom: float
    right: float
    top: float


class PointedAt(NamedTuple):
    """A place on a link, in pixels from the lower left corner, and which side of it is free."""

    across: float
    up: float
    side: int


def free_point_on_link(
    layout: Layout, frame: Frame, sides: tuple[Box, ...], others: tuple[Box, ...] = ()
) -> PointedAt | None:
    """Find a place on a thick link beside which words cover nothing; None if there is none.

    Parameters
    ----------
    layout : Layout
    frame : Frame
        Has the weights.
    sides : tuple of Box
        Where the words can be, from the place that they point at.
    others : tuple of Box
        What they must not cover either.
    """
    links = select_links(frame)
    curves = link_curves(layout, links)
    chosen = {name: values[_thick_links(links)] for name, values in curves.items()}
    across, up = (np.repeat(each, len(sides)) for each in _points(chosen, ALONG))
    # A row for each place and side; the columns of `Box`.
    places = np.stack([across, up, across, up], axis=1)
    boxes = places + np.tile(np.array(sides, np.float32), (len(places) // len(sides), 1))
    free = _are_free(boxes, layout, _points(curves, SAMPLES), np.array(others).reshape(-1, 4))
    if not free.any():
        return None
    row = int(free.argmax())
    return PointedAt(float(across[row]), float(up[row]), row % len(sides))


def _thick_links(links: Links) -> npt.NDArray[np.int64]:
    """Return the thickest links, by their share of their layer's largest weight."""
    size = np.nan_to_num(np.abs(links.weight), nan=0.0, posinf=0.0)
    largest = np.zeros(int(links.layer.max(initial=0)) + 1, np.float32)
    np.maximum.at(largest, links.layer, size)
    strength = size / np.maximum(largest[links.layer], 1e-9)
    order = np.argsort(-strength, kind="stable")[:MAX_CANDIDATES]
    return order[strength[order] >= THICK]


def _points(curves: dict[str, Floats], along: Floats) -> tuple[Floats, Floats]:
    """Return points on Bézier curves, those of a curve one after another."""
    t, rest = along, 1 - along
    start, out, into, end = rest**3, 3 * rest**2 * t, 3 * rest * t**2, t**3
    x0, y0, x1, y1, cx0, cx1 = (
        curves[name][:, None] for name in ("x0", "y0", "x1", "y1", "cx0", "cx1")
    )
    x = start * x0 + out * cx0 + into * cx1 + end * x1
    y = (start + out) * y0 + (into + end) * y1
    return x.ravel(), y.ravel()


def _are_free(
    boxes: Floats,
    layout: Layout,
    points: tuple[Floats, Floats],
    others: npt.NDArray[np.floating],
) -> npt.NDArray[np.bool_]:
    """Whether each box, a row, lies in the diagram, and over nothing that is drawn there."""
    left, bottom, right, top = boxes.T
    highest = layout.size[1] - TITLE_ROOM
    free = (left >= 0) & (bottom >= 0) & (right <= layout.size[0]) & (top <= highest)
    squares = (
        (*points, 0.0),
        (layout.x, layout.y, layout.tile / 2),
        (layout.unused_x, layout.unused_y, layout.tile / 2),
        (layout.dot_x, layout.dot_y, layout.dot / 2),
    )
    obstacles = [np.stack([x - half, y - half, x + half, y + half], 1) for x, y, half in squares]
    # Names of features stand left of the tiles, those of outputs right of them.
    for names in obstacles[1:3]:
        names[names[:, 0] < layout.blocks[0].right, 0] = 0
        if not layout.has_open_end:
            names[names[:, 2] > layout.blocks[-1].left, 2] = layout.size[0]
    near = np.concatenate([*obstacles, others.astype(np.float32)])
    apart = (
        (near[:, 2] < left[:, None] - CLEAR)
        | (near[:, 0] > right[:, None] + CLEAR)
        | (near[:, 3] < bottom[:, None] - CLEAR)
        | (near[:, 1] > top[:, None] + CLEAR)
    )
    all_free: npt.NDArray[np.bool_] = free & apart.all(axis=1)
    return all_free
