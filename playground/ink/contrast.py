"""How much each place of a picture differs from the paper around it, in levels of 255."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from playground.ink.paper import Floats

__all__ = ["Contrast", "contrast", "sample"]

SMALL = 100  # pixels: shorter pictures hold one digit, and too little paper to look at
EXACT, ROUGH = 1.5, 20.0  # levels: paper made by a computer; paper in a small or squeezed picture
MOST, MOST_OF_SMALL = 0.65, 0.4  # share of a picture that has the paper's colour, if it has one
PURE = 122.0  # levels from grey: white or black paper was made by a computer
CLEAR_EDGE = 0.7  # share of the edge; with less of it there, paper may be ink and ink paper
BINS = 16
COARSE, AROUND = 48, 15  # pixels: a thumbnail's long side, and what counts as around a place
WIDTHS = (0.015, 0.06, 0.2)  # of the long side: strokes of a pen, of a marker, and the widest
NOISES = 5.0  # standard deviations of grain in what stands out by chance
FEW = 0.1  # share of what stands out at any width; less is not what was drawn
ONE_SIDED = 0.3  # share by which light or dark must prevail to be the ink for sure
ENOUGH = 100_000  # places
DARK = 40.0  # levels: well above it, half the light makes the same step everywhere


@dataclass(frozen=True)
class Contrast:
    """Where there may be ink.

    Attributes
    ----------
    ink : float32 array (h, w)
        Difference from the paper in levels, 0 or more.
    inverse : float32 array (h, w) or None
        The same if paper and ink are the other way round, where that cannot be excluded.
    """

    ink: Floats
    inverse: Floats | None = None


def contrast(colours: Floats) -> Contrast:
    """Measure the contrast to a paper of one colour, or else to what is around each place.

    Parameters
    ----------
    colours : float32 array (h, w, 3)
        From 0 to 255.
    """
    paper = _commonest(sample(colours))
    apart = np.linalg.norm(colours - paper, axis=2) / np.sqrt(3)
    small = min(apart.shape) < SMALL
    is_paper = apart < (ROUGH if small else EXACT)
    pure = float(np.abs(paper - 127.5).min()) > PURE
    if is_paper.mean() < (MOST_OF_SMALL if small or pure else MOST):
        return _on_uneven(colours)
    edge = np.concatenate([is_paper[0], is_paper[-1], is_paper[:, 0], is_paper[:, -1]]).mean()
    if edge > CLEAR_EDGE:
        return Contrast(apart)
    inverse = np.clip(np.percentile(sample(apart), 98) - apart, 0, None)
    return Contrast(apart, inverse) if edge >= 0.5 else Contrast(inverse, apart)


def _commonest(colours: Floats) -> Floats:
    """Return the commonest colour (3,): the mean around the fullest of 16³ boxes."""
    boxes = np.minimum(colours // (256 / BINS), BINS - 1).astype(np.int64) @ (BINS**2, BINS, 1)
    fullest = boxes == np.bincount(boxes.ravel()).argmax()
    # Twice, as the commonest colour may lie at the edge of its box.
    middle = np.median(colours[fullest], axis=0)
    near = np.abs(colours - middle).max(axis=2) < 256 / BINS
    return np.asarray(np.median(colours[near], axis=0))


def _on_uneven(colours: Floats) -> Contrast:
    """Look along the one direction of colour in which the picture differs most from itself."""
    # Logarithms: in shadow ink is nearer to paper, but by the same factor.
    evened = 255 * np.log1p(colours / DARK) / np.log1p(np.float32(255 / DARK))
    beside = (evened - _surroundings(evened)).reshape(-1, 3).astype(np.float64)
    direction = np.linalg.eigh(beside.T @ beside)[1][:, -1].astype(np.float32)
    brightness = ndimage.gaussian_filter(evened @ direction / np.float32(np.sqrt(3)), 0.7)
    light, dark = _light_and_dark(brightness, WIDTHS[-1])
    lean = _lean(brightness, np.array([_mass(light), _mass(dark)]))
    ink, other = (light, dark) if lean > 0 else (dark, light)
    return Contrast(ink, None if abs(lean) >= ONE_SIDED else other)


def _lean(brightness: Floats, widest: npt.NDArray[np.float64]) -> float:
    """Return whether ink is light (1) or dark (-1), by the narrowest things that stand out.

    The holes of digits stand out as well, the other way, but they are wider than strokes.
    """
    few = sample(brightness)
    for width in WIDTHS[:-1]:
        masses = np.array([_mass(side) for side in _light_and_dark(few, width)])
        if masses.sum() >= FEW * widest.sum():
            break
    else:
        masses = widest
    return float((masses[0] - masses[1]) / max(masses.sum(), 1e-9))


def _light_and_dark(brightness: Floats, width: float) -> tuple[Floats, Floats]:
    """Return how far what is narrower than `width` of the long side stands out, either way."""
    window = max(3, round(width * max(brightness.shape)))
    # Turned over at the edges, a slope goes on as a slope, and a dark margin stays no stroke.
    wider = np.pad(brightness, window, "reflect", reflect_type="odd")
    inner = (slice(window, -window),) * 2
    light = brightness - ndimage.grey_opening(wider, (window, window))[inner]
    return light, ndimage.grey_closing(wider, (window, window))[inner] - brightness


def _mass(levels: Floats) -> float:
    """Return how much stands out beyond the paper's grain."""
    few = sample(levels)
    usual = np.median(few)
    grain = 1.48 * np.median(np.abs(few - usual))
    return float(np.square(np.clip(few - usual - NOISES * grain, 0, None)).mean())


def sample(values: Floats) -> Floats:
    """Return evenly spread places of a picture (h, w, ...), enough of them for statistics."""
    step = max(1, round(float(np.sqrt(values.shape[0] * values.shape[1] / ENOUGH))))
    return values[::step, ::step]


def _surroundings(colours: Floats) -> Floats:
    """Return what colour is around each place, seen from afar and without its narrow parts."""
    height, width = colours.shape[:2]
    image = Image.fromarray(np.asarray(colours, np.uint8))
    shrink = min(1.0, COARSE / max(height, width))
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    afar = np.asarray(image.resize(size, Image.Resampling.BOX))
    wide = ndimage.median_filter(afar, (AROUND, AROUND, 1))
    back = Image.fromarray(wide).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(back, np.float32)
