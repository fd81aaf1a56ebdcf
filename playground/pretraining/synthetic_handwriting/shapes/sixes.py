"""Shapes of the digit 6: a curved or straight stem and a closed or open loop."""

from __future__ import annotations

from collections.abc import Sequence

from playground.pretraining.synthetic_handwriting.pen_paths import chain, polyline, spline
from playground.pretraining.synthetic_handwriting.random_pen import PenPath, RandomPen
from playground.pretraining.synthetic_handwriting.shape_registry import shape


@shape(6, 50)
def bent(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a curved stem and a loop."""
    wide, head = pen.uniform(0.36, 0.66), pen.uniform(0.34, 0.64)
    return [
        spline(
            pen.at(wide * pen.uniform(0.5, 1.05), pen.normal(0.0, 0.02)),
            pen.at(wide * pen.uniform(0.12, 0.34), 0.28),
            pen.at(0.0, 0.65, 0.03),
            pen.at(wide * 0.4, 1.0, 0.02),
            pen.at(wide * 0.97, 0.8, 0.03),
            pen.at(wide * 0.72, head + 0.04, 0.025),
            pen.at(wide * 0.3, head + 0.06, 0.03),
            pen.at(pen.uniform(0.0, 0.15), pen.uniform(0.68, 0.86), 0.03),
        )
    ]


@shape(6, 18)
def straight_stemmed(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a slanted straight stem with a small loop at the bottom."""
    wide, head = pen.uniform(0.38, 0.75), pen.uniform(0.5, 0.7)
    lean = pen.uniform(0.05, 0.65)
    return [
        spline(
            pen.at(lean, 0.0),
            pen.at(lean * 0.5, 0.36),
            pen.at(0.0, 0.74, 0.02),
            pen.at(wide * 0.35, 1.0, 0.02),
            pen.at(wide * 0.95, 0.84, 0.03),
            pen.at(wide * 0.7, head, 0.025),
            pen.at(wide * 0.2, head + 0.08, 0.03),
            pen.at(0.03, 0.8, 0.03),
        )
    ]


@shape(6, 14)
def curled(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 6 whose stem begins with a hook at the right."""
    wide, head = pen.uniform(0.42, 0.66), pen.uniform(0.44, 0.6)
    return [
        spline(
            pen.at(wide * pen.uniform(0.85, 1.05), pen.uniform(0.1, 0.24)),
            pen.at(wide * 0.65, 0.0, 0.02),
            pen.at(wide * 0.18, 0.24),
            pen.at(0.0, 0.64, 0.03),
            pen.at(wide * 0.42, 1.0, 0.02),
            pen.at(wide * 0.98, 0.78, 0.03),
            pen.at(wide * 0.6, head, 0.025),
            pen.at(0.08, 0.7, 0.03),
        )
    ]


@shape(6, 10)
def unclosed(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 6 whose loop ends before it meets the stem, or curls inwards."""
    wide, head = pen.uniform(0.4, 0.66), pen.uniform(0.5, 0.64)
    return [
        spline(
            pen.at(wide * pen.uniform(0.4, 0.95), 0.0),
            pen.at(wide * 0.15, 0.3),
            pen.at(0.0, 0.68, 0.03),
            pen.at(wide * 0.42, 1.0, 0.02),
            pen.at(wide * 0.98, 0.82, 0.03),
            pen.at(wide * 0.75, head + 0.06, 0.03),
            pen.at(wide * pen.uniform(0.3, 0.55), head + pen.uniform(0.02, 0.18), 0.03),
        )
    ]


@shape(6, 8)
def overclosed(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 6 whose loop crosses the stem and ends outside."""
    wide, head = pen.uniform(0.38, 0.62), pen.uniform(0.5, 0.64)
    return [
        spline(
            pen.at(wide * pen.uniform(0.45, 0.95), 0.0),
            pen.at(wide * 0.18, 0.3),
            pen.at(0.0, 0.7, 0.03),
            pen.at(wide * 0.45, 1.0, 0.02),
            pen.at(wide * 0.98, 0.78, 0.03),
            pen.at(wide * 0.55, head, 0.025),
            pen.at(0.0, head + 0.1, 0.03),
            pen.at(-pen.uniform(0.04, 0.14), head + pen.uniform(0.12, 0.24), 0.03),
        )
    ]


@shape(6, 14)
def with_a_large_loop(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 6 whose loop extends nearly to the top, beside the stem or across it."""
    wide, head = pen.uniform(0.5, 0.85), pen.uniform(0.15, 0.42)
    lean = pen.uniform(-0.08, 0.4)
    return [
        spline(
            pen.at(lean, 0.0),
            pen.at(lean * 0.3, 0.35),
            pen.at(0.0, 0.72, 0.03),
            pen.at(wide * 0.35, 1.0, 0.02),
            pen.at(wide * 0.95, 0.72, 0.04),
            pen.at(wide * 0.8, head, 0.03),
            pen.at(wide * 0.4, pen.uniform(0.55, 0.75), 0.04),
            pen.at(wide * pen.uniform(0.1, 0.4), pen.uniform(0.75, 0.95), 0.04),
        )
    ]


@shape(6, 8)
def with_a_bar_for_a_stem(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a straight stem with a corner before the loop, as in a b."""
    wide, head = pen.uniform(0.35, 0.6), pen.uniform(0.45, 0.66)
    lean = pen.uniform(-0.12, 0.2)
    foot = pen.at(0.03, 0.9)
    loop = spline(
        foot,
        pen.at(wide * 0.5, 1.0, 0.02),
        pen.at(wide, 0.8, 0.03),
        pen.at(wide * 0.7, head, 0.025),
        pen.at(wide * pen.uniform(0.1, 0.4), pen.uniform(0.7, 0.85), 0.03),
    )
    return [chain(polyline(pen.at(lean, 0.0), foot), loop)]
