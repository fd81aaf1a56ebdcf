"""Which links are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from playground.problems.problem import Floats
from playground.training.dense.frame import Frame
from playground.views.diagram.refs import LinkRef, Ref

MAX_LINKS = 300
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Links:
    """The links that are drawn, one entry each in arrays of shape (n,).

    Attributes
    ----------
    total : int
        How many links the network has, drawn or not.
    layer, unit, source : int64
        As in `LinkRef`.
    weight : float32
        Not a number where training has diverged.
    frozen : bool
    marked : bool
        Belongs to what is selected or hovered.
    """

    total: int
    layer: Ints
    unit: Ints
    source: Ints
    weight: Floats
    frozen: Mask
    marked: Mask

    def __len__(self) -> int:
        return len(self.weight)


def select_links(frame: Frame, focus: Sequence[Ref] = (), budget: int = MAX_LINKS) -> Links:
    """Choose the strongest links of each gap between layers, and all that touch `focus`.

    Parameters
    ----------
    frame : Frame
    focus : sequence of Ref
        Selected and hovered; their links are drawn however weak.
    budget : int
        About how many links to draw; shared fairly among the gaps.
    """
    sizes = [layer.weight.size for layer in frame.layers]
    parts = []
    for number, (layer, share) in enumerate(
        zip(frame.layers, split_budget(sizes, budget), strict=True)
    ):
        marked = focused_weights(number, layer.weight.shape, focus)
        chosen = select_strongest(layer.weight, marked, share)
        unit, source = np.divmod(chosen, layer.weight.shape[1])
        frozen = layer.frozen[:, :-1]
        values = (layer.weight, frozen, marked)
        parts.append((np.full_like(unit, number), unit, source, *(v[unit, source] for v in values)))
    return Links(sum(sizes), *(np.concatenate(part) for part in zip(*parts, strict=True)))


def split_budget(sizes: Sequence[int], budget: int) -> list[int]:
    """Split a budget so that nobody gets more than their size, and the rest get equal parts."""
    granted = [0] * len(sizes)
    waiting = sorted(range(len(sizes)), key=lambda place: sizes[place])
    for position, place in enumerate(waiting):
        granted[place] = min(sizes[place], budget // (len(waiting) - position))
        budget -= granted[place]
    return granted


def focused_weights(layer: int, shape: tuple[int, ...], focus: Sequence[Ref]) -> Mask:
    """Mark which weights of a layer belong to something in focus, in the shape of the weights."""
    mask = np.zeros(shape, bool)
    for ref in focus:
        if isinstance(ref, LinkRef):
            if ref.layer == layer:
                mask[ref.unit, ref.source] = True
        elif ref.layer == layer:
            mask[ref.unit] = True
        elif ref.layer == layer - 1:
            mask[:, ref.unit] = True
    return mask


def select_strongest(weight: Floats, wanted: Mask, count: int) -> Ints:
    """Pick all `wanted` weights and the strongest others up to `count`, by flat index."""
    count = max(count, int(wanted.sum()))
    if count >= weight.size:
        return np.arange(weight.size)
    score = np.where(wanted, np.inf, np.nan_to_num(np.abs(weight), nan=0.0, posinf=1e30)).ravel()
    return np.sort(np.argpartition(score, weight.size - count)[weight.size - count :])
