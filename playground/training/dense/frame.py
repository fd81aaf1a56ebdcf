"""Frames: immutable copies of a dense network and its training, for the views."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from playground.networks.dense.plan import Plan
from playground.problems.preprocessing import UNCHANGED, Preprocessing, Scaler
from playground.problems.problem import Floats, Plane, Split
from playground.training.core.metrics import ClassScores, Curves, Score, ValueErrors
from playground.training.core.notes import Note
from playground.training.dense.evaluator import GOOD_ACCURACY


@dataclass(frozen=True, slots=True)
class LayerFrame:
    """One dense layer at one moment.

    Attributes
    ----------
    weight, weight_gradient : float32 array of shape (units, fan_in)
    bias, bias_gradient : float32 array of shape (units,)
    maps : float32 array of shape (units, side, side)
        Activation of each unit over the plane, rows from the lowest upwards; of each cell the mean.
    mean, deviation : float32 array of shape (units,)
        Of each unit's activation over the training samples.
    saturated : float
        Share (0 to 1) of activations over the training samples whose derivative is near 0.
    dead : int
        Units of an activation with a flat stretch, such as ReLU, that pass no gradient for any
        training sample.
    frozen : bool array of shape (units, fan_in + 1)
        Parameters that no step changes; the last column is the bias.
    movement : float
        How far weights and biases have moved in recent epochs, as a share of their size; NaN where
        that is not known. See `layer_movements`.
    """

    weight: Floats
    bias: Floats
    weight_gradient: Floats
    bias_gradient: Floats
    maps: Floats
    mean: Floats
    deviation: Floats
    saturated: float
    dead: int
    frozen: npt.NDArray[np.bool_]
    movement: float = math.nan

    @property
    def gradient_norm(self) -> float:
        """Euclidean norm of the gradient of all weights and biases of the layer."""
        weights, biases = map(np.linalg.norm, (self.weight_gradient, self.bias_gradient))
        return float(np.hypot(weights, biases))


class EnlargedUnit(NamedTuple):
    """The activation of one unit over the plane, on as many cells as `Frame.field` has.

    Attributes
    ----------
    layer, unit : int
        Layer -1 holds the features.
    map : float32 array of shape (side, side)
    """

    layer: int
    unit: int
    map: Floats


@dataclass(frozen=True, slots=True)
class Frame:
    """A dense network and its training at one moment. Arrays must not be written to.

    All numbers are about the weights of that moment, also in the middle of an epoch.

    Attributes
    ----------
    epoch, step : int
        Finished epochs; optimiser steps in all.
    part : float
        The share of the epoch under way that is done, below 1.
    plan : Plan
    classes : tuple of str
        Names of the classes; empty in regression.
    inputs : tuple of str
        Names of the problem's inputs.
    plane : Plane
        Where `field` and the maps are drawn.
    samples : Split
        The training and the test samples.
    field : float32 array of shape (side, side, classes) or (side, side, 1)
        Class probabilities, or the value in regression, over the plane; rows from the lowest up.
    feature_maps : float32 array of shape (features, side, side)
    layers : tuple of LayerFrame
    train, test : Score
    rate : float
        The learning rate in force, schedule included.
    curves : Curves
        By epoch; the last row is that of the moment.
    confusion : int64 array of shape (classes, classes)
        Test samples (training samples where there are no test samples), true class by row.
    probe_outputs : dict of str to float32 array
        Outputs for the rows of each probe (see `Trainer.set_probe`): class probabilities, or
        values, one row for each input row.
    notes : tuple of Note
    learned_epoch : int or None
        The first epoch from which all test samples (training samples where there are no test
        samples) are right with a margin, or of a hundred samples or more 99 %.
    all_features : tuple of str
        Names of the features that the problem has, those that the network takes among them.
    unused_maps : float32 array of shape (other features, side, side)
        Those of the features that the network does not take.
    samples_since : int
        The epoch from which on these samples are trained on; the curves before it are of others.
    preprocessing : Preprocessing
        The way from the units of the user to those of the samples, and back.
    errors : (ValueErrors, ValueErrors) or None
        On the training and on the test samples, in the units of the user; None for classes.
    comparable_since, steady_since : int
        See `Comparability`.
    enlarged : EnlargedUnit or None
        The unit that was asked for, if there is such a one; see `Trainer.enlarge`.
    """

    epoch: int
    step: int
    plan: Plan
    classes: tuple[str, ...]
    inputs: tuple[str, ...]
    plane: Plane
    samples: Split
    field: Floats
    feature_maps: Floats
    layers: tuple[LayerFrame, ...]
    train: Score
    test: Score
    rate: float
    curves: Curves
    confusion: npt.NDArray[np.int64]
    probe_outputs: dict[str, Floats] = dataclasses.field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    learned_epoch: int | None = None
    samples_since: int = 0
    preprocessing: Preprocessing = UNCHANGED
    errors: tuple[ValueErrors, ValueErrors] | None = None
    comparable_since: int = 0
    steady_since: int = 0
    all_features: tuple[str, ...] = ()
    part: float = 0.0
    enlarged: EnlargedUnit | None = None
    unused_maps: Floats = dataclasses.field(default_factory=lambda: np.empty((0, 1, 1), np.float32))

    @property
    def unused_features(self) -> tuple[str, ...]:
        """Names of the features that the network does not take, in the order of `unused_maps`."""
        return tuple(name for name in self.all_features if name not in self.plan.features)

    @property
    def places(self) -> Scaler:
        """The scaling between the units in which places are shown and coordinates of the plane."""
        return places_of(self.plane, self.preprocessing)

    @property
    def axis_names(self) -> tuple[str, str]:
        """What the axes of the plane are called: as its units, else as the inputs."""
        names = [each.name for each in self.plane.units] or self.inputs
        across, up = self.plane.axes
        return names[across], names[up]

    @property
    def class_scores(self) -> ClassScores:
        """The `CLASS_METRICS` of each class, of the samples that `confusion` is about."""
        return ClassScores.of(self.confusion)

    @property
    def shown_score(self) -> Score:
        """The score on the test samples, or on the training samples where there are none."""
        return self.test if len(self.samples.test) else self.train

    @property
    def is_solved(self) -> bool:
        """Whether it has learned, and no less is right by now than that takes."""
        return self.learned_epoch is not None and not self.shown_score.accuracy < GOOD_ACCURACY

    @property
    def epochs_done(self) -> float:
        """Finished epochs, and the share of the one under way."""
        return self.epoch + self.part

    def __repr__(self) -> str:
        """Return epoch, step and scores only; the arrays would fill pages."""
        return f"Frame(epoch={self.epoch}, step={self.step}, train={self.train}, test={self.test})"

    @property
    def regression(self) -> bool:
        """Whether the network predicts values rather than classes."""
        return not self.classes


def places_of(plane: Plane, preprocessing: Preprocessing) -> Scaler:
    """Return the scaling between the units in which places are shown and coordinates of a plane."""
    if plane.units:
        parts = [(each.offset, each.scale) for each in plane.units]
        return Scaler(*np.array(parts).T)
    if not plane.scale:
        return preprocessing.inputs
    return Scaler(np.array(plane.offset), np.array(plane.scale))
