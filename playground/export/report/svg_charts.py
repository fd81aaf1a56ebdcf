"""Curves over epochs as SVG, written without a plotting library, and free of scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from playground.problems.problem import Floats
from playground.views.theme import LIGHT
from playground.views.ticks import TickLabels, linear

WIDTH, HEIGHT = 560, 260
LEFT, RIGHT, TOP, BOTTOM = 56, 14, 28, 40
COLOURS = LIGHT.classes[1], LIGHT.classes[0]


@dataclass(frozen=True, slots=True)
class Line:
    """One curve: its name, and its values at the epochs of the chart, NaN where there are none."""

    name: str
    values: Floats


def line_chart(
    epochs: Floats, lines: Sequence[Line], quantity: str, top: float | None = None
) -> bytes:
    """Draw curves.

    Parameters
    ----------
    epochs : float array of shape (n,)
        Rising.
    lines : sequence of Line
        One or two; those without a finite value are left out.
    quantity : str
        What the vertical axis shows.
    top : float, optional
        Where that axis ends; above the largest value if left out. It begins at 0.

    Returns
    -------
    bytes
        An SVG of `WIDTH` × `HEIGHT`.
    """
    visible = [line for line in lines if np.isfinite(line.values).any()]
    highest = max((float(np.nanmax(_finite(line.values))) for line in visible), default=1.0)
    scale = _Scale(max(float(epochs[-1]), 1.0) if len(epochs) else 1.0, top or 1.05 * highest or 1)
    parts = [
        *_axes(scale, quantity),
        *(_curve(epochs, line, scale, COLOURS[n]) for n, line in enumerate(visible)),
        *_legend(visible),
    ]
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" font-size="12">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{LIGHT.surface}"/>{"".join(parts)}</svg>'
    )
    return text.encode()


@dataclass(frozen=True, slots=True)
class _Scale:
    """Conversion of epochs and values to positions in the picture."""

    right: float
    top: float

    def x(self, epoch: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * epoch / self.right

    def y(self, value: float) -> float:
        clipped = min(max(value, 0.0), self.top)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * clipped / self.top


def _axes(scale: _Scale, quantity: str) -> Iterator[str]:
    across: TickLabels = linear(0, scale.right)
    for value, label in linear(0, scale.top, 5).items():
        y = scale.y(value)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{LIGHT.line}"/>'
        yield _label(LEFT - 6, y + 4, label, "end")
    for epoch, label in across.items():
        yield _label(scale.x(epoch), HEIGHT - BOTTOM + 16, label, "middle")
    yield _label((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, "epoch", "middle")
    yield _label(LEFT, TOP - 12, quantity, "start")


def _label(x: float, y: float, text: str, anchor: str) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text {place} fill="{LIGHT.muted}">{escape(text)}</text>'


def _curve(epochs: Floats, line: Line, scale: _Scale, colour: str) -> str:
    path, pen_down = "", False
    for epoch, value in zip(epochs.tolist(), _finite(line.values).tolist(), strict=True):
        known = np.isfinite(value)
        if known:
            path += f"{'L' if pen_down else 'M'}{scale.x(epoch):.1f} {scale.y(value):.1f}"
        pen_down = bool(known)
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _legend(lines: Sequence[Line]) -> Iterator[str]:
    for number, line in enumerate(lines):
        x = WIDTH - RIGHT - 110 * (len(lines) - number)
        yield f'<path d="M{x} {TOP - 16}h18" stroke="{COLOURS[number]}" stroke-width="3"/>'
        yield _label(x + 24, TOP - 12, line.name, "start")


def _finite(values: Floats) -> Floats:
    """The values with NaN for what is infinite."""
    return np.where(np.isfinite(values), values, np.nan)
