"""Numbers as text, the same wherever they are shown."""

from __future__ import annotations

import math

MISSING = "–"


def format_loss(value: float) -> str:
    """A loss with three significant digits, such as "0.0300"; a dash for NaN."""
    return MISSING if math.isnan(value) else f"{value:#.3g}".removesuffix(".")


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
