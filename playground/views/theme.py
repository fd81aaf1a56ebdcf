"""The one colour language of all views: orange is class 0 and minus, blue is class 1 and plus.

Pictures travel to the browser as one byte a pixel, an index into a palette of 256 colours, so
that a change of theme swaps palettes and leaves the pictures alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

STEPS = 256
Indices = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of everything that is seen, each a hex string such as "#0877bd".

    Attributes
    ----------
    name : str
        "light" or "dark".
    page, surface : str
        The ground of the page and of the cards on it.
    ink, muted : str
        Text, and text that matters less.
    line : str
        Axes, grids and borders.
    neutral : str
        "Undecided" and "zero" in pictures.
    accent : str
        What can be clicked.
    classes : tuple of six str
        Told apart with every common colour vision deficiency (tests/test_theme.py measures it).
    """

    name: str
    page: str
    surface: str
    ink: str
    muted: str
    line: str
    neutral: str
    accent: str
    classes: tuple[str, ...]


LIGHT = Theme(
    name="light",
    page="#f6f7f9",
    surface="#ffffff",
    ink="#1d2430",
    muted="#667085",
    line="#e4e7ec",
    neutral="#f1f2f4",
    accent="#0b6cb3",
    classes=("#f59322", "#0877bd", "#45d3a0", "#5d357c", "#b90f30", "#e6a0d2"),
)
DARK = Theme(
    name="dark",
    page="#0e1218",
    surface="#171c24",
    ink="#e8ebf0",
    muted="#98a2b3",
    line="#2b323e",
    neutral="#1b212a",
    accent="#4aa8ec",
    classes=("#f9a03f", "#4aa8ec", "#55e6ab", "#7450b0", "#c4384a", "#fbb6e4"),
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


def diverging_palette(theme: Theme) -> list[str]:
    """256 colours from class 0 through neutral to class 1; see `value_index`."""
    low, high = theme.classes[:2]
    return [*ramp(low, theme.neutral, STEPS // 2), *ramp(theme.neutral, high, STEPS // 2)]


def masked_diverging_palette(theme: Theme) -> list[str]:
    """`diverging_palette` with index 0 fully transparent, for pictures with gaps."""
    return ["#00000000", *diverging_palette(theme)[1:]]


def class_palette(theme: Theme, k: int) -> list[str]:
    """256 colours, a run of 256 // k from neutral to its own colour for each of k classes.

    What is left over after the last run repeats its last colour. See `class_index`.
    """
    steps_per_class = STEPS // k
    colours = [
        step for own in theme.classes[:k] for step in ramp(theme.neutral, own, steps_per_class)
    ]
    return colours + colours[-1:] * (STEPS - len(colours))


@lru_cache(maxsize=64)
def ramp(start: str, end: str, steps: int) -> tuple[str, ...]:
    """`steps` hex colours in a straight line from `start` to `end`, both included."""
    first, last = (np.array(list(bytes.fromhex(colour[1:])), float) for colour in (start, end))
    line = np.linspace(first, last, steps).round().astype(np.uint8)
    return tuple(f"#{colour.tobytes().hex()}" for colour in line)


def value_index(values: npt.ArrayLike, limit: float) -> Indices:
    """Indices into `diverging_palette` for values between -limit and limit, clipped beyond.

    NaN, which has no colour, is shown as zero is.

    Parameters
    ----------
    values : array of any shape
    limit : float
        Above 0.

    Returns
    -------
    uint8 array of the same shape
    """
    centre = (STEPS - 1) / 2
    scaled = np.asarray(values, np.float32) * np.float32(centre / limit) + np.float32(STEPS / 2)
    scaled = np.nan_to_num(scaled, copy=False, nan=STEPS / 2)
    index: Indices = np.clip(scaled, 0, STEPS - 1, out=scaled).astype(np.uint8)
    return index


def class_index(probabilities: npt.ArrayLike, discretise: bool = False) -> Indices:
    """Indices into `class_palette` for the probabilities of k classes.

    The likeliest class gives the hue, its lead over the next the strength, so that colours run
    through neutral, without a jump, wherever two classes meet.

    Parameters
    ----------
    probabilities : array of shape (..., k)
    discretise : bool
        Show the likeliest class only, at full strength.

    Returns
    -------
    uint8 array of shape (...)
    """
    planes = np.moveaxis(np.asarray(probabilities, np.float32), -1, 0)
    steps_per_class = STEPS // len(planes)
    best, second = planes[0], np.zeros_like(planes[0])
    winner = np.zeros(best.shape, np.uint8)
    for number, plane in enumerate(planes[1:], start=1):
        winner[plane > best] = number
        second = np.maximum(second, np.minimum(best, plane))
        best = np.maximum(best, plane)
    lead = 1 if discretise else np.nan_to_num(best - second)
    strength = np.asarray(lead * (steps_per_class - 1) + 0.5, np.float32).astype(np.uint8)
    index: Indices = winner * np.uint8(steps_per_class) + strength
    return index


def full_colour_index(classes: npt.ArrayLike, k: int) -> Indices:
    """Indices into `class_palette` of the full colours of class numbers, any shape."""
    steps_per_class = STEPS // k
    return (np.asarray(classes) * steps_per_class + (steps_per_class - 1)).astype(np.uint8)


def css(theme: Theme, selector: str = ":root") -> str:
    """The theme as custom properties, `--pg-page` to `--pg-class-5`, for style sheets."""
    names = ("page", "surface", "ink", "muted", "line", "neutral", "accent")
    colours = {name: getattr(theme, name) for name in names}
    colours |= {f"class-{number}": colour for number, colour in enumerate(theme.classes)}
    return (
        f"{selector} {{" + " ".join(f"--pg-{key}: {value};" for key, value in colours.items()) + "}"
    )
