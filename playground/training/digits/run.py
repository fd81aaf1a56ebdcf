"""One run of learning to read: how far it has come, and how it goes on by a small piece."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.problems.corpora import Images
from playground.training import diagnosis
from playground.training.augmentation import Augmentation
from playground.training.digits.drill import Drill
from playground.training.digits.exam import WINDOW, Exam
from playground.training.digits.frame import Numbers
from playground.training.digits.learner import Learner
from playground.training.digits.pace import Pace
from playground.training.digits.pictures import Pictures
from playground.training.digits.sights import Sights
from playground.training.digits.tiles import tiles
from playground.training.engines import Penalties
from playground.training.frame import Note, Score
from playground.training.history import History
from playground.training.run import RUNAWAY
from playground.training.training import Training

PARTS = 12
"""How often an epoch is looked back on: rows of the curves."""
PASS = 0.97
"""Share of the test pictures read correctly from which reading counts as learned."""
MISTAKES = 60
FIRST_LOOK = 200
"""Training pictures that the first score speaks of."""


@dataclass(frozen=True, slots=True, eq=False)
class _Results:
    """How well the network did at the end of an epoch; see `ReaderFrame`."""

    scores: tuple[Score, Score]
    tested: int
    confusion: Numbers


class ReaderRun:
    """What has come of training so far. Autograd should be off around all its methods.

    Parameters
    ----------
    network : nn.Module
    images : Images
    training : Training
    augmentation : Augmentation
        Read anew at every step, as is `training`.
    seed : int
        Where the order of the pictures comes from.

    Attributes
    ----------
    epoch, steps : int
    scores : (Score, Score)
    tested, confusion, learned, mistakes
        See `ReaderFrame`.
    examining : bool
        Whether the examination at the end of an epoch is under way.
    watched : bool
        Whether somebody has looked since the last look at the panel.
    trouble, paused_by : Note or None
        See `playground.training.run.Run`.
    """

    scores: tuple[Score, Score]
    tested: int
    confusion: Numbers

    def __init__(
        self,
        network: nn.Module,
        images: Images,
        training: Training,
        augmentation: Augmentation,
        seed: int,
    ) -> None:
        self.images, self.training, self.augmentation = images, training, augmentation
        self.learner = Learner(network, training, len(images.classes))
        train = Pictures.of(images.train.pictures, images.train.labels)
        self.drill = Drill(train, torch.Generator().manual_seed(seed))
        test = Pictures.of(images.test.pictures, images.test.labels)
        self.exam = Exam(test, self.learner)
        self.sights = Sights(test, self.learner, self.exam)
        self.history = History(PARTS)
        self.pace = Pace()
        self.epoch = self.steps = self.learned_from = 0
        self.learned: int | None = None
        self.trouble: Note | None = None
        self.paused_by: Note | None = None
        self.examining = self.watched = False
        self.tiles_start = self.tiles_last_epoch = tiles(self.learner.network)
        self.mistakes = self.exam.mistakes(0)
        self._answered: list[tuple[Tensor, Tensor]] = []
        self._work: Iterator[bool | None] | None = None
        self._look_for_the_first_time()

    def work(self) -> bool:
        """Do the next piece of what is to be done; whether it finished an optimiser step."""
        if self._work is None:
            self._work = self._epochs()
        try:
            return bool(next(self._work))
        except BaseException:
            # A failed step must leave nothing behind; the next one begins a new epoch.
            self._work, self.examining = None, False
            self.learner.engine.gradient.zero_()
            raise

    def check(self) -> None:
        """Go back to sound weights if the present ones are not even numbers."""
        if not self.learner.sound:
            self._return_to_good()

    @property
    def left(self) -> int:
        """Pictures still to be learned in the epoch: all of them where none has begun yet."""
        return self.drill.left or (0 if self.examining else len(self.drill.pictures))

    def look_again(self) -> None:
        """Examine a little after a change from outside."""
        self.exam.forget()
        while self.exam.tested < min(WINDOW, len(self.images.test)):
            for _ in self.exam.some():
                pass
        self.scores = self.scores[0], self.exam.score()
        self._note_results()

    def _epochs(self) -> Iterator[bool | None]:
        while True:
            self.drill.begin()
            self._answered.clear()
            while self.drill.left:
                part = self._part
                yield from self._step()
                if part < self._part < PARTS:
                    yield from self.exam.some()
                    self._look_back(self.epoch + self._part / PARTS)
                if self.watched and self.sights.due:
                    self.watched = False
                    yield from self.sights.look()
            yield from self._finish()
            self.examining = False
            yield None

    @property
    def _part(self) -> int:
        return PARTS * self.drill.done // len(self.drill.pictures)

    def _step(self) -> Iterator[bool]:
        """Learn from one batch."""
        training, learner = self.training, self.learner
        inputs, labels = self.drill.take(training.batch_size, self.augmentation)
        count = len(labels)
        if count == 1 and learner.normalises:
            raise InputError("Batch normalisation needs a batch size of 2 or more.")
        pieces = math.ceil(count / learner.piece)
        for number, (some, theirs) in enumerate(
            zip(inputs.chunk(pieces), labels.chunk(pieces), strict=True)
        ):
            if number:
                yield False
            self._answered.append((learner.learn(some, theirs, len(theirs) / count), theirs))
            self.learned_from += len(theirs)
        learner.step(training.rate(self.epoch), Penalties(training.l1, training.l2))
        self.steps += 1
        self.examining = not self.drill.left
        yield True

    def _finish(self) -> Iterator[None]:
        before = self._ended.scores[0]
        yield from self.exam.all()
        self.epoch += 1
        if not self._look_back(self.epoch):
            return
        self.mistakes = self.exam.mistakes(MISTAKES)
        self.tiles_last_epoch = tiles(self.learner.network)
        if self.learned is None and self.scores[1].accuracy >= PASS:
            self.learned = self.epoch
        self._mark()
        self.paused_by = diagnosis.goal_reached(self.training, self.epoch, before, self.scores[0])

    def _look_back(self, epoch: float) -> bool:
        """Note how it went lately; False if it went so badly that it had to be undone."""
        train, test = self._score_of_lesson(), self.exam.score()
        if not (abs(train.loss) < RUNAWAY and self.learner.sound):
            self._return_to_good()
            return False
        self.trouble = None
        self.scores = train, test
        self._note_results()
        self.history.record(epoch, train, test)
        return True

    def _mark(self) -> None:
        """Remember this moment as one to come back to."""
        self.learner.keep()
        self._ended = _Results(self.scores, self.tested, self.confusion)

    def _score_of_lesson(self) -> Score:
        if not self._answered:  # undone meanwhile
            return self.scores[0]
        answers = torch.cat([each for each, _ in self._answered])
        labels = torch.cat([each for _, each in self._answered])
        self._answered.clear()
        return Score(*self.learner.score(answers, labels))

    def _note_results(self) -> None:
        self.tested, self.confusion = self.exam.tested, self.exam.confusion()

    def _return_to_good(self) -> None:
        self.learner.return_to_kept()
        self.exam.forget()
        self._answered.clear()
        ended = self._ended
        self.scores, self.tested, self.confusion = ended.scores, ended.tested, ended.confusion
        self.trouble = self.paused_by = diagnosis.diverged(self.epoch, self.training)

    def _look_for_the_first_time(self) -> None:
        inputs, labels = self.drill.sample(FIRST_LOOK)
        train = Score(*self.learner.score(self.learner.reader(inputs), labels))
        for _ in self.exam.some():
            pass
        self.scores = train, self.exam.score()
        self._note_results()
        self._mark()
        for _ in self.sights.look():
            pass
        self.history.record(0, *self.scores)
