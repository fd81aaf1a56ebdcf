"""Numbers in sentences."""

from __future__ import annotations

import math

from playground.training.frame import Score


def percent(share: float) -> str:
    """A share (0 to 1) such as "97.5 %"; "–" where there is none."""
    return "–" if math.isnan(share) else f"{share:.1%}".replace("%", " %")


def number(value: float) -> str:
    """A loss or a rate with three significant figures; "–" where there is none."""
    return "–" if math.isnan(value) else f"{value:.3g}"


def counted(count: int, noun: str) -> str:
    """Such as "1 epoch" and "1,200 epochs"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def listed(names: tuple[str, ...]) -> str:
    """Such as "x, y and xy"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def score(result: Score) -> str:
    """A loss, and an accuracy where there is one."""
    if math.isnan(result.accuracy):
        return f"a loss of {number(result.loss)}"
    return f"an accuracy of {percent(result.accuracy)} and a loss of {number(result.loss)}"
