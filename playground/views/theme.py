"""Colours of all views: orange for class 0 and negative values, blue for class 1 and positive ones.

Pictures are sent to the browser as one byte a pixel, an index into a palette of 256 colours. A
change of theme replaces the palettes and leaves the pictures as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

STEPS = 256
MARGIN_EASE, MARGIN_TOP = 4.0, 40.0
"""Margins of half the strength that they could have, and from which on all have the full one."""
SMALLEST_GAP = np.float32(1e-18)
"""Less than 1 by which a lead can be: about the margin `MARGIN_TOP`."""
Indices = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours of pages and views, each a hex string such as "#0877bd".

    Attributes
    ----------
    name : str
        "light" or "dark".
    page, surface : str
        Backgrounds of the page and of the cards on it.
    ink, muted : str
        Text, and secondary text.
    line : str
        Axes, grids and borders.
    neutral : str
        Undecided predictions and the value 0 in pictures.
    band : str
        Background of the header, whose text and controls have the colours of the dark theme.
    accent : str
        Links, buttons and highlights: ink, since orange and blue stand for classes and signs.
    classes : tuple of twelve str
        Distinguishable with every common colour vision deficiency
        (tests/views/test_theme.py measures it).
    """

    name: str
    page: str
    surface: str
    ink: str
    muted: str
    line: str
    neutral: str
    band: str
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
    band="#1d2430",
    accent="#1d2430",
    classes=(
        *("#f59322", "#0877bd", "#45d3a0", "#5d357c", "#b90f30", "#e6a0d2"),
        *("#590a30", "#b6e27e", "#9f638a", "#3337ad", "#9e0cff", "#00003d"),
    ),
)
DARK = Theme(
    name="dark",
    page="#0e1218",
    surface="#171c24",
    ink="#e8ebf0",
    muted="#98a2b3",
    line="#2b323e",
    neutral="#1b212a",
    band="#171c24",
    accent="#e8ebf0",
    classes=(
        *("#f9a03f", "#4aa8ec", "#55e6ab", "#7450b0", "#c4384a", "#fbb6e4"),
        *("#e1ec8d", "#ad67a0", "#b16011", "#6f987f", "#613dff", "#610c00"),
    ),
)


