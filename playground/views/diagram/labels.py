"""The words around the diagram: features left, layers above, classes right."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from playground.networks.plan import Layer, Plan
from playground.views.diagram.blocks import margins
from playground.views.diagram.layout import Layout

WIDE = 78.0  # a column so wide has room for "4 tanh" in one line
ROOMY = 60.0  # ... for "features" beside the next title
LETTER = 5.6  # about the width of a letter, in pixels
FROZEN = " ❄"


class Words(NamedTuple):
    """Texts and where they are."""

    x: list[float]
    y: list[float]
    text: list[str]


@lru_cache(maxsize=32)
def features(layout: Layout, plan: Plan) -> Words:
    """Name the features, to be set flush right."""
    edge = layout.blocks[0].left - layout.dot - 5
    rows = [float(y) for y in layout.y[: layout.starts[1]]]
    room = margins(layout.size).left - 12
    return Words([edge] * len(rows), rows, [shorten(name, room) for name in plan.features])


@lru_cache(maxsize=32)
def outputs(layout: Layout, classes: tuple[str, ...]) -> Words:
    """Name the classes beside their outputs, to be set flush left."""
    if layout.blocks[-1].count != len(classes):
        return Words([], [], [])
    edge = layout.blocks[-1].right + 18
    rows = [float(y) for y in layout.y[layout.starts[-2] :]]
    room = margins(layout.size).right - 18
    return Words([edge] * len(rows), rows, [shorten(name, room) for name in classes])


@lru_cache(maxsize=32)
def titles(layout: Layout, plan: Plan, frozen: tuple[bool, ...]) -> Words:
    """Say above each level what it is, to be centred.

    Parameters
    ----------
    frozen : tuple of bool
        Of each layer, whether none of its parameters is trained.
    """
    height = layout.size[1] - margins(layout.size).top / 2
    centres = [block.centre for block in layout.blocks]
    room = min(right - left for left, right in pairwise(centres))
    marks = [FROZEN if still else "" for still in frozen]
    texts = [
        "features" if room >= ROOMY else "",
        *(title(layer, mark, room) for layer, mark in zip(plan.hidden, marks, strict=False)),
        ("output" if room >= ROOMY else "") + marks[-1],
    ]
    return Words(centres, [height] * len(centres), texts)


def title(layer: Layer, mark: str, room: float) -> str:
    """Name units and activation of a hidden layer, in two lines where it is narrow."""
    activation = layer.activation.replace("_", " ")
    if room >= WIDE:
        return f"{layer.units} {shorten(activation, room - 20)}{mark}"
    return f"{layer.units}{mark}\n{shorten(activation, room)}"


def shorten(name: str, room: float) -> str:
    """Cut a name, with dots, to what fits into so many pixels."""
    letters = max(int(room / LETTER), 2)
    return name if len(name) <= letters else name[: letters - 1] + "…"
