"""Occlusion: which parts of a picture speak for a class, and what would be predicted without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from scipy import ndimage
from torch import Tensor, nn

from playground.problems.problem import Floats
from playground.training.images.explain.network_input import (
    check_label,
    finite_logits,
    log_odds,
    logits_of,
    to_ink,
    to_picture,
)
from playground.training.images.explain.pen_strokes import (
    SIDE,
    apply_strokes,
    draw_strokes,
    pen_radius,
    propose_lines,
)
from playground.training.images.explain.places import count_holes, place_of
from playground.training.images.frame import Pixels

PATCH_RADIUS, PATCH_EDGE = 3.0, 0.5
"""Pixels: a patch covers a line of MNIST's width, and fades softly."""
PATCH_STEP = 2
"""Pixels between the centres of two patches."""
LEAST_EFFECT = 0.3
"""Log-odds below which a part of the picture is said to decide nothing."""
REGION_LEVELS = (0.75, 0.55, 0.4)
"""Shares of the largest effect from which pixels belong to a region, the smallest region first."""
SMALLEST_REGION = 8
"""Pixels; a region at the lowest level may be smaller, as a dot is."""
REGIONS_OF_A_SIGN = 2
MAX_PARTS = 3
"""A person reads a few large regions, not dozens."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A region of ink, or a gap, with what is predicted once it is erased, or closed.

    Attributes
    ----------
    region : float32 array of shape (28, 28)
        The ink that is erased, or that is drawn, from 0 to 1.
    is_gap : bool
        Whether it is paper between two lines, and not ink.
    in_loop : bool
        Whether erasing it opens a loop.
    place : str
        Such as "at the top left".
    effect : float
        By how much the log-odds of the class fall without it: positive for what speaks for it.
    picture : uint8 array of shape (28, 28)
        The picture without it.
    predicted : int
        The class predicted for that picture.
    probability : float
        Its probability.
    remaining : float
        The probability of the explained class for that picture.
    """

    region: Floats
    is_gap: bool
    in_loop: bool
    place: str
    effect: float
    picture: Pixels
    predicted: int
    probability: float
    remaining: float


@dataclass(frozen=True, slots=True, eq=False)
class Occlusion:
    """The few parts of a picture that decide most about a class.

    Attributes
    ----------
    label : int
        The explained class.
    probability : float
        Its probability for the whole picture.
    parts : tuple of Part
        At most three, in order of decreasing magnitude of their effect.
    """

    label: int
    probability: float
    parts: tuple[Part, ...]

    @property
    def overlay(self) -> Floats:
        """All regions in one array of shape (28, 28), from -1, against the class, to 1."""
        shown = np.zeros((SIDE, SIDE), np.float32)
        largest = max((abs(part.effect) for part in self.parts), default=1)
        for part in self.parts:
            # Never faint: the size of an effect stands in the words, the colour says its sign.
            strength = np.sign(part.effect) * max(abs(part.effect) / largest, 0.5)
            shown = np.where(part.region > abs(shown), strength * part.region, shown)
        return shown.astype(np.float32)


def occlusion(network: nn.Module, picture: Pixels, label: int | None = None) -> Occlusion:
    """Find the parts of a picture whose absence changes the prediction of a class most.

    Ink is erased in soft patches all over it (after Zeiler and Fergus 2014), and the effects are
    averaged over the patches that cover a pixel. Regions around the largest averages are then
    erased as a whole, and lines drawn across gaps: all that is reported of a part was computed
    for the picture without that part.

    Parameters
    ----------
    network : nn.Module
        In evaluation mode, from (n, 1, 28, 28) to logits.
    picture : uint8 array of shape (28, 28)
    label : int, optional
        The class; the predicted one by default.

    Raises
    ------
    InputError
        If the picture has another shape or type, there is no such class, or the network's outputs
        are no finite numbers.
    """
    ink = to_ink(picture)
    logits = finite_logits(network, ink)
    with torch.no_grad():
        chosen = int(logits.argmax()) if label is None else check_label(label, logits.shape[1])
        probe = _Probe(network, picture, ink, chosen, float(log_odds(logits, chosen)))
        parts = [*probe.ink_parts(), *probe.gaps()]
    return Occlusion(chosen, float(torch.softmax(logits, 1)[0, chosen]), _most_telling(parts))


def _most_telling(parts: list[Part]) -> tuple[Part, ...]:
    """Return the parts with the largest effects, and the best of the ink that speaks for a class.

    What there is comes first to mind, before what is missing.
    """
    ordered = sorted(parts, key=lambda part: -abs(part.effect))
    ink = [part for part in ordered if part.effect > 0 and not part.is_gap][:1]
    kept = [*ink, *(part for part in ordered if part not in ink)][:MAX_PARTS]
    return tuple(sorted(kept, key=lambda part: -abs(part.effect)))


