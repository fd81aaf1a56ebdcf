"""Frames of readers made of random but valid numbers, without training anything."""

from __future__ import annotations

from functools import cache

import numpy as np

from playground.networks.classifiers import CLASSIFIERS, summarise_layers
from playground.training.core.metrics import Score
from playground.training.images import ImageFrame, ImagePredictions, Tiles
from tests.support.training.dense_frames import make_curves

DIGITS = tuple("0123456789")


@cache
def stages_of(classifier):
    """The layers of a classifier, as its frames have them."""
    return summarise_layers(CLASSIFIERS[classifier].build())


def make_image_frame(
    seed=0,
    classifier="mlp",
    tiles=(12, 28, 28),
    probe_set=40,
    mistakes=5,
    classes=DIGITS,
    **changes,
):
    """A frame of a classifier; `changes` replace any field."""
    rng = np.random.default_rng(seed)
    normal = lambda *shape: rng.normal(0, 1, shape).astype(np.float32)  # noqa: E731
    seen = make_predictions(rng, probe_set, len(classes))
    fields = {
        "epoch": 3,
        "step": 300,
        "progress": 0.4,
        "evaluating": False,
        "images_per_s": 1e4,
        "epoch_seconds_left": 2.0,
        "seconds_left": 20.0,
        "classes": classes,
        "stages": stages_of(classifier),
        "train": Score(0.2, 0.93),
        "test": Score(0.3, 0.91),
        "tested_count": 500,
        "curves": make_curves(rng, 30, False, True),
        "rate": 1e-3,
        "confusion": rng.integers(0, 40, (len(classes), len(classes))),
        "tiles": Tiles(normal(*tiles), normal(*tiles), normal(*tiles)),
        "probe_set": seen,
        "points": normal(probe_set, 2),
        "explained_variance": 0.4,
        "samples": ImagePredictions(seen.pictures[:9], seen.labels[:9], seen.probabilities[:9]),
        "mistakes": make_predictions(rng, mistakes, len(classes)),
        "augmented_inputs": rng.integers(0, 256, (16, 28, 28), np.uint8),
    }
    return ImageFrame(**(fields | changes))


def make_predictions(rng, count, classes):
    return ImagePredictions(
        rng.integers(0, 256, (count, 28, 28), np.uint8),
        rng.integers(0, classes, count),
        rng.dirichlet(np.full(classes, 0.3), count).astype(np.float32),
    )
