"""Numbers in sentences."""

from __future__ import annotations

import math

from playground.number_text import format_loss, format_percent
from playground.training.core.metrics import Score


def format_setting(value: float) -> str:
    """A setting, such as a rate, with at most three significant digits."""
    return f"{value:.3g}"


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
        return f"a loss of {format_loss(result.loss)}"
    accuracy, loss = format_percent(result.accuracy), format_loss(result.loss)
    return f"an accuracy of {accuracy} and a loss of {loss}"
