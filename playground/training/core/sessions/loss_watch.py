"""What follows when the loss no longer falls: a lower learning rate, or the end of training."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from torch import Tensor

from playground.networks.dense.plan import Plan
from playground.training.core.metrics import Scores, watched_score
from playground.training.core.schedules import NO_PLATEAU, PLATEAU, Plateau
from playground.training.core.sessions.checkpoints import Checkpoint, CheckpointInfo, Checkpoints
from playground.training.core.state.checkpoints_state import (
    RowFormat,
    checkpoints_state,
    prepare_checkpoints_restore,
)
from playground.training.core.state.plateau_state import plateau_row, read_plateaus
from playground.training.core.state.state import State
from playground.training.core.state.state_reader import RestoreStep, StateReader, join_states
from playground.training.training import Training

_UNLIMITED = 2**62


class LossWatch:
    """Watches the loss on the test samples, or on the training samples if there are no others.

    Attributes
    ----------
    plateau : Plateau
        How far the schedule “plateau” has come.
    waiting_since : int
        The epoch since which early stopping waits: that of the best weights, or of a later stop.
    """

    def __init__(self) -> None:
        self._kept = Checkpoints(limit=_UNLIMITED)  # the best weights alone, if there are any
        self.waiting_since = 0
        self.plateau = NO_PLATEAU

    @property
    def best(self) -> Checkpoint | None:
        """The weights with the lowest loss, where training may stop early."""
        entries = self._kept.entries
        return entries[0] if entries else None

    def clear(self) -> None:
        """Begin at epoch 0."""
        self.plateau = NO_PLATEAU
        self.forget_best()

    def forget_best(self) -> None:
        """Begin anew to look for the best weights."""
        self._kept.clear()
        self.waiting_since = 0

    def follow_plateau(self, scores: Scores, training: Training, since: int) -> None:
        """Lower the learning rate if the loss has not fallen for long, where that is wanted.

        Parameters
        ----------
        scores : (Score, Score)
            At the end of an epoch.
        training : Training
        since : int
            The epoch after which losses can be compared; see `Comparability`.
        """
        if training.schedule != PLATEAU:
            self.plateau = NO_PLATEAU
            return
        self.plateau = self.plateau.after(
            watched_score(scores).loss,
            since=since,
            rate=training.learning_rate,
            factor=training.plateau_factor,
            patience=training.plateau_patience,
        )

    def weights_to_stop_with(
        self, info: CheckpointInfo, row: Tensor, plan: Plan | None, patience: int, since: int
    ) -> Checkpoint | None:
        """Return the best weights if there have been no better ones for too long.

        Parameters
        ----------
        info, row, plan
            Those of a checkpoint at the end of the epoch.
        patience : int
            Epochs without better weights after which training stops.
        since : int
            See `follow_plateau`.
        """
        best = self.best
        if best is not None and (
            best.plan != plan or best.row.shape != row.shape or best.info.epoch <= since
        ):
            best = None
        if best is None or not best.info.watched.loss <= info.watched.loss:
            self._keep(Checkpoint(info, row, plan))
            return None
        if info.epoch - self.waiting_since < patience:
            return None
        self.waiting_since = int(info.epoch)
        return best

    def go_back(self, checkpoint: Checkpoint, kept: Iterable[Checkpoint], since: int) -> None:
        """Go back to a checkpoint; the best weights are then among those kept until there."""
        self.plateau = checkpoint.info.plateau
        epoch, best = int(checkpoint.info.epoch), self.best
        if best is not None and best.info.epoch > epoch:
            self.forget_best()
            ends = [
                each
                for each in kept
                if since < each.info.epoch <= epoch and each.info.epoch == int(each.info.epoch)
            ]
            if ends:
                self._keep(min(ends, key=lambda each: each.info.watched.loss))
        self.waiting_since = min(self.waiting_since, epoch)

    def state(self, rows: RowFormat) -> State:
        """Copy plateau and waiting, and the best weights as `rows` says that they are stored."""
        own = State({"waiting": self.waiting_since}, {"plateau": plateau_row(self.plateau)[None]})
        best = join_states(best=checkpoints_state(self._kept, rows)) if len(self._kept) else None
        if best is None:
            return own
        return State({**own.numbers, **best.numbers}, {**own.tensors, **best.tensors})

    def prepare_restore(
        self, saved: StateReader, per_epoch: int, rows: RowFormat
    ) -> Iterator[RestoreStep]:
        """Check what `state` made, and yield the steps that restore it.

        Where a file lacks it, as it was made before, it begins anew.

        Raises
        ------
        InputError
            If it is not such a state.
        """
        yield self.clear
        (plateau,) = read_plateaus(saved, "plateau", 1)
        waiting_since = saved.integer("waiting") if "waiting" in saved else 0
        yield partial(self._resume, plateau, waiting_since)
        best = saved.part("best")
        if "pace" in best:
            yield prepare_checkpoints_restore(best, self._kept, per_epoch, rows)

    def _resume(self, plateau: Plateau, waiting_since: int) -> None:
        self.plateau, self.waiting_since = plateau, waiting_since

    def _keep(self, best: Checkpoint) -> None:
        self._kept.clear()
        self._kept.record(best.info, best.row, best.plan)
        self.waiting_since = int(best.info.epoch)
