"""The decision boundary: predictions over the whole plane, and the samples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal, TypedDict, Unpack

import holoviews as hv
import numpy as np
import numpy.typing as npt

from playground.problems.preprocessing import Preprocessing
from playground.problems.problem import Floats, Plane, Samples
from playground.training.dense.frame import Frame, places_of
from playground.views import ticks
from playground.views.figure import MARGINS, SMOOTH, axis_range, borders, colour_column, compose
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.theme import (
    Indices,
    Theme,
    class_palette,
    diverging_palette,
    full_colour_index,
    margin_index,
    margin_palette,
    value_index,
)

Unit = tuple[int, int]
Axis = tuple[str, ticks.TickLabels, str]
"""Its name in HoloViews, its labels, and what it is called."""


class BoundaryChoices(TypedDict):
    """Choices of the view; see `boundary`."""

    discretise: bool
    show_test: bool
    unit: Unit | None
    pointer: tuple[float, float] | None


FEATURE_LAYER = -1
"""The layer that a `unit` has if it is a feature."""

MAX_POINTS = 4000
"""Of more samples every second, third, ... is drawn: a browser is too slow for all."""

TINY = np.float32(1e-30)
"""The least probability, for logarithms."""

MAX_NAME_LENGTH = 40
"""Characters of the name of an axis."""
MAX_UPRIGHT_NAME = 2
"""Characters up to which the name of the vertical axis is not turned."""
MAX_TICKS = 6
"""About so many labels has an axis."""

BORDER = borders(left=3, right=59, top=10, bottom=52)  # links end where the plane begins
"""Equal sums in both directions: in a square cell the plane is square. On the left the links of the
diagram arrive, so the vertical axis stands on the right."""


def boundary(frame: Frame, theme: Theme) -> LiveView:
    """Predictions as colours, training samples as circles, test samples as squares.

    Choices:

    - `discretise` (bool): show the most probable class only, at full strength.
    - `show_test` (bool): show the test samples.
    - `unit` ((layer, index) or None): show the activation of one unit instead of the prediction.
      Layer `FEATURE_LAYER` holds the features; the prediction is shown if there is no such unit.
    - `pointer` ((x, y) or None): a ring, shown while the frame has outputs for the probe
      "pointer".
    """
    choices = BoundaryChoices(discretise=False, show_test=False, unit=None, pointer=None)
    return LiveView(draw, columns, frame, theme, properties=properties, alt=about, **choices)


def about(frame: Frame, theme: Theme, **choices: Unpack[BoundaryChoices]) -> str:
    """Say what is drawn."""
    what = "Activation of one neuron" if choices["unit"] else "Output of the network"
    train, test = (len(samples) for samples in (frame.samples.train, frame.samples.test))
    count = train + (test if choices["show_test"] else 0)
    return f"{what} over the plane, as colours, with {count:,} of the samples as points"


def draw(frame: Frame, theme: Theme, **choices: Unpack[BoundaryChoices]) -> hv.Overlay:
    """Declare the picture, test samples, training samples and the pointer's ring."""
    picture, test, train, ring = columns(frame, theme, **choices)
    low, high = frame.plane.low, frame.plane.high
    image = hv.Image(picture["image"][0][::-1], bounds=(low, low, high, high))
    dots = {"color": "colour", "cmap": palette(theme, len(frame.classes)), "clim": (0, 255)}
    shows_unit = unit_map(frame, choices["unit"]) is not None
    shades = picture_palette(theme, len(frame.classes), shows_unit, choices["discretise"])
    return compose(
        image.opts(cmap=shades, clim=(0, 255), alpha=0.7),
        points(test).opts(marker="square", size=7, line_color=theme.ink, line_width=1.5, **dots),
        points(train).opts(size=8, line_color=theme.surface, line_width=1, **dots),
        hv.Points((ring["x"], ring["y"])).opts(
            size=16, fill_color=None, line_color=theme.ink, line_width=2
        ),
        backend_opts=BORDER,
        yaxis="right",
        xticks=ticks.PATCHED_TICKS,
        yticks=ticks.PATCHED_TICKS,
    )


def points(values: Columns) -> hv.Points:
    """Declare samples; their colours are indices into `palette`."""
    return hv.Points((values["x"], values["y"], values["color"]), vdims="colour")


def columns(frame: Frame, theme: Theme, **choices: Unpack[BoundaryChoices]) -> list[Columns]:
    """Columns of the picture, test samples, training samples and the pointer's ring."""
    low, width = frame.plane.low, frame.plane.high - frame.plane.low
    picture = unit_picture(frame, choices["unit"])
    if picture is None:
        picture = field_picture(frame, choices["discretise"])
    return [
        {"image": [picture], "x": [low], "y": [low], "dw": [width], "dh": [width]},
        sample_columns(frame, frame.samples.test, shown=choices["show_test"]),
        sample_columns(frame, frame.samples.train),
        pointer_columns(frame, choices["pointer"]),
    ]


