"""Hit testing: which part of the diagram is at a position."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from playground.problems.problem import Floats
from playground.training.dense.frame import Frame
from playground.views.diagram.diagram_layout import Layout
from playground.views.diagram.link_curves import link_curves, link_styles
from playground.views.diagram.links import Links, select_links
from playground.views.diagram.refs import FEATURE_LAYER, BiasRef, FeatureRef, LinkRef, Ref, UnitRef

TOLERANCE = 5.0  # pixels, for a mouse
TOUCH_TOLERANCE = 14.0  # for a finger
CURVE_PARAMETERS = np.linspace(0, 1, 25, dtype=np.float32)


def hit_test(
    layout: Layout,
    frame: Frame,
    x: float,
    y: float,
    tolerance: float = TOLERANCE,
    focus: Sequence[Ref] = (),
) -> Ref | FeatureRef | None:
    """Return the part at (x, y): a unit, else a bias, else the nearest link; None if there is none.

    A feature that the network does not take counts as a part.

    Parameters
    ----------
    layout, frame
        The diagram that is shown.
    x, y : float
        Pixels from the diagram's lower left corner.
    tolerance : float
        Largest distance from a link in pixels; from a bias half of it. See `TOUCH_TOLERANCE`.
    focus : sequence of Ref
        Selected and hovered parts, whose links are all drawn.
    """
    return (
        unit_at(layout, x, y)
        or unused_feature_at(layout, frame, x, y)
        or bias_at(layout, x, y, tolerance / 2)
        or link_at(layout, select_links(frame, focus), x, y, tolerance)
    )


def unit_at(layout: Layout, x: float, y: float) -> UnitRef | None:
    """Return the unit or feature whose tile contains the position."""
    distance = np.maximum(np.abs(layout.x - x), np.abs(layout.y - y))
    nearest = int(distance.argmin())
    return UnitRef(*unit_of_tile(layout, nearest)) if distance[nearest] <= layout.tile / 2 else None


def unused_feature_at(layout: Layout, frame: Frame, x: float, y: float) -> FeatureRef | None:
    """Return the unused feature whose tile contains the position; None if there is none."""
    distance = np.maximum(np.abs(layout.unused_x - x), np.abs(layout.unused_y - y))
    hit = np.flatnonzero(distance <= layout.tile / 2)
    return FeatureRef(frame.unused_features[hit[0]]) if len(hit) else None


def bias_at(layout: Layout, x: float, y: float, slack: float) -> BiasRef | None:
    """Return the bias whose square is at most `slack` pixels away from the position."""
    across, up = layout.dots()
    distance = np.maximum(np.abs(across - x), np.abs(up - y))
    distance[: layout.starts[1]] = np.inf  # features have no bias
    nearest = int(distance.argmin())
    return (
        BiasRef(*unit_of_tile(layout, nearest))
        if distance[nearest] <= layout.dot / 2 + slack
        else None
    )


def link_at(layout: Layout, links: Links, x: float, y: float, tolerance: float) -> LinkRef | None:
    """Return the nearest drawn link, if its edge is at most `tolerance` pixels away."""
    width = link_styles(layout, links, focused=False)["width"]
    distance = distances(link_curves(layout, links), x, y) - width / 2
    nearest = int(distance.argmin())
    if not distance[nearest] <= tolerance:
        return None
    return LinkRef(*(int(part[nearest]) for part in (links.layer, links.unit, links.source)))


def distances(link_curves: dict[str, Floats], x: float, y: float) -> Floats:
    """Distance of each curve from a position, shape (n,), accurate to a fraction of a pixel."""
    t, s = CURVE_PARAMETERS, 1 - CURVE_PARAMETERS
    x0, y0, x1, y1 = (link_curves[key][:, None] for key in ("x0", "y0", "x1", "y1"))
    cx0, cx1 = link_curves["cx0"][:, None], link_curves["cx1"][:, None]
    across = s**3 * x0 + 3 * s * t * (s * cx0 + t * cx1) + t**3 * x1 - x
    up = (s**3 + 3 * s * s * t) * y0 + (3 * s * t * t + t**3) * y1 - y
    run, rise = np.diff(across), np.diff(up)
    length = np.maximum(run * run + rise * rise, 1e-9)
    along = np.clip(-(across[:, :-1] * run + up[:, :-1] * rise) / length, 0, 1)
    nearest = np.hypot(across[:, :-1] + along * run, up[:, :-1] + along * rise)
    closest: Floats = nearest.min(axis=1)
    return closest


def unit_of_tile(layout: Layout, tile: int) -> tuple[int, int]:
    """Return layer and unit of a tile, given its index in `layout.x`."""
    level = int(np.searchsorted(layout.starts, tile, side="right")) - 1
    return level + FEATURE_LAYER, tile - int(layout.starts[level])
