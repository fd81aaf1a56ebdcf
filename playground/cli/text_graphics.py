"""Pictures and bars made of characters."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_HALVES = " ▄▀█"  # by upper half * 2 + lower half
_EIGHTHS = " ▏▎▍▌▋▊▉"
_DARK = 96


def half_blocks(picture: npt.NDArray[np.uint8]) -> list[str]:
    """Show a picture in characters, each two pixels high: where there is ink, a block.

    Parameters
    ----------
    picture : uint8 array (h, w), h even
        0 is paper.

    Returns
    -------
    list of str
        h / 2 lines of w characters.
    """
    ink = (picture >= _DARK).astype(int)
    return ["".join(_HALVES[pair] for pair in row) for row in 2 * ink[::2] + ink[1::2]]


def bar(share: float, width: int) -> str:
    """Make a bar of at most `width` characters, to an eighth of one; `share` is 0 to 1."""
    whole, eighths = divmod(round(share * width * 8), 8)
    return ("█" * whole + _EIGHTHS[eighths]).rstrip()
