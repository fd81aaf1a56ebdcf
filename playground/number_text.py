"""Numbers as text, the same wherever they are shown."""

from __future__ import annotations

import math

MISSING = "–"


def format_loss(value: float) -> str:
    """A loss with three significant digits, such as "0.0300"; a dash for NaN."""
    return MISSING if math.isnan(value) else f"{value:#.3g}".removesuffix(".")


def time_left(seconds: float) -> str:
    """Return a remaining time as text: 90 s left, 12 min left; an empty string if it is unknown."""
    if not math.isfinite(seconds):
        return ""
    if seconds < 100:
        return f"{seconds:.0f} s left"
    minutes = seconds / 60
    return f"{minutes:.0f} min left" if minutes < 100 else f"{minutes / 60:.0f} h left"


def format_percent(share: float, decimals: int = 1) -> str:
    """Format a fraction as a percentage, rounded down, so that 100% means all.

    What is not finite becomes a dash.

    Parameters
    ----------
    share
        From 0 to 1.
    decimals
        At most so many are written; zeros at the end are not.
    """
    if not math.isfinite(share):
        return MISSING
    scale = 10**decimals
    # 0.7 in single precision is a little less than 0.7: this adds more than that error and less
    # than one sample of ten million.
    return f"{math.floor(100 * scale * (share + 5e-8)) / scale:g}%"
