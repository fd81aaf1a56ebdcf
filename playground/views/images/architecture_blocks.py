"""Layers that belong together, and how large they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from math import log2, prod

from playground.networks.classifiers import LayerSummary

LAYER_NAMES = {
    "Conv2d": "Conv",
    "MaxPool2d": "max-pool",
    "AvgPool2d": "mean-pool",
    "BatchNorm2d": "batch norm",
    "BatchNorm1d": "batch norm",
    "Dropout": "dropout",
    "Linear": "Dense",
}
"""What layers are called where torch's own name is longer."""
HIDDEN_LAYERS = ("Flatten", "Identity")
"""Layers that need not be spoken of."""
WEIGHTED = ("Linear", "Conv2d")
"""Layers that begin a block."""


@dataclass(frozen=True, slots=True)
class ArchitectureBlock:
    """A layer with weights, and the layers after it up to the next one with weights.

    Attributes
    ----------
    layer_names : tuple of str
        The layers in words.
    shape : tuple of int
        Of what comes out: (channels, h, w), or (numbers,).
    parameters : int
        Numbers in it that are learned.
    """

    layer_names: tuple[str, ...]
    shape: tuple[int, ...]
    parameters: int


def architecture_blocks(stages: tuple[LayerSummary, ...]) -> list[ArchitectureBlock]:
    """Group the layers of a network; the picture comes first."""
    found = [ArchitectureBlock(("picture",), (1, 28, 28), 0)]
    for stage in stages:
        if stage.kind in HIDDEN_LAYERS:
            continue
        layer_names = (LAYER_NAMES.get(stage.kind, stage.kind),)
        if stage.kind in WEIGHTED:
            found.append(ArchitectureBlock(layer_names, stage.shape_out, stage.parameters))
        else:
            last = found.pop()
            parameters = last.parameters + stage.parameters
            found.append(
                ArchitectureBlock(last.layer_names + layer_names, stage.shape_out, parameters)
            )
    return found


def sheet_count(block: ArchitectureBlock) -> int:
    """How many sheets stand for a block: one for each power of four channels, five at most."""
    return 1 if len(block.shape) != 3 else min(1 + round(log2(block.shape[0]) / 2), 5)


def sheet_size(block: ArchitectureBlock) -> tuple[float, float]:
    """Width and height of a sheet, as shares of the room; numbers stand in a narrow column."""
    if len(block.shape) == 3:
        wide, high = (min(max(pixels / 28, 0.14), 1) for pixels in block.shape[:0:-1])
        return wide, high
    return 0.16, min(max(log2(prod(block.shape)) / 9, 0.15), 1)
