"""Fives: neck, belly and bar, in one stroke or two, joined or not."""

from __future__ import annotations

from collections.abc import Sequence

from playground.ink.hands.paths import chained, smooth, straight
from playground.ink.hands.pen import Many, Path, Pen, Place
from playground.ink.hands.shapes import shape


def _belly(pen: Pen, neck: Place, wide: Many) -> Path:
    return smooth(
        neck,
        pen.at(wide * 0.55, pen.between(0.33, 0.42), 0.02),
        pen.at(wide * pen.between(0.9, 1.1), 0.64, 0.03),
        pen.at(wide * 0.58, 0.98, 0.02),
        pen.at(pen.about(-0.04, 0.06), pen.between(0.8, 1.0), 0.03),
    )


def _neck_and_belly(pen: Pen, top: Place, wide: Many) -> Path:
    neck = pen.at(pen.about(0.0, 0.03), pen.about(0.45, 0.04))
    return chained(straight(top, neck), _belly(pen, neck, wide))


def _bar(pen: Pen, left: Place, wide: Many) -> Path:
    rise = pen.about(-0.02, 0.08)
    return straight(left, pen.at(wide * pen.between(0.65, 1.6), rise, 0.02))


@shape(5, 34)
def in_two_strokes(pen: Pen) -> Sequence[Path]:
    """Neck and belly first, the bar last, and not quite where the neck began."""
    wide = pen.between(0.4, 0.7)
    top = pen.at(pen.about(0.07, 0.04), pen.between(0.0, 0.06))
    bar = _bar(pen, pen.at(pen.about(0.08, 0.06), pen.about(0.0, 0.03)), wide)
    return [_neck_and_belly(pen, top, wide), bar]


@shape(5, 30)
def in_one_stroke(pen: Pen) -> Sequence[Path]:
    """Bar, neck, belly."""
    wide = pen.between(0.4, 0.7)
    top = pen.at(pen.about(0.07, 0.04), 0.02)
    return [chained(_bar(pen, top, wide)[:, ::-1], _neck_and_belly(pen, top, wide))]


@shape(5, 14)
def like_an_s(pen: Pen) -> Sequence[Path]:
    """One swing without corners."""
    wide = pen.between(0.4, 0.7)
    return [
        smooth(
            pen.at(wide * pen.between(0.85, 1.2), pen.about(0.0, 0.03)),
            pen.at(wide * 0.4, 0.02, 0.02),
            pen.at(0.05, 0.22, 0.025),
            pen.at(wide * 0.3, 0.44, 0.02),
            pen.at(wide * 0.95, 0.66, 0.025),
            pen.at(wide * 0.55, 0.98, 0.02),
            pen.at(pen.about(-0.03, 0.05), pen.between(0.84, 1.0), 0.03),
        )
    ]


@shape(5, 8)
def with_a_loose_bar(pen: Pen) -> Sequence[Path]:
    """The bar floats to the right of the neck."""
    wide = pen.between(0.4, 0.65)
    top = pen.at(0.06, pen.between(0.03, 0.14))
    gap = pen.at(wide * pen.between(0.15, 0.5), pen.about(0.0, 0.04))
    return [_neck_and_belly(pen, top, wide), straight(gap, gap + pen.at(wide * 0.8, -0.03))]


@shape(5, 8)
def with_a_round_neck(pen: Pen) -> Sequence[Path]:
    """A belly that starts without a corner, and a bar."""
    wide = pen.between(0.4, 0.7)
    top = pen.at(pen.about(0.1, 0.04), 0.02)
    swing = smooth(
        top,
        pen.at(0.02, 0.36, 0.02),
        pen.at(wide * 0.5, pen.between(0.4, 0.5), 0.02),
        pen.at(wide * 0.98, 0.66, 0.025),
        pen.at(wide * 0.5, 0.99, 0.02),
        pen.at(pen.about(-0.03, 0.05), pen.between(0.84, 1.0), 0.03),
    )
    return [swing, _bar(pen, top, wide)]


@shape(5, 8)
def with_a_plain_hook(pen: Pen) -> Sequence[Path]:
    """The belly falls away to the lower left without turning up again."""
    wide = pen.between(0.35, 0.6)
    top, neck = pen.at(0.05, 0.02), pen.at(pen.about(0.0, 0.03), pen.about(0.42, 0.06))
    belly = smooth(
        neck,
        pen.at(wide * 0.6, pen.between(0.36, 0.48), 0.02),
        pen.at(wide, pen.between(0.56, 0.7), 0.025),
        pen.at(wide * pen.between(0.0, 0.5), 1.0, 0.03),
    )
    return [chained(_bar(pen, top, wide)[:, ::-1], straight(top, neck), belly)]
