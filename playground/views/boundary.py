"""What the network answers everywhere in the plane, and the samples it learns that from."""

from __future__ import annotations

from functools import lru_cache
from typing import TypedDict, Unpack

import holoviews as hv
import numpy as np
import numpy.typing as npt

from playground.problems.problem import Floats, Plane, Samples
from playground.training.dense.frame import Frame
from playground.views.figure import axis_range, borders, colour_column, compose
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.theme import (
    Indices,
    Theme,
    class_index,
    class_palette,
    diverging_palette,
    full_colour_index,
    value_index,
)
from playground.views.upsampling import upsample

Unit = tuple[int, int]


class BoundaryChoices(TypedDict):
    """The switches of the view; see `boundary`."""

    discretise: bool
    show_test: bool
    unit: Unit | None
    pointer: tuple[float, float] | None


FEATURES = -1
"""Stands for the features where a `unit` names its layer."""

MAX_POINTS = 4000
"""Of more samples only some are drawn, evenly: a browser could not keep up."""

BORDER = borders(left=50, right=10, top=10, bottom=50)
"""As much room across as up: in a square card the plane stays square."""


def boundary(frame: Frame, theme: Theme) -> LiveView:
    """The field, the training samples (circles) and the test samples (squares).

    Its choices are `discretise` (bool: the likeliest class only), `show_test` (bool), `unit`
    ((layer, index) or None: show what one unit answers instead; layer `FEATURES` holds the
    features; a unit that is no more shows the whole network) and `pointer` ((x, y) or None:
    a ring, seen while the network is asked about "pointer").
    """
    choices = BoundaryChoices(discretise=False, show_test=False, unit=None, pointer=None)
    return LiveView(draw, columns, frame, theme, properties=properties, **choices)


def draw(frame: Frame, theme: Theme, **choices: Unpack[BoundaryChoices]) -> hv.Overlay:
    """Declare picture, test samples, training samples and pointer."""
    picture, test, train, ring = columns(frame, theme, **choices)
    low, high = frame.plane.low, frame.plane.high
    image = hv.Image(picture["image"][0][::-1], bounds=(low, low, high, high))
    dots = {"color": "colour", "cmap": palette(frame, theme), "clim": (0, 255)}
    return compose(
        image.opts(cmap=picture_palette(frame, theme, choices["unit"]), clim=(0, 255), alpha=0.8),
        points(test).opts(marker="square", size=7, line_color=theme.ink, line_width=1.5, **dots),
        points(train).opts(size=8, line_color=theme.surface, line_width=1, **dots),
        hv.Points((ring["x"], ring["y"])).opts(
            size=16, fill_color=None, line_color=theme.ink, line_width=2
        ),
        backend_opts=BORDER,
    )


def points(values: Columns) -> hv.Points:
    """Samples with the index of their colour."""
    return hv.Points((values["x"], values["y"], values["color"]), vdims="colour")


def columns(frame: Frame, theme: Theme, **choices: Unpack[BoundaryChoices]) -> list[Columns]:
    """Columns of picture, test samples, training samples and pointer."""
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
    """Where the ring is, if anywhere."""
    rings = [pointer] if pointer is not None and "pointer" in frame.probe_outputs else []
    across, up = np.array(rings, np.float32).reshape(-1, 2).T
    return {"x": across, "y": up}


def sample_columns(frame: Frame, samples: Samples, shown: bool = True) -> Columns:
    """Place and colour of samples; the very same columns while nothing about them changes."""
    limit = value_limit(frame) if frame.regression else 1.0
    return cached_sample_columns(samples, frame.plane, len(frame.classes), limit, shown)


@lru_cache(maxsize=64)
def cached_sample_columns(
    samples: Samples, plane: Plane, classes: int, limit: float, shown: bool
) -> Columns:
    """See `sample_columns`; `classes` is 0 in regression, where `limit` gets the full colour."""
    places = np.flatnonzero(near_plane(samples, plane)) if shown else np.zeros(0, np.int64)
    drawn = samples[places[:: 1 + len(places) // MAX_POINTS]]
    colours = full_colour_index(drawn.y, classes) if classes else value_index(drawn.y, limit)
    across, up = plane.axes
    return {"x": drawn.x[:, across], "y": drawn.x[:, up], "color": colour_column(colours)}


def near_plane(samples: Samples, plane: Plane) -> npt.NDArray[np.bool_]:
    """Which samples belong to the slice: those that lie in the plane, or near enough."""
    others = [axis for axis in range(samples.x.shape[1]) if axis not in plane.axes]
    distance = np.abs(samples.x[:, others] - np.take(plane.pins, others))
    is_near: npt.NDArray[np.bool_] = (distance <= plane.thickness).all(axis=1)
    return is_near


def properties(frame: Frame, theme: Theme, **choices: Unpack[BoundaryChoices]) -> Properties:
    """Axes and palettes."""
    across, up = frame.plane.axes
    dots = palette(frame, theme)
    return {
        **axis_range("x", frame.plane.low, frame.plane.high),
        **axis_range("y", frame.plane.low, frame.plane.high),
        "0.xaxis.axis_label": frame.inputs[across],
        "0.yaxis.axis_label": frame.inputs[up],
        "0.color_mapper.palette": picture_palette(frame, theme, choices["unit"]),
        "1.color_color_mapper.palette": dots,
        "2.color_color_mapper.palette": dots,
        "1.glyph.line_color": theme.ink,
        "2.glyph.line_color": theme.surface,
        "3.glyph.line_color": theme.ink,
    }


def picture_palette(frame: Frame, theme: Theme, unit: Unit | None) -> list[str]:
    """Colours of the picture: a unit's value is plus or minus, whatever the classes."""
    return palette(frame, theme) if unit_map(frame, unit) is None else diverging_palette(theme)


def palette(frame: Frame, theme: Theme) -> list[str]:
    """Colours of classes, or of values in regression."""
    return (
        diverging_palette(theme) if frame.regression else class_palette(theme, len(frame.classes))
    )


def field_picture(frame: Frame, discretise: bool) -> Indices:
    """What the network answers, as colour indices."""
    field = upsample(frame.field)
    if not frame.regression:
        return class_index(field, discretise)
    values = np.sign(field[..., 0]) if discretise else field[..., 0]
    return value_index(values, 1.0 if discretise else value_limit(frame))


def unit_picture(frame: Frame, unit: Unit | None) -> Indices | None:
    """What one unit answers, as colour indices; None where there is no such unit."""
    values = unit_map(frame, unit)
    if values is None:
        return None
    return value_index(upsample(values), max(1.0, float(np.abs(values).max())))


def unit_map(frame: Frame, unit: Unit | None) -> Floats | None:
    """What one unit answers, (side, side); None where there is no such unit."""
    if unit is None:
        return None
    layer, index = unit
    maps = (frame.feature_maps, *(each.maps for each in frame.layers))
    known = layer - FEATURES < len(maps) and index < len(maps[layer - FEATURES])
    return maps[layer - FEATURES][index] if known else None


def value_limit(frame: Frame) -> float:
    """The largest value to be learned, which gets the full colour."""
    return float(np.abs(frame.samples.train.y).max(initial=0)) or 1.0
