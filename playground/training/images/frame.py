"""A ImageFrame: what can be seen of a network that learns to read, at one moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from playground.networks.classifiers import LayerSummary
from playground.problems.problem import Floats
from playground.training.core.metrics import Curves, Score
from playground.training.core.notes import Note

Pixels = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class ImagePredictions:
    """Pictures, and what the network takes them for.

    Attributes
    ----------
    pictures : uint8 array of shape (n, 28, 28)
        0 is paper, 255 is ink.
    labels : int64 array of shape (n,)
        What they are.
    probabilities : float32 array of shape (n, classes)
    """

    pictures: Pixels
    labels: Integers
    probabilities: Floats

    @property
    def predicted(self) -> Integers:
        """The class each picture is taken for, shape (n,)."""
        predicted: Integers = self.probabilities.argmax(1)
        return predicted

    @property
    def confidence(self) -> Floats:
        """The probability of that class, shape (n,)."""
        confidence: Floats = self.probabilities.max(1)
        return confidence


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """The weights of the first layer as small pictures, arrays of shape (k, h, w).

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
        """What all training has changed."""
        return self.now - self.start

    @property
    def since_last_epoch(self) -> Floats:
        """What the epoch under way has changed."""
        return self.now - self.last_epoch


@dataclass(frozen=True, slots=True, eq=False)
class ImageFrame:
    """A network that reads pictures, what it has learned and how. Arrays must not be written to.

    What is not looked at anew for a frame is the very same object as in the frame before.

    Attributes
    ----------
    epoch, step : int
        Finished epochs; optimiser steps in all.
    progress : float
        Share (0 to 1) of the epoch under way that is done.
    evaluating : bool
        Whether the epoch is done but for its examination on all test pictures.
    images_per_s : float
        Training pictures a second of learning, lately; NaN before there was any.
    epoch_seconds_left : float
        Until the epoch ends, at this rate; NaN if unknown.
    seconds_left : float
        Until `Training.stop_epoch`; NaN if unknown, or if nothing stops training.
    classes : tuple of str
    stages : tuple of LayerSummary
        The layers in the order of a picture's way through them.
    train : Score
        Of the last twelfth of an epoch, as pictures were learned: augmented, and before the
        step that each of them caused.
    test : Score
        On all test pictures when an epoch has just ended; in between, on those looked at last.
    tested_count : int
        How many test pictures `test` and `confusion` speak of.
    curves : Curves
        Twelve rows an epoch.
    rate : float
        The learning rate in force, schedule included.
    confusion : int64 array of shape (classes, classes)
        Of test pictures, true class by row.
    tiles : Tiles
    probe_set : ImagePredictions
        A fixed random choice of 600 test pictures (fewer where there are fewer).
    points : float32 array of shape (len(panel), 2)
        What the last layer is given for each picture of the panel, seen from where it spreads
        most: the plane of the first two principal components, in units of the points' mean
        distance from their middle.
    explained_variance : float
        Share (0 to 1) of all variance that `points` shows.
    samples : ImagePredictions
        The first pictures of the panel.
    mistakes : ImagePredictions
        The test pictures that were wrong with the most confidence at the end of the last epoch;
        empty before.
    augmented_inputs : uint8 array of shape (n, 28, 28)
        Some training pictures as the network was given them last, augmentation included.
    notes : tuple of Note
    learned_epoch : int or None
        The first epoch that ended with `PASS` of all test pictures read correctly.
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

    @property
    def epochs_done(self) -> float:
        """Epochs so far, parts of one included."""
        return self.epoch + self.progress

    @property
    def class_accuracy(self) -> Floats:
        """The share of each class that is read correctly, shape (classes,); NaN if unseen."""
        total = self.confusion.sum(1)
        share = np.full(len(total), np.nan, np.float32)
        np.divide(self.confusion.diagonal(), total, out=share, where=total > 0)
        return share
