"""Frames of readers made of random but valid numbers, without training anything."""

from __future__ import annotations

import numpy as np

from playground.networks.readers import READERS, outline
from playground.training.digits import ReaderFrame, Readings, Tiles
from playground.training.frame import Score
from tests.frames import make_curves

DIGITS = tuple("0123456789")
STAGES = {name: outline(reader.build()) for name, reader in READERS.items()}


def make_reader_frame(
    seed=0, reader="mlp", tiles=(12, 28, 28), panel=40, mistakes=5, classes=DIGITS, **changes
):
    """A frame of a reader; `changes` replace any field."""
    rng = np.random.default_rng(seed)
    normal = lambda *shape: rng.normal(0, 1, shape).astype(np.float32)  # noqa: E731
    seen = make_readings(rng, panel, len(classes))
    fields = {
        "epoch": 3,
        "step": 300,
        "progress": 0.4,
        "examining": False,
        "images_per_s": 1e4,
        "epoch_seconds_left": 2.0,
        "seconds_left": 20.0,
        "classes": classes,
        "stages": STAGES[reader],
        "train": Score(0.2, 0.93),
        "test": Score(0.3, 0.91),
        "tested": 500,
        "curves": make_curves(rng, 30, False, True),
        "rate": 1e-3,
        "confusion": rng.integers(0, 40, (len(classes), len(classes))),
        "tiles": Tiles(normal(*tiles), normal(*tiles), normal(*tiles)),
        "panel": seen,
        "points": normal(panel, 2),
        "spread": 0.4,
        "samples": Readings(seen.pictures[:9], seen.labels[:9], seen.probabilities[:9]),
        "mistakes": make_readings(rng, mistakes, len(classes)),
        "shown": rng.integers(0, 256, (16, 28, 28), np.uint8),
    }
    return ReaderFrame(**(fields | changes))


def make_readings(rng, count, classes):
    return Readings(
        rng.integers(0, 256, (count, 28, 28), np.uint8),
        rng.integers(0, classes, count),
        rng.dirichlet(np.full(classes, 0.3), count).astype(np.float32),
    )
