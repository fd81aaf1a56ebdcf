"""A training session: how far one run of training has come, and how it goes on."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar, get_args

import numpy as np
import numpy.typing as npt
from torch import Tensor

from playground.networks.dense.plan import Plan
from playground.training.core import diagnosis
from playground.training.core.checkpoints import Checkpoint, CheckpointInfo, Checkpoints
from playground.training.core.comparability import Comparability
from playground.training.core.diagnosis import DivergenceCause
from playground.training.core.history import History
from playground.training.core.metrics import Score, Scores
from playground.training.core.notes import Note
from playground.training.core.optimisers import Optimiser
from playground.training.core.settings import TrainerSettings
from playground.training.core.state.checkpoints_state import (
    RowFormat,
    checkpoints_state,
    prepare_checkpoints_restore,
)
from playground.training.core.state.state import State
from playground.training.core.state.state_parts import (
    check_kind,
    optimiser_state,
    prepare_optimiser_restore,
)
from playground.training.core.state.state_reader import RestoreStep, StateReader, join_states

Weights = Mapping[str, npt.NDArray[np.generic]]

SettingsT = TypeVar("SettingsT", bound=TrainerSettings)
FrameT = TypeVar("FrameT")


class TrainingSession(ABC, Generic[SettingsT, FrameT]):
    """One run of training: its progress, history and checkpoints, and the work to come.

    A subclass for each kind of trainer says what a piece of work is, how the weights are
    evaluated, and what else belongs to a state. A trainer holds its lock around each call.

    Attributes
    ----------
    records_per_epoch : int
        Rows of the history, and checkpoints, that an epoch leaves.
    runs_at_least_once : bool
        Whether a slice runs a piece of work even if there is no time for it.
    state_kind : str
        Kind of the states, as it stands in files.
    settings : TrainerSettings
        Those in force.
    epoch, steps : int
        Finished epochs; optimiser steps in all.
    learned_epoch : int or None
        The first epoch from which on the task has counted as learned.
    divergence_note : Note or None
        What went wrong, until training goes well again.
    paused_by : Note or None
        Why the last slice ended before its budget, if it did.
    history : History
    checkpoints : Checkpoints
        Ends of epochs, or of parts of epochs where they are long.
    comparability : Comparability
        Since when losses can be compared.
    """

    records_per_epoch: ClassVar[int] = 1
    runs_at_least_once: ClassVar[bool] = False
    state_kind: ClassVar[str]

    settings: SettingsT

    def __init__(self) -> None:
        self.history = History(self.records_per_epoch)
        self.checkpoints = Checkpoints(self.records_per_epoch)
        self.comparability = Comparability()
        self.clear_progress()

    def clear_progress(self) -> None:
        """Go back to epoch 0, without history and checkpoints."""
        self.epoch = self.steps = 0
        self.learned_epoch: int | None = None
        self.divergence_note: Note | None = None
        self._divergence_cause: DivergenceCause | None = None
        self.comparability.clear()
        self.paused_by: Note | None = None
        self.history.clear()
        self.checkpoints.clear()

    # What is special about each kind ------------------------------------------------------------

    @property
    @abstractmethod
    def scores(self) -> Scores:
        """The latest scores on the training and the test samples."""

    @property
    @abstractmethod
    def between_epochs(self) -> bool:
        """Whether no epoch is under way."""

    @property
    @abstractmethod
    def steps_per_epoch(self) -> int:
        """Optimiser steps in an epoch at present, at least 1."""

    @property
    @abstractmethod
    def steps_to_epoch_end(self) -> int:
        """Optimiser steps until the epoch under way ends, at least 1."""

    @abstractmethod
    def run_next_piece(self) -> None:
        """Run the next piece of work: one optimiser step, or a part of it."""

    @abstractmethod
    def evaluate(self) -> None:
        """Update `scores` with the present weights."""

    @abstractmethod
    def save_good_weights(self) -> None:
        """Keep the present weights as those to go back to after a divergence."""

    @abstractmethod
    def load_good_weights(self) -> None:
        """Go back to the weights last kept by `save_good_weights`; the optimiser begins anew."""

    @property
    @abstractmethod
    def optimiser(self) -> Optimiser:
        """The optimiser in use."""

    @abstractmethod
    def reset_optimiser(self) -> None:
        """Make the optimiser begin without memory."""

    @abstractmethod
    def weights_row(self) -> Tensor:
        """Return everything that a checkpoint keeps as a tensor of one dimension."""

    @abstractmethod
    def load_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Make the weights of a checkpoint the present ones; the optimiser begins anew."""

    @abstractmethod
    def frame(self) -> FrameT:
        """Make a frame of the present."""

    @abstractmethod
    def frame_at(self, checkpoint: Checkpoint) -> FrameT:
        """Make a frame of a checkpoint."""

    @abstractmethod
    def weights_at(self, checkpoint: Checkpoint) -> Weights:
        """Copy the weights of a checkpoint, named as in `state_dict()`."""

    @abstractmethod
    def state_parts(self) -> dict[str, State]:
        """Copy all parts of the state but history, optimiser and checkpoints."""

    @abstractmethod
    def prepare_parts_restore(self, saved: StateReader) -> Iterable[RestoreStep]:
        """Check what `state_parts` made; yield the steps that restore it, to be run in order."""

    # What a kind may do in another way -----------------------------------------------------------

    @property
    def row_format(self) -> RowFormat:
        """Which rows of checkpoints are valid."""
        row = self.weights_row()
        return RowFormat(row.dtype, len(row), lambda each: bool(each.isfinite().all()))

    @property
    def has_finite_weights(self) -> bool:
        """Whether no weight is infinite or NaN."""
        return bool(self.weights_row().isfinite().all())

    @property
    def plan(self) -> Plan | None:
        """The plan that goes with `weights_row`; None where networks keep their shape."""
        return None

    @property
    def can_train(self) -> bool:
        """Whether there is anything to learn from."""
        return True

    @property
    def evaluating(self) -> bool:
        """Whether all steps of the epoch under way are taken, but its evaluation is not done."""
        return False

    @property
    def between_steps(self) -> bool:
        """Whether no optimiser step is half done."""
        return True

    @property
    def has_diverged(self) -> bool:
        """Whether the latest training loss is NaN, infinite or far too large."""
        return not abs(self.scores[0].loss) < diagnosis.DIVERGED_LOSS

    def on_slice_end(self, elapsed: float, budget: float) -> None:
        """Respond to the duration of a slice, both in seconds; does nothing unless overridden."""

    # Epochs -------------------------------------------------------------------------------------

    def finish_epoch(self, before: Score) -> bool:
        """Count an epoch whose steps are all taken, and record it or undo it if it diverged.

        Parameters
        ----------
        before : Score
            On the training samples at the end of the epoch before.

        Returns
        -------
        bool
            False if training diverged.
        """
        self.epoch += 1
        if not self.record_or_undo(self.epoch):
            return False
        if self.comparability.is_good(self.scores[0].loss):
            self.save_good_weights()
        self.paused_by = diagnosis.goal_reached(
            self.settings.training, self.epoch, before, self.scores[0]
        )
        return True

    def record_or_undo(self, epoch: float) -> bool:
        """Evaluate, and record the result, or go back to the good weights if training diverged.

        Parameters
        ----------
        epoch : float
            Finished epochs; a part of one counts as a fraction.

        Returns
        -------
        bool
            False if training diverged.
        """
        self.evaluate()
        if self.has_diverged:
            self.undo_divergence()
            # The curves end with the scores that the page shows from now on.
            self.history.record(epoch, *self.scores)
            return False
        self._set_divergence(None)
        self.record(epoch)
        return True

    def record(self, epoch: float) -> None:
        """Add the scores to the history, and a checkpoint to those kept."""
        self.history.record(epoch, *self.scores)
        self.save_checkpoint(epoch)

    def restore_if_diverged(self) -> None:
        """Go back to the good weights if the present ones are not finite."""
        if not self.has_finite_weights:
            self.undo_divergence()

    def undo_divergence(self) -> None:
        """Go back to the good weights, and pause with a note that says why."""
        cause = diagnosis.divergence_cause(self.scores[0].loss)
        self.load_good_weights()
        self._set_divergence(cause)
        self.paused_by = self.divergence_note

    def _set_divergence(self, cause: DivergenceCause | None) -> None:
        """Keep what went wrong; the note tells the learning rate at that time."""
        self._divergence_cause = cause
        self.divergence_note = (
            None if cause is None else diagnosis.diverged(self.epoch, self.settings.training, cause)
        )

    # Checkpoints --------------------------------------------------------------------------------

    def save_checkpoint(self, epoch: float) -> None:
        """Keep a copy of the present weights."""
        info = CheckpointInfo(epoch, self.steps, *self.scores)
        self.checkpoints.record(info, self.weights_row(), self.plan)

    def keep_only_current_checkpoint(self) -> None:
        """Drop all checkpoints but one of the present, if that is the end of an epoch."""
        self.checkpoints.clear()
        if self.between_epochs:
            self.save_checkpoint(self.epoch)

    def branch(self, checkpoint: Checkpoint) -> None:
        """Go back to a checkpoint; later ones, and the history after it, are dropped."""
        info = checkpoint.info
        self.epoch, self.steps = int(info.epoch), info.step
        self._set_divergence(None)
        self.paused_by = None
        self.comparability.go_back(self.epoch)
        self.learned_epoch = self.learned_epoch_at(self.epoch)
        self.history.truncate(info.epoch)
        self.checkpoints.truncate(info)
        self.load_checkpoint(checkpoint)

    def learned_epoch_at(self, epoch: int) -> int | None:
        """Return `learned_epoch` as it was known at the end of an epoch."""
        learned = self.learned_epoch
        return learned if learned is not None and learned <= epoch else None

    # State --------------------------------------------------------------------------------------

    def state(self, *, checkpoints: bool) -> State:
        """Copy everything that decides how training goes on; see `BaseTrainer.state`."""
        parts = self.state_parts()
        parts["history"] = self.history.state()
        parts["optimiser"] = optimiser_state(self.optimiser)
        if checkpoints:
            parts["past"] = checkpoints_state(self.checkpoints, self.row_format)
        return join_states(**parts)

    def restore(self, state: State) -> None:
        """Go on from a state.

        Raises
        ------
        InputError
            If the state is damaged or belongs to another network; nothing has changed then.
        """
        # All of it is checked before any of it is restored.
        for step in list(self._prepare_restore(StateReader(state))):
            step()

    def _prepare_restore(self, saved: StateReader) -> Iterator[RestoreStep]:
        check_kind(saved.part("network"), self.state_kind)
        yield from self.prepare_parts_restore(saved)
        yield self.history.prepare_restore(saved.part("history"))
        yield prepare_optimiser_restore(
            saved.part("optimiser"), self.optimiser, self.reset_optimiser
        )
        checkpoints = saved.part("past")
        if "pace" in checkpoints:
            yield prepare_checkpoints_restore(
                checkpoints, self.checkpoints, self.records_per_epoch, self.row_format
            )
        else:
            yield self.keep_only_current_checkpoint

    def progress_numbers(self) -> dict[str, Any]:
        """Return the part of the progress that all kinds of trainers share, for a state."""
        return {
            "epoch": self.epoch,
            "steps": self.steps,
            "learned": self.learned_epoch,
            "diverged": self._divergence_cause is not None,
            "diverged_by": self._divergence_cause,
            **self.comparability.numbers(),
        }

    def prepare_progress_restore(self, saved: StateReader) -> RestoreStep:
        """Check what `progress_numbers` made, and return the step that restores it."""
        epoch = saved.integer("epoch")
        cause: DivergenceCause = "unknown"
        if "diverged_by" in saved and saved.value("diverged_by") is not None:
            cause = saved.choice("diverged_by", get_args(DivergenceCause))
        return partial(
            self._resume,
            epoch,
            saved.integer("steps"),
            saved.optional_integer("learned"),
            cause if saved.boolean("diverged") else None,
            self.comparability.prepare_restore(saved, epoch),
        )

    def _resume(
        self,
        epoch: int,
        steps: int,
        learned_epoch: int | None,
        divergence_cause: DivergenceCause | None,
        restore_comparability: RestoreStep,
    ) -> None:
        self.epoch, self.steps, self.learned_epoch = epoch, steps, learned_epoch
        self._set_divergence(divergence_cause)
        self.paused_by = None
        restore_comparability()
