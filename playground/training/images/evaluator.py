"""How well a network reads the test pictures: all of them now and then, some of them often."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from playground.training.core.metrics import Score
from playground.training.core.state.state import State
from playground.training.core.state.state_reader import RestoreStep, StateReader
from playground.training.images.frame import ImagePredictions, Integers
from playground.training.images.image_data import ImageData
from playground.training.images.trainable_classifier import TrainableClassifier

CHUNK_SIZE = 400
"""Test pictures looked at each time between two full examinations."""
ESTIMATE_WINDOW = 2000
"""Test pictures that an estimate speaks of: the chunks looked at last."""


class Evaluator:
    """Goes round and round the test pictures, and remembers the last answer to each.

    Parameters
    ----------
    pictures : ImageData
        The test pictures.
    classifier : TrainableClassifier
    """

    def __init__(self, pictures: ImageData, classifier: TrainableClassifier) -> None:
        self._pictures = pictures
        self._classifier = classifier
        # Test sets are not shuffled: half of MNIST's comes from other people than the other half.
        self._order = torch.randperm(len(pictures), generator=torch.Generator().manual_seed(0))
        self._answers = torch.zeros(len(pictures), classifier.classes)
        self._next = 0
        self._valid_count = 0  # answers before `_next`, going back round, that an estimate may use

    def evaluate_chunk(self, pending: int | None = None) -> Iterator[int]:
        """Look at the next chunk, a piece at a time.

        Parameters
        ----------
        pending : int, optional
            How much of the chunk was unseen when this was broken off.

        Yields
        ------
        int
            How much of it is unseen still.
        """
        yield from self._evaluate(
            min(CHUNK_SIZE, len(self._pictures)) if pending is None else pending
        )
        self._valid_count = min(self._valid_count, ESTIMATE_WINDOW)

    def evaluate_all(self, pending: int | None = None) -> Iterator[int]:
        """Look at every test picture, a piece at a time; see `evaluate_chunk`."""
        yield from self._evaluate(len(self._pictures) if pending is None else pending)

    @property
    def tested_count(self) -> int:
        """How many pictures the results speak of."""
        return self._valid_count

    def score(self) -> Score:
        """Mean loss and accuracy; NaN where nothing has been looked at."""
        rows = self._valid_rows()
        return Score(*self._classifier.score(self._answers[rows], self._pictures.labels[rows]))

    def confusion(self) -> Integers:
        """How often each true class (row) was taken for each class (column)."""
        rows, classes = self._valid_rows(), self._classifier.classes
        pairs = self._pictures.labels[rows] * classes + self._answers[rows].argmax(1)
        counts: Integers = torch.bincount(pairs, minlength=classes**2).numpy()
        return counts.reshape(classes, classes)

    def mistakes(self, limit: int) -> ImagePredictions:
        """Pick the wrong answers that were given with the most confidence."""
        rows = self._valid_rows()
        labels = self._pictures.labels[rows]
        confidence, predicted = self._classifier.probabilities(self._answers[rows]).max(1)
        wrong = (predicted != labels).nonzero()[:, 0]
        worst = rows[wrong[confidence[wrong].argsort(descending=True)[:limit]]]
        return self.predictions(worst, self._answers[worst])

    def predictions(self, rows: Tensor, answers: Tensor) -> ImagePredictions:
        """Put test pictures, by number, together with answers (n, classes) to them."""
        return ImagePredictions(
            self._pictures.pictures[rows].numpy(),
            self._pictures.labels[rows].numpy(),
            self._classifier.probabilities(answers).contiguous().numpy().astype(np.float32),
        )

    def invalidate(self) -> None:
        """Let no answer count that was given so far."""
        self._valid_count = 0

    def state(self) -> State:
        """Copy out the last answer to each picture, and which of them count."""
        return State(
            {"next": self._next, "valid": self._valid_count}, {"answers": self._answers.clone()}
        )

    def matches(self, saved: StateReader) -> bool:
        """Whether a state speaks of as many test pictures."""
        answers = saved.tensor("answers", (None, self._classifier.classes), torch.float32)
        return len(answers) == len(self._pictures)

    def prepare_restore(self, saved: StateReader) -> RestoreStep:
        """Check what `state` gave, and return the step that takes it up.

        Where it was about other pictures, no answer counts.

        Raises
        ------
        InputError
            If it is no state of an examination.
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
