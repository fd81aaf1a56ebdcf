"""The training session of a population: all members, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import torch
from torch import Tensor

from playground.networks.dense.forward import named_views
from playground.networks.dense.parameters import Parameters
from playground.training.core import diagnosis
from playground.training.core.notes import Note
from playground.training.core.sessions.checkpoints import Checkpoint, CheckpointInfo
from playground.training.core.sessions.history import EpochRows
from playground.training.core.sessions.session_kind import Weights
from playground.training.core.sessions.step_session import NetworkSession
from playground.training.core.state.state import State
from playground.training.core.state.state_reader import RestoreStep, StateReader
from playground.training.populations.frame import PopulationFrame, wilson_interval
from playground.training.populations.network import PopulationNetwork
from playground.training.populations.population_state import (
    network_state,
    prepare_network_restore,
)
from playground.training.populations.progress import MemberProgress
from playground.training.populations.scores import SCORES, MemberScores, median_scores
from playground.training.populations.settings import PopulationSettings

ALL_DIVERGED = Note("diverged", "curves", "error", "All networks have diverged.")


class PopulationSession(NetworkSession[PopulationSettings, PopulationFrame, PopulationNetwork]):
    """One run of training of a population; see `NetworkSession`.

    A step is one of all members. What the core keeps as scores is the
    median member's. A member whose training diverges goes back to its last good weights and is
    not trained any more; the others go on.

    Attributes
    ----------
    network : PopulationNetwork
    progress : MemberProgress
        How far each member has come.
    member_rows : EpochRows
        Losses and accuracies of all members by epoch, in the order of `PopulationFrame.scores`.
    """

    state_kind = "population"

    def __init__(self, settings: PopulationSettings) -> None:
        super().__init__(PopulationNetwork(settings))
        self.settings = settings
        members = len(settings.members)
        self.member_rows = EpochRows(len(SCORES) * members)
        self.progress = MemberProgress(members)
        self.sync(settings)

    def sync(self, settings: PopulationSettings) -> None:
        """Update everything to new settings of the same population."""
        goal_changed = settings.goal != self.settings.goal
        self.settings, network = settings, self.network
        rebuilt = network.configure(settings.training)
        base = settings.base
        self.comparability.update(
            base.spec.split, settings.training, network.parameters.plan, self.epoch
        )
        if rebuilt:
            self.position = 0
            self.progress.good_weights = network.parameters.values.clone()
            self.evaluate()
            self.start_comparison()
            if self.epoch == 0:
                self.history.clear()
                self.checkpoints.clear()
                self.record(0)
        elif goal_changed:
            self.progress.learned_epoch.fill_(-1)
            self.evaluate()
        network.stop(self.progress.diverged)

    def start_comparison(self) -> None:
        """Take the present training losses as those of the start."""
        self.comparability.start(self._scores[0].loss)
        self.progress.start(self.member_scores.train_loss)

    # Steps and epochs ---------------------------------------------------------------------------

    def run_next_piece(self) -> None:
        """Take one optimiser step of all members, and evaluate if it is the last of its epoch."""
        network = self.network
        if self.position == 0:
            network.batches.shuffle()
        network.step(self.position, self.settings.training, self.epoch)
        self.count_step()
        if self.between_epochs and self.progress.diverged.all():
            self.paused_by = ALL_DIVERGED

    @property
    def can_train(self) -> bool:
        """Whether there are training samples, and a member whose training has not diverged."""
        return super().can_train and not self.progress.diverged.all()

    @property
    def has_diverged(self) -> bool:
        """False: members diverge, each by itself, and are marked."""
        return False

    def restore_if_diverged(self) -> None:
        """Mark the members whose weights are not finite, and go back to their good ones."""
        values = self.network.parameters.values
        if not values.isfinite().all():
            self._stop_diverged(~values.isfinite().all(1))

    def evaluate(self) -> None:
        """Update the scores of all members with the present weights, and what is known of them."""
        self._measure()
        self.progress.update(self.epoch, self.member_scores, self.settings.goal)

    def _measure(self) -> None:
        """Update the scores of all members with the present weights, and mark who diverged."""
        self.member_scores = scores = self.network.scores()
        # Comparing with NaN is false, so that NaN counts as diverged.
        sane = scores.train_loss.abs() < diagnosis.DIVERGED_LOSS
        sane &= self.network.parameters.values.isfinite().all(1)
        if not len(self.network.data.train):
            sane.fill_(value=True)
        if not sane.all():
            self._stop_diverged(~sane)
            self.member_scores = scores = self.network.scores()
        self._scores = median_scores(scores.rows())

    def record(self, epoch: float) -> None:
        """Add the scores of all members to the histories, and a checkpoint to those kept."""
        self.member_rows.record_row(epoch, self.member_scores.rows().flatten().numpy())
        super().record(epoch)

    def _stop_diverged(self, members: Tensor) -> None:
        losses = self.member_scores.train_loss
        self.progress.stop(self.epoch, members, losses)
        self.network.parameters.values[members] = self.progress.good_weights[members]
        self.network.forget(members)
        self.network.stop(self.progress.diverged)

    # Weights ------------------------------------------------------------------------------------

    def reset_optimiser(self) -> None:
        """Make the optimiser begin without memory."""
        super().reset_optimiser()
        self.network.configure(self.settings.training)

    def save_good_weights(self) -> None:
        """Keep those of the present weights whose loss is good."""
        self.progress.save_good_weights(
            self.network.parameters.values, self.member_scores.train_loss
        )

    def load_good_weights(self) -> None:
        """Go back to the weights last kept; optimiser and epoch begin anew."""
        self._load(self.progress.good_weights)

    def _load(self, weights: Tensor) -> None:
        self.network.parameters.values.copy_(weights)
        self.network.engine.gradient.zero_()
        self.reset_optimiser()
        self.network.stop(self.progress.diverged)
        self.position = 0
        self.evaluate()

    def weights_row(self) -> Tensor:
        """Return the weights and biases of all members, one after the other."""
        return self.network.parameters.values.view(-1)

    def load_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Go back to the weights of a checkpoint; who diverged later is trained again."""
        values = self.network.parameters.values
        self.member_rows.truncate(checkpoint.info.epoch)
        self.progress.go_back(int(checkpoint.info.epoch))
        self.progress.good_weights = checkpoint.row.view_as(values).clone()
        self._load(checkpoint.row.view_as(values))
        self.start_comparison()

    def weights_at(self, checkpoint: Checkpoint) -> Weights:
        """Copy the weights of a checkpoint; their names begin with the number of the member."""
        parameters = Parameters(self.network.parameters.plan, len(self.settings.members))
        parameters.values.copy_(checkpoint.row.view_as(parameters.values))
        return {
            f"{number}.{name}": view.numpy().copy()
            for number in range(parameters.copies)
            for name, view in named_views(parameters, number).items()
        }

    # Frames -------------------------------------------------------------------------------------

    def frame(self) -> PopulationFrame:
        """Make a frame of the present."""
        info = CheckpointInfo(self.epoch, self.steps, *self._scores)
        return self._frame(
            info, self.network.parameters.values, self.member_scores, self.progress.learned_epoch
        )

    def frame_at(self, checkpoint: Checkpoint) -> PopulationFrame:
        """Make a frame of a checkpoint; who has learned by when is known from the whole run."""
        values = self.network.parameters.values
        weights, epoch = checkpoint.row.view_as(values), int(checkpoint.info.epoch)
        scores = self.network.scores_of(weights)
        learned_epoch = torch.where(scores.quality >= self.settings.goal, epoch, -1)
        known = self.progress.learned_epoch
        learned_epoch = torch.where((known >= 0) & (known <= epoch), known, learned_epoch)
        return self._frame(checkpoint.info, weights, scores, learned_epoch)

    def _frame(
        self, info: CheckpointInfo, weights: Tensor, scores: MemberScores, learned_epoch: Tensor
    ) -> PopulationFrame:
        network, members, epoch = self.network, self.settings.members, int(info.epoch)
        spec, rows = network.data.spec, self.member_rows.rows()
        diverged = self.progress.diverged_epoch
        return PopulationFrame(
            epoch=epoch,
            step=info.step,
            members=members,
            classes=spec.classes,
            plane=spec.plane,
            samples=spec.split,
            pictures=network.pictures(weights).numpy().copy(),
            scores=scores.rows().numpy().copy(),
            quality=scores.quality.numpy().copy(),
            goal=self.settings.goal,
            learned_epoch=learned_epoch.numpy().copy(),
            diverged_epoch=torch.where(diverged <= epoch, diverged, -1).numpy().copy(),
            curve_epochs=rows[:, 0].astype("float32"),
            curves=rows[:, 1:].astype("float32").reshape(len(rows), len(SCORES), len(members)),
            average=self.history.curves(),
            interval=wilson_interval(int((learned_epoch >= 0).sum()), len(members)),
        )

    # State --------------------------------------------------------------------------------------

    def state_parts(self) -> dict[str, State]:
        """Copy progress, networks, curves and random generators."""
        numbers = {
            **self.progress_numbers(),
            "position": self.position,
            "batch_size": self.network.batches.size,
        }
        return {
            "progress": State(numbers, self.progress.tensors()),
            "network": network_state(self.network, self.state_kind),
            "members": self.member_rows.state(),
        }

    def prepare_parts_restore(self, saved: StateReader) -> Iterator[RestoreStep]:
        """Check what `state_parts` made, and yield the steps that restore it."""
        network, progress = self.network, saved.part("progress")
        same_batches = progress.integer("batch_size") == network.batches.size
        position = progress.integer("position", self.steps_per_epoch - 1) if same_batches else 0
        yield from prepare_network_restore(saved.part("network"), network)
        yield self.member_rows.prepare_restore(saved.part("members"))
        yield self.progress.prepare_restore(progress, network.parameters.values)
        yield self.prepare_progress_restore(progress)
        yield partial(self._resume_epoch, position)

    def _resume_epoch(self, position: int) -> None:
        self.position = position
        self.network.stop(self.progress.diverged)
        # Within an epoch, nobody has been found to have learned since its beginning.
        self._measure()
        self.start_comparison()
