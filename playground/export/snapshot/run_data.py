"""The training of a classifier for a snapshot: its curves, and its weights at checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import asdict
from typing import Any

import numpy as np
import torch
from torch import nn

from playground.export.snapshot.plots import curves_plot
from playground.export.snapshot.recorded_weights import RecordedWeights, of_same_shape, subsample
from playground.export.snapshot.translation.array_encoding import BASE64_RATIO, encode_array
from playground.export.snapshot.translation.browser_layers import all_tensors, browser_layers
from playground.problems.problem import Floats
from playground.training.images import ImageFrame
from playground.training.images.probes.weight_layers import tiles
from playground.views.curves.curve_metrics import ACCURACY, LOSS

MAX_CHECKPOINTS = 200
MIN_NETWORKS = 12
"""Whole networks are kept only if so many fit; predictions then follow the slider."""
WEIGHTS_SHARE = 0.9
"""The share of the remaining bytes for weights; curves and plots take the rest."""
FLOAT16_BYTES = 2
"""Bytes of a number in half precision."""


def run_data(
    network: nn.Module,
    frame: ImageFrame,
    checkpoints: Sequence[RecordedWeights],
    remaining_bytes: int,
) -> dict[str, Any]:
    """Collect what a snapshot shows of a run.

    Parameters
    ----------
    network : nn.Module
        With its current weights.
    frame : ImageFrame
    checkpoints : sequence of RecordedWeights
        In rising order of epochs.
    remaining_bytes : int
        That may still be added to the file.
    """
    last = RecordedWeights(frame.epoch + frame.progress, copy_weights(network))
    checkpoints = of_same_shape(checkpoints, last)
    remaining_bytes = int(remaining_bytes * WEIGHTS_SHARE)
    selected, keep_networks = _select_checkpoints(checkpoints, network, remaining_bytes)
    copies = [_network_at(network, checkpoint) for checkpoint in selected]
    shown = np.stack([tiles(each) for each in copies])
    return {
        "epochs": [checkpoint.epoch for checkpoint in selected],
        "shape": shown.shape[1:],
        "tiles": encode_array(shown, "float16"),
        "networks": encode_array(np.stack([_flat_tensors(each) for each in copies]), "float16")
        if keep_networks
        else None,
        "curves": {name: encode_array(column) for name, column in asdict(frame.curves).items()},
        "plots": {
            "loss": curves_plot(LOSS, frame),
            "accuracy": curves_plot(ACCURACY, frame),
        },
    }


def copy_weights(network: nn.Module) -> dict[str, Floats]:
    """Copy the state of a network by name."""
    return {name: each.numpy(force=True).copy() for name, each in network.state_dict().items()}


def _select_checkpoints(
    checkpoints: Sequence[RecordedWeights], network: nn.Module, remaining_bytes: int
) -> tuple[list[RecordedWeights], bool]:
    """Choose checkpoints for so many bytes, and whether whole networks are kept."""
    bytes_of_tiles = tiles(network).size * FLOAT16_BYTES * BASE64_RATIO
    bytes_per_network = bytes_of_tiles + len(_flat_tensors(network)) * FLOAT16_BYTES * BASE64_RATIO
    keep_networks = remaining_bytes // bytes_per_network >= min(MIN_NETWORKS, len(checkpoints))
    max_count = int(
        remaining_bytes // (bytes_per_network if keep_networks else max(bytes_of_tiles, 1))
    )
    return subsample(checkpoints, max(1, min(MAX_CHECKPOINTS, max_count))), keep_networks


def _network_at(network: nn.Module, checkpoint: RecordedWeights) -> nn.Module:
    """Copy a network with the weights of a checkpoint."""
    copy = deepcopy(network).eval()
    state = {name: torch.as_tensor(np.array(values)) for name, values in checkpoint.weights.items()}
    copy.load_state_dict(state, strict=False)  # counters of batches may be missing
    return copy


def _flat_tensors(network: nn.Module) -> Floats:
    """Return all numbers of a network's layers in the order in which the browser reads them."""
    flat = [each.numpy().ravel() for each in all_tensors(browser_layers(network, ""))]
    return np.concatenate(flat) if flat else np.zeros(0, np.float32)
