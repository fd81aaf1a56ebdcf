"""One run of training: how far it has come, how well it does, and how it goes on by a step."""

from __future__ import annotations

from playground.networks.forward import outputs
from playground.training import diagnosis
from playground.training.engines import Penalties
from playground.training.examine import NOTHING
from playground.training.frame import Curves, Note, Score
from playground.training.history import History
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
    trouble : Note or None
        What went wrong, until an epoch goes well again.
    paused_by : Note or None
        Why training should go no further, if it should not.
    """

    epoch: int
    steps: int
    position: int
    scores: tuple[Score, Score]
    learned: int | None
    trouble: Note | None
    paused_by: Note | None

    def __init__(self, bench: Workbench, seed: int) -> None:
        self._bench = bench
        self._history = History()
        self.begin(seed)

    def begin(self, seed: int) -> None:
        """Go back to epoch 0, and have the weights drawn anew from a seed."""
        self.epoch = self.steps = self.position = 0
        self.scores = NOTHING, NOTHING
        self.learned = self.trouble = self.paused_by = None
        self._bench.clear(seed)
        self._history.clear()

    def curves(self) -> Curves:
        """Copy out how loss and accuracy went."""
        return self._history.curves()

    def take_stock(self, *, rebuilt: bool) -> None:
        """See where things stand after a change from outside.

        Parameters
        ----------
        rebuilt : bool
            Whether the batches are others than before, so that the epoch starts over.
        """
        self._good = self._bench.parameters.values.clone()
        self.learned = None
        self._examine()
        if rebuilt:
            self.position = 0
        if self.epoch == 0:
            self._history.clear()
            self._history.record(0, *self.scores)

    def step(self, training: Training) -> None:
        """Learn from one batch."""
        bench = self._bench
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
        if not self._bench.parameters.values.isfinite().all():
            self._return_to_good(training)

    def _finish_epoch(self, training: Training) -> None:
        self.position = 0
        self.epoch += 1
        before = self.scores[0]
        self._examine()
        if not abs(self.scores[0].loss) < RUNAWAY:
            self._return_to_good(training)
            return
        self._good.copy_(self._bench.parameters.values)
        self.trouble = None
        self._history.record(self.epoch, *self.scores)
        self.paused_by = diagnosis.goal_reached(training, self.epoch, before, self.scores[0])

    def _return_to_good(self, training: Training) -> None:
        """Go back to the last weights that were sound, and pause."""
        self._bench.parameters.values.copy_(self._good)
        self._bench.engine.gradient.zero_()
        self._bench.forget_steps()
        self.position = 0
        self._examine()
        self.trouble = self.paused_by = diagnosis.diverged(self.epoch, training)

    def _examine(self) -> None:
        lesson, loss = self._bench.lesson, self._bench.engine.loss
        answer = outputs(self._bench.parameters, lesson.both)
        train, test = answer.split([len(lesson.train), len(lesson.test)], dim=2)
        self.scores = lesson.train.score(loss, train), lesson.test.score(loss, test)
        judged, score = (test, self.scores[1]) if len(lesson.test) else (train, self.scores[0])
        if not (score.accuracy == 1 and lesson.reference.settled(loss.probabilities(judged))):
            self.learned = None
        elif self.learned is None:
            self.learned = self.epoch
