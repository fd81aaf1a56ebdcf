"""Selection of the links that are drawn."""

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
        Number of links of the network, drawn or not.
    layer, unit, source : int64
        As in `LinkRef`.
    weight : float32
        May be infinite or NaN if training has diverged.
    frozen : bool
    marked : bool
        Whether the link belongs to a selected or hovered part.
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
    """Select the strongest links between each two layers, and all links of the parts in `focus`.

    Parameters
    ----------
    frame : Frame
    focus : sequence of Ref
        Selected and hovered parts.
    budget : int
        About how many links to draw in all; see `split_budget`.
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
    """Split a budget into equal parts, none above its size; what is left over raises the others."""
    parts = [0] * len(sizes)
    smallest_first = sorted(range(len(sizes)), key=sizes.__getitem__)
    for done, index in enumerate(smallest_first):
        parts[index] = min(sizes[index], budget // (len(sizes) - done))
        budget -= parts[index]
    return parts


def focused_weights(layer: int, shape: tuple[int, ...], focus: Sequence[Ref]) -> Mask:
    """Whether each weight of a layer belongs to a part in focus, in the shape of the weights."""
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
    """Flat indices of all `wanted` weights and the strongest others, `count` in all, sorted."""
    count = max(count, int(wanted.sum()))
    if count >= weight.size:
        return np.arange(weight.size)
    score = np.where(wanted, np.inf, np.nan_to_num(np.abs(weight), nan=0.0, posinf=1e30)).ravel()
    return np.sort(np.argpartition(score, weight.size - count)[weight.size - count :])
