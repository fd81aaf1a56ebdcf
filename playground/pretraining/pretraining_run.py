"""The training of one classifier by a recipe, epoch by epoch, which can be resumed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from playground.pretraining.recipes import Recipe
from playground.pretraining.soft_label_dataset import SoftLabelDataset
from playground.training.core.schedules import SCHEDULES
from playground.training.images.augmentation.augmentation import Augmentation, augment_images
from playground.training.images.performance.mixed_precision import half_precision

_schedule = SCHEDULES["one-cycle"]


class PretrainingRun:
    """The training of a classifier, with averaged weights and an optimiser.

    Parameters
    ----------
    network : nn.Module
        The classifier, which is changed in place.
    recipe : Recipe
    dataset : SoftLabelDataset
        The training set.
    seed : int
        Seed of the order of the pictures and of the augmentation.
    """

    def __init__(
        self, network: nn.Module, recipe: Recipe, dataset: SoftLabelDataset, seed: int
    ) -> None:
        self._recipe, self._dataset, self._seed = recipe, dataset, seed
        self._network = network.to(memory_format=torch.channels_last)
        self.averaged = AveragedModel(
            self._network, multi_avg_fn=get_ema_multi_avg_fn(recipe.averaged), use_buffers=True
        )
        self._optimiser = torch.optim.AdamW(_parameter_groups(network, recipe.decay), fused=True)
        self._augmentation = Augmentation(**recipe.augmentation)
        self.epoch = 0
        self.seconds = 0.0

    @property
    def steps_per_epoch(self) -> int:
        """Return the number of optimiser steps of an epoch."""
        return len(self._dataset) // self._recipe.batch

    def run_epoch(self) -> Iterator[float]:
        """Train for one epoch and yield the loss of each step."""
        seed = self._seed * 10_007 + self.epoch
        generator = torch.Generator().manual_seed(seed)
        torch.manual_seed(seed)  # dropout uses the global generator
        self._network.train()
        batches = self._dataset.batches(self._recipe.batch, generator)
        for step, (pictures, targets) in enumerate(batches):
            self._set_rate((self.epoch + step / self.steps_per_epoch) / self._recipe.epochs)
            seen = augment_images(pictures, self._augmentation, generator)
            yield self._step(seen.contiguous(memory_format=torch.channels_last), targets)
        self.epoch += 1

    def save(self, path: Path) -> None:
        """Write the state needed to resume, atomically."""
        part = path.with_suffix(".part")
        torch.save(self._state(), part)
        part.replace(path)

    def resume(self, path: Path) -> bool:
        """Restore a state of the same recipe and seed written by `save`; return whether it was."""
        state = torch.load(path, weights_only=True) if path.exists() else {}
        if state.get("of") != self._identity():
            return False
        self._network.load_state_dict(state["reader"])
        self.averaged.load_state_dict(state["averaged"])
        self._optimiser.load_state_dict(state["optimiser"])
        self.epoch, self.seconds = state["epoch"], state["seconds"]
        return True

    def _step(self, pictures: Tensor, targets: Tensor) -> float:
        with half_precision(self._recipe.half_precision):
            logits = self._network(pictures)
        loss = functional.cross_entropy(logits.float(), targets)
        self._optimiser.zero_grad()
        loss.backward()
        self._optimiser.step()
        self.averaged.update_parameters(self._network)
        return float(loss.detach())

    def _set_rate(self, progress: float) -> None:
        for group in self._optimiser.param_groups:
            group["lr"] = self._recipe.rate * _schedule(progress)

    def _identity(self) -> str:
        return f"{self._recipe} seed={self._seed} pictures={len(self._dataset)} {self._network}"

    def _state(self) -> dict[str, Any]:
        return {
            "of": self._identity(),
            "reader": self._network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "epoch": self.epoch,
            "seconds": self.seconds,
        }


def _parameter_groups(network: nn.Module, decay: float) -> list[dict[str, Any]]:
    """Return parameter groups: weights with decay; biases and normalisations without."""
    weights = [p for p in network.parameters() if p.dim() > 1]
    others = [p for p in network.parameters() if p.dim() <= 1]
    return [{"params": weights, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]
