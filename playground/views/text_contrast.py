"""Which text can be read on which ground."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from playground.views.theme import Theme


def use_surface_text(palette: Sequence[str], theme: Theme) -> npt.NDArray[np.bool_]:
    """Whether text on each colour of a palette is better in the theme's surface than its ink.

    By the contrast ratio of the Web Content Accessibility Guidelines 2.2.

    Returns
    -------
    bool array of shape (len(palette),)
    """
    backgrounds = luminance(palette) + 0.05
    ink, surface = luminance([theme.ink, theme.surface]) + 0.05
    return contrast_ratio(backgrounds, surface) > contrast_ratio(backgrounds, ink)


def contrast_ratio(one: npt.NDArray[np.float64], other: float) -> npt.NDArray[np.float64]:
    """Brighter over darker."""
    return np.maximum(one, other) / np.minimum(one, other)


def luminance(colours: Sequence[str]) -> npt.NDArray[np.float64]:
    """Relative luminance, 0 (black) to 1 (white), of hex colours in sRGB."""
    levels = np.array([list(bytes.fromhex(colour[1:])) for colour in colours]) / 255
    linear = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    shares = np.array([0.2126, 0.7152, 0.0722])
    brightness: npt.NDArray[np.float64] = linear @ shares
    return brightness
