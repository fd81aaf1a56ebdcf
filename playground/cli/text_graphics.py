"""Pictures and bars drawn with characters."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_HALVES = " ▄▀█"  # indexed by 2 * upper half + lower half
_EIGHTHS = " ▏▎▍▌▋▊▉"
_DARK = 96  # grey value from which a pixel is drawn


def half_blocks(picture: npt.NDArray[np.uint8]) -> list[str]:
    """Convert a picture to block characters, each one pixel wide and two pixels high.

    Parameters
    ----------
    picture : uint8 array (h, w), h even
        From 0, paper, to 255, ink.

    Returns
    -------
    list of str
        h / 2 lines of w characters.
    """
    ink = (picture >= _DARK).astype(int)
    return ["".join(_HALVES[pair] for pair in row) for row in 2 * ink[::2] + ink[1::2]]


def bar(share: float, width: int) -> str:
    """Return a bar of `share` (0 to 1) of `width` characters, rounded to an eighth of one."""
    whole, eighths = divmod(round(share * width * 8), 8)
    return ("█" * whole + _EIGHTHS[eighths]).rstrip()
