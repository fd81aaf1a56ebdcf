"""The wall: what each network of a population predicts over the plane, tile by tile."""

from __future__ import annotations

import math
from html import escape

import holoviews as hv
import numpy as np
import numpy.typing as npt

from playground.number_text import format_loss, format_percent
from playground.problems.problem import Floats
from playground.training.populations import PopulationFrame
from playground.views.figure import (
    EDGES,
    FONT,
    SMOOTH,
    TOOLTIP_HTML,
    axis_range,
    borders,
    compose,
    rectangles,
)
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.theme import (
    Indices,
    Theme,
    class_index,
    class_palette,
    diverging_palette,
    value_index,
)

GAP = 2
"""Cells between two tiles."""
MAX_COLUMNS = 32
ASPECT = 4
"""About how much wider than high the wall is."""


def wall(frame: PopulationFrame, theme: Theme) -> LiveView:
    """A tile for each network, in the order of their seeds, row by row from the top.

    Networks that have not learned are framed, and those whose training diverged crossed out.
    """
    return LiveView(draw, columns, frame, theme, properties=properties)


def shape_of(members: int) -> tuple[int, int]:
    """Return the numbers of rows and columns of the wall."""
    across = min(MAX_COLUMNS, members, max(1, round(math.sqrt(members * ASPECT))))
    return -(-members // across), across


def member_at(frame: PopulationFrame, x: float, y: float) -> int | None:
    """Return the number of the network whose tile is at a position; None beside all tiles."""
    rows, across = shape_of(len(frame.members))
    row, column = math.floor(rows - y), math.floor(x)
    member = row * across + column
    inside = 0 <= row < rows and 0 <= column < across
    return member if inside and member < len(frame.members) else None


def draw(frame: PopulationFrame, theme: Theme) -> hv.Overlay:
    """Declare the picture, frames, crosses, and the areas that answer to the pointer."""
    picture, failed, crosses, tiles = columns(frame, theme)
    rows, across = shape_of(len(frame.members))
    image = hv.Image(picture["image"][0][::-1], bounds=(0, 0, across, rows))
    areas = tuple(tiles[side] for side in EDGES)
    return compose(
        image.opts(cmap=palette(frame, theme), clim=(0, 255)),
        rectangles(failed).opts(line_width=2),
        hv.Segments(tuple(crosses.values()), list(crosses)).opts(line_width=2),
        hv.Rectangles((*areas, tiles["words"]), list(EDGES), "words").opts(
            fill_alpha=0,
            line_alpha=0,
            tools=["hover"],
            hover_tooltips=TOOLTIP_HTML.format(font=FONT, body="@words{safe}"),
        ),
        xaxis=None,
        yaxis=None,
        backend_opts=borders(left=0, right=0, top=0, bottom=0),
    )


def columns(frame: PopulationFrame, theme: Theme) -> list[Columns]:
    """Columns of the picture, frames, crosses and areas."""
    rows, across = shape_of(len(frame.members))
    image = {
        "image": [tile_pictures(picture_indices(frame), rows, across)],
        "x": [0], "y": [0], "dw": [across], "dh": [rows],
    }  # fmt: skip
    edges = tile_edges(frame)
    chosen = ~frame.learned & ~frame.diverged
    return [
        image,
        {side: values[chosen] for side, values in edges.items()},
        cross_segments(edges, frame.diverged),
        {**edges, "words": descriptions(frame)},
    ]


def cross_segments(edges: dict[str, Floats], crossed: npt.NDArray[np.bool_]) -> Columns:
    """Both diagonals of the pictures that are crossed out, as segments."""
    sides = {side: values[crossed] for side, values in edges.items()}
    return {
        name: np.concatenate([sides[one], sides[other]])
        for name, one, other in (
            ("x", "left", "left"),
            ("y", "bottom", "top"),
            ("x1", "right", "right"),
            ("y1", "top", "bottom"),
        )
    }


def tile_edges(frame: PopulationFrame) -> dict[str, Floats]:
    """Left, bottom, right and top of each picture, without the gaps."""
    rows, across = shape_of(len(frame.members))
    row, column = np.divmod(np.arange(len(frame.members), dtype=np.float32), across)
    inset = np.float32(GAP / 2 / (frame.pictures.shape[1] + GAP))
    top = rows - row
    return {
        "left": column + inset,
        "bottom": top - 1 + inset,
        "right": column + 1 - inset,
        "top": top - inset,
    }


def picture_indices(frame: PopulationFrame) -> Indices:
    """Indices into `palette` of all pictures, (members, side, side); 0 is for gaps."""
    if frame.classes:
        return np.maximum(class_index(frame.pictures), 1)
    values = frame.samples.train.y
    limit = float(np.abs(values).max()) if len(values) else 1.0
    return np.maximum(value_index(frame.pictures[..., 0], limit or 1.0), 1)


def tile_pictures(pictures: Indices, rows: int, across: int, below: int = 0) -> Indices:
    """Put pictures beside each other, from the top left on; the result's first row is the lowest.

    Parameters
    ----------
    pictures : uint8 array of shape (n, side, side)
        Rows from the lowest up.
    rows, across : int
        At least n in all.
    below : int
        Cells that stay free below each picture, besides the gap.
    """
    count, side, _ = pictures.shape
    half, width = GAP // 2, side + GAP
    height = width + below
    cells = np.zeros((rows * across, height, width), np.uint8)
    cells[:count, half : half + side, half:-half] = pictures[:, ::-1]
    grid = cells.reshape(rows, across, height, width).swapaxes(1, 2)
    whole = grid.reshape(rows * height, across * width)
    return np.ascontiguousarray(whole[::-1])


def descriptions(frame: PopulationFrame) -> npt.NDArray[np.object_]:
    """What each network is and how well it does, in HTML."""
    train_loss, test_loss, *_ = frame.scores
    loss = np.where(np.isfinite(test_loss), test_loss, train_loss)
    right = "right" if frame.classes else "explained"
    lines = [
        f"seed {seed}: {_verdict(frame, member)}<br>loss {format_loss(loss[member])}, "
        f"{format_percent(frame.quality[member], 0)} {right}"
        + "".join(
            f"<br>{escape(name.replace('_', ' '))} {values[member]:g}"
            for name, values in frame.members.varied.items()
        )
        for member, seed in enumerate(frame.members.seeds)
    ]
    return np.array(lines, object)


def _verdict(frame: PopulationFrame, member: int) -> str:
    if frame.diverged[member]:
        return f"diverged in epoch {frame.diverged_epoch[member]:,}"
    if frame.learned[member]:
        return f"learned at epoch {frame.learned_epoch[member]:,}"
    return "not learned"


def palette(frame: PopulationFrame, theme: Theme) -> list[str]:
    """The 256 colours of the picture; the first one, of gaps, is transparent."""
    colours = (
        class_palette(theme, len(frame.classes)) if frame.classes else diverging_palette(theme)
    )
    return ["#00000000", *colours[1:]]


def properties(frame: PopulationFrame, theme: Theme) -> Properties:
    """Ranges and colours."""
    rows, across = shape_of(len(frame.members))
    return {
        **axis_range("x", 0, across),
        **axis_range("y", 0, rows),
        "0.color_mapper.palette": palette(frame, theme),
        "0.glyph.tags": [SMOOTH],
        "1.glyph.line_color": theme.ink,
        "2.glyph.line_color": theme.classes[4],
    }
