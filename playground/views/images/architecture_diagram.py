"""The layers of a network as blocks, with what each gives and how many parameters it has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from math import log2, prod

import holoviews as hv
import numpy as np

from playground.networks.classifiers import LayerSummary
from playground.training.images import ImageFrame
from playground.views.images.layout.image_grid import Size
from playground.views.images.layout.pixel_figure import (
    DEFAULT_SIZE,
    EDGES,
    follow_size,
    labels,
    pixel_axes,
    rectangles,
    text_style,
    without_axes,
)
from playground.views.images.memo import Memo
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.theme import Theme

LAYER_NAMES = {
    "Conv2d": "Conv",
    "MaxPool2d": "max-pool",
    "AvgPool2d": "mean-pool",
    "BatchNorm2d": "batch norm",
    "BatchNorm1d": "batch norm",
    "Dropout": "dropout",
    "Linear": "Dense",
}
"""What layers are called where torch's own name is longer."""
HIDDEN_LAYERS = ("Flatten", "Identity")
"""Layers that need not be spoken of."""
WEIGHTED = ("Linear", "Conv2d")
"""Layers that begin a block."""
MIN_SLOT_WIDTH = 58.0
"""Least pixels across for a block and its words; what does not fit in a row goes on below."""
LINE_HEIGHT = 17.0
"""Pixels for a line of words."""
CAPTION_LINES = 2
"""Lines of words below a block."""
PARAMETERS_HEADING = "parameters:"
"""Stands below the picture, which has none, and says what the numbers beside it are."""
SHEET_OFFSET = 0.06
"""Of the room, by how much each sheet of a block stands behind the one before it."""


def architecture_diagram(frame: ImageFrame, theme: Theme) -> LiveView:
    """Blocks from the picture to the classes: what comes out of each, and what it must learn.

    Sheets are maps, as high as they have pixels along a side, the more the more there are; a
    bar is single numbers. The choice is `size`, the pixels that the view is shown in, which
    follow the browser by themselves.
    """
    memo = Memo()
    view = LiveView(
        partial(draw, memo),
        partial(columns, memo),
        frame,
        theme,
        properties=properties,
        size=DEFAULT_SIZE,
    )
    return follow_size(view)


def draw(memo: Memo, frame: ImageFrame, theme: Theme, size: Size) -> hv.Overlay:
    """Declare sheets, what they are made by, and what they hold."""
    sheets, above, below = columns(memo, frame, theme, size)
    return without_axes(
        rectangles(sheets),
        labels(above, text_align="center", text_baseline="bottom"),
        labels(below, text_align="center", text_baseline="top"),
    )


def columns(memo: Memo, frame: ImageFrame, theme: Theme, size: Size) -> list[Columns]:
    """Columns of sheets, what they are made by, and what they hold."""
    return memo(layout_columns, frame.stages, size)


def layout_columns(stages: tuple[LayerSummary, ...], size: Size) -> list[Columns]:
    """See `columns`."""
    shown = architecture_blocks(stages)
    across = max(1, min(len(shown), int(size[0] // MIN_SLOT_WIDTH)))
    rows = -(-len(shown) // across)
    across = -(-len(shown) // rows)
    slot, slot_height = size[0] / across, size[1] / rows
    row, column = np.divmod(np.arange(len(shown)), across)
    x, top = (column + 0.5) * slot, size[1] - row * slot_height
    above = max(len(block.layer_names) for block in shown)
    free = slot_height - (above + CAPTION_LINES + 1) * LINE_HEIGHT
    room = max(min(slot - 14, free), 24)
    y, half = top - (above + 0.5) * LINE_HEIGHT - free / 2, room / 2
    sheets = [sheet_edges(*each, room) for each in zip(shown, x, y, strict=True)]
    return [
        dict(zip(EDGES, np.concatenate(sheets).astype(np.float32).T, strict=True)),
        {"x": x, "y": y + half + 5, "text": ["\n".join(block.layer_names) for block in shown]},
        {"x": x, "y": y - half - 5, "text": [caption(block) for block in shown]},
    ]


def sheet_edges(block: ArchitectureBlock, x: float, y: float, room: float) -> list[list[float]]:
    """Left, bottom, right and top of a block's sheets, the hindmost first."""
    sheets = sheet_count(block)
    step = SHEET_OFFSET * room
    total_offset = step * (sheets - 1)
    wide, high = (share * (room - total_offset) / 2 for share in sheet_size(block))
    shifts = [step * number - total_offset / 2 for number in reversed(range(sheets))]
    return [
        [x + shift - wide, y + shift - high, x + shift + wide, y + shift + high] for shift in shifts
    ]


def caption(block: ArchitectureBlock) -> str:
    """What comes out of a block, and how many numbers in it are learned."""
    shape = "×".join(map(str, block.shape))
    return f"{shape}\n" + (f"{block.parameters:,}" if block.parameters else PARAMETERS_HEADING)


def properties(frame: ImageFrame, theme: Theme, size: Size) -> Properties:
    """Ranges and colours."""
    return {
        **pixel_axes(size),
        "0.glyph.fill_color": theme.classes[1],
        "0.glyph.line_color": theme.surface,
        **text_style(1, theme.ink),
        **text_style(2, theme.muted),
    }


@dataclass(frozen=True, slots=True)
class ArchitectureBlock:
    """A layer with weights, and the layers after it up to the next one with weights.

    Attributes
    ----------
    layer_names : tuple of str
        The layers in words.
    shape : tuple of int
        Of what comes out: (channels, h, w), or (numbers,).
    parameters : int
        Numbers in it that are learned.
    """

    layer_names: tuple[str, ...]
    shape: tuple[int, ...]
    parameters: int


def architecture_blocks(stages: tuple[LayerSummary, ...]) -> list[ArchitectureBlock]:
    """Group the layers of a network; the picture comes first."""
    found = [ArchitectureBlock(("picture",), (1, 28, 28), 0)]
    for stage in stages:
        if stage.kind in HIDDEN_LAYERS:
            continue
        layer_names = (LAYER_NAMES.get(stage.kind, stage.kind),)
        if stage.kind in WEIGHTED:
            found.append(ArchitectureBlock(layer_names, stage.shape_out, stage.parameters))
        else:
            last = found.pop()
            parameters = last.parameters + stage.parameters
            found.append(
                ArchitectureBlock(last.layer_names + layer_names, stage.shape_out, parameters)
            )
    return found


def sheet_count(block: ArchitectureBlock) -> int:
    """How many sheets stand for a block: one for each power of four channels, five at most."""
    return 1 if len(block.shape) != 3 else min(1 + round(log2(block.shape[0]) / 2), 5)


def sheet_size(block: ArchitectureBlock) -> tuple[float, float]:
    """Width and height of a sheet, as shares of the room; numbers stand in a narrow column."""
    if len(block.shape) == 3:
        wide, high = (min(max(pixels / 28, 0.14), 1) for pixels in block.shape[:0:-1])
        return wide, high
    return 0.16, min(max(log2(prod(block.shape)) / 9, 0.15), 1)
