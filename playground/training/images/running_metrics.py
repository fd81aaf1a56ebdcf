"""What a network has answered to the pictures it learned from lately."""

from __future__ import annotations

import torch
from torch import Tensor

from playground.training.core.metrics import Score
from playground.training.images.trainable_classifier import TrainableClassifier


class RunningMetrics:
    """Answers, and what would have been right, until they are looked back on."""

    def __init__(self, classifier: TrainableClassifier) -> None:
        self._classifier = classifier
        self.clear()

    def clear(self) -> None:
        """Forget all of it."""
        self._pairs = [
            (torch.zeros(0, self._classifier.classes), torch.zeros(0, dtype=torch.int64))
        ]

    def add(self, answers: Tensor, labels: Tensor) -> None:
        """Note answers of shape (n, classes) to pictures of these classes, int64 (n,)."""
        self._pairs.append((answers, labels))

    def collected(self) -> tuple[Tensor, Tensor]:
        """Put all answers and all labels together."""
        answers, labels = zip(*self._pairs, strict=True)
        return torch.cat(answers), torch.cat(labels)

    def score(self) -> Score | None:
        """Tell mean loss and accuracy; None where nothing was answered."""
        answers, labels = self.collected()
        return Score(*self._classifier.score(answers, labels)) if len(labels) else None
