"""A training session: how far one run of training has come, and how it goes on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any, get_args

from playground.networks.dense.plan import Plan
from playground.training.core import diagnosis
from playground.training.core.diagnosis import DivergenceCause
from playground.training.core.metrics import Score
from playground.training.core.notes import Note
from playground.training.core.schedules import Plateau
from playground.training.core.sessions.checkpoints import Checkpoint, CheckpointInfo, Checkpoints
from playground.training.core.sessions.comparability import Comparability
from playground.training.core.sessions.history import History
from playground.training.core.sessions.loss_watch import LossWatch
from playground.training.core.sessions.session_kind import FrameT, SessionKind, SettingsT
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
from playground.training.training import Training


class TrainingSession(SessionKind[SettingsT, FrameT]):
    """One run of training: its progress, history and checkpoints, and the work to come.

    A subclass for each kind of trainer says what a piece of work is, how the weights are
    evaluated, and what else belongs to a state. A trainer holds its lock around each call.

    See `SessionKind` for further attributes.

    Attributes
    ----------
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
    loss_watch : LossWatch
    """

    def __init__(self) -> None:
        self._rate_key: tuple[Training, int, Plateau] | None = None
        self._rate = math.nan
        self.history = History(self.records_per_epoch)
        self.checkpoints = Checkpoints(self.records_per_epoch)
        self.comparability, self.loss_watch = Comparability(), LossWatch()
        self.clear_progress()

    def clear_progress(self) -> None:
        """Go back to epoch 0, without history and checkpoints."""
        self.epoch = self.steps = 0
        self.learned_epoch: int | None = None
        self.divergence_note: Note | None = None
        self._divergence_cause: DivergenceCause | None = None
        self.comparability.clear()
        self.loss_watch.clear()
        self.paused_by: Note | None = None
        self.history.clear()
        self.checkpoints.clear()

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
        if not self._evaluate_or_undo(self.epoch):
            return False
        training, now = self.settings.training, self.scores[0]
        self.loss_watch.follow_plateau(self.scores, training, self.comparability.since)
        self.record(self.epoch)
        if self.comparability.is_good(self.scores[0].loss):
            self.save_good_weights()
        self.paused_by = self._stop_early() or diagnosis.goal_reached(
            training, self.epoch, before, now
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
        if not self._evaluate_or_undo(epoch):
            return False
        self.record(epoch)
        return True

    def _evaluate_or_undo(self, epoch: float) -> bool:
        self.evaluate()
        if self.has_diverged:
            self.undo_divergence()
            # The curves end with the scores that the page shows from now on.
            self.record_scores(epoch)
            return False
        self._set_divergence(None)
        return True

    def _stop_early(self) -> Note | None:
        """Go back to the best weights if there have been no better ones for too long."""
        patience = self.settings.training.early_stopping
        if patience is None:
            self.loss_watch.forget_best()
            return None
        best = self.loss_watch.weights_to_stop_with(
            self.present_info,
            self.weights_row(),
            self.plan,
            patience,
            self.comparability.since,
        )
        if best is None:
            return None
        self.load_checkpoint(best)
        # The curves and the checkpoints end with what the page shows from now on.
        self.record(self.epoch)
        return diagnosis.stopped_early(self.epoch, best.info)

    @property
    def rate(self) -> float:
        """The learning rate in force."""
        key = self.settings.training, self.epoch, self.loss_watch.plateau
        if key != self._rate_key:  # A read-only copy: the same object has the same values.
            self._rate_key, self._rate = key, key[0].rate(*key[1:])
        return self._rate

    def record(self, epoch: float) -> None:
        """Add the scores to the history, and a checkpoint to those kept."""
        self.record_scores(epoch)
        self.save_checkpoint(epoch)

    def record_scores(self, epoch: float) -> None:
        """Add the scores to the history."""
        self.history.record(epoch, *self.scores)

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
        info = replace(self.present_info, epoch=epoch)
        self.checkpoints.record(info, self.weights_row(), self.plan)

    @property
    def present_info(self) -> CheckpointInfo:
        """The present as a checkpoint tells it, as if no epoch were under way."""
        return CheckpointInfo(self.epoch, self.steps, *self.scores, self.loss_watch.plateau)

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
        self.loss_watch.go_back(checkpoint, self.checkpoints.entries, self.comparability.since)
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
        parts = {"history": self.history.state()}
        if checkpoints:
            parts["past"] = checkpoints_state(self.checkpoints, self.row_format)
        return join_states(**self._present_parts(), **parts)

    def present_state(self) -> State:
        """Copy the same without history and checkpoints."""
        return join_states(**self._present_parts())

    def _present_parts(self) -> dict[str, State]:
        return {**self.state_parts(), **self.optimisation_parts()}

    def restore(self, state: State) -> None:
        """Go on from a state.

        Raises
        ------
        InputError
            If the state is damaged or belongs to another network; nothing has changed then.
        """
        # All of it is checked before any of it is restored.
        for step in list(self.prepare_restore(StateReader(state))):
            step()

    def restore_present(self, state: State) -> None:
        """Go on from what `present_state` made; history and checkpoints stay as they are.

        Raises
        ------
        InputError
            As `restore`.
        """
        for step in list(self._prepare_present_restore(StateReader(state))):
            step()

    def _prepare_present_restore(self, saved: StateReader) -> Iterator[RestoreStep]:
        check_kind(saved.part("network"), self.state_kind)
        yield from self.prepare_parts_restore(saved)
        yield from self.prepare_optimisation_restore(saved)

    def prepare_restore(self, saved: StateReader) -> Iterator[RestoreStep]:
        """Check what `state` made, and yield the steps that restore it."""
        yield from self._prepare_present_restore(saved)
        yield self.history.prepare_restore(saved.part("history"))
        checkpoints = saved.part("past")
        if "pace" in checkpoints:
            yield prepare_checkpoints_restore(
                checkpoints, self.checkpoints, self.records_per_epoch, self.row_format
            )
        else:
            yield self.keep_only_current_checkpoint

    def optimisation_parts(self) -> dict[str, State]:
        """Copy the memory of the optimiser, and what schedule and early stopping go by."""
        return {
            "optimiser": optimiser_state(self.optimiser),
            "watch": self.loss_watch.state(self.row_format),
        }

    def prepare_optimisation_restore(self, saved: StateReader) -> Iterator[RestoreStep]:
        """Check what `optimisation_parts` made, and yield the steps that restore it."""
        yield prepare_optimiser_restore(
            saved.part("optimiser"), self.optimiser, self.reset_optimiser
        )
        yield from self.loss_watch.prepare_restore(
            saved.part("watch"), self.records_per_epoch, self.row_format
        )

    def progress_numbers(self) -> dict[str, Any]:
        """Return the entries of a state that tell the progress, the same for all trainers."""
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
