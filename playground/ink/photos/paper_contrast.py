"""Contrast of each pixel with the paper around it, from 0 to 255."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from playground.ink.photos.image_preparation import Floats

__all__ = ["InkContrast", "measure_contrast", "subsample"]

SMALL_SIDE = 100  # pixels: shorter pictures hold one digit, and little paper
# Levels by which paper varies: made by a computer, or in a small or compressed picture.
EXACT_TOLERANCE, ROUGH_TOLERANCE = 1.5, 20.0
# Share of the picture that has the paper's colour, if paper has a single colour.
MIN_PAPER_SHARE, MIN_PAPER_SHARE_OF_SMALL = 0.65, 0.4
MIN_LEVELS_FROM_GREY = 122.0  # levels from grey of pure white or black paper
MIN_EDGE_SHARE = 0.7  # share of the edge that is paper; with less, ink and paper may be swapped
BINS = 16
THUMBNAIL_SIDE, MEDIAN_WINDOW = 48, 15  # pixels: long side, and neighbourhood in the thumbnail
STROKE_WIDTHS = (0.015, 0.06, 0.2)  # of the long side: of a pen, of a marker, and the widest
NOISE_SIGMAS = 5.0  # standard deviations of grain: less contrast is noise
MIN_ENERGY_SHARE = 0.1  # of the energy at the widest strokes; less is not the drawing
MIN_THIN_SHARE, MIN_OWN_SHARE = 0.03, 0.25  # less is enough if so much of one side is so thin
CLEAR_POLARITY = 0.3  # difference of the shares of light and dark from which ink is certain
SAMPLE_SIZE = 100_000  # pixels
LOG_OFFSET = 40.0  # levels: well above it, half the light is the same difference everywhere


@dataclass(frozen=True)
class InkContrast:
    """Contrast that may be ink.

    Attributes
    ----------
    ink : float32 array (h, w)
        Difference from the paper in levels, 0 or more.
    inverse : float32 array (h, w) or None
        The same with ink and paper swapped, if that cannot be excluded.
    """

    ink: Floats
    inverse: Floats | None = None


def measure_contrast(colours: Floats) -> InkContrast:
    """Measure the contrast with paper of one colour, or else with the surroundings of each pixel.

    Parameters
    ----------
    colours : float32 array (h, w, 3)
        From 0 to 255.
    """
    paper = _dominant_colour(subsample(colours))
    distance = np.linalg.norm(colours - paper, axis=2) / np.sqrt(3)
    small = min(distance.shape) < SMALL_SIDE
    is_paper = distance < (ROUGH_TOLERANCE if small else EXACT_TOLERANCE)
    pure = float(np.abs(paper - 127.5).min()) > MIN_LEVELS_FROM_GREY
    if is_paper.mean() < (MIN_PAPER_SHARE_OF_SMALL if small or pure else MIN_PAPER_SHARE):
        return _uneven_paper_contrast(colours)
    edge = np.concatenate([is_paper[0], is_paper[-1], is_paper[:, 0], is_paper[:, -1]]).mean()
    if edge > MIN_EDGE_SHARE:
        return InkContrast(distance)
    inverse = np.clip(np.percentile(subsample(distance), 98) - distance, 0, None)
    return InkContrast(distance, inverse) if edge >= 0.5 else InkContrast(inverse, distance)


def _dominant_colour(colours: Floats) -> Floats:
    """Return the most frequent colour (3,): the median around the fullest of 16³ bins."""
    colour_bins = np.minimum(colours // (256 / BINS), BINS - 1).astype(np.int64) @ (
        BINS**2,
        BINS,
        1,
    )
    fullest_bin = colour_bins == np.bincount(colour_bins.ravel()).argmax()
    # Twice, as the most frequent colour may lie at the edge of its bin.
    middle = np.median(colours[fullest_bin], axis=0)
    near = np.abs(colours - middle).max(axis=2) < 256 / BINS
    return np.asarray(np.median(colours[near], axis=0))


def _uneven_paper_contrast(colours: Floats) -> InkContrast:
    """Measure contrast along the principal direction of the differences from the background."""
    # Logarithms: shadow scales ink and paper by the same factor.
    log_colours = 255 * np.log1p(colours / LOG_OFFSET) / np.log1p(np.float32(255 / LOG_OFFSET))
    residual = (log_colours - _background(log_colours)).reshape(-1, 3).astype(np.float64)
    direction = np.linalg.eigh(residual.T @ residual)[1][:, -1].astype(np.float32)
    brightness = ndimage.gaussian_filter(log_colours @ direction / np.float32(np.sqrt(3)), 0.7)
    light, dark = _top_and_bottom_hat(brightness, STROKE_WIDTHS[-1])
    polarity = _polarity(brightness, _energies_above_noise((light, dark)))
    ink, other = (light, dark) if polarity > 0 else (dark, light)
    return InkContrast(ink, None if abs(polarity) >= CLEAR_POLARITY else other)


def _polarity(brightness: Floats, widest_energies: npt.NDArray[np.float64]) -> float:
    """Return whether ink is light (1) or dark (-1), by the narrowest structures with contrast.

    The holes of digits have the opposite contrast, but they are wider than strokes.
    """
    sampled = subsample(brightness)
    for width in STROKE_WIDTHS[:-1]:
        energies = _energies_above_noise(_top_and_bottom_hat(sampled, width))
        side = energies.argmax()
        thin = width == STROKE_WIDTHS[0] and energies[side] >= MIN_OWN_SHARE * widest_energies[side]
        share = MIN_THIN_SHARE if thin else MIN_ENERGY_SHARE
        if energies.sum() >= share * widest_energies.sum():
            break
    else:
        energies = widest_energies
    return float((energies[0] - energies[1]) / max(energies.sum(), 1e-9))


def _top_and_bottom_hat(brightness: Floats, width: float) -> tuple[Floats, Floats]:
    """Return how far what is narrower than `width` of the long side stands out, either way."""
    window = max(3, round(width * max(brightness.shape)))
    # Turned over at the edges, a slope goes on as a slope, and a dark margin stays no stroke.
    padded = np.pad(brightness, window, "reflect", reflect_type="odd")
    inner = (slice(window, -window),) * 2
    light = brightness - ndimage.grey_opening(padded, (window, window))[inner]
    return light, ndimage.grey_closing(padded, (window, window))[inner] - brightness


def _energies_above_noise(sides: tuple[Floats, Floats]) -> npt.NDArray[np.float64]:
    """Return how much stands out beyond the paper's grain, light and dark.

    Both have the grain of the paper, and the side with less of it has less ink that hides it.
    """
    sampled = [subsample(levels) for levels in sides]
    noise = min(map(_noise_level, sampled))
    return np.array([np.square(np.clip(side - noise, 0, None)).mean() for side in sampled])


def _noise_level(levels: Floats) -> float:
    median_level = np.median(levels)
    grain = 1.48 * np.median(np.abs(levels - median_level))
    return float(median_level + NOISE_SIGMAS * grain)


def subsample(values: Floats) -> Floats:
    """Return evenly spaced pixels of an image (h, w, ...), enough for statistics."""
    step = max(1, round(float(np.sqrt(values.shape[0] * values.shape[1] / SAMPLE_SIZE))))
    return values[::step, ::step]


def _background(colours: Floats) -> Floats:
    """Return the background colour of each pixel: a median filter at low resolution."""
    height, width = colours.shape[:2]
    image = Image.fromarray(np.asarray(colours, np.uint8))
    shrink = min(1.0, THUMBNAIL_SIDE / max(height, width))
    size = max(1, round(width * shrink)), max(1, round(height * shrink))
    thumbnail = np.asarray(image.resize(size, Image.Resampling.BOX))
    smoothed = ndimage.median_filter(thumbnail, (MEDIAN_WINDOW, MEDIAN_WINDOW, 1))
    back = Image.fromarray(smoothed).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(back, np.float32)
