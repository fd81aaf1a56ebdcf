"""One run of learning to read: how far it has come, and how it goes on by a small piece."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from playground.errors import InputError
from playground.problems.corpora import Images
from playground.training import diagnosis
from playground.training.augmentation import Augmentation
from playground.training.digits.drill import Drill
from playground.training.digits.exam import WINDOW, Exam
from playground.training.digits.learner import Learner
from playground.training.digits.pace import Pace
from playground.training.digits.packing import pack
from playground.training.digits.pictures import Pictures
from playground.training.digits.said import Said
from playground.training.digits.sights import Sights
from playground.training.digits.standing import MISTAKES, Results, Standing
from playground.training.digits.tiles import tiles
from playground.training.engines import Penalties
from playground.training.frame import Note, Score
from playground.training.history import History
from playground.training.past import Moment, Past
from playground.training.run import RUNAWAY
from playground.training.training import Training

PARTS = 12
"""How often an epoch is looked back on: rows of the curves."""
PASS = 0.97
"""Share of the test pictures read correctly from which reading counts as learned."""
FIRST_LOOK = 200
"""Training pictures that the first score speaks of."""


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
    results : Results
        How well the network did when it was looked at last.
    learned, mistakes
        See `ReaderFrame`.
    examining : bool
        Whether the examination at the end of an epoch is under way.
    watched : bool
        Whether somebody has looked since the last look at the panel.
    between_steps : bool
        Whether no optimiser step is half done.
    past : Past
        Ends of parts of epochs, to go back to; each row holds `memory`.
    trouble, paused_by : Note or None
        See `playground.training.run.Run`.
    """

    results: Results

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
        self.history, self.past = History(PARTS), Past(PARTS)
        self.pace = Pace()
        self.epoch = self.steps = self.learned_from = 0
        self.learned: int | None = None
        self.trouble: Note | None = None
        self.paused_by: Note | None = None
        self.under_way = self.examining = self.watched = False
        self.between_steps = True
        self._looked = 0
        self._unseen: int | None = None
        self.tiles_start = self.tiles_last_epoch = tiles(self.learner.network)
        self.mistakes = self.exam.mistakes(0)
        self._said = Said(self.learner)
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
            self._break_off()
            self.under_way = self.examining = False
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

    @property
    def memory(self) -> list[Tensor]:
        """What is remembered of a moment: `Learner.tensors`, and the results on test pictures."""
        tested, confusion = self.results.tested, self.results.confusion
        return [*self.learner.tensors, torch.tensor([tested]), torch.from_numpy(confusion)]

    def standing(self) -> Standing:
        """Tell how far it has come, between two steps."""
        answers, labels = self._said.so_far()
        return Standing(
            epoch=self.epoch,
            steps=self.steps,
            learned=self.learned,
            trouble=self.trouble,
            under_way=self.under_way,
            examining=self.examining,
            looked=self._looked,
            unseen=self._unseen,
            now=self.results,
            ended=self._ended,
            mistakes=self.mistakes,
            tiles_start=self.tiles_start,
            tiles_last_epoch=self.tiles_last_epoch,
            answers=answers,
            labels=labels,
        )

    def stand(self, at: Standing) -> None:
        """Go on from elsewhere; weights, drill and examination are there already."""
        self._break_off()
        self.epoch, self.steps, self.learned = at.epoch, at.steps, at.learned
        self.trouble, self.paused_by = at.trouble, None
        self.under_way, self.examining = at.under_way, at.examining
        self._looked, self._unseen = at.looked, at.unseen
        self.results, self._ended, self.mistakes = at.now, at.ended, at.mistakes
        self.tiles_start, self.tiles_last_epoch = at.tiles_start, at.tiles_last_epoch
        self._said.clear()
        self._said.add(at.answers, at.labels)
        self.sights.look_at_once()

    def remember_only_now(self) -> None:
        """Forget all moments but this one, if it is the end of an epoch."""
        self.past.clear()
        if not self.under_way:
            self._remember(self.epoch)

    def look_again(self) -> None:
        """Examine a little after a change from outside."""
        self.exam.forget()
        while self.exam.tested < min(WINDOW, len(self.images.test)):
            for _ in self.exam.some():
                pass
        self._note_results(self.results.scores[0])

    def _epochs(self) -> Iterator[bool | None]:
        while True:
            if not self.under_way:
                self._begin_epoch()
            while self.drill.left and not self.examining:
                if self._looked < self._part:
                    yield from self._looking(self.exam.some(self._unseen))
                    self._looked = self._part
                    self._look_back(self.epoch + self._part / PARTS)
                if self.watched and self.sights.due:
                    self.watched = False
                    yield from self.sights.look()
                yield from self._step()
            yield from self._finish()
            self.under_way = self.examining = False
            yield None

    def _begin_epoch(self) -> None:
        self.drill.begin()
        self._said.clear()
        self._looked, self.under_way = 0, True

    def _looking(self, look: Iterator[int]) -> Iterator[None]:
        """Look at test pictures, and note how many are unseen, should this be gone on with."""
        for unseen in look:
            self._unseen = unseen
            yield
        self._unseen = None

    def _break_off(self) -> None:
        """Let go of the piece of work under way."""
        self._work, self._unseen, self.between_steps = None, None, True

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
                self.between_steps = False
                yield False
            self._said.add(learner.learn(some, theirs, len(theirs) / count), theirs)
            self.learned_from += len(theirs)
        learner.step(training.rate(self.epoch), Penalties(training.l1, training.l2))
        self.steps += 1
        self.between_steps, self.examining = True, not self.drill.left
        yield True

    def _finish(self) -> Iterator[None]:
        before = self._ended.scores[0]
        yield from self._looking(self.exam.all(self._unseen))
        self.epoch += 1
        if not self._look_back(self.epoch):
            return
        self.mistakes = self.exam.mistakes(MISTAKES)
        self.tiles_last_epoch = tiles(self.learner.network)
        if self.learned is None and self.results.scores[1].accuracy >= PASS:
            self.learned = self.epoch
        self._mark()
        self.paused_by = diagnosis.goal_reached(
            self.training, self.epoch, before, self.results.scores[0]
        )

    def _look_back(self, epoch: float) -> bool:
        """Note how it went lately; False if it went so badly that it had to be undone."""
        train = self._said.score() or self.results.scores[0]  # undone meanwhile
        self._said.clear()
        if not (abs(train.loss) < RUNAWAY and self.learner.sound):
            self._return_to_good()
            return False
        self.trouble = None
        self._note_results(train)
        self._note_down(epoch)
        return True

    def _note_down(self, epoch: float) -> None:
        self.history.record(epoch, *self.results.scores)
        self._remember(epoch)

    def _remember(self, epoch: float) -> None:
        moment = Moment(epoch, self.steps, *self.results.scores)
        self.past.record(moment, pack(self.memory))

    def _mark(self) -> None:
        """Remember this moment as one to come back to."""
        self.learner.keep()
        self._ended = self.results

    def _note_results(self, train: Score) -> None:
        exam = self.exam
        self.results = Results((train, exam.score()), exam.tested, exam.confusion())

    def _return_to_good(self) -> None:
        self.learner.return_to_kept()
        self.exam.forget()
        self._said.clear()
        self.results = self._ended
        self.trouble = self.paused_by = diagnosis.diverged(self.epoch, self.training)

    def _look_for_the_first_time(self) -> None:
        inputs, labels = self.drill.sample(FIRST_LOOK)
        train = Score(*self.learner.score(self.learner.reader(inputs), labels))
        for _ in self.exam.some():
            pass
        self._note_results(train)
        self._mark()
        self.sights.look_at_once()
        self._note_down(0)
