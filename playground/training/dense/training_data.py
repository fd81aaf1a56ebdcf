"""A problem as tensors: samples to train on and to test with, and the plane that is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from playground.errors import InputError
from playground.networks.dense.forward import outputs
from playground.networks.dense.parameters import Parameters
from playground.problems.preprocessing import Preprocessing
from playground.problems.problem import FeatureMap, Floats, Plane, Problem, Split
from playground.settings import quote_briefly
from playground.training.core.class_weights import BALANCED, balanced_weights
from playground.training.core.losses import Loss, Task, losses_for
from playground.training.core.metrics import Score
from playground.training.dense.evaluator import EvaluationSet, evaluation_set
from playground.training.training import Training

GRID_SIDE = 100
"""Cells along each side of the plane in a Frame."""
MAP_STRIDE = 4
"""Cells of the plane, along each side, for one cell of a unit's map."""
PLACES = ((0, 1), (1, 3), (2, 0), (3, 2))
"""Rows and columns, among those cells, of which a unit's map has the mean."""


@dataclass(frozen=True, slots=True)
class ProblemSpec:
    """A copy of the state of a problem; copies are equal while the problem does not change.

    Attributes
    ----------
    inputs, classes : tuple of str
        As the problem names them.
    feature_names : tuple of str
        The features that the network takes.
    remark : str or None
        What is unusual about the problem, in a sentence.
    preprocessing : Preprocessing
        The way from the units of the user to those of the samples, and back.
    """

    split: Split
    plane: Plane
    inputs: tuple[str, ...]
    classes: tuple[str, ...]
    feature_names: tuple[str, ...]
    remark: str | None
    preprocessing: Preprocessing

    def check(self) -> None:
        """Raise ValueError if one part does not fit another, as in a faulty Problem."""
        columns = self.split.train.x.shape[1]
        if not columns == len(self.inputs) == len(self.plane.pins) > max(self.plane.axes):
            raise ValueError(f"{columns} inputs were found where {self.inputs} were announced.")
        y = np.concatenate([self.split.train.y, self.split.test.y])
        if (y.dtype.kind == "f") == bool(self.classes):
            raise ValueError(f"Targets are {y.dtype}, but the classes are {self.classes}.")
        if self.classes and len(y) and not 0 <= y.min() <= y.max() < len(self.classes):
            raise ValueError(f"There are classes {y.min()} to {y.max()} in {self.classes}.")


@dataclass(frozen=True, slots=True, eq=False)
class TrainingData:
    """Everything about a problem that training and frames need, as tensors.

    Attributes
    ----------
    spec : ProblemSpec
    features : mapping of str to callable
        All features that the problem has.
    train, test : EvaluationSet
    all_inputs : Tensor of shape (1, features, n)
        Features of the training samples, then of the test samples.
    grid : Tensor of shape (1, features, GRID_SIDE * GRID_SIDE)
        Features over the plane, row by row from the lowest up.
    grid_and_samples : Tensor of shape (1, features, GRID_SIDE * GRID_SIDE + n)
        `grid`, then `all_inputs`: one pass of a network gives all that a Frame shows.
    feature_maps, unused_maps : float32 arrays of shape (features, side, side)
        The maps of a Frame: of these features, and of those that the network does not take.
    """

    spec: ProblemSpec
    features: FeatureMap
    train: EvaluationSet
    test: EvaluationSet
    all_inputs: Tensor
    grid: Tensor
    grid_and_samples: Tensor
    feature_maps: Floats
    unused_maps: Floats

    @property
    def outputs(self) -> int:
        """Number of outputs that the network must have."""
        return outputs_for(self.spec.classes)

    @property
    def reference(self) -> EvaluationSet:
        """The samples that confusion and `learned_epoch` are about: the test samples if any."""
        return self.test if len(self.test) else self.train

    def sample_outputs(self, parameters: Parameters) -> Tensor:
        """Compute a network's outputs for `all_inputs`, (1, outputs, n)."""
        if parameters.layers:
            return outputs(parameters, self.all_inputs)
        # What a user's module makes of a row may depend on the rows beside it.
        parts = (outputs(parameters, each.inputs) for each in (self.train, self.test))
        return torch.cat([*parts], dim=2)

    def split_outputs(self, answer: Tensor) -> tuple[Tensor, Tensor]:
        """Split outputs for `all_inputs` into those for training and those for test samples."""
        train, test = answer.split([len(self.train), len(self.test)], dim=2)
        return train, test

    def scores(self, loss: Loss, answer: Tensor) -> tuple[Score, Score]:
        """Return the scores of outputs for `all_inputs`, (1, outputs, n)."""
        train, test = self.split_outputs(answer)
        return self.train.score(loss, train), self.test.score(loss, test)

    def confusion(self, answer: Tensor) -> npt.NDArray[np.int64]:
        """Return the confusion matrix of `reference` from outputs for `all_inputs`."""
        part = self.split_outputs(answer)[len(self.test) > 0]
        return self.reference.confusion(part, len(self.spec.classes))

    def is_learned(
        self, loss: Loss, answer: Tensor, scores: tuple[Score, Score], *, so_far: bool
    ) -> bool:
        """Return whether the task counts as learned with outputs for `all_inputs`.

        Parameters
        ----------
        loss : Loss
        answer : Tensor of shape (1, outputs, n)
        scores : (Score, Score)
            Of that answer.
        so_far : bool
            Whether it counted as learned before.
        """
        has_test = len(self.test) > 0
        accuracy = scores[has_test].accuracy
        return self.reference.is_nearly_learned(accuracy, so_far=so_far) or (
            accuracy == 1
            and self.reference.is_learned(loss.probabilities(self.split_outputs(answer)[has_test]))
        )

    def compute_features(self, x: Floats) -> Tensor:
        """Compute the features of input rows, shape (1, features, n)."""
        return compute_features(self.features, self.spec.feature_names, x)


