"""The wall of a sweep: what each run predicts over the plane, by the values that vary."""

from __future__ import annotations

from functools import lru_cache

import holoviews as hv
import numpy as np
import numpy.typing as npt

from playground.number_text import MISSING
from playground.problems.problem import Floats
from playground.training.sweeps import METRICS, SweepFrame, metric_values
from playground.views import ticks
from playground.views.figure import (
    EDGES,
    FONT,
    SMOOTH,
    TOOLTIP_HTML,
    axis_range,
    borders,
    compose,
    font_property,
    labels_apart,
    rectangles,
)
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.populations.compared_runs import Selected, chosen_runs
from playground.views.populations.places import Places, places_of
from playground.views.populations.wall import (
    GAP,
    cross_segments,
    descriptions,
    palette,
    picture_indices,
    tile_pictures,
)
from playground.views.theme import Indices, Theme

WORDS = 0.24
"""Height of the strip for words below each picture, as a share of the picture's side."""
LOSS = "test loss"


def sweep_wall(frame: SweepFrame, theme: Theme) -> LiveView:
    """A tile for each run, with its loss below; crossed out where training diverged.

    Runs that differ in nothing but their seeds stand together, with lines around them.

    Choice: `selected`, runs that are framed.
    """
    return LiveView(
        draw,
        columns,
        frame,
        theme,
        properties=properties,
        alt=lambda frame, *_args, **_choices: (
            f"What each of {len(frame.sweep)} networks predicts, by "
            + " and ".join(axis.variable.label for axis in frame.sweep.axes)
        ),
        selected=(),
    )


def draw(frame: SweepFrame, theme: Theme, selected: Selected) -> hv.Overlay:
    """Declare pictures, crosses, losses, frames of the selected, and areas for the pointer."""
    picture, crosses, words, framed, tiles, borders_of = columns(frame, theme, selected)
    places = places_of(frame.sweep)
    image = hv.Image(picture["image"][0][::-1], bounds=(0, 0, places.across, places.rows))
    areas = tuple(tiles[side] for side in EDGES)
    return compose(
        image.opts(cmap=palette(frame.runs, theme), clim=(0, 255)),
        hv.Segments(tuple(crosses.values()), list(crosses)).opts(line_width=2),
        hv.Labels((words["x"], words["y"], words["text"]), ["x", "y"], "text").opts(
            text_align="center", text_baseline="bottom"
        ),
        rectangles(framed).opts(line_width=3),
        hv.Rectangles((*areas, tiles["words"]), list(EDGES), "words").opts(
            fill_alpha=0,
            line_alpha=0,
            tools=["hover"],
            hover_tooltips=TOOLTIP_HTML.format(font=FONT, body="@words{safe}"),
        ),
        hv.Segments(tuple(borders_of.values()), list(borders_of)).opts(line_width=1.5),
        xticks=ticks.PATCHED_TICKS,
        yticks=ticks.PATCHED_TICKS,
        xlabel=places.x_name,
        ylabel=places.y_name,
        backend_opts={**borders(left=8, right=4, top=4, bottom=8), **labels_apart()},
    )


def columns(frame: SweepFrame, theme: Theme, selected: Selected) -> list[Columns]:
    """Columns of pictures, crosses, losses, frames and areas."""
    places, runs = places_of(frame.sweep), frame.runs
    image = {
        "image": [wall_picture(frame)],
        "x": [0], "y": [0], "dw": [places.across], "dh": [places.rows],
    }  # fmt: skip
    edges = tile_edges(frame)
    chosen = chosen_runs(len(frame.sweep), selected)
    return [
        image,
        cross_segments(edges, runs.diverged),
        {
            "x": places.column + 0.5,
            # Off the tile below, whose frame would cover them.
            "y": places.row + GAP / 2 / (frame.runs.pictures.shape[1] * (1 + WORDS)),
            "text": tile_words(frame),
        },
        {side: values[chosen] for side, values in edges.items()},
        {**edges, "words": run_descriptions(frame)},
        setting_borders(places),
    ]


