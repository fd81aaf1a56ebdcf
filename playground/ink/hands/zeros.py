"""Zeros: ovals from slim to round, closed or not, now and then barred."""

from __future__ import annotations

from collections.abc import Sequence

from playground.ink.hands.paths import arc, chained, smooth, straight
from playground.ink.hands.pen import Path, Pen
from playground.ink.hands.shapes import shape


def _oval(pen: Pen) -> Path:
    return arc(
        0.35,
        0.5,
        pen.either(0.9, pen.between(0.2, 0.46), pen.between(0.46, 0.65)),
        0.5,
        pen.about(-0.25, 0.06),
        pen.either(0.85, pen.about(1.0, 0.04), pen.between(0.8, 1.0)),
        pen.about(0.0, 0.07),
    )


@shape(0, 60)
def oval(pen: Pen) -> Sequence[Path]:
    """One closed or nearly closed round."""
    return [_oval(pen)]


@shape(0, 12)
def egg(pen: Pen) -> Sequence[Path]:
    """A round with its own bulges."""
    w = pen.between(0.22, 0.42)
    top = pen.at(0, 0, 0.03)
    return [
        smooth(
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
def with_a_tail(pen: Pen) -> Sequence[Path]:
    """The pen overshoots the closing point and curls over the top."""
    w = pen.between(0.22, 0.4)
    return [
        smooth(
            pen.at(w * 0.6, pen.between(-0.02, 0.12)),
            pen.at(0, 0, 0.02),
            pen.at(-w, 0.4, 0.04),
            pen.at(-w * 0.5, 0.9, 0.03),
            pen.at(w * 0.4, 0.95, 0.03),
            pen.at(w, 0.5, 0.04),
            pen.at(w * 0.5, 0.1, 0.03),
            pen.at(-w * 0.2, pen.between(-0.02, 0.1), 0.04),
            pen.at(w * pen.between(-0.6, 0.6), pen.between(-0.1, 0.25), 0.06),
        )
    ]


@shape(0, 4)
def of_two_halves(pen: Pen) -> Sequence[Path]:
    """Two bows that meet at the top and at the foot."""
    w = pen.between(0.22, 0.42)
    return [
        smooth(pen.at(0, 0), pen.at(-w, 0.35), pen.at(-w, 0.65), pen.at(0, 1)),
        smooth(pen.at(0, 0), pen.at(w, 0.35), pen.at(w, 0.65), pen.at(0, 1)),
    ]


@shape(0, 8)
def barred(pen: Pen) -> Sequence[Path]:
    """A bar from the lower left to the upper right tells it from the letter."""
    over = pen.between(-0.22, 0.12)
    bar = straight(pen.at(0.1 - over, 0.85 + over, 0.04), pen.at(0.6 + over, 0.15 - over, 0.04))
    return [_oval(pen), bar]


@shape(0, 2)
def barred_without_lifting(pen: Pen) -> Sequence[Path]:
    """The round runs on into the bar."""
    w = pen.between(0.25, 0.42)
    closing = pen.at(w * 0.6, 0.12, 0.03)
    round_ = smooth(
        closing,
        pen.at(0, 0, 0.02),
        pen.at(-w, 0.4, 0.04),
        pen.at(0, 1, 0.02),
        pen.at(w, 0.5, 0.04),
        pen.at(w * 0.65, 0.14, 0.03),
    )
    return [chained(round_, straight(round_[:, -1], pen.at(-w * 0.7, 0.85, 0.05)))]
