"""A third kind of trainer: many lines through the same points, each with a learning rate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from playground.training.core.base_trainer import BaseTrainer
from playground.training.core.metrics import NO_SCORE, Curves, Score
from playground.training.core.optimisers import OPTIMISERS
from playground.training.core.sessions.checkpoints import Checkpoint
from playground.training.core.sessions.session import TrainingSession
from playground.training.core.settings import TrainerSettings
from playground.training.core.state.state import State
from playground.training.core.state.state_reader import RestoreStep, StateReader

LINES = 5
X = torch.stack([torch.linspace(-1, 1, 20), torch.ones(20)])
Y = torch.tensor([3.0, 1.0]) @ X


class PopulationFrame(NamedTuple):
    epoch: int
    lines: np.ndarray
    curves: Curves


class PopulationSession(TrainingSession[TrainerSettings, PopulationFrame]):
    state_kind = "population"
    between_epochs, steps_per_epoch, steps_to_epoch_end = True, 1, 1  # an epoch is a step
    scores, optimiser = (NO_SCORE, NO_SCORE), None

    def __init__(self, settings: TrainerSettings) -> None:
        super().__init__()
        self.settings, self.lines = settings, torch.zeros(LINES, 2)
        self.rates = settings.training.learning_rate * 2.0 ** -torch.arange(LINES)[:, None]
        self.reset_optimiser()
        self.save_good_weights()
        self.record_or_undo(0)

    def run_next_piece(self) -> None:
        error = self.lines @ X - Y
        self.optimiser.step_(self.lines, error @ X.T / X.shape[1], self.rates)
        self.steps += 1
        self.finish_epoch(self.scores[0])

    def evaluate(self) -> None:
        losses = ((self.lines @ X - Y) ** 2).mean(1)
        self.scores = Score(losses.min().item(), float("nan")), NO_SCORE

    def save_good_weights(self) -> None:
        self.good = self.lines.clone()

    def load_good_weights(self) -> None:
        self.lines.copy_(self.good)
        self.reset_optimiser()
        self.evaluate()

    def reset_optimiser(self) -> None:
        self.optimiser = OPTIMISERS[self.settings.training.optimiser](self.lines)

    def weights_row(self) -> Tensor:
        return self.lines.flatten()

    def load_checkpoint(self, checkpoint: Checkpoint) -> None:
        self.good = checkpoint.row.view(LINES, 2).clone()
        self.load_good_weights()

    def frame(self) -> PopulationFrame:
        return self.frame_at(self.checkpoints.entries[-1])

    def frame_at(self, checkpoint: Checkpoint) -> PopulationFrame:
        lines = checkpoint.row.view(LINES, 2).numpy()
        return PopulationFrame(int(checkpoint.info.epoch), lines, self.history.curves())

    def weights_at(self, checkpoint: Checkpoint) -> dict[str, np.ndarray]:
        return {"lines": self.frame_at(checkpoint).lines}

    def state_parts(self) -> dict[str, State]:
        network = State({"kind": self.state_kind}, {"lines": self.lines.clone()})
        return {"network": network, "progress": State(self.progress_numbers(), {})}

    def prepare_parts_restore(self, saved: StateReader) -> Iterator[RestoreStep]:
        lines = saved.part("network").tensor("lines", (LINES, 2), torch.float32)
        yield lambda: self.lines.copy_(lines)
        yield self.prepare_progress_restore(saved.part("progress"))
        yield self.evaluate


class PopulationTrainer(BaseTrainer[PopulationSession, TrainerSettings, PopulationFrame]):
    def copy_settings(self) -> TrainerSettings:
        return TrainerSettings(training=self._training_copies.copy(self.training), request_count=0)

    def sync(self, settings: TrainerSettings) -> PopulationSession:
        return self._session or PopulationSession(settings)
