"""Shapes of the digit 5: neck, belly and top bar, in one or two strokes, joined or not."""

from __future__ import annotations

from collections.abc import Sequence

from playground.pretraining.synthetic_handwriting.pen_paths import chain, polyline, spline
from playground.pretraining.synthetic_handwriting.random_pen import (
    PenPath,
    PenPoint,
    PerWriter,
    RandomPen,
)
from playground.pretraining.synthetic_handwriting.shape_registry import shape


def _belly(pen: RandomPen, neck: PenPoint, wide: PerWriter) -> PenPath:
    return spline(
        neck,
        pen.at(wide * 0.55, pen.uniform(0.33, 0.42), 0.02),
        pen.at(wide * pen.uniform(0.9, 1.1), 0.64, 0.03),
        pen.at(wide * 0.58, 0.98, 0.02),
        pen.at(pen.normal(-0.04, 0.06), pen.uniform(0.8, 1.0), 0.03),
    )


def _neck_and_belly(pen: RandomPen, top: PenPoint, wide: PerWriter) -> PenPath:
    neck = pen.at(pen.normal(0.0, 0.03), pen.normal(0.45, 0.04))
    return chain(polyline(top, neck), _belly(pen, neck, wide))


def _bar(pen: RandomPen, left: PenPoint, wide: PerWriter) -> PenPath:
    rise = pen.normal(-0.02, 0.08)
    return polyline(left, pen.at(wide * pen.uniform(0.65, 1.6), rise, 0.02))


@shape(5, 34)
def in_two_strokes(pen: RandomPen) -> Sequence[PenPath]:
    """Draw neck and belly, then the bar, which may miss the start of the neck."""
    wide = pen.uniform(0.4, 0.7)
    top = pen.at(pen.normal(0.07, 0.04), pen.uniform(0.0, 0.06))
    bar = _bar(pen, pen.at(pen.normal(0.08, 0.06), pen.normal(0.0, 0.03)), wide)
    return [_neck_and_belly(pen, top, wide), bar]


@shape(5, 30)
def in_one_stroke(pen: RandomPen) -> Sequence[PenPath]:
    """Draw bar, neck and belly in one stroke."""
    wide = pen.uniform(0.4, 0.7)
    top = pen.at(pen.normal(0.07, 0.04), 0.02)
    return [chain(_bar(pen, top, wide)[:, ::-1], _neck_and_belly(pen, top, wide))]


@shape(5, 14)
def like_an_s(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 5 as one smooth curve."""
    wide = pen.uniform(0.4, 0.7)
    return [
        spline(
            pen.at(wide * pen.uniform(0.85, 1.2), pen.normal(0.0, 0.03)),
            pen.at(wide * 0.4, 0.02, 0.02),
            pen.at(0.05, 0.22, 0.025),
            pen.at(wide * 0.3, 0.44, 0.02),
            pen.at(wide * 0.95, 0.66, 0.025),
            pen.at(wide * 0.55, 0.98, 0.02),
            pen.at(pen.normal(-0.03, 0.05), pen.uniform(0.84, 1.0), 0.03),
        )
    ]


@shape(5, 8)
def with_a_loose_bar(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 5 whose bar is detached, to the right of the neck."""
    wide = pen.uniform(0.4, 0.65)
    top = pen.at(0.06, pen.uniform(0.03, 0.14))
    gap = pen.at(wide * pen.uniform(0.15, 0.5), pen.normal(0.0, 0.04))
    return [_neck_and_belly(pen, top, wide), polyline(gap, gap + pen.at(wide * 0.8, -0.03))]


@shape(5, 8)
def with_a_round_neck(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 5 without a corner between neck and belly, and a bar."""
    wide = pen.uniform(0.4, 0.7)
    top = pen.at(pen.normal(0.1, 0.04), 0.02)
    swing = spline(
        top,
        pen.at(0.02, 0.36, 0.02),
        pen.at(wide * 0.5, pen.uniform(0.4, 0.5), 0.02),
        pen.at(wide * 0.98, 0.66, 0.025),
        pen.at(wide * 0.5, 0.99, 0.02),
        pen.at(pen.normal(-0.03, 0.05), pen.uniform(0.84, 1.0), 0.03),
    )
    return [swing, _bar(pen, top, wide)]


@shape(5, 8)
def with_a_plain_hook(pen: RandomPen) -> Sequence[PenPath]:
    """Draw a 5 whose belly ends at the lower left without turning up."""
    wide = pen.uniform(0.35, 0.6)
    top, neck = pen.at(0.05, 0.02), pen.at(pen.normal(0.0, 0.03), pen.normal(0.42, 0.06))
    belly = spline(
        neck,
        pen.at(wide * 0.6, pen.uniform(0.36, 0.48), 0.02),
        pen.at(wide, pen.uniform(0.56, 0.7), 0.025),
        pen.at(wide * pen.uniform(0.0, 0.5), 1.0, 0.03),
    )
    return [chain(_bar(pen, top, wide)[:, ::-1], polyline(top, neck), belly)]
