"""ImageFrames: immutable copies of an image classifier and its training, for the views."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from playground.networks.classifiers import LayerSummary
from playground.problems.problem import Floats
from playground.training.core.metrics import ClassScores, Curves, Score
from playground.training.core.notes import Note

Pixels = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class ImagePredictions:
    """Images, and what a classifier predicts for them.

    Attributes
    ----------
    pictures : uint8 array of shape (n, 28, 28)
        0 is paper, 255 is ink.
    labels : int64 array of shape (n,)
        Their true classes.
    probabilities : float32 array of shape (n, classes)
    """

    pictures: Pixels
    labels: Integers
    probabilities: Floats

    @property
    def predicted(self) -> Integers:
        """The predicted class of each image, shape (n,)."""
        predicted: Integers = self.probabilities.argmax(1)
        return predicted

    @property
    def confidence(self) -> Floats:
        """The probability of that class, shape (n,)."""
        confidence: Floats = self.probabilities.max(1)
        return confidence


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """The weights of the first layer as small images, arrays of shape (k, h, w).

    Attributes
    ----------
    now, start, last_epoch : float32 array
        At present, before the first step, and when the last epoch ended.
    """

    now: Floats
    start: Floats
    last_epoch: Floats

    @property
    def since_start(self) -> Floats:
        """The change since the first step."""
        return self.now - self.start

    @property
    def since_last_epoch(self) -> Floats:
        """The change since the end of the last epoch."""
        return self.now - self.last_epoch


@dataclass(frozen=True, slots=True, eq=False)
class ImageFrame:
    """An image classifier and its training at one moment. Arrays must not be written to.

    What has not been computed anew for a frame is the very same object as in the frame before.

    Attributes
    ----------
    epoch, step : int
        Finished epochs; optimiser steps in all.
    progress : float
        Share (0 to 1) of the epoch under way that is done.
    evaluating : bool
        Whether all steps of the epoch are taken, but its evaluation on all test images is not done.
    images_per_s : float
        Recent training images a second; NaN before there are any.
    epoch_seconds_left : float
        Until the epoch ends, at this rate; NaN if unknown.
    seconds_left : float
        Until `Training.stop_epoch`; NaN if unknown, or if nothing stops training.
    classes : tuple of str
    stages : tuple of LayerSummary
        The layers, from the input to the output.
    train : Score
        On the images of the last twelfth of an epoch as they were trained on: augmented, and
        with the weights before the step.
    test : Score
        On all test images when an epoch has just ended; in between, on those evaluated last.
    tested_count : int
        Test images that `test` and `confusion` are about.
    curves : Curves
        Twelve rows an epoch.
    rate : float
        The learning rate in force, schedule included.
    confusion : int64 array of shape (classes, classes)
        Of test images, true class by row.
    tiles : Tiles
    probe_set : ImagePredictions
        A fixed random choice of 600 test images (fewer where there are fewer).
    points : float32 array of shape (len(probe_set), 2)
        The inputs of the last layer for each image of the probe set, projected on their first two
        principal components, in units of the points' mean distance from their mean.
    explained_variance : float
        Share (0 to 1) of all variance that `points` shows.
    samples : ImagePredictions
        The first images of the probe set.
    mistakes : ImagePredictions
        The wrong predictions for test images with the most confidence at the end of the last
        epoch; empty before.
    augmented_inputs : uint8 array of shape (n, 28, 28)
        Some training images as the network took them last, augmentation included.
    notes : tuple of Note
    learned_epoch : int or None
        The first epoch that ended with an accuracy of `LEARNED_ACCURACY` on all test images.
    comparable_since, steady_since : int
        See `Comparability`.
    """

    epoch: int
    step: int
    progress: float
    evaluating: bool
    images_per_s: float
    epoch_seconds_left: float
    seconds_left: float
    classes: tuple[str, ...]
    stages: tuple[LayerSummary, ...]
    train: Score
    test: Score
    tested_count: int
    curves: Curves
    rate: float
    confusion: Integers
    tiles: Tiles
    probe_set: ImagePredictions
    points: Floats
    explained_variance: float
    samples: ImagePredictions
    mistakes: ImagePredictions
    augmented_inputs: Pixels
    notes: tuple[Note, ...] = ()
    learned_epoch: int | None = None
    comparable_since: int = 0
    steady_since: int = 0

    @property
    def class_scores(self) -> ClassScores:
        """The `CLASS_METRICS` of each class, of the samples that `confusion` is about."""
        return ClassScores.of(self.confusion)

    @property
    def epochs_done(self) -> float:
        """Epochs so far, parts of one included."""
        return self.epoch + self.progress
