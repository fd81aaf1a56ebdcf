"""Evaluation on the test images: on all of them after an epoch, on some of them in between."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from playground.training.core.metrics import Score, count_confusion
from playground.training.core.state.state import State
from playground.training.core.state.state_reader import RestoreStep, StateReader
from playground.training.images.classifier.trainable_classifier import TrainableClassifier
from playground.training.images.data.image_data import ImageData
from playground.training.images.frame import ImagePredictions, Integers

CHUNK_SIZE = 400
"""Test images in each evaluation between two ends of epochs."""
ESTIMATE_WINDOW = 2000
"""Test images that an estimate is about: the chunks evaluated last."""


class Evaluator:
    """Evaluates the test images in turn, and keeps the last outputs for each.

    Parameters
    ----------
    pictures : ImageData
        The test images.
    classifier : TrainableClassifier
    """

    def __init__(self, pictures: ImageData, classifier: TrainableClassifier) -> None:
        self._pictures = pictures
        self._classifier = classifier
        # Test sets are not shuffled: the two halves of MNIST's were written by different people.
        self._order = torch.randperm(len(pictures), generator=torch.Generator().manual_seed(0))
        self._answers = torch.zeros(len(pictures), classifier.classes)
        self._next = 0
        self._valid_count = 0  # outputs before `_next`, cyclically, that results may use

    def evaluate_chunk(self, pending: int | None = None) -> Iterator[int]:
        """Evaluate the next chunk, a piece at a time.

        Parameters
        ----------
        pending : int, optional
            Images that were left of the chunk when its evaluation was interrupted.

        Yields
        ------
        int
            Images that are left.
        """
        yield from self._evaluate(
            min(CHUNK_SIZE, len(self._pictures)) if pending is None else pending
        )
        self._valid_count = min(self._valid_count, ESTIMATE_WINDOW)

    def evaluate_all(self, pending: int | None = None) -> Iterator[int]:
        """Evaluate all test images, a piece at a time; see `evaluate_chunk`."""
        yield from self._evaluate(len(self._pictures) if pending is None else pending)

    @property
    def tested_count(self) -> int:
        """Number of test images that have been evaluated so far."""
        return self._valid_count

    def score(self) -> Score:
        """Return mean loss and accuracy; NaN where nothing has been evaluated."""
        rows = self._valid_rows()
        return Score(*self._classifier.score(self._answers[rows], self._pictures.labels[rows]))

    def confusion(self) -> Integers:
        """Return the confusion matrix of the outputs that count, true class by row."""
        rows = self._valid_rows()
        return count_confusion(
            self._pictures.labels[rows], self._answers[rows].argmax(1), self._classifier.classes
        )

    def mistakes(self, limit: int) -> ImagePredictions:
        """Return the wrong predictions with the most confidence."""
        rows = self._valid_rows()
        labels = self._pictures.labels[rows]
        confidence, predicted = self._classifier.probabilities(self._answers[rows]).max(1)
        wrong = (predicted != labels).nonzero()[:, 0]
        worst = rows[wrong[confidence[wrong].argsort(descending=True)[:limit]]]
        return self.predictions(worst, self._answers[worst])

    def predictions(self, rows: Tensor, answers: Tensor) -> ImagePredictions:
        """Return predictions for test images, by number, from outputs of shape (n, classes)."""
        return ImagePredictions(
            self._pictures.pictures[rows].numpy(),
            self._pictures.labels[rows].numpy(),
            self._classifier.probabilities(answers).contiguous().numpy().astype(np.float32),
        )

    def invalidate(self) -> None:
        """Leave all outputs so far out of the results."""
        self._valid_count = 0

    def state(self) -> State:
        """Copy the last outputs for each image, and which of them count."""
        return State(
            {"next": self._next, "valid": self._valid_count}, {"answers": self._answers.clone()}
        )

    def matches(self, saved: StateReader) -> bool:
        """Return whether a state is about as many test images."""
        answers = saved.tensor("answers", (None, self._classifier.classes), torch.float32)
        return len(answers) == len(self._pictures)

    def prepare_restore(self, saved: StateReader) -> RestoreStep:
        """Check what `state` made, and return the step that restores it.

        No outputs count if the state is about another number of images.

        Raises
        ------
        InputError
            If it is not a state of an evaluator.
        """
        if not self.matches(saved):
            return self.invalidate
        answers = saved.tensor("answers", tuple(self._answers.shape), torch.float32).clone()
        following = saved.integer("next", max(0, len(answers) - 1))
        valid = saved.integer("valid", len(answers))

        def restore() -> None:
            self._answers, self._next, self._valid_count = answers, following, valid

        return restore

    def _evaluate(self, count: int) -> Iterator[int]:
        total = len(self._pictures)
        while count:
            size = min(count, 2 * self._classifier.micro_batch, total - self._next)
            rows = self._order[self._next : self._next + size]
            inputs, _ = self._pictures.inputs(rows)
            self._answers[rows] = self._classifier.eval_network(inputs)
            self._next = (self._next + size) % total
            self._valid_count = min(self._valid_count + size, total)
            count -= size
            yield count

    def _valid_rows(self) -> Tensor:
        last = torch.arange(self._next - self._valid_count, self._next)
        return self._order[last % max(1, len(self._order))]
