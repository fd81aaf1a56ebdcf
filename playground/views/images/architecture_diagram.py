"""The layers of a network as blocks, with output shapes and numbers of parameters."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2, prod

import holoviews as hv
import numpy as np

from playground.networks.classifiers import LayerSummary
from playground.training.images import ImageFrame
from playground.views.figure import EDGES, rectangles
from playground.views.images.layout.pixel_figure import (
    labels,
    pixel_axes,
    text_style,
    without_axes,
)
from playground.views.images.memo import Memo
from playground.views.images.pixel_view import pixel_view
from playground.views.live_view import Columns, LiveView, Properties
from playground.views.size_tracking import Size
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
"""Names of layers, where they differ from PyTorch's class names."""
HIDDEN_LAYERS = ("Flatten", "Identity")
"""Layers that are not shown."""
WEIGHTED = ("Linear", "Conv2d")
"""Layers with weights; each begins a block."""
MIN_SLOT_WIDTH = 58.0
"""Least width of a block with its captions, in pixels; blocks that do not fit wrap."""
LINE_HEIGHT = 17.0
"""Height of a line of text in pixels."""
CAPTION_LINES = 2
"""Lines of text below a block."""
PARAMETERS_HEADING = "parameters:"
"""Text below the input picture, which has no parameters; it labels the numbers beside it."""
SHEET_OFFSET = 0.06
"""Offset of each sheet of a block from the one before it, as a share of the block's size."""


def architecture_diagram(frame: ImageFrame, theme: Theme) -> LiveView:
    """Return a view of the blocks of layers from the picture to the classes.

    Feature maps are sheets, sized by their pixels along a side; more channels are more sheets. A
    narrow bar stands for units of a dense layer. The choice is `size` in pixels, which follows
    the browser.
    """
    return pixel_view(
        draw,
        columns,
        frame,
        theme,
        properties=properties,
        alt="Layers of the network, from the picture to the classes",
    )


def draw(memo: Memo, frame: ImageFrame, theme: Theme, size: Size) -> hv.Overlay:
    """Declare sheets, what they are made by, and what they hold."""
    sheets, above, below = columns(memo, frame, theme, size)
    return without_axes(
        rectangles(sheets),
        labels(above, text_align="center", text_baseline="bottom"),
        labels(below, text_align="center", text_baseline="top"),
    )


def columns(memo: Memo, frame: ImageFrame, theme: Theme, size: Size) -> list[Columns]:
    """Return the data columns of sheets, of layer names above them, and of captions below."""
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
    """Return left, bottom, right and top of a block's sheets, the rearmost first."""
    sheets = sheet_count(block)
    step = SHEET_OFFSET * room
    total_offset = step * (sheets - 1)
    wide, high = (share * (room - total_offset) / 2 for share in sheet_size(block))
    shifts = [step * number - total_offset / 2 for number in reversed(range(sheets))]
    return [
        [x + shift - wide, y + shift - high, x + shift + wide, y + shift + high] for shift in shifts
    ]


def caption(block: ArchitectureBlock) -> str:
    """Return the output shape of a block, and its number of parameters."""
    shape = "×".join(map(str, block.shape))
    return f"{shape}\n" + (f"{block.parameters:,}" if block.parameters else PARAMETERS_HEADING)


def properties(frame: ImageFrame, theme: Theme, size: Size) -> Properties:
    """Return ranges and colours."""
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
        Names of the layers.
    shape : tuple of int
        Shape of the output: (channels, h, w), or (units,).
    parameters : int
        Number of learnable parameters.
    """

    layer_names: tuple[str, ...]
    shape: tuple[int, ...]
    parameters: int


def architecture_blocks(stages: tuple[LayerSummary, ...]) -> list[ArchitectureBlock]:
    """Group the layers of a network into blocks; the input picture comes first."""
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
    """Return the number of sheets of a block: one more for each power of four channels, up to 5."""
    return 1 if len(block.shape) != 3 else min(1 + round(log2(block.shape[0]) / 2), 5)


def sheet_size(block: ArchitectureBlock) -> tuple[float, float]:
    """Return width and height of a sheet, as shares of the block; units are a narrow column."""
    if len(block.shape) == 3:
        wide, high = (min(max(pixels / 28, 0.14), 1) for pixels in block.shape[:0:-1])
        return wide, high
    return 0.16, min(max(log2(prod(block.shape)) / 9, 0.15), 1)
