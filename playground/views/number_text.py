"""Numbers as text, the same wherever they are shown."""

from __future__ import annotations

import math

MISSING = "–"


def format_loss(value: float) -> str:
    """A loss with three significant digits, such as "0.0300"; a dash for NaN."""
    return MISSING if math.isnan(value) else f"{value:#.3g}".removesuffix(".")


def format_percent(share: float) -> str:
    """A fraction as a percentage, rounded down, so that 100% means all; a dash for NaN."""
    # The binary 0.57 is a little less than 0.57: this adds more than that error and less than any
    # digit shown.
    return MISSING if math.isnan(share) else f"{math.floor(1000 * share + 1e-6) / 10:g}%"