@dataclass(frozen=True, slots=True)
class _Probe:
    """One picture, and the network that is asked what it predicts for changed ones."""

    network: nn.Module
    picture: Pixels
    ink: Tensor
    label: int
    odds: float

    def ink_parts(self) -> Iterator[Part]:
        """Yield regions of ink that speak for the class, and regions that speak against it."""
        effects = self._patch_effects()
        for sign in (1, -1):
            remaining = np.clip(sign * effects, 0, None)
            for _ in range(REGIONS_OF_A_SIGN):
                regions = list(_regions_around_peak(remaining))
                if not regions:
                    break
                covered = torch.from_numpy(np.stack([_soften(each) for each in regions]))
                found = self._parts(self.ink * (1 - covered), is_gap=False)
                # The smallest that changes the answer; else the middle one, which is not tiny.
                changing = [part for part in found if part.predicted != self.label]
                best = changing[0] if changing else found[len(found) // 2]
                if sign * best.effect >= LEAST_EFFECT:
                    yield best
                remaining = np.where(
                    ndimage.binary_dilation(regions[-1], iterations=2), 0, remaining
                )

    def gaps(self) -> Iterator[Part]:
        """Yield the gap that speaks most for the class, and the one that speaks most against it."""
        lines = propose_lines(self.picture, closing=True)
        if not len(lines):
            return
        covered = draw_strokes(lines, torch.full((len(lines),), pen_radius(self.picture)))
        closed = apply_strokes(self.ink, covered, torch.zeros(len(lines), dtype=torch.bool))
        effects = self.odds - log_odds(logits_of(self.network, closed), self.label)
        for index in {int(effects.argmax()), int(effects.argmin())}:
            (part,) = self._parts(closed[index, None], is_gap=True)
            if abs(part.effect) >= LEAST_EFFECT:
                yield part

    def _patch_effects(self) -> Floats:
        """Return by how much the log-odds fall where ink is erased, of shape (28, 28)."""
        middles = torch.arange(PATCH_STEP // 2, SIDE, PATCH_STEP)
        places = torch.arange(SIDE)
        rows, columns = torch.cartesian_prod(middles, middles).T
        distances = torch.hypot(
            places[:, None] - rows[:, None, None].float(), places - columns[:, None, None].float()
        )
        patches = torch.sigmoid((PATCH_RADIUS - distances) / PATCH_EDGE)
        patches = patches[(patches * self.ink).sum((1, 2)) > 1]
        if not len(patches):
            return np.zeros((SIDE, SIDE), np.float32)
        odds = log_odds(logits_of(self.network, self.ink * (1 - patches)), self.label)
        fall = ((self.odds - odds)[:, None, None] * patches).sum(0) / patches.sum(0).clamp(min=1e-3)
        on_ink = (self.ink > 0.35).numpy()
        effects: Floats = np.where(on_ink, ndimage.gaussian_filter(fall.numpy(), 0.8), 0)
        return effects

    def _parts(self, inks: Tensor, *, is_gap: bool) -> list[Part]:
        pictures = [to_picture(each) for each in inks]
        logits = logits_of(self.network, torch.stack([to_ink(each) for each in pictures]))
        odds, probabilities = log_odds(logits, self.label), torch.softmax(logits, 1)
        regions = (inks - self.ink).abs().numpy()
        holes = count_holes(self.picture)
        return [
            Part(
                region=region,
                is_gap=is_gap,
                in_loop=not is_gap and count_holes(changed) < holes,
                place=place_of(region, self.picture),
                effect=self.odds - float(odds[index]),
                picture=changed,
                predicted=int(probabilities[index].argmax()),
                probability=float(probabilities[index].max()),
                remaining=float(probabilities[index, self.label]),
            )
            for index, (region, changed) in enumerate(zip(regions, pictures, strict=True))
        ]


def _regions_around_peak(effects: Floats) -> Iterator[npt.NDArray[np.bool_]]:
    """Yield connected regions around the largest effect, each larger than the one before."""
    peak = effects.max()
    if peak < LEAST_EFFECT:
        return
    at = np.unravel_index(int(effects.argmax()), effects.shape)
    for level in REGION_LEVELS:
        labels, _ = ndimage.label(effects > level * peak, structure=np.ones((3, 3)))
        region = labels == labels[at]
        if region.sum() >= SMALLEST_REGION or level == REGION_LEVELS[-1]:
            yield region


def _soften(region: npt.NDArray[np.bool_]) -> Floats:
    """Return a region widened by the grey edge of its lines, with a soft edge, from 0 to 1."""
    wider = ndimage.binary_dilation(region).astype(np.float32)
    soft: Floats = np.clip(1.3 * ndimage.gaussian_filter(wider, 0.6), 0, 1)
    return soft
