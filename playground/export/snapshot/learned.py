"""How a reader learned: its curves, and its weights at many moments, as small as they must be."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import asdict
from typing import Any

import numpy as np
import torch
from torch import nn

from playground.export.snapshot.layers import layers, tensors
from playground.export.snapshot.moments import Recorded, alike, thinned
from playground.export.snapshot.packing import LETTERS, packed
from playground.export.snapshot.plots import curves_plot
from playground.problems.problem import Floats
from playground.training.digits import ReaderFrame
from playground.training.digits.tiles import tiles
from playground.views.quantities import ACCURACY, LOSS

MOST_MOMENTS = 200
FEWEST = 12
"""Whole networks are kept only if so many fit, so that reading can follow the slider."""
SHARE = 0.9
"""Of the room left in the file, what the weights may take; curves and plots take the rest."""
HALF = 2
"""Bytes of a number in half precision."""


def learned_data(
    network: nn.Module, frame: ReaderFrame, moments: Sequence[Recorded], room: int
) -> dict[str, Any]:
    """Gather what a snapshot shows of a run.

    Parameters
    ----------
    network : nn.Module
        As it is now.
    frame : ReaderFrame
    moments : sequence of Recorded
        The past, in rising order.
    room : int
        Bytes that are left in the file.
    """
    last = Recorded(frame.epoch + frame.progress, weights_of(network))
    past = alike(moments, last)
    room = int(room * SHARE)
    kept, whole = _fitting(past, network, room)
    copies = [_at(network, moment) for moment in kept]
    shown = np.stack([tiles(each) for each in copies])
    return {
        "epochs": [moment.epoch for moment in kept],
        "shape": shown.shape[1:],
        "tiles": packed(shown, "float16"),
        "whole": packed(np.stack([_row(each) for each in copies]), "float16") if whole else None,
        "curves": {name: packed(column) for name, column in asdict(frame.curves).items()},
        "plots": {
            "loss": curves_plot(LOSS, frame),
            "accuracy": curves_plot(ACCURACY, frame),
        },
    }


def weights_of(network: nn.Module) -> dict[str, Floats]:
    """Copy out a network's weights, and whatever else it remembers, by name."""
    return {name: each.numpy(force=True).copy() for name, each in network.state_dict().items()}


def _fitting(
    past: Sequence[Recorded], network: nn.Module, room: int
) -> tuple[list[Recorded], bool]:
    """Choose moments for so many bytes, and whether they are kept whole."""
    first = tiles(network).size * HALF * LETTERS
    all_ = first + len(_row(network)) * HALF * LETTERS
    whole = room // all_ >= min(FEWEST, len(past))
    most = int(room // (all_ if whole else max(first, 1)))
    return thinned(past, max(1, min(MOST_MOMENTS, most))), whole


def _at(network: nn.Module, moment: Recorded) -> nn.Module:
    """Make a copy of a network as it was at a moment."""
    copy = deepcopy(network).eval()
    state = {name: torch.as_tensor(np.array(values)) for name, values in moment.weights.items()}
    copy.load_state_dict(state, strict=False)  # counters of batches may be missing
    return copy


def _row(network: nn.Module) -> Floats:
    """All numbers that the browser needs of a network, in the order it reads them."""
    flat = [each.numpy().ravel() for each in tensors(layers(network, ""))]
    return np.concatenate(flat) if flat else np.zeros(0, np.float32)