def setting_borders(places: Places) -> Columns:
    """Lines between settings, where each takes several tiles."""
    tall = np.arange(places.inner_across, places.across, places.inner_across, dtype=np.float64)
    wide = np.arange(places.inner_rows, places.rows, places.inner_rows, dtype=np.float64)
    if places.inner_across == places.inner_rows == 1:
        tall, wide = tall[:0], wide[:0]
    x, y = np.zeros_like(wide), np.zeros_like(tall)
    return {
        "x": np.concatenate([tall, x]),
        "y": np.concatenate([y, wide]),
        "x1": np.concatenate([tall, x + places.across]),
        "y1": np.concatenate([y + places.rows, wide]),
    }


# A selection changes frames only: what takes longest is kept for the newest frame.
@lru_cache(maxsize=1)
def wall_picture(frame: SweepFrame) -> Indices:
    """Indices into the palette of all pictures, each at its place; 0 is for gaps."""
    places, pictures = places_of(frame.sweep), frame.runs.pictures
    side = pictures.shape[1]
    # Where seeds leave a place free nothing is drawn, as in gaps.
    tiles = np.zeros((places.rows * places.across, side, side), np.uint8)
    tiles[(places.rows - 1 - places.row) * places.across + places.column] = picture_indices(
        frame.runs
    )
    return tile_pictures(tiles, places.rows, places.across, strip_cells(side))


def strip_cells(side: int) -> int:
    """Return the height of the strip for words, in cells of the picture above."""
    return round(WORDS * side)


def tile_edges(frame: SweepFrame) -> dict[str, Floats]:
    """Left, bottom, right and top of each picture, without gap and words."""
    places = places_of(frame.sweep)
    side = frame.runs.pictures.shape[1]
    strip, width = strip_cells(side), side + GAP
    height = width + strip
    column, row = (each.astype(np.float32) for each in (places.column, places.row))
    return {
        "left": column + np.float32(GAP / 2 / width),
        "bottom": row + np.float32((GAP / 2 + strip) / height),
        "right": column + np.float32(1 - GAP / 2 / width),
        "top": row + np.float32(1 - GAP / 2 / height),
    }


def tile_words(frame: SweepFrame) -> list[str]:
    """The loss of each run; with the value before it where no axis tells that."""
    loss = shown_loss(frame)
    words = [
        "diverged" if gone else MISSING if np.isnan(value) else METRICS[LOSS].text(float(value))
        for value, gone in zip(loss, frame.runs.diverged, strict=True)
    ]
    if places_of(frame.sweep).x_labels:
        return words
    return [f"{text}: {word}" for text, word in zip(frame.sweep.axes[0].texts, words, strict=True)]


def shown_loss(frame: SweepFrame) -> Floats:
    """The test loss of each run, or the training loss where there are no test samples."""
    test, training = (metric_values(frame, name) for name in (LOSS, "training loss"))
    return np.where(np.isnan(test), training, test)


@lru_cache(maxsize=1)
def run_descriptions(frame: SweepFrame) -> npt.NDArray[np.object_]:
    """What each run is and how well it does, in HTML."""
    lines = descriptions(frame.runs)
    varied = [
        "".join(
            f"<b>{axis.variable.label} {axis.texts[place]}</b><br>"
            for axis, place in zip(frame.sweep.axes, frame.sweep.places(run), strict=True)
        )
        for run in range(len(frame.sweep))
    ]
    return np.array([one + other for one, other in zip(varied, lines, strict=True)], object)


def properties(frame: SweepFrame, theme: Theme, selected: Selected) -> Properties:
    """Ranges, ticks and colours."""
    places = places_of(frame.sweep)
    return {
        **axis_range("x", 0, places.across),
        **axis_range("y", 0, places.rows),
        **ticks.axis("xaxis", places.x_labels),
        **ticks.axis("yaxis", places.y_labels),
        "0.xaxis.axis_label": places.x_name,
        "0.yaxis.axis_label": places.y_name,
        "0.color_mapper.palette": palette(frame.runs, theme),
        "0.glyph.tags": [SMOOTH],
        "1.glyph.line_color": theme.classes[4],
        **font_property(2),
        "2.glyph.text_font_size": {"value": "11px" if places.across <= MAX_LARGE else "9px"},
        "2.glyph.text_color": theme.muted,
        "3.glyph.line_color": theme.ink,
        "5.glyph.line_color": theme.muted,
    }


MAX_LARGE = 12
"""Tiles in a row up to which their words are in the usual size."""
