"""Layouts of the network diagram in several sizes, of which the browser chooses one."""

from __future__ import annotations

from itertools import product
from typing import Any

from playground.networks.dense.plan import Plan
from playground.views.diagram import labels
from playground.views.diagram.diagram_layout import Layout, compute_layout
from playground.views.diagram.labels import LabelColumns

SIZES = tuple(product((320, 400, 520, 660, 820), (260, 340, 420)))
"""Widths and heights in pixels."""


def diagram_layouts(plan: Plan, classes: tuple[str, ...]) -> list[dict[str, Any]]:
    """Compute the layout for each of `SIZES`, in pixels from the lower left corner."""
    counts = (len(plan.features), *plan.widths)
    return [_layout_json(compute_layout(counts, size), plan, classes) for size in SIZES]


def _layout_json(layout: Layout, plan: Plan, classes: tuple[str, ...]) -> dict[str, Any]:
    frozen = (False,) * len(plan.layers)
    return {
        "size": layout.size,
        "tile": layout.tile,
        "dot": layout.dot,
        "cells": layout.resolution.cells,
        "starts": layout.starts.tolist(),
        **{name: _round(getattr(layout, name)) for name in ("x", "y", "port")},
        "lefts": [block.left for block in layout.blocks],
        "rights": [block.right for block in layout.blocks],
        "labels": [
            *_label_json(labels.feature_labels(layout, plan), "right"),
            *_label_json(labels.layer_titles(layout, plan, frozen), "center"),
            *_label_json(labels.output_labels(layout, classes), "left"),
        ],
    }


def _round(values: Any) -> list[float]:  # noqa: ANN401 (float32 array)
    return [round(float(value), 2) for value in values]


def _label_json(columns: LabelColumns, align: str) -> list[dict[str, Any]]:
    rows = zip(columns.x, columns.y, columns.text, strict=True)
    return [{"x": x, "y": y, "text": text, "align": align} for x, y, text in rows if text]
