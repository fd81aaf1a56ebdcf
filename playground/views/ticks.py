"""Ticks of axes: their positions and labels.

Bokeh cannot change an axis from linear to logarithmic in place. So logarithms are plotted on a
linear axis, and ticks and labels, which can change in place, are computed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, floor, log10
from typing import Any

from playground.problems.preprocessing import Scaler

TickLabels = Mapping[float, str]
MAX_LABEL_LENGTH = 7
"""Characters of a label; longer ones would overlap, or leave their figure."""


def linear(low: float, high: float, max_labels: int = 6) -> TickLabels:
    """Labels by position: multiples of 1, 2 or 5 times a power of ten.

    Parameters
    ----------
    low, high : float
        The range of the axis, `low` below `high`.
    max_labels : int
        About the largest number of labels.
    """
    step = round_up((high - low) / max_labels)
    multiples = range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)
    return {
        place: format_tick(place) for place in (float(f"{each * step:.12g}") for each in multiples)
    }


def in_units(
    low: float, high: float, places: Scaler, column: int, max_labels: int
) -> tuple[TickLabels, str]:
    """Labels in the units of an input, by position on an axis from `low` to `high`.

    Large numbers that hardly differ, such as times in seconds, are shown as differences from one
    of them.

    Parameters
    ----------
    low, high : float
        The range of the axis, in coordinates of the plane.
    places : Scaler
        The scaling between units and coordinates.
    column : int
        The number of the input.
    max_labels : int
        About the largest number of labels.

    Returns
    -------
    labels : TickLabels
    reference : str
        The number from which the labels are differences; "" where they are the numbers.
    """
    if places.is_identity:
        return linear(low, high, max_labels), ""
    place = column % len(places.scale)
    offset, scale = float(places.offset[place]), float(places.scale[place])
    # Differences from a round number near the middle are exact where numbers are large.
    step = round_up((high - low) * scale / max_labels)
    middle = round(offset / step) * step
    shift = (offset - middle) / scale
    multiples = range(
        ceil((low + shift) * scale / step - 1e-9), floor((high + shift) * scale / step + 1e-9) + 1
    )
    numbers = {
        each * step / scale - shift: float(f"{middle + each * step:.12g}") for each in multiples
    }
    labels = {place: format_tick(number) for place, number in numbers.items()}
    if max(map(len, labels.values()), default=0) <= MAX_LABEL_LENGTH:
        return labels, ""
    unit = 10.0 ** ceil(log10(2 * max_labels * step))
    reference = floor(min(numbers.values()) / unit) * unit
    differences = {
        place: format_tick(float(f"{number - reference:.12g}")) for place, number in numbers.items()
    }
    return differences, f"{reference:,.{max(0, -floor(log10(unit)))}f}"


def logarithmic(low: float, high: float) -> TickLabels:
    """Labels by position on an axis of logarithms to base ten, from `low` to `high`."""
    if high - low < 1:
        return {log10(value): label for value, label in linear(10**low, 10**high).items()}
    if high - low > 4:
        decades = linear(low, high, 5)
        return {place: format_tick(10**place) for place in decades if place == round(place)}
    factors = (1, 2, 5) if high - low < 2 else (1,)
    powers = range(floor(low), ceil(high) + 1)
    values = (float(f"{factor}e{power}") for power in powers for factor in factors)
    return {log10(value): format_tick(value) for value in values if low <= log10(value) <= high}


def round_up(size: float) -> float:
    """Round up to 1, 2 or 5 times a power of ten; `size` is above 0."""
    power = 10.0 ** floor(log10(size))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= size * (1 - 1e-9))


def format_tick(value: float) -> str:
    """Format a number for an axis: "0.05", "2500", "15k", "1.5M", "2e9", "1e−5"."""
    if 10_000 <= abs(value) < 1e6:
        text = f"{value / 1000:g}k"
    elif 1e6 <= abs(value) < 1e9:
        text = f"{value / 1e6:.10g}M"
    elif abs(value) >= 1e9:
        mantissa, exponent = f"{value:.11e}".split("e")
        text = f"{float(mantissa):.11g}e{int(exponent)}"
    else:
        text = f"{value:.12g}".replace("e-0", "e-").replace("e+0", "e")
    return text.replace("-", "−")


def axis(name: str, labels: TickLabels) -> dict[str, Any]:
    """Properties that put labels on "xaxis" or "yaxis"; see `live_view.Properties`.

    The axis must have been declared with the ticks `PATCHED_TICKS`.
    """
    positions: Sequence[float] = list(labels)
    return {f"0.{name}.ticker.ticks": positions, f"0.{name}.major_label_overrides": dict(labels)}


PATCHED_TICKS = [(0.0, "")]
"""Ticks with which an axis is declared in HoloViews if its labels are patched."""
