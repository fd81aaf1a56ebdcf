"""Columns of the diagram's ten glyphs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict, Unpack

from playground.training.dense.frame import Frame
from playground.views.diagram import labels, outlines
from playground.views.diagram.diagram_layout import Layout, compute_layout
from playground.views.diagram.link_curves import link_curves, link_styles, select_rows
from playground.views.diagram.links import select_links
from playground.views.diagram.refs import Ref, exists
from playground.views.diagram.tile_images import level_images
from playground.views.size_tracking import Size
from playground.views.theme import Theme

Columns = Mapping[str, Any]
PLUS, MINUS, TILES, OUTLINES, SWATCHES, FROZEN, FOCUS, LEFT, ABOVE, RIGHT = range(10)


class DiagramChoices(TypedDict):
    """Options of the diagram: selected and hovered parts, and its size in pixels."""

    selected: Ref | None
    hovered: Ref | None
    size: Size


def columns(frame: Frame, theme: Theme, **choices: Unpack[DiagramChoices]) -> list[Columns]:
    """Compute the columns of all elements, in the order of their constants."""
    layout = layout_for(frame, choices["size"])
    focus = focused_refs(layout, choices)
    links = select_links(frame, focus)
    drawn = {**link_curves(layout, links), **link_styles(layout, links, bool(focus))}
    positive = links.weight > 0
    layer_is_frozen = tuple(bool(layer.frozen.all()) for layer in frame.layers)
    return [
        select_rows(drawn, positive),
        select_rows(drawn, ~positive),
        outlines.image_positions(layout) | {"image": level_images(layout, frame)},
        outlines.outlines(layout),
        outlines.swatches(layout, len(frame.classes)),
        outlines.frozen_marks(layout, frame, links, drawn),
        outlines.focus_outlines(layout, focus),
        labels.feature_labels(layout, frame.plan)._asdict(),
        labels.layer_titles(layout, frame.plan, layer_is_frozen)._asdict(),
        labels.output_labels(layout, frame.classes)._asdict(),
    ]


def layout_for(frame: Frame, size: Size) -> Layout:
    """Return the layout of a frame's network."""
    return compute_layout((len(frame.plan.features), *frame.plan.widths), size)


def focused_refs(layout: Layout, choices: DiagramChoices) -> tuple[Ref, ...]:
    """Return the selected and hovered parts that the network still has."""
    refs = (choices["selected"], choices["hovered"])
    return tuple(ref for ref in refs if ref is not None and exists(ref, layout.counts))
