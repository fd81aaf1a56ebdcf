"""The training session of a sweep: its populations, epoch by epoch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import torch
from torch import Tensor

from playground.training.core.optimisers import Optimiser
from playground.training.core.sessions.checkpoints import Checkpoint, CheckpointInfo
from playground.training.core.sessions.session_kind import Weights
from playground.training.core.sessions.step_session import StepSession
from playground.training.core.state.state import State
from playground.training.core.state.state_reader import RestoreStep, StateReader
from playground.training.populations.frame import PopulationFrame
from playground.training.populations.scores import median_scores
from playground.training.populations.session import ALL_DIVERGED, PopulationSession
from playground.training.sweeps.frame import SweepFrame, merge
from playground.training.sweeps.settings import SweepSettings


class GroupSession(PopulationSession):
    """The session of one population of a sweep, which keeps no checkpoints: the sweep does."""

    def save_checkpoint(self, epoch: float) -> None:
        """Do nothing."""


class SweepSession(StepSession[SweepSettings, SweepFrame]):
    """One run of training of a sweep; see `StepSession`.

    A piece of work is an optimiser step of the populations that have the most batches an epoch,
    and as many of the others as keep them at the same share of the epoch. What the core keeps as
    scores is the median run's.

    Attributes
    ----------
    groups : list of GroupSession
    position : int
        Pieces of work done in the epoch under way.
    """

    state_kind = "sweep"

    def __init__(self, settings: SweepSettings) -> None:
        super().__init__()
        self.settings = settings
        self.groups = [GroupSession(each) for each in settings.populations()]
        runs = [run for group in settings.groups for run in group.runs]
        self._order = np.argsort(np.array(runs))
        self.evaluate()
        self.comparability.start(self._scores[0].loss)
        self.record(0)

    def sync(self, settings: SweepSettings) -> None:
        """Update everything to new settings of the same sweep."""
        if settings.goal != self.settings.goal:
            for group, requested in zip(self.groups, settings.populations(), strict=True):
                group.sync(requested)
        self.settings = settings

    # Steps and epochs ---------------------------------------------------------------------------

    def run_next_piece(self) -> None:
        """Take the next steps, and evaluate if they are the last of their epoch."""
        most = self.steps_per_epoch
        for group in self.groups:
            own = group.steps_per_epoch
            for _ in range((self.position + 1) * own // most - self.position * own // most):
                group.run_next_piece()
        self.count_step()
        if self.between_epochs and self.has_stopped:
            self.paused_by = ALL_DIVERGED

    @property
    def has_stopped(self) -> bool:
        """Whether all runs have diverged."""
        return all(bool(group.progress.diverged.all()) for group in self.groups)

    @property
    def can_train(self) -> bool:
        """Whether there are training samples, and a run whose training has not diverged."""
        return any(group.can_train for group in self.groups)

    @property
    def steps_per_epoch(self) -> int:
        """Steps in an epoch of those that take the most, at least 1."""
        return max(group.steps_per_epoch for group in self.groups)

    @property
    def has_diverged(self) -> bool:
        """False: runs diverge, each by itself, and are marked."""
        return False

    def restore_if_diverged(self) -> None:
        """Mark the runs whose weights are not finite, and go back to their good ones."""
        for group in self.groups:
            group.restore_if_diverged()

    def evaluate(self) -> None:
        """Take the scores of the median of all runs; each population has evaluated itself."""
        rows = torch.cat([group.member_scores.rows() for group in self.groups], 1)
        self._scores = median_scores(rows)

    # Weights ------------------------------------------------------------------------------------

    @property
    def optimiser(self) -> Optimiser:
        """The optimiser of the first population."""
        return self.groups[0].optimiser

    def reset_optimiser(self) -> None:
        """Make all optimisers begin without memory."""
        for group in self.groups:
            group.reset_optimiser()

    def save_good_weights(self) -> None:
        """Do nothing: each population keeps its own."""

    def load_good_weights(self) -> None:
        """Go back to the weights last kept; optimisers and epoch begin anew."""
        for group in self.groups:
            group.load_good_weights()
        self.position = 0
        self.evaluate()

    def weights_row(self) -> Tensor:
        """Return the weights and biases of all runs, one population after the other."""
        return torch.cat([group.weights_row() for group in self.groups])

    def load_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Go back to the weights of a checkpoint; who diverged later is trained again."""
        for group, part in self._parts(checkpoint):
            group.branch(part)
        self.position = 0
        self.evaluate()

    def weights_at(self, checkpoint: Checkpoint) -> Weights:
        """Copy the weights of a checkpoint; names begin with the numbers of batch and network."""
        return {
            f"{number}.{name}": values
            for number, (group, part) in enumerate(self._parts(checkpoint))
            for name, values in group.weights_at(part).items()
        }

    def _parts(self, checkpoint: Checkpoint) -> Iterator[tuple[GroupSession, Checkpoint]]:
        """Yield each population with its part of a checkpoint of all."""
        sizes = [len(group.weights_row()) for group in self.groups]
        for group, row in zip(self.groups, checkpoint.row.split(sizes), strict=True):
            epoch = int(checkpoint.info.epoch)
            # Steps differ between populations, and an epoch ends at the same time for all.
            info = replace(checkpoint.info, step=epoch * group.steps_per_epoch)
            yield group, Checkpoint(info, row, None)

    # Frames -------------------------------------------------------------------------------------

    def frame(self) -> SweepFrame:
        """Make a frame of the present."""
        return self._frame([group.frame() for group in self.groups], self.present_info)

    def frame_at(self, checkpoint: Checkpoint) -> SweepFrame:
        """Make a frame of a checkpoint."""
        frames = [group.frame_at(part) for group, part in self._parts(checkpoint)]
        return self._frame(frames, checkpoint.info)

    def _frame(self, frames: list[PopulationFrame], info: CheckpointInfo) -> SweepFrame:
        merged = merge(frames, self._order)
        runs = replace(merged, epoch=int(info.epoch), step=info.step, average=self.history.curves())
        return SweepFrame(self.settings.sweep, runs, runs.average, info.train, info.test)

    # State --------------------------------------------------------------------------------------

    def state_parts(self) -> dict[str, State]:
        """Copy progress, and the state of each population."""
        network = State({"kind": self.state_kind, "sweep": self.settings.sweep.text}, {})
        progress = State({**self.progress_numbers(), "position": self.position}, {})
        groups = {
            f"group{number}": group.state(checkpoints=False)
            for number, group in enumerate(self.groups)
        }
        return {"network": network, "progress": progress, **groups}

    def optimisation_parts(self) -> dict[str, State]:
        """Return nothing: `state_parts` has those of each population."""
        return {}

    def prepare_optimisation_restore(self, saved: StateReader) -> Iterator[RestoreStep]:
        """Yield nothing; see `optimisation_parts`."""
        yield from ()

    def prepare_parts_restore(self, saved: StateReader) -> Iterator[RestoreStep]:
        """Check what `state_parts` made, and yield the steps that restore it."""
        network, progress = saved.part("network"), saved.part("progress")
        if network.value("sweep") != self.settings.sweep.text:
            raise network.invalid("sweep", "is another one than the settings say")
        position = progress.integer("position", self.steps_per_epoch - 1)
        first = saved.part("group0").part("members")
        for number, group in enumerate(self.groups):
            own = saved.part(f"group{number}")
            at = own.part("progress")
            moment = at.integer("epoch"), at.integer("position"), at.integer("batch_size")
            done = position * group.steps_per_epoch // self.steps_per_epoch
            if moment != (progress.integer("epoch"), done, group.network.batches.size):
                raise own.invalid("progress", "is of another moment, or of other batches")
            curves = own.part("members")
            if curves.value("pace") != first.value("pace") or not torch.equal(
                _epochs(curves), _epochs(first)
            ):
                raise own.invalid("members", "should have the epochs of the other batches")
            yield from group.prepare_restore(own)
        yield self.prepare_progress_restore(progress)
        yield partial(self._resume_epoch, position)

    def _resume_epoch(self, position: int) -> None:
        self.position = position
        self.evaluate()
        self.comparability.start(self._scores[0].loss)


def _epochs(curves: StateReader) -> Tensor:
    """Return the epochs of the curves of a population."""
    return curves.tensor("rows", (None, None), torch.float64)[:, :1]
