"""What the diagram is made of at one moment: the columns of its ten glyphs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict, Unpack

from playground.training.frame import Frame
from playground.views.diagram import labels, marks
from playground.views.diagram.blocks import Size
from playground.views.diagram.curves import curves, looks, pick
from playground.views.diagram.layout import Layout, arrange
from playground.views.diagram.links import choose
from playground.views.diagram.mosaic import pictures
from playground.views.diagram.refs import Ref, exists
from playground.views.theme import Theme

Columns = Mapping[str, Any]
PLUS, MINUS, TILES, OUTLINES, SWATCHES, FROZEN, FOCUS, LEFT, ABOVE, RIGHT = range(10)


class Choices(TypedDict):
    """Switches of the diagram: what is pointed at, and the pixels it is shown in."""

    selected: Ref | None
    hovered: Ref | None
    size: Size


def columns(frame: Frame, theme: Theme, **choices: Unpack[Choices]) -> list[Columns]:
    """Compute the columns of all elements, in the order of their constants."""
    place = layout(frame, choices["size"])
    focus = focused(place, choices)
    links = choose(frame, focus)
    drawn = {**curves(place, links), **looks(place, links, bool(focus))}
    positive = links.weight > 0
    still = tuple(bool(layer.frozen.all()) for layer in frame.layers)
    return [
        pick(drawn, positive),
        pick(drawn, ~positive),
        marks.picture_places(place) | {"image": pictures(place, frame)},
        marks.outlines(place),
        marks.swatches(place, len(frame.classes)),
        marks.frozen(place, frame, links, drawn),
        marks.focus(place, focus),
        labels.features(place, frame.plan)._asdict(),
        labels.titles(place, frame.plan, still)._asdict(),
        labels.outputs(place, frame.classes)._asdict(),
    ]


def layout(frame: Frame, size: Size) -> Layout:
    """Arrange the network of a frame."""
    return arrange((len(frame.plan.features), *frame.plan.widths), size)


def focused(layout: Layout, choices: Choices) -> tuple[Ref, ...]:
    """List what is selected or hovered, unless it has meanwhile left the network."""
    refs = (choices["selected"], choices["hovered"])
    return tuple(ref for ref in refs if ref is not None and exists(ref, layout.counts))
