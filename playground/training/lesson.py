"""A problem as tensors: what is learned, what is examined, and what is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from playground.problems.problem import FeatureMap, Floats, Plane, Problem, Split
from playground.training.examine import Examination, examination
from playground.training.frame import Score
from playground.training.losses import Loss

SIDE = 100
"""Cells along each side of the plane in a Frame."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a problem says of itself at one moment; equal for as long as nothing changes.

    Attributes
    ----------
    inputs, classes : tuple of str
        As the problem names them.
    names : tuple of str
        The features the network is given.
    remark : str or None
        What the problem itself finds odd, if it has something to say.
    """

    split: Split
    plane: Plane
    inputs: tuple[str, ...]
    classes: tuple[str, ...]
    names: tuple[str, ...]
    remark: str | None

    def check(self) -> None:
        """Raise ValueError if one part does not fit another, as in the middle of a change."""
        columns = self.split.train.x.shape[1]
        if not columns == len(self.inputs) == len(self.plane.pins) > max(self.plane.axes):
            raise ValueError(f"{columns} inputs were found where {self.inputs} were announced.")
        y = np.concatenate([self.split.train.y, self.split.test.y])
        if (y.dtype.kind == "f") == bool(self.classes):
            raise ValueError(f"Targets are {y.dtype}, but the classes are {self.classes}.")
        if self.classes and len(y) and not 0 <= y.min() <= y.max() < len(self.classes):
            raise ValueError(f"There are classes {y.min()} to {y.max()} in {self.classes}.")


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """Everything about the problem that training and drawing need, at one moment.

    Attributes
    ----------
    subject : Subject
    features : mapping of str to callable
        All that the problem has.
    train, test : Examination
    both : Tensor of shape (1, features, n)
        Features of the training samples, then of the test samples.
    grid : Tensor of shape (1, features, SIDE * SIDE)
        Features over the plane, row by row from the lowest up.
    """

    subject: Subject
    features: FeatureMap
    train: Examination
    test: Examination
    both: Tensor
    grid: Tensor

    @property
    def outputs(self) -> int:
        """How many numbers the network must answer with."""
        return outputs_for(self.subject.classes)

    @property
    def reference(self) -> Examination:
        """What learning is judged by: the test samples where there are any."""
        return self.test if len(self.test) else self.train

    def parted(self, answer: Tensor) -> tuple[Tensor, Tensor]:
        """Part answers to `both` into those to the training and those to the test samples."""
        train, test = answer.split([len(self.train), len(self.test)], dim=2)
        return train, test

    def scores(self, loss: Loss, answer: Tensor) -> tuple[Score, Score]:
        """Judge answers to `both`, (1, outputs, n)."""
        train, test = self.parted(answer)
        return self.train.score(loss, train), self.test.score(loss, test)

    def expand(self, x: Floats) -> Tensor:
        """Compute the features of input rows, shape (1, features, n)."""
        return expand(self.features, self.subject.names, x)


def outputs_for(classes: tuple[str, ...]) -> int:
    """How many numbers a network must answer with: two classes need one, as does a value."""
    return len(classes) if len(classes) > 2 else 1


def expand(features: FeatureMap, names: Iterable[str], x: Floats) -> Tensor:
    """Compute features by name of input rows (n, inputs), as a tensor (1, features, n)."""
    rows = torch.tensor(np.asarray(x, np.float32))
    return torch.stack([features[name](rows) for name in names]).unsqueeze(0).contiguous()


def chosen(problem: Problem, wished: Iterable[str]) -> tuple[str, ...]:
    """Pick those of the wished features that the problem has; its plain inputs if it has none."""
    wished = set(wished)
    return tuple(name for name in problem.features if name in wished) or problem.inputs


def look(problem: Problem, wished: Iterable[str]) -> Subject:
    """Take down what a problem is at this moment."""
    return Subject(
        split=problem.samples(),
        plane=problem.plane,
        inputs=problem.inputs,
        classes=problem.classes,
        names=chosen(problem, wished),
        remark=problem.remark,
    )


def prepare(subject: Subject, features: FeatureMap) -> Lesson:
    """Make the tensors of a problem's samples and plane.

    Raises
    ------
    ValueError
        If the subject does not fit together.
    """
    subject.check()
    train, test = (
        examination(part, expand(features, subject.names, part.x), len(subject.classes))
        for part in (subject.split.train, subject.split.test)
    )
    return Lesson(
        subject=subject,
        features=features,
        train=train,
        test=test,
        both=torch.cat([train.inputs, test.inputs], dim=2),
        grid=expand(features, subject.names, subject.plane.grid(SIDE)),
    )
