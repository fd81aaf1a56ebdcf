"""The layers of a network as blocks, with what each gives and how many parameters it has."""

from __future__ import annotations

from functools import partial

import holoviews as hv
import numpy as np

from playground.networks.readers import Stage
from playground.training.digits import ReaderFrame
from playground.views.digits.blocks import Block, blocks, depth, extent
from playground.views.digits.grid import Size
from playground.views.digits.kept import Kept
from playground.views.digits.room import (
    EDGES,
    SIZE,
    bare,
    fitted,
    labels,
    rectangles,
    room,
    text,
)
from playground.views.live import Columns, LiveView, Properties
from playground.views.theme import Theme

SLOT = 58.0
"""Least pixels across for a block and its words; what does not fit in a row goes on below."""
LINE = 17.0
"""Pixels for a line of words."""
BELOW = 2
"""Lines of words below a block."""
HEADING = "parameters:"
"""Stands below the picture, which has none, and says what the numbers beside it are."""
BEHIND = 0.06
"""Of the room, by how much each sheet of a block stands behind the one before it."""


def architecture(frame: ReaderFrame, theme: Theme) -> LiveView:
    """Blocks from the picture to the classes: what comes out of each, and what it must learn.

    Sheets are maps, as high as they have pixels along a side, the more the more there are; a
    bar is single numbers. The choice is `size`, the pixels that the view is shown in, which
    follow the browser by themselves.
    """
    keep = Kept()
    view = LiveView(
        partial(draw, keep), partial(columns, keep), frame, theme, properties=properties, size=SIZE
    )
    return fitted(view)


def draw(keep: Kept, frame: ReaderFrame, theme: Theme, size: Size) -> hv.Overlay:
    """Declare sheets, what they are made by, and what they hold."""
    sheets, above, below = columns(keep, frame, theme, size)
    return bare(
        rectangles(sheets),
        labels(above, text_align="center", text_baseline="bottom"),
        labels(below, text_align="center", text_baseline="top"),
    )


def columns(keep: Kept, frame: ReaderFrame, theme: Theme, size: Size) -> list[Columns]:
    """Columns of sheets, what they are made by, and what they hold."""
    return keep(placed, frame.stages, size)


def placed(stages: tuple[Stage, ...], size: Size) -> list[Columns]:
    """See `columns`."""
    shown = blocks(stages)
    across = max(1, min(len(shown), int(size[0] // SLOT)))
    rows = -(-len(shown) // across)
    across = -(-len(shown) // rows)
    slot, tall = size[0] / across, size[1] / rows
    row, column = np.divmod(np.arange(len(shown)), across)
    x, top = (column + 0.5) * slot, size[1] - row * tall
    above = max(len(block.words) for block in shown)
    free = tall - (above + BELOW + 1) * LINE
    room = max(min(slot - 14, free), 24)
    y, half = top - (above + 0.5) * LINE - free / 2, room / 2
    sheets = [sheets_of(*each, room) for each in zip(shown, x, y, strict=True)]
    return [
        dict(zip(EDGES, np.concatenate(sheets).astype(np.float32).T, strict=True)),
        {"x": x, "y": y + half + 5, "text": ["\n".join(block.words) for block in shown]},
        {"x": x, "y": y - half - 5, "text": [caption(block) for block in shown]},
    ]


def sheets_of(block: Block, x: float, y: float, room: float) -> list[list[float]]:
    """Left, bottom, right and top of a block's sheets, the hindmost first."""
    sheets = depth(block)
    step = BEHIND * room
    lag = step * (sheets - 1)
    wide, high = (share * (room - lag) / 2 for share in extent(block))
    shifts = [step * number - lag / 2 for number in reversed(range(sheets))]
    return [
        [x + shift - wide, y + shift - high, x + shift + wide, y + shift + high] for shift in shifts
    ]


def caption(block: Block) -> str:
    """What comes out of a block, and how many numbers in it are learned."""
    shape = "×".join(map(str, block.shape))
    return f"{shape}\n" + (f"{block.parameters:,}" if block.parameters else HEADING)


def properties(frame: ReaderFrame, theme: Theme, size: Size) -> Properties:
    """Ranges and colours."""
    return {
        **room(size),
        "0.glyph.fill_color": theme.classes[1],
        "0.glyph.line_color": theme.surface,
        **text(1, theme.ink),
        **text(2, theme.muted),
    }
