"""Parallel coordinates: an axis for each setting and metric, and a line through them for each run.

Ranges of axes can be brushed, which selects the runs that lie within all of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import holoviews as hv
import numpy as np
import numpy.typing as npt

from playground.problems.array_types import Doubles
from playground.views import ticks
from playground.views.figure import EDGES, axis_range, borders, compose, font_property
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.populations.run_columns import RunColumn, RunColumns
from playground.views.theme import Theme

MISSING = -0.13
"""Where runs stand that have no value, below the axes, which reach from 0 to 1."""
BOTTOM, TOP = -0.22, 1.06
HALF_WIDTH = 0.09
"""Of a brushed range, as a share of the way to the next axis."""
MAX_LABELS = 9
"""Values of an axis up to which each is labelled; otherwise some are, or round numbers."""
NEAR = 0.05
"""How far beside a line a click may be, as a share of an axis."""

Selected = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Brush:
    """A range of one axis.

    Attributes
    ----------
    column : int
        The number of the axis.
    low, high : float
        As the values are placed: logarithms to base ten where the axis is logarithmic.
    missing : bool
        Whether runs without a value are in it too.
    """

    column: int
    low: float
    high: float
    missing: bool


Brushes = tuple[Brush, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """How one axis places values.

    Attributes
    ----------
    is_log : bool
    low, high : float
        The ends; logarithms where `is_log`.
    """

    is_log: bool
    low: float
    high: float

    @classmethod
    def of(cls, column: RunColumn) -> Scale:
        """Return the scale of a column: logarithmic only where that is possible."""
        known = column.values[np.isfinite(column.values)]
        # A loss can be exactly 0; its place is that of the smallest of the others.
        positive = known[known > 0]
        is_log = column.is_log and len(positive) > 0 and bool((known >= 0).all())
        if is_log:
            known = np.log10(positive)
        if column.bounds is not None:
            low, high = column.bounds
            return cls(True, math.log10(low), math.log10(high)) if is_log else cls(False, low, high)
        if not len(known):
            return cls(is_log, 0.0, 1.0)
        return cls(is_log, float(known.min()), float(known.max()))

    def placed(self, values: Doubles) -> Doubles:
        """Return values as brushes know them: with their logarithms where `is_log`."""
        if not self.is_log:
            return values
        logarithms: Doubles = np.log10(np.maximum(values, 10.0**self.low))
        return logarithms

    def heights(self, placed: npt.ArrayLike) -> Doubles:
        """Return heights, from 0 to 1, of placed values; in the middle where all are equal."""
        extent = self.high - self.low
        numbers = np.asarray(placed, np.float64)
        if not extent:
            return np.where(np.isnan(numbers), np.nan, 0.5)
        heights: Doubles = (numbers - self.low) / extent
        return heights

    def at(self, height: float) -> float:
        """Return the placed value at a height."""
        return self.low + height * (self.high - self.low)


def parallel_coordinates(frame: RunColumns, theme: Theme) -> LiveView:
    """A line for each run through an axis for each column; dashed where it has failed.

    Choices: `selected`, numbers of the runs in front, and `brushes`.
    """
    return LiveView(
        draw,
        columns,
        frame,
        theme,
        properties=properties,
        alt="Parallel coordinates: a line for each run through all settings and metrics",
        selected=(),
        brushes=(),
    )


@lru_cache(maxsize=8)
def scales_of(frame: RunColumns) -> tuple[Scale, ...]:
    """Return the scale of each column."""
    return tuple(map(Scale.of, frame.columns))


@lru_cache(maxsize=8)
def heights_of(frame: RunColumns) -> Doubles:
    """Return the height of each run on each axis, of shape (runs, columns)."""
    heights = [
        scale.heights(scale.placed(column.values))
        for scale, column in zip(scales_of(frame), frame.columns, strict=True)
    ]
    return np.nan_to_num(np.stack(heights, 1), nan=MISSING)


def brushed_runs(frame: RunColumns, brushes: Brushes) -> Selected:
    """Return the runs that lie within all brushed ranges; none where nothing is brushed."""
    if not brushes:
        return ()
    inside = np.ones(len(frame), bool)
    for brush in brushes:
        values = scales_of(frame)[brush.column].placed(frame.columns[brush.column].values)
        known = np.isfinite(values)
        inside &= np.where(known, (values >= brush.low) & (values <= brush.high), brush.missing)
    return tuple(np.flatnonzero(inside).tolist())


def column_at(frame: RunColumns, x: float) -> int | None:
    """Return the number of the axis nearest to a position; None beside all axes."""
    number = round(x)
    return number if 0 <= number < len(frame.columns) else None


def make_brush(frame: RunColumns, column: int, one: float, other: float) -> Brush:
    """Return the brush between two heights of an axis, whichever is the lower."""
    low, high = sorted((one, other))
    scale = scales_of(frame)[column]
    return Brush(column, scale.at(low), scale.at(high), missing=low <= MISSING <= high)


def nearest_run(frame: RunColumns, x: float, y: float) -> int | None:
    """Return the run whose line is nearest to a position; None if none is near."""
    left = min(max(math.floor(x), 0), len(frame.columns) - 1)
    right = min(left + 1, len(frame.columns) - 1)
    heights, share = heights_of(frame), min(max(x - left, 0.0), 1.0)
    distance = np.abs(heights[:, left] * (1 - share) + heights[:, right] * share - y)
    return int(distance.argmin()) if len(distance) and distance.min() < NEAR else None


def draw(frame: RunColumns, theme: Theme, selected: Selected, brushes: Brushes) -> hv.Overlay:
    """Declare axes, lines of the failed, of the others and of the selected, brushes and labels."""
    axes, failed, others, brushed, chosen, words = columns(frame, theme, selected, brushes)
    curves = [hv.Curve((each["x"], each["y"]), "x", "y") for each in (failed, others, chosen)]
    return compose(
        hv.Segments(tuple(axes.values()), list(axes)).opts(line_width=1.5),
        curves[0].opts(line_width=1, line_dash=[4, 3], alpha=0.6),
        curves[1].opts(line_width=1, alpha=0.35),
        hv.Rectangles(tuple(brushed[side] for side in EDGES)).opts(fill_alpha=0.25, line_width=2),
        curves[2].opts(line_width=1.5),
        hv.Labels((words["x"], words["y"], words["text"]), ["x", "y"], "text").opts(
            text_align="right", text_baseline="middle", text_font_size="11px", xoffset=-0.03
        ),
        xticks=ticks.PATCHED_TICKS,
        yaxis=None,
        xlabel="",
        backend_opts=borders(left=8, right=12, top=4, bottom=4),
    )


def columns(frame: RunColumns, theme: Theme, selected: Selected, brushes: Brushes) -> list[Columns]:
    """Columns of axes, three kinds of lines, brushes and labels."""
    places = np.arange(len(frame.columns), dtype=np.float64)
    chosen = np.zeros(len(frame), bool)
    chosen[[run for run in selected if run < len(frame)]] = True
    ends = [
        (brush.column, *_ends(scales_of(frame)[brush.column], brush))
        for brush in brushes
        if brush.column < len(frame.columns)
    ]
    brushed = np.array(ends, np.float64).reshape(-1, 3)
    return [
        {"x": places, "y": np.zeros_like(places), "x1": places, "y1": np.ones_like(places)},
        _lines(frame, frame.failed & ~chosen),
        _lines(frame, ~frame.failed & ~chosen),
        dict(
            zip(
                EDGES,
                (
                    brushed[:, 0] - HALF_WIDTH,
                    brushed[:, 1],
                    brushed[:, 0] + HALF_WIDTH,
                    brushed[:, 2],
                ),
                strict=True,
            )
        ),
        _lines(frame, chosen),
        _labels(frame),
    ]


def _ends(scale: Scale, brush: Brush) -> tuple[float, float]:
    """Return the heights of the ends of a brush, within the figure."""
    low, high = np.clip(scale.heights([brush.low, brush.high]), MISSING / 2, TOP).tolist()
    if brush.missing:
        low, high = BOTTOM, max(high, MISSING + (MISSING - BOTTOM))
    return low, high


def _lines(frame: RunColumns, kind: npt.NDArray[np.bool_]) -> Columns:
    """Put lines one after the other, with a gap between them."""
    heights = heights_of(frame)[kind]
    count, axes = heights.shape
    gap = np.full((count, 1), np.nan)
    across = np.tile(np.append(np.arange(axes, dtype=np.float64), np.nan), count)
    return {"x": across, "y": np.hstack([heights, gap]).ravel()}


def _labels(frame: RunColumns) -> Columns:
    """Values along each axis, and a dash where runs without a value stand."""
    found: list[tuple[float, float, str]] = []
    for number, (column, scale) in enumerate(zip(frame.columns, scales_of(frame), strict=True)):
        for value, text in _axis_labels(column, scale).items():
            found.append((number, float(scale.heights(value)), text))
        if np.isnan(column.values).any():
            found.append((number, MISSING, "none"))
    places = np.array([each[:2] for each in found], np.float64).reshape(-1, 2)
    return {"x": places[:, 0], "y": places[:, 1], "text": [each[2] for each in found]}


def _axis_labels(column: RunColumn, scale: Scale) -> ticks.TickLabels:
    """Labels by placed value."""
    if column.labels and (len(column.labels) <= MAX_LABELS or column.are_words):
        step = -(-len(column.labels) // MAX_LABELS)
        own = list(column.labels.items())[::step]
        return {float(scale.placed(np.array(value))): text for value, text in own}
    if scale.high == scale.low:
        return {
            scale.low: ticks.format_tick(
                float(f"{10**scale.low if scale.is_log else scale.low:.3g}")
            )
        }
    return (ticks.logarithmic if scale.is_log else ticks.linear)(scale.low, scale.high)


def properties(frame: RunColumns, theme: Theme, selected: Selected, brushes: Brushes) -> Properties:
    """Ranges, names of the axes and colours."""
    # On two lines, so that those of neighbours do not overlap.
    names = {
        float(number): "\n".join(column.name.rsplit(" ", 1))
        for number, column in enumerate(frame.columns)
    }
    return {
        **axis_range("x", -0.6, len(frame.columns) - 0.6),
        **axis_range("y", BOTTOM, TOP),
        **ticks.axis("xaxis", names),
        "0.glyph.line_color": theme.line,
        "1.glyph.line_color": theme.classes[4],
        "2.glyph.line_color": theme.muted,
        "3.glyph.line_color": theme.accent,
        "3.glyph.fill_color": theme.accent,
        "4.glyph.line_color": theme.ink,
        **font_property(5),
        "5.glyph.text_color": theme.ink,
        "5.glyph.background_fill_color": theme.surface,
        "5.glyph.background_fill_alpha": 0.8,
    }
