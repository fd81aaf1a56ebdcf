"""One run of training: how far it has come, how well it does, and how it goes on by a step."""

from __future__ import annotations

from torch import Tensor

from playground.networks.dense.forward import outputs
from playground.problems.problem import Split
from playground.training.core import diagnosis
from playground.training.core.checkpoints import CheckpointInfo, Checkpoints
from playground.training.core.history import History
from playground.training.core.metrics import NO_SCORE, Curves, Score
from playground.training.core.notes import Note
from playground.training.dense.session import TrainingSession
from playground.training.engines import Penalties
from playground.training.training import Training

DIVERGED_LOSS = 1e8
"""A training loss beyond this counts as diverged: nothing sensible comes back from there."""


class DenseRun:
    """What has come of training so far.

    Parameters
    ----------
    session : TrainingSession
        What is trained, and with what.
    seed : int
        Where the first run begins; see `reset`.

    Attributes
    ----------
    epoch, steps : int
        Finished epochs, and optimiser steps in all.
    position : int
        Batches that are done of the epoch under way.
    scores : (Score, Score)
        On the training and the test samples.
    learned_epoch : int or None
        See `Frame`.
    samples_since : int
        The epoch from which on the samples of now have been learned.
    divergence_note : Note or None
        What went wrong, until an epoch goes well again.
    paused_by : Note or None
        Why training should go no further, if it should not.
    good_weights : Tensor of shape (1, size)
        The last weights that were sound.
    history : History
    checkpoints : Checkpoints
        The ends of epochs, to go back to.
    """

    epoch: int
    steps: int
    position: int
    scores: tuple[Score, Score]
    learned_epoch: int | None
    samples_since: int
    _split: Split | None
    divergence_note: Note | None
    paused_by: Note | None
    good_weights: Tensor

    def __init__(self, session: TrainingSession, seed: int) -> None:
        self.session = session
        self.history = History()
        self.checkpoints = Checkpoints()
        self.reset(seed)

    def reset(self, seed: int) -> None:
        """Go back to epoch 0, and have the weights drawn anew from a seed."""
        self.epoch = self.steps = self.position = 0
        self.scores = NO_SCORE, NO_SCORE
        self.learned_epoch = self.divergence_note = self.paused_by = None
        self.samples_since, self._split = 0, None
        self.session.clear(seed)
        self.history.clear()
        self.checkpoints.clear()

    def curves(self) -> Curves:
        """Copy out how loss and accuracy went."""
        return self.history.curves()

    def reevaluate(self, *, rebuilt: bool) -> None:
        """See where things stand after a change from outside.

        Parameters
        ----------
        rebuilt : bool
            Whether the batches are others than before, so that the epoch starts over.
        """
        self.good_weights = self.session.parameters.values.clone()
        self.learned_epoch = None
        split = self.session.data.spec.split
        if split is not self._split:
            self.samples_since, self._split = self.epoch, split
        self._evaluate()
        if rebuilt:
            self.position = 0
        if self.epoch == 0:
            self.history.clear()
            self.checkpoints.clear()
            self._record()

    def resume(
        self,
        *,
        epoch: int,
        steps: int,
        position: int,
        order: Tensor,
        scores: tuple[Score, Score],
        learned_epoch: int | None,
        samples_since: int,
        divergence_note: Note | None,
    ) -> None:
        """Go on elsewhere, possibly in the middle of an epoch.

        Parameters
        ----------
        order : Tensor of shape (n,)
            In which the samples come up in that epoch.
        """
        self.epoch, self.steps, self.position = epoch, steps, position
        self.scores, self.learned_epoch, self.samples_since = scores, learned_epoch, samples_since
        self._split = self.session.data.spec.split
        self.divergence_note, self.paused_by = divergence_note, None
        self.session.batches.arrange(order)

    def rewind(self, info: CheckpointInfo) -> None:
        """Go on from the end of an epoch, now that its weights are back."""
        self.epoch, self.steps, self.position = int(info.epoch), info.step, 0
        self.divergence_note = self.paused_by = None
        if self.learned_epoch is not None and self.learned_epoch > self.epoch:
            self.learned_epoch = None
        self.samples_since = min(self.samples_since, self.epoch)
        self.history.truncate(info.epoch)
        self.checkpoints.truncate(info)
        self.good_weights.copy_(self.session.parameters.values)
        self._evaluate()

    def keep_only_current_checkpoint(self) -> None:
        """Forget all moments but this one, if it is the end of an epoch."""
        self.checkpoints.clear()
        if self.position == 0:
            self._save_checkpoint()

    def step(self, training: Training) -> None:
        """Learn from one batch."""
        session = self.session
        if self.position == 0:
            session.batches.shuffle()
        penalties = Penalties(training.l1, training.l2)
        program = session.programs[self.position]
        session.engine.step(program, session.optimiser, training.rate(self.epoch), penalties)
        self.steps += 1
        self.position += 1
        if self.position == len(session.programs):
            self._finish_epoch(training)

    def restore_if_diverged(self, training: Training) -> None:
        """Go back to sound weights if the present ones are not even numbers."""
        if not self.session.parameters.values.isfinite().all():
            self._restore_good_weights(training)

    def _finish_epoch(self, training: Training) -> None:
        self.position = 0
        self.epoch += 1
        before = self.scores[0]
        self._evaluate()
        if not abs(self.scores[0].loss) < DIVERGED_LOSS:
            self._restore_good_weights(training)
            return
        self.good_weights.copy_(self.session.parameters.values)
        self.divergence_note = None
        self._record()
        self.paused_by = diagnosis.goal_reached(training, self.epoch, before, self.scores[0])

    def _record(self) -> None:
        self.history.record(self.epoch, *self.scores)
        self._save_checkpoint()

    def _save_checkpoint(self) -> None:
        parameters = self.session.parameters
        info = CheckpointInfo(self.epoch, self.steps, *self.scores)
        self.checkpoints.record(info, parameters.values[0], parameters.plan)

    def _restore_good_weights(self, training: Training) -> None:
        """Go back to the last weights that were sound, and pause."""
        self.session.parameters.values.copy_(self.good_weights)
        self.session.engine.gradient.zero_()
        self.session.reset_optimiser()
        self.position = 0
        self._evaluate()
        self.divergence_note = self.paused_by = diagnosis.diverged(self.epoch, training)

    def _evaluate(self) -> None:
        data, loss = self.session.data, self.session.engine.loss
        answer = outputs(self.session.parameters, data.all_inputs)
        self.scores = data.scores(loss, answer)
        train, test = data.split_outputs(answer)
        reference_outputs, score = (
            (test, self.scores[1]) if len(data.test) else (train, self.scores[0])
        )
        if not (
            score.accuracy == 1 and data.reference.is_learned(loss.probabilities(reference_outputs))
        ):
            self.learned_epoch = None
        elif self.learned_epoch is None:
            self.learned_epoch = self.epoch
