"""Numbers in sentences."""

from __future__ import annotations

import math

from playground.training.core.metrics import Score


def format_percent(share: float) -> str:
    """A share (0 to 1) such as "97.5 %"; "–" where there is none."""
    return "–" if math.isnan(share) else f"{share:.1%}".replace("%", " %")


def format_number(value: float) -> str:
    """A loss or a rate with three significant figures; "–" where there is none."""
    return "–" if math.isnan(value) else f"{value:.3g}"


def pluralise(count: int, noun: str) -> str:
    """Such as "1 epoch" and "1,200 epochs"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def join_names(names: tuple[str, ...]) -> str:
    """Such as "x, y and xy"."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def describe_score(result: Score) -> str:
    """A loss, and an accuracy where there is one."""
    if math.isnan(result.accuracy):
        return f"a loss of {format_number(result.loss)}"
    accuracy, loss = format_percent(result.accuracy), format_number(result.loss)
    return f"an accuracy of {accuracy} and a loss of {loss}"