def diverging_palette(theme: Theme) -> list[str]:
    """256 colours from class 0 through neutral to class 1; see `value_index`."""
    low, high = theme.classes[:2]
    return [*ramp(low, theme.neutral, STEPS // 2), *ramp(theme.neutral, high, STEPS // 2)]


def masked_diverging_palette(theme: Theme) -> list[str]:
    """`diverging_palette` with index 0 fully transparent, for pictures with gaps."""
    return ["#00000000", *diverging_palette(theme)[1:]]


def class_palette(theme: Theme, k: int) -> list[str]:
    """256 colours: for each of k classes 256 // k of them, from neutral to the class's colour.

    The last colour is repeated until there are 256. See `class_index`.
    """
    steps_per_class = STEPS // k
    colours = [
        step for own in theme.classes[:k] for step in ramp(theme.neutral, own, steps_per_class)
    ]
    return colours + colours[-1:] * (STEPS - len(colours))


def margin_palette(theme: Theme, k: int, discretise: bool = False) -> list[str]:
    """256 colours for `margin_index`, which look like those of `class_palette` for `class_index`.

    Parameters
    ----------
    theme : Theme
    k : int
        Classes.
    discretise : bool
        Give each class its full colour, whatever its margin.
    """
    steps_per_class = STEPS // k
    share = (np.arange(steps_per_class) / steps_per_class) * MARGIN_TOP / (MARGIN_EASE + MARGIN_TOP)
    lead = np.tanh(MARGIN_EASE * share / (1 - share) / 2)
    shades = np.full(steps_per_class, STEPS - 1) if discretise else (lead * (STEPS - 1)).round()
    colours = [
        ramp(theme.neutral, own, STEPS)[int(shade)] for own in theme.classes[:k] for shade in shades
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

    NaN has the index of zero.

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
    if np.isnan(scaled).any():
        scaled = np.where(np.isnan(scaled), np.float32(STEPS / 2), scaled)
    index: Indices = np.clip(scaled, 0, STEPS - 1, out=scaled).astype(np.uint8)
    return index


def class_index(probabilities: npt.ArrayLike) -> Indices:
    """Indices into `class_palette` for the probabilities of k classes.

    The most probable class gives the hue, its lead over the second the strength, so that colours
    change without a jump, through neutral, where the prediction changes.

    Parameters
    ----------
    probabilities : array of shape (..., k)

    Returns
    -------
    uint8 array of shape (...)
    """
    winner, gap, steps_per_class = _leaders(probabilities)
    strength = np.asarray((1 - gap) * (steps_per_class - 1) + 0.5, np.float32).astype(np.uint8)
    index: Indices = winner * np.uint8(steps_per_class) + strength
    return index


def margin_index(probabilities: npt.ArrayLike) -> Indices:
    """Indices into `margin_palette` for the probabilities of k classes.

    Like `class_index`, but the strength says the margin, the log-odds of the lead: it goes on
    growing where a network is nearly sure, so that the place of a border between two cells can be
    told from it. `serving/patches/finer_pictures.js` does.

    Parameters
    ----------
    probabilities : array of shape (..., k)

    Returns
    -------
    uint8 array of shape (...)
    """
    winner, gap, steps_per_class = _leaders(probabilities)
    margin = np.log((2 - gap) / gap)
    full = np.float32(steps_per_class * (MARGIN_EASE + MARGIN_TOP) / MARGIN_TOP)
    strength = np.minimum(full * margin / (margin + np.float32(MARGIN_EASE)), steps_per_class - 1)
    index: Indices = winner * np.uint8(steps_per_class) + strength.astype(np.uint8)
    return index


def _leaders(
    probabilities: npt.ArrayLike,
) -> tuple[Indices, npt.NDArray[np.float32], int]:
    """Return who leads, by how much less than 1, and the steps of a class in palettes.

    That difference keeps its precision where the lead rounds to 1; it is 1 for NaN.
    """
    planes = np.moveaxis(np.asarray(probabilities, np.float32), -1, 0)
    if len(planes) == 2:  # Most pictures are of two classes.
        winner = (planes[1] > planes[0]).view(np.uint8)
        second = others = np.minimum(*planes)
    else:
        best = planes[0]
        winner = np.zeros(best.shape, np.uint8)
        second = others = np.zeros_like(best)
        for number, plane in enumerate(planes[1:], start=1):
            winner[plane > best] = number
            lower = np.minimum(best, plane)
            second, others = np.maximum(second, lower), others + lower
            best = np.maximum(best, plane)
    gap = np.fmin(np.maximum(second + others, SMALLEST_GAP), np.float32(1))
    return winner, gap, STEPS // len(planes)


def full_colour_index(classes: npt.ArrayLike, k: int) -> Indices:
    """Indices into `class_palette` of the full colours of k classes, for class numbers."""
    steps_per_class = STEPS // k
    return (np.asarray(classes) * steps_per_class + (steps_per_class - 1)).astype(np.uint8)


def use_surface_text(palette: Sequence[str], theme: Theme) -> npt.NDArray[np.bool_]:
    """Whether text on each colour of a palette has more contrast in `surface` than in `ink`.

    By the contrast ratio of the Web Content Accessibility Guidelines 2.2.

    Returns
    -------
    bool array of shape (len(palette),)
    """
    backgrounds = luminance(palette) + 0.05
    ink, surface = luminance([theme.ink, theme.surface]) + 0.05
    return contrast_ratio(backgrounds, surface) > contrast_ratio(backgrounds, ink)


def contrast_ratio(one: npt.NDArray[np.float64], other: float) -> npt.NDArray[np.float64]:
    """The brighter over the darker of two luminances, each increased by 0.05; at least 1."""
    return np.maximum(one, other) / np.minimum(one, other)


def luminance(colours: Sequence[str]) -> npt.NDArray[np.float64]:
    """Relative luminance, 0 (black) to 1 (white), of sRGB hex colours; shape (len(colours),)."""
    return _luminance(tuple(colours))


@lru_cache(maxsize=64)
def _luminance(colours: tuple[str, ...]) -> npt.NDArray[np.float64]:
    levels = np.array([list(bytes.fromhex(colour[1:])) for colour in colours]) / 255
    linear = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    shares = np.array([0.2126, 0.7152, 0.0722])
    brightness: npt.NDArray[np.float64] = linear @ shares
    brightness.flags.writeable = False  # whoever asks again gets the same array
    return brightness


def css(theme: Theme, selector: str = ":root") -> str:
    """A CSS rule with the theme as custom properties, `--pg-page` to `--pg-class-11`.

    `--pg-on-class-0` and so on are the colours of text on those of the classes.
    """
    names = ("page", "surface", "ink", "muted", "line", "neutral", "band", "accent")
    colours = {name: getattr(theme, name) for name in names}
    on_surface = use_surface_text(theme.classes, theme)
    for number, (colour, surface) in enumerate(zip(theme.classes, on_surface, strict=True)):
        colours[f"class-{number}"] = colour
        colours[f"on-class-{number}"] = theme.surface if surface else theme.ink
    return (
        f"{selector} {{" + " ".join(f"--pg-{key}: {value};" for key, value in colours.items()) + "}"
    )