def pointer_columns(frame: Frame, pointer: tuple[float, float] | None) -> Columns:
    """Position of the pointer's ring; no row if it is hidden."""
    rings = [pointer] if pointer is not None and "pointer" in frame.probe_outputs else []
    across, up = np.array(rings, np.float32).reshape(-1, 2).T
    return {"x": across, "y": up}


def sample_columns(frame: Frame, samples: Samples, shown: bool = True) -> Columns:
    """Positions and colours of samples; the identical columns while none of them changes."""
    limit = value_limit(frame) if frame.regression else 1.0
    return cached_sample_columns(samples, frame.plane, len(frame.classes), limit, shown)


@lru_cache(maxsize=512)
def cached_sample_columns(
    samples: Samples, plane: Plane, classes: int, limit: float, shown: bool
) -> Columns:
    """See `sample_columns`; `classes` is 0 in regression, where `limit` has the full colour."""
    rows = np.flatnonzero(near_plane(samples, plane)) if shown else np.zeros(0, np.int64)
    drawn = samples[rows[:: 1 + len(rows) // MAX_POINTS]]
    colours = full_colour_index(drawn.y, classes) if classes else value_index(drawn.y, limit)
    places, (across, up) = plane.coordinates(drawn.x), plane.axes
    return {"x": places[:, across], "y": places[:, up], "color": colour_column(colours)}


def near_plane(samples: Samples, plane: Plane) -> npt.NDArray[np.bool_]:
    """Whether each sample is at most the plane's thickness away from it; shape (n,)."""
    places = plane.coordinates(samples.x)
    others = [axis for axis in range(places.shape[1]) if axis not in plane.axes]
    distance = np.abs(places[:, others] - np.take(plane.pins, others))
    is_near: npt.NDArray[np.bool_] = (distance <= plane.thickness).all(axis=1)
    return is_near


def properties(frame: Frame, theme: Theme, **choices: Unpack[BoundaryChoices]) -> Properties:
    """Ranges, axis labels and palettes; the identical ones while none of them changes."""
    shows_unit = unit_map(frame, choices["unit"]) is not None
    return cached_properties(
        theme,
        frame.plane,
        frame.preprocessing,
        frame.axis_names,
        len(frame.classes),
        shows_unit,
        choices["discretise"],
        frame.is_solved and not shows_unit,
    )


@lru_cache(maxsize=128)
def cached_properties(
    theme: Theme,
    plane: Plane,
    preprocessing: Preprocessing,
    axis_names: tuple[str, str],
    classes: int,
    shows_unit: bool,
    discretise: bool,
    is_solved: bool,
) -> Properties:
    """See `properties`; `classes` is 0 in regression."""
    dots = palette(theme, classes)
    axes = tuple(_axes(plane, preprocessing, axis_names))
    return {
        # Bokeh begins no path for the outline: without a background it would draw the last path of
        # the picture before once more.
        "0.plot.background_fill_color": theme.surface,
        "0.plot.outline_line_color": theme.classes[2] if is_solved else theme.ink,
        "0.plot.outline_line_width": 4 if is_solved else 2,
        "0.glyph.tags": picture_tags(classes, shows_unit, discretise),
        **axis_range("x", plane.low, plane.high),
        **axis_range("y", plane.low, plane.high),
        **{f"0.{axis}.axis_label": name for axis, _labels, name in axes},
        "0.yaxis.axis_label_orientation": (
            "horizontal" if len(axis_names[1]) <= MAX_UPRIGHT_NAME else "parallel"
        ),
        **_tick_properties(axes),
        "0.color_mapper.palette": picture_palette(theme, classes, shows_unit, discretise),
        "1.color_color_mapper.palette": dots,
        "2.color_color_mapper.palette": dots,
        "1.glyph.line_color": theme.ink,
        "2.glyph.line_color": theme.surface,
        "3.glyph.line_color": theme.ink,
    }


def tick_properties(frame: Frame) -> Properties:
    """Ticks of both axes, labelled in the units of the inputs."""
    return _tick_properties(_axes(frame.plane, frame.preprocessing, frame.axis_names))


def _tick_properties(axes: Iterable[Axis]) -> Properties:
    return {
        path: each
        for axis, labels, _name in axes
        for path, each in ticks.axis(axis, labels).items()
    }


def _axes(
    plane: Plane, preprocessing: Preprocessing, axis_names: tuple[str, str]
) -> Iterator[Axis]:
    """Yield each axis with its labels, and its name with what labels are differences from."""
    places = places_of(plane, preprocessing)
    for axis, name, column in zip(("xaxis", "yaxis"), axis_names, plane.axes, strict=True):
        labels, reference = ticks.in_units(plane.low, plane.high, places, column, MAX_TICKS)
        short = name if len(name) <= MAX_NAME_LENGTH else f"{name[:MAX_NAME_LENGTH]}…"
        yield axis, labels, f"{short} − {reference}" if reference else short


def picture_palette(
    theme: Theme, classes: int, shows_unit: bool = False, discretise: bool = False
) -> list[str]:
    """Colours of the picture; activations and values diverge from 0. `classes` 0: regression."""
    if shows_unit:
        return margin_palette(theme, 2)
    if not classes:
        return diverging_palette(theme)
    return margin_palette(theme, classes, discretise)


def picture_tags(classes: int, shows_unit: bool, discretise: bool) -> list[str]:
    """Tags of the picture's glyph, which say how the browser interpolates."""
    if shows_unit or classes:
        return [SMOOTH, f"{MARGINS}{2 if shows_unit else classes}"]
    return [] if discretise else [SMOOTH]


def palette(theme: Theme, classes: int) -> list[str]:
    """Colours of samples; `classes` is 0 in regression."""
    return class_palette(theme, classes) if classes else diverging_palette(theme)


def field_picture(frame: Frame, discretise: bool) -> Indices:
    """Predictions as colour indices, lowest row first.

    Of shape (side, side), or of signs (2 * side, 2 * side).
    """
    if not frame.regression:  # The palette makes them discrete, after the browser's interpolation.
        return margin_index(frame.field)
    # Where shades meet, the browser interpolates; edges of signs must be sharp in what is sent.
    values = np.sign(upsample(frame.field[..., 0])) if discretise else frame.field[..., 0]
    return value_index(values, 1.0 if discretise else value_limit(frame))


def finer_field(frame: Frame) -> Floats:
    """Predictions on four times as many cells along each side, for pictures that are no view.

    Probabilities are interpolated by their logarithms, so that borders are smooth lines.
    """
    if frame.regression:
        return upsample(upsample(frame.field))
    logits = upsample(upsample(np.log(np.maximum(frame.field, TINY))))
    shares = np.exp(logits - logits.max(axis=-1, keepdims=True))
    finer: Floats = shares / shares.sum(axis=-1, keepdims=True)
    return finer


def unit_picture(frame: Frame, unit: Unit | None) -> Indices | None:
    """Activations of one unit as colour indices; None where there is no such unit.

    They are margins, as if the two signs were classes, so that the place where a saturated unit
    changes its sign is seen between cells, too.
    """
    values = unit_map(frame, unit)
    if values is None:
        return None
    share = 0.5 * values / max(1.0, float(np.abs(values).max()))
    return margin_index(np.stack([0.5 - share, 0.5 + share], axis=-1))


def unit_map(frame: Frame, unit: Unit | None) -> Floats | None:
    """Activations of one unit, shape (side, side); None where there is no such unit.

    They are fine if the frame has the unit enlarged.
    """
    if unit is None:
        return None
    if frame.enlarged is not None and frame.enlarged[:2] == unit:
        return frame.enlarged.map
    layer, index = unit
    maps = (frame.feature_maps, *(each.maps for each in frame.layers))
    known = layer - FEATURE_LAYER < len(maps) and index < len(maps[layer - FEATURE_LAYER])
    return maps[layer - FEATURE_LAYER][index] if known else None


def value_limit(frame: Frame) -> float:
    """Return the largest magnitude of the training targets, which has the full colour; else 1."""
    return float(np.abs(frame.samples.train.y).max(initial=0)) or 1.0


def upsample(field: Floats) -> Floats:
    """Double the resolution of a field by bilinear interpolation.

    Parameters
    ----------
    field : array of shape (rows, columns, ...)
        Values at the centres of cells.

    Returns
    -------
    array of shape (2 * rows, 2 * columns, ...)
    """
    return upsample_axis(upsample_axis(field, 0), 1)


def upsample_axis(field: Floats, axis: Literal[0, 1]) -> Floats:
    """Double the cells along one axis, by linear interpolation between neighbours."""
    lines = np.moveaxis(field, axis, 0)
    before, after = np.concatenate([lines[:1], lines[:-1]]), np.concatenate([lines[1:], lines[-1:]])
    pairs: Floats = np.stack([0.75 * lines + 0.25 * before, 0.75 * lines + 0.25 * after], axis=1)
    return np.moveaxis(pairs.reshape(-1, *lines.shape[1:]), 0, axis)
