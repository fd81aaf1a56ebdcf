"""Frames that are made up for the rules of the diagnosis, and what these say of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from playground.training.core.metrics import Curves, Score
from playground.training.dense.diagnosis import notes
from playground.training.dense.frame import Frame
from playground.training.training import Training
from tests.support.training.dense_frames import make_frame

EPOCHS = np.arange(200)
MAX_HEADLINE = 48
"""Letters that there is room for above the picture."""
FALLING = np.exp(-EPOCHS / 40)
JUMPING = 0.6 + 0.2 * (-1.0) ** EPOCHS


def frame_of(
    train: np.ndarray, test: np.ndarray | None = None, rate: float = 0.03, **changes: Any
) -> Frame:
    """A frame without any dead, saturated or constant unit whose losses went as given."""
    columns = (EPOCHS, train, train if test is None else test, train, train)
    curves = Curves(*(column.astype(np.float32) for column in columns))
    frame = make_frame(curves=curves, rate=rate, train=Score(float(train[-1]), 0.5), **changes)
    layers = tuple(
        replace(layer, dead=0, saturated=0.0, deviation=np.ones_like(layer.deviation))
        for layer in frame.layers
    )
    return replace(frame, layers=layers)


def kinds(frame: Frame, training: Training | None = None, remark: str | None = None) -> list[str]:
    found = notes(frame, training or Training(), remark)
    # Each ends in a button; those about data in one that the page knows.
    assert all(note.remedy for note in found if note.kind != "data")
    # What hinders learning is said above the picture too, on one line; overfitting if it is grave.
    grave = [note for note in found if note.severity != "info" and note.kind != "data"]
    assert all(len(note.headline) <= MAX_HEADLINE for note in grave)
    assert all(note.headline for note in grave if note.kind != "overfitting")
    # The losses that are made up here are level: what is said of that has a test of its own.
    return [note.kind for note in found if note.kind != "stalled"]


def with_layer(frame: Frame, index: int, **changes: Any) -> Frame:
    layers = list(frame.layers)
    layers[index] = replace(layers[index], **changes)
    return replace(frame, layers=tuple(layers))


def with_movements(first: float, last: float, **changes: Any) -> Frame:
    """A frame of which the first and the last layer have moved so far, with a faint gradient."""
    frame = frame_of(0.7 + 0 * FALLING, **{"hidden": (4, 4, 4), **changes})
    faint = {
        "weight_gradient": np.full((4, 2), 1e-9, np.float32),
        "bias_gradient": np.full(4, 1e-9, np.float32),
    }
    for index in range(len(frame.layers)):
        movement = first if index == 0 else last
        frame = with_layer(frame, index, movement=movement, **(faint if index == 0 else {}))
    return frame
