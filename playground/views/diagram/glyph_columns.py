"""What the diagram is made of at one moment: the columns of its ten glyphs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict, Unpack

from playground.training.dense.frame import Frame
from playground.views.diagram import labels, outlines
from playground.views.diagram.diagram_layout import Layout, compute_layout
from playground.views.diagram.levels import Size
from playground.views.diagram.link_curves import link_curves, link_styles, select_rows
from playground.views.diagram.links import select_links
from playground.views.diagram.refs import Ref, exists
from playground.views.diagram.tile_images import level_images
from playground.views.theme import Theme

Columns = Mapping[str, Any]
PLUS, MINUS, TILES, OUTLINES, SWATCHES, FROZEN, FOCUS, LEFT, ABOVE, RIGHT = range(10)


class DiagramChoices(TypedDict):
    """Switches of the diagram: what is pointed at, and the pixels it is shown in."""

    selected: Ref | None
    hovered: Ref | None
    size: Size


def columns(frame: Frame, theme: Theme, **choices: Unpack[DiagramChoices]) -> list[Columns]:
    """Compute the columns of all elements, in the order of their constants."""
    place = layout(frame, choices["size"])
    focus = focused_refs(place, choices)
    links = select_links(frame, focus)
    drawn = {**link_curves(place, links), **link_styles(place, links, bool(focus))}
    positive = links.weight > 0
    layer_is_frozen = tuple(bool(layer.frozen.all()) for layer in frame.layers)
    return [
        select_rows(drawn, positive),
        select_rows(drawn, ~positive),
        outlines.picture_places(place) | {"image": level_images(place, frame)},
        outlines.outlines(place),
        outlines.swatches(place, len(frame.classes)),
        outlines.frozen(place, frame, links, drawn),
        outlines.focus(place, focus),
        labels.features(place, frame.plan)._asdict(),
        labels.titles(place, frame.plan, layer_is_frozen)._asdict(),
        labels.outputs(place, frame.classes)._asdict(),
    ]


def layout(frame: Frame, size: Size) -> Layout:
    """Arrange the network of a frame."""
    return compute_layout((len(frame.plan.features), *frame.plan.widths), size)


def focused_refs(layout: Layout, choices: DiagramChoices) -> tuple[Ref, ...]:
    """List what is selected or hovered, unless it has meanwhile left the network."""
    refs = (choices["selected"], choices["hovered"])
    return tuple(ref for ref in refs if ref is not None and exists(ref, layout.counts))
