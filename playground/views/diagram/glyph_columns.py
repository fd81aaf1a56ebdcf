"""Columns of the diagram's glyphs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict, Unpack

from playground.training.dense.frame import Frame
from playground.views.diagram import labels, outlines
from playground.views.diagram.diagram_layout import Layout, compute_layout
from playground.views.diagram.link_curves import link_curves, link_styles, select_rows
from playground.views.diagram.links import select_links
from playground.views.diagram.refs import FeatureRef, Ref, exists
from playground.views.diagram.tile_images import level_images, unused_image
from playground.views.size_tracking import Size
from playground.views.theme import Theme

Columns = Mapping[str, Any]
(
    PLUS,
    MINUS,
    SHADOWS,
    TILES,
    UNUSED,
    OUTLINES,
    UNUSED_OUTLINES,
    SWATCHES,
    FROZEN,
    FOCUS,
    LEFT,
    UNUSED_LEFT,
    ABOVE,
    RIGHT,
) = range(14)
MAX_UNUSED = 12
"""With more features in all than this, only those that the network takes are drawn."""


class DiagramChoices(TypedDict):
    """Options of the diagram; see `playground.views.diagram.diagram`."""

    selected: Ref | None
    hovered: Ref | FeatureRef | None
    size: Size
    open_end: bool
    has_keys: bool


def columns(frame: Frame, theme: Theme, **choices: Unpack[DiagramChoices]) -> list[Columns]:
    """Compute the columns of all elements, in the order of their constants."""
    layout = layout_for(frame, choices["size"], open_end=choices["open_end"])
    focus = focused_refs(layout, choices)
    links = select_links(frame, focus)
    drawn = {**link_curves(layout, links), **link_styles(layout, links, bool(focus))}
    positive = links.weight > 0
    unused = frame.unused_features if len(layout.unused_x) else ()
    return [
        select_rows(drawn, positive),
        select_rows(drawn, ~positive),
        outlines.shadows(layout),
        outlines.image_positions(layout) | {"image": level_images(layout, frame)},
        outlines.unused_positions(layout) | {"image": [unused_image(layout, frame)]},
        outlines.outlines(layout),
        outlines.unused_outlines(layout),
        outlines.swatches(layout, len(frame.classes)),
        outlines.frozen_marks(layout, frame, links, drawn),
        outlines.focus_outlines(layout, focus, choices["selected"]),
        labels.feature_labels(layout, frame.plan)._asdict(),
        labels.unused_labels(layout, unused)._asdict(),
        title_columns(frame, layout)._asdict(),
        labels.output_labels(layout, frame.classes)._asdict(),
    ]


def title_columns(frame: Frame, layout: Layout) -> labels.LabelColumns:
    """Return the title above each level."""
    layer_is_frozen = tuple(bool(layer.frozen.all()) for layer in frame.layers)
    return labels.layer_titles(layout, frame.plan, layer_is_frozen)


def layout_for(frame: Frame, size: Size, *, open_end: bool = False) -> Layout:
    """Return the layout of a frame's network."""
    names = drawn_features(frame)
    taken = tuple(name in frame.plan.features for name in names)
    counts = (len(frame.plan.features), *frame.plan.widths)
    return compute_layout(counts, size, taken, open_end=open_end)


def drawn_features(frame: Frame) -> tuple[str, ...]:
    """Return the names of the features that are drawn: all, or if they are many those in use."""
    few = 0 < len(frame.all_features) <= MAX_UNUSED
    return frame.all_features if few else frame.plan.features


def focused_refs(layout: Layout, choices: DiagramChoices) -> tuple[Ref, ...]:
    """Return the selected and hovered parts that the network still has."""
    refs = (choices["selected"], choices["hovered"])
    parts = [ref for ref in refs if ref is not None and not isinstance(ref, FeatureRef)]
    return tuple(ref for ref in parts if exists(ref, layout.counts))