def fitting_loss(data: TrainingData, name: str) -> tuple[str, Task, int]:
    """Return what `make_loss` needs: a loss by name, or the default where it does not fit."""
    task: Task = "classification" if data.spec.classes else "regression"
    possible = losses_for(task)
    return name if name in possible else possible[0], task, data.outputs


def class_weights(data: TrainingData, training: Training) -> Tensor | None:
    """Return the weights of classes that training asks for; None where all count the same."""
    labels = data.train.labels
    if training.class_weights != BALANCED or labels is None or not len(labels):
        return None
    return balanced_weights(labels, len(data.spec.classes))


def outputs_for(classes: tuple[str, ...]) -> int:
    """Return the number of outputs a network must have: 1 for two classes and for values."""
    return len(classes) if len(classes) > 2 else 1


def compute_features(features: FeatureMap, feature_names: Iterable[str], x: Floats) -> Tensor:
    """Compute features by name of input rows (n, inputs), as a tensor (1, features, n)."""
    rows = torch.tensor(np.asarray(x, np.float32))
    values = [features[name](rows) for name in feature_names]
    stacked = torch.stack(values) if values else rows.new_empty(0, len(rows))
    return stacked.unsqueeze(0).contiguous()


def available_features(problem: Problem, requested: Iterable[str]) -> tuple[str, ...]:
    """Return those of the requested features that the problem has; its inputs if there is none."""
    requested = set(requested)
    return tuple(name for name in problem.features if name in requested) or problem.inputs


def check_features(problem: Problem, requested: Iterable[str]) -> None:
    """Raise InputError if a problem has not all of the features."""
    known = problem.features
    for name in requested:
        if name not in known:
            raise InputError(
                f"There is no feature {quote_briefly(name)}; there are {', '.join(known)}."
            )


def problem_spec(problem: Problem, requested: Iterable[str]) -> ProblemSpec:
    """Copy the current state of a problem."""
    return ProblemSpec(
        split=problem.samples(),
        plane=problem.plane,
        inputs=problem.inputs,
        classes=problem.classes,
        feature_names=available_features(problem, requested),
        remark=problem.remark,
        preprocessing=problem.preprocessing,
    )


def training_data(spec: ProblemSpec, features: FeatureMap) -> TrainingData:
    """Make the tensors of a problem's samples and plane.

    Raises
    ------
    ValueError
        If the parts of the problem do not fit together.
    """
    spec.check()
    train, test = (
        evaluation_set(
            part, compute_features(features, spec.feature_names, part.x), len(spec.classes)
        )
        for part in (spec.split.train, spec.split.test)
    )
    plane = spec.plane.grid(GRID_SIDE)
    grid = compute_features(features, spec.feature_names, plane)
    grid_and_samples = torch.cat([grid, train.inputs, test.inputs], dim=2)
    unused = [name for name in features if name not in spec.feature_names]
    return TrainingData(
        spec=spec,
        features=features,
        train=train,
        test=test,
        all_inputs=torch.cat([train.inputs, test.inputs], dim=2),
        grid=grid_and_samples[:, :, : GRID_SIDE**2],
        grid_and_samples=grid_and_samples,
        feature_maps=maps(grid),
        unused_maps=maps(compute_features(features, unused, plane)),
    )


def maps(activation: Tensor) -> Floats:
    """Activations over the plane, (1, units, GRID_SIDE * GRID_SIDE), on a coarser grid.

    Each is the mean of four places that lie evenly in its cell, in no row or column together: of
    one place, edges would be stairs.
    """
    fine = activation[0].numpy().reshape(-1, GRID_SIDE, GRID_SIDE)
    first, *others = (fine[:, row::MAP_STRIDE, column::MAP_STRIDE] for row, column in PLACES)
    total: Floats = sum(others, start=first)
    return total * np.float32(1 / len(PLACES))
