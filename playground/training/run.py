"""One run of training: how far it has come, how well it does, and how it goes on by a step."""

from __future__ import annotations

from torch import Tensor

from playground.networks.forward import outputs
from playground.problems.problem import Split
from playground.training import diagnosis
from playground.training.engines import Penalties
from playground.training.examine import NOTHING
from playground.training.frame import Curves, Note, Score
from playground.training.history import History
from playground.training.past import Moment, Past
from playground.training.training import Training
from playground.training.workbench import Workbench

RUNAWAY = 1e8
"""A training loss beyond this counts as diverged: nothing sensible comes back from there."""


class Run:
    """What has come of training so far.

    Parameters
    ----------
    bench : Workbench
        What is trained, and with what.
    seed : int
        Where the first run begins; see `begin`.

    Attributes
    ----------
    epoch, steps : int
        Finished epochs, and optimiser steps in all.
    position : int
        Batches that are done of the epoch under way.
    scores : (Score, Score)
        On the training and the test samples.
    learned : int or None
        See `Frame`.
    since : int
        The epoch from which on the samples of now have been learned.
    trouble : Note or None
        What went wrong, until an epoch goes well again.
    paused_by : Note or None
        Why training should go no further, if it should not.
    good : Tensor of shape (1, size)
        The last weights that were sound.
    history : History
    past : Past
        The ends of epochs, to go back to.
    """

    epoch: int
    steps: int
    position: int
    scores: tuple[Score, Score]
    learned: int | None
    since: int
    _split: Split | None
    trouble: Note | None
    paused_by: Note | None
    good: Tensor

    def __init__(self, bench: Workbench, seed: int) -> None:
        self.bench = bench
        self.history = History()
        self.past = Past()
        self.begin(seed)

    def begin(self, seed: int) -> None:
        """Go back to epoch 0, and have the weights drawn anew from a seed."""
        self.epoch = self.steps = self.position = 0
        self.scores = NOTHING, NOTHING
        self.learned = self.trouble = self.paused_by = None
        self.since, self._split = 0, None
        self.bench.clear(seed)
        self.history.clear()
        self.past.clear()

    def curves(self) -> Curves:
        """Copy out how loss and accuracy went."""
        return self.history.curves()

    def take_stock(self, *, rebuilt: bool) -> None:
        """See where things stand after a change from outside.

        Parameters
        ----------
        rebuilt : bool
            Whether the batches are others than before, so that the epoch starts over.
        """
        self.good = self.bench.parameters.values.clone()
        self.learned = None
        split = self.bench.lesson.subject.split
        if split is not self._split:
            self.since, self._split = self.epoch, split
        self._examine()
        if rebuilt:
            self.position = 0
        if self.epoch == 0:
            self.history.clear()
            self.past.clear()
            self._note_down()

    def resume(
        self,
        *,
        epoch: int,
        steps: int,
        position: int,
        order: Tensor,
        scores: tuple[Score, Score],
        learned: int | None,
        since: int,
        trouble: Note | None,
    ) -> None:
        """Go on elsewhere, possibly in the middle of an epoch.

        Parameters
        ----------
        order : Tensor of shape (n,)
            In which the samples come up in that epoch.
        """
        self.epoch, self.steps, self.position = epoch, steps, position
        self.scores, self.learned, self.since = scores, learned, since
        self._split = self.bench.lesson.subject.split
        self.trouble, self.paused_by = trouble, None
        self.bench.batches.arrange(order)

    def go_back(self, then: Moment) -> None:
        """Go on from the end of an epoch, now that its weights are back."""
        self.epoch, self.steps, self.position = int(then.epoch), then.step, 0
        self.trouble = self.paused_by = None
        if self.learned is not None and self.learned > self.epoch:
            self.learned = None
        self.since = min(self.since, self.epoch)
        self.history.cut(then.epoch)
        self.past.cut(then)
        self.good.copy_(self.bench.parameters.values)
        self._examine()

    def remember_only_now(self) -> None:
        """Forget all moments but this one, if it is the end of an epoch."""
        self.past.clear()
        if self.position == 0:
            self._remember()

    def step(self, training: Training) -> None:
        """Learn from one batch."""
        bench = self.bench
        if self.position == 0:
            bench.batches.shuffle()
        penalties = Penalties(training.l1, training.l2)
        program = bench.programs[self.position]
        bench.engine.step(program, bench.optimiser, training.rate(self.epoch), penalties)
        self.steps += 1
        self.position += 1
        if self.position == len(bench.programs):
            self._finish_epoch(training)

    def check(self, training: Training) -> None:
        """Go back to sound weights if the present ones are not even numbers."""
        if not self.bench.parameters.values.isfinite().all():
            self._return_to_good(training)

    def _finish_epoch(self, training: Training) -> None:
        self.position = 0
        self.epoch += 1
        before = self.scores[0]
        self._examine()
        if not abs(self.scores[0].loss) < RUNAWAY:
            self._return_to_good(training)
            return
        self.good.copy_(self.bench.parameters.values)
        self.trouble = None
        self._note_down()
        self.paused_by = diagnosis.goal_reached(training, self.epoch, before, self.scores[0])

    def _note_down(self) -> None:
        self.history.record(self.epoch, *self.scores)
        self._remember()

    def _remember(self) -> None:
        parameters = self.bench.parameters
        moment = Moment(self.epoch, self.steps, *self.scores)
        self.past.record(moment, parameters.values[0], parameters.plan)

    def _return_to_good(self, training: Training) -> None:
        """Go back to the last weights that were sound, and pause."""
        self.bench.parameters.values.copy_(self.good)
        self.bench.engine.gradient.zero_()
        self.bench.forget_steps()
        self.position = 0
        self._examine()
        self.trouble = self.paused_by = diagnosis.diverged(self.epoch, training)

    def _examine(self) -> None:
        lesson, loss = self.bench.lesson, self.bench.engine.loss
        answer = outputs(self.bench.parameters, lesson.both)
        self.scores = lesson.scores(loss, answer)
        train, test = lesson.parted(answer)
        judged, score = (test, self.scores[1]) if len(lesson.test) else (train, self.scores[0])
        if not (score.accuracy == 1 and lesson.reference.settled(loss.probabilities(judged))):
            self.learned = None
        elif self.learned is None:
            self.learned = self.epoch
