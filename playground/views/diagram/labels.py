"""Labels around the diagram: features left, layers above, classes right."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from playground.networks.dense.plan import Plan
from playground.views.diagram.diagram_layout import Layout
from playground.views.diagram.levels import margins
from playground.views.name_fitting import fit_names

MIN_TITLE_WIDTH = 65.0  # pixels that the title "features" needs
LETTER_WIDTH = 6.1  # average width of a letter in pixels
TITLE_LETTER = 6.7  # that of digits, of which titles have many
BUTTON = 24.0  # side in pixels of the buttons left and right of a title, and what they are from it
BESIDE_TITLE = (3.0, 6.0)  # least and most pixels between a title and its buttons
LINE = 17.0  # height in pixels of a line of a label
MAX_LINES = 3
FIRST_LINE = 13.0  # pixels from the upper edge to the middle of the first line
FROZEN_MARK = " ❄"


class LabelColumns(NamedTuple):
    """Texts and their positions in pixels."""

    x: list[float]
    y: list[float]
    text: list[str]


@lru_cache(maxsize=32)
def feature_labels(layout: Layout, plan: Plan) -> LabelColumns:
    """Labels of the features, right-aligned."""
    rows = [float(y) for y in layout.y[: layout.starts[1]]]
    return name_labels(layout, plan.features, rows)


@lru_cache(maxsize=32)
def unused_labels(layout: Layout, names: tuple[str, ...]) -> LabelColumns:
    """Labels of the features that the network does not take, right-aligned."""
    return name_labels(layout, names, [float(y) for y in layout.unused_y])


def name_labels(layout: Layout, names: tuple[str, ...], rows: list[float]) -> LabelColumns:
    """Names left of the features' tiles at these heights."""
    edge = layout.blocks[0].left - 8
    room = margins(layout.size).left - 12
    return LabelColumns([edge] * len(rows), rows, fit_names(names, room, _line_count(rows)))


def _line_count(rows: Sequence[float]) -> int:
    """Return how many lines there is room for between tiles at these heights."""
    distance = min((abs(one - other) for one, other in pairwise(rows)), default=MAX_LINES * LINE)
    return max(1, min(MAX_LINES, int(distance / LINE)))


@lru_cache(maxsize=32)
def output_labels(layout: Layout, classes: tuple[str, ...]) -> LabelColumns:
    """Labels of the classes beside their outputs, left-aligned; none if outputs are no classes."""
    if layout.blocks[-1].count != len(classes):
        return LabelColumns([], [], [])
    edge = layout.blocks[-1].right + 18
    rows = [float(y) for y in layout.y[layout.starts[-2] :]]
    room = margins(layout.size).right - 18
    return LabelColumns([edge] * len(rows), rows, fit_names(classes, room, _line_count(rows)))


@lru_cache(maxsize=32)
def layer_titles(layout: Layout, plan: Plan, frozen: tuple[bool, ...]) -> LabelColumns:
    """Title above each level, centred.

    Parameters
    ----------
    frozen : tuple of bool
        Whether all parameters of a layer are frozen, for each layer.
    """
    top = layout.size[1] - FIRST_LINE
    centres = [block.centre for block in layout.blocks]
    room = room_between_levels(layout)
    marks = [FROZEN_MARK if is_frozen else "" for is_frozen in frozen]
    texts = [
        "features" if room >= MIN_TITLE_WIDTH else "",
        *hidden_titles(plan, frozen, room),
        ("output" if room >= MIN_TITLE_WIDTH and not layout.has_open_end else "") + marks[-1],
    ]
    if layout.has_open_end:
        centres[-1] = layout.size[0] - 10  # room for the mark
    heights = [top - text.count("\n") * LINE / 2 for text in texts]
    return LabelColumns(centres, heights, texts)


def room_between_levels(layout: Layout) -> float:
    """Return the least distance between the centres of two levels that follow each other."""
    centres = [block.centre for block in layout.blocks]
    return min(right - left for left, right in pairwise(centres))


def hidden_titles(plan: Plan, frozen: tuple[bool, ...], room: float) -> list[str]:
    """Units of each hidden layer; with the activation if they differ, then also in two lines."""
    marks = [FROZEN_MARK if is_frozen else "" for is_frozen in frozen]
    layers = [
        (layer.units, layer.activation.replace("_", " "), mark)
        for layer, mark in zip(plan.hidden, marks, strict=False)
    ]
    differ = len({activation for _units, activation, _mark in layers}) > 1
    titles = [
        f"{units} {activation if differ else 'neuron' if units == 1 else 'neurons'}{mark}"
        for units, activation, mark in layers
    ]
    if titles and between_buttons(titles) + 2 * (BUTTON + BESIDE_TITLE[0]) <= room:
        return titles
    if not differ:
        return [f"{units}{mark}" for units, _activation, mark in layers]
    return [
        f"{units}\n{shorten_to_width(activation, room)}{mark}" for units, activation, mark in layers
    ]


def between_buttons(titles: Sequence[str], room: float = 0.0) -> float:
    """Return the pixels between the two buttons of each layer, with its title between them.

    Parameters
    ----------
    titles : sequence of str
    room : float
        Pixels from the centre of one level to the next; with more of it the title stands freer.
    """
    widest = max((len(title.partition("\n")[0]) for title in titles), default=0) * TITLE_LETTER
    least, most = BESIDE_TITLE
    return widest + 2 * min(max((room - widest) / 2 - BUTTON, least), most)


def shorten_to_width(name: str, room: float) -> str:
    """Shorten a name to about a width in pixels, with an ellipsis."""
    letters = max(int(room / LETTER_WIDTH), 2)
    return name if len(name) <= letters else name[: letters - 1] + "…"
