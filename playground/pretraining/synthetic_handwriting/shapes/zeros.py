"""Shapes of the digit 0: ovals from slim to round, closed or open, some with a bar."""

from __future__ import annotations

from collections.abc import Sequence

from playground.pretraining.synthetic_handwriting.pen_paths import arc, chain, polyline, spline
from playground.pretraining.synthetic_handwriting.random_pen import PenPath, RandomPen
from playground.pretraining.synthetic_handwriting.shape_registry import shape


def _oval(pen: RandomPen) -> PenPath:
    return arc(
        0.35,
        0.5,
        pen.choose(0.9, pen.uniform(0.2, 0.46), pen.uniform(0.46, 0.65)),
        0.5,
        pen.normal(-0.25, 0.06),
        pen.choose(0.85, pen.normal(1.0, 0.04), pen.uniform(0.8, 1.0)),
        pen.normal(0.0, 0.07),
    )


@shape(0, 60)
def oval(pen: RandomPen) -> Sequence[PenPath]:
    """Draw one closed or nearly closed ellipse."""
    return [_oval(pen)]


@shape(0, 12)
def egg(pen: RandomPen) -> Sequence[PenPath]:
    """Draw an irregular closed curve."""
    w = pen.uniform(0.22, 0.42)
    top = pen.at(0, 0, 0.03)
    return [
        spline(
            top,
            pen.at(-w, 0.3, 0.05),
            pen.at(-w, 0.68, 0.05),
            pen.at(0, 1, 0.03),
            pen.at(w, 0.68, 0.05),
            pen.at(w, 0.32, 0.05),
            pen.at(0.03, 0.01, 0.05),
        )
    ]


@shape(0, 12)
def with_a_tail(pen: RandomPen) -> Sequence[PenPath]:
    """Draw an oval whose end passes its start and curls over the top."""
    w = pen.uniform(0.22, 0.4)
    return [
        spline(
            pen.at(w * 0.6, pen.uniform(-0.02, 0.12)),
            pen.at(0, 0, 0.02),
            pen.at(-w, 0.4, 0.04),
            pen.at(-w * 0.5, 0.9, 0.03),
            pen.at(w * 0.4, 0.95, 0.03),
            pen.at(w, 0.5, 0.04),
            pen.at(w * 0.5, 0.1, 0.03),
            pen.at(-w * 0.2, pen.uniform(-0.02, 0.1), 0.04),
            pen.at(w * pen.uniform(-0.6, 0.6), pen.uniform(-0.1, 0.25), 0.06),
        )
    ]


@shape(0, 4)
def of_two_halves(pen: RandomPen) -> Sequence[PenPath]:
    """Draw two arcs that meet at the top and at the bottom."""
    w = pen.uniform(0.22, 0.42)
    return [
        spline(pen.at(0, 0), pen.at(-w, 0.35), pen.at(-w, 0.65), pen.at(0, 1)),
        spline(pen.at(0, 0), pen.at(w, 0.35), pen.at(w, 0.65), pen.at(0, 1)),
    ]


@shape(0, 8)
def barred(pen: RandomPen) -> Sequence[PenPath]:
    """Draw an oval and a bar from the lower left to the upper right, unlike the letter O."""
    over = pen.uniform(-0.22, 0.12)
    bar = polyline(pen.at(0.1 - over, 0.85 + over, 0.04), pen.at(0.6 + over, 0.15 - over, 0.04))
    return [_oval(pen), bar]


@shape(0, 2)
def barred_without_lifting(pen: RandomPen) -> Sequence[PenPath]:
    """Draw an oval and a bar in one stroke."""
    w = pen.uniform(0.25, 0.42)
    closing = pen.at(w * 0.6, 0.12, 0.03)
    round_ = spline(
        closing,
        pen.at(0, 0, 0.02),
        pen.at(-w, 0.4, 0.04),
        pen.at(0, 1, 0.02),
        pen.at(w, 0.5, 0.04),
        pen.at(w * 0.65, 0.14, 0.03),
    )
    return [chain(round_, polyline(round_[:, -1], pen.at(-w * 0.7, 0.85, 0.05)))]
