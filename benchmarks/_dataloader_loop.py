"""The training loop of most MNIST tutorials: a dataset, a DataLoader, a model, Adam."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, repeat
from pathlib import Path
from time import perf_counter

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

from playground.networks.classifiers import CLASSIFIERS

BATCH = 64
RATE = 1e-3


class DataLoaderLoop:
    """Trains on batches of 64 with a learning rate of 1e-3.

    Attributes
    ----------
    model : nn.Module
    images_seen : int
        Number of training pictures so far.
    """

    def __init__(self, folder: Path, classifier: str) -> None:
        torch.manual_seed(0)
        transform = transforms.Compose(
            [transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))],
        )
        pictures = datasets.MNIST(folder, train=True, transform=transform)
        self.model = CLASSIFIERS[classifier].build()
        self.images_seen = 0
        self._optimiser = torch.optim.Adam(self.model.parameters(), lr=RATE)
        self._loss = nn.CrossEntropyLoss()
        loader = DataLoader(pictures, batch_size=BATCH, shuffle=True)
        self._batches: Iterator[list[torch.Tensor]] = chain.from_iterable(repeat(loader))

    def advance(self, seconds: float) -> int:
        """Train for a number of seconds; return the number of pictures."""
        before, end = self.images_seen, perf_counter() + seconds
        while perf_counter() < end:
            pictures, labels = next(self._batches)
            self._optimiser.zero_grad()
            self._loss(self.model(pictures), labels).backward()
            self._optimiser.step()
            self.images_seen += len(labels)
        return self.images_seen - before
