"""How well a network reads the test pictures: all of them now and then, some of them often."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from playground.training.checked import Checked, Step
from playground.training.digits.frame import Numbers, Readings
from playground.training.digits.learner import Learner
from playground.training.digits.pictures import Pictures
from playground.training.frame import Score
from playground.training.state import State

CHUNK = 400
"""Test pictures looked at each time between two full examinations."""
WINDOW = 2000
"""Test pictures that an estimate speaks of: the chunks looked at last."""


class Exam:
    """Goes round and round the test pictures, and remembers the last answer to each.

    Parameters
    ----------
    pictures : Pictures
        The test pictures.
    learner : Learner
    """

    def __init__(self, pictures: Pictures, learner: Learner) -> None:
        self._pictures = pictures
        self._learner = learner
        # Test sets are not shuffled: half of MNIST's comes from other people than the other half.
        self._order = torch.randperm(len(pictures), generator=torch.Generator().manual_seed(0))
        self._answers = torch.zeros(len(pictures), learner.classes)
        self._next = 0
        self._valid = 0  # answers before `_next`, going back round, that an estimate may use

    def some(self, unseen: int | None = None) -> Iterator[int]:
        """Look at the next chunk, a piece at a time.

        Parameters
        ----------
        unseen : int, optional
            How much of the chunk was unseen when this was broken off.

        Yields
        ------
        int
            How much of it is unseen still.
        """
        yield from self._look(min(CHUNK, len(self._pictures)) if unseen is None else unseen)
        self._valid = min(self._valid, WINDOW)

    def all(self, unseen: int | None = None) -> Iterator[int]:
        """Look at every test picture, a piece at a time; see `some`."""
        yield from self._look(len(self._pictures) if unseen is None else unseen)

    @property
    def tested(self) -> int:
        """How many pictures the results speak of."""
        return self._valid

    def score(self) -> Score:
        """Mean loss and accuracy; NaN where nothing has been looked at."""
        rows = self._rows()
        return Score(*self._learner.score(self._answers[rows], self._pictures.labels[rows]))

    def confusion(self) -> Numbers:
        """How often each true class (row) was taken for each class (column)."""
        rows, classes = self._rows(), self._learner.classes
        pairs = self._pictures.labels[rows] * classes + self._answers[rows].argmax(1)
        counts: Numbers = torch.bincount(pairs, minlength=classes**2).numpy()
        return counts.reshape(classes, classes)

    def mistakes(self, most: int) -> Readings:
        """Pick the wrong answers that were given with the most confidence."""
        rows = self._rows()
        labels = self._pictures.labels[rows]
        sureness, said = self._learner.probabilities(self._answers[rows]).max(1)
        wrong = (said != labels).nonzero()[:, 0]
        worst = rows[wrong[sureness[wrong].argsort(descending=True)[:most]]]
        return self.readings(worst, self._answers[worst])

    def readings(self, rows: Tensor, answers: Tensor) -> Readings:
        """Put test pictures, by number, together with answers (n, classes) to them."""
        return Readings(
            self._pictures.pictures[rows].numpy(),
            self._pictures.labels[rows].numpy(),
            self._learner.probabilities(answers).contiguous().numpy().astype(np.float32),
        )

    def forget(self) -> None:
        """Let no answer count that was given so far."""
        self._valid = 0

    def state(self) -> State:
        """Copy out the last answer to each picture, and which of them count."""
        return State({"next": self._next, "valid": self._valid}, {"answers": self._answers.clone()})

    def fits(self, given: Checked) -> bool:
        """Whether a state speaks of as many test pictures."""
        answers = given.tensor("answers", (None, self._learner.classes), torch.float32)
        return len(answers) == len(self._pictures)

    def reading(self, given: Checked) -> Step:
        """Check what `state` gave, and return the step that takes it up.

        Where it was about other pictures, no answer counts.

        Raises
        ------
        InputError
            If it is no state of an examination.
        """
        if not self.fits(given):
            return self.forget
        answers = given.tensor("answers", tuple(self._answers.shape), torch.float32).clone()
        following = given.whole("next", max(0, len(answers) - 1))
        valid = given.whole("valid", len(answers))

        def go_on() -> None:
            self._answers, self._next, self._valid = answers, following, valid

        return go_on

    def _look(self, count: int) -> Iterator[int]:
        total = len(self._pictures)
        while count:
            size = min(count, 2 * self._learner.piece, total - self._next)
            rows = self._order[self._next : self._next + size]
            inputs, _ = self._pictures.inputs(rows)
            self._answers[rows] = self._learner.reader(inputs)
            self._next = (self._next + size) % total
            self._valid = min(self._valid + size, total)
            count -= size
            yield count

    def _rows(self) -> Tensor:
        last = torch.arange(self._next - self._valid, self._next)
        return self._order[last % max(1, len(self._order))]
