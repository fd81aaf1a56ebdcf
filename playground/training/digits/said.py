"""What a network has answered to the pictures it learned from lately."""

from __future__ import annotations

import torch
from torch import Tensor

from playground.training.digits.learner import Learner
from playground.training.frame import Score


class Said:
    """Answers, and what would have been right, until they are looked back on."""

    def __init__(self, learner: Learner) -> None:
        self._learner = learner
        self.clear()

    def clear(self) -> None:
        """Forget all of it."""
        self._pairs = [(torch.zeros(0, self._learner.classes), torch.zeros(0, dtype=torch.int64))]

    def add(self, answers: Tensor, labels: Tensor) -> None:
        """Note answers of shape (n, classes) to pictures of these classes, int64 (n,)."""
        self._pairs.append((answers, labels))

    def so_far(self) -> tuple[Tensor, Tensor]:
        """Put all answers and all labels together."""
        answers, labels = zip(*self._pairs, strict=True)
        return torch.cat(answers), torch.cat(labels)

    def score(self) -> Score | None:
        """Tell mean loss and accuracy; None where nothing was answered."""
        answers, labels = self.so_far()
        return Score(*self._learner.score(answers, labels)) if len(labels) else None
