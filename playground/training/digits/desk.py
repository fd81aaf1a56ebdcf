"""What a DigitTrainer works with, kept in step with what is wished for."""

from __future__ import annotations

import numpy.typing as npt
import torch
from torch import nn

from playground.errors import InputError
from playground.networks.readers import Stage, outline
from playground.problems.corpora import Images
from playground.problems.digits import Digits
from playground.problems.latest import Latest
from playground.training.augmentation import Augmentation
from playground.training.digits.building import Choice, build, key
from playground.training.digits.correction import Correction
from playground.training.digits.corrections import Corrections
from playground.training.digits.looking import LookBack
from playground.training.digits.pictures import Pictures
from playground.training.digits.revision import revise
from playground.training.digits.run import ReaderRun
from playground.training.frame import Note
from playground.training.training import Training


class Desk:
    """Makes a new run when other pictures or another network are wished for, and only then.

    Attributes
    ----------
    run : ReaderRun or None
        None until `fit` was called.
    stages : tuple of Stage
        The layers of the run's network.
    refusal : Note or None
        Why the network that is wished for can't be had; the last one goes on.
    lessons : list of (Correction, list of Tensor)
        What was taught to this network, and its state before.
    """

    def __init__(self) -> None:
        self.run: ReaderRun | None = None
        self.stages: tuple[Stage, ...] = ()
        self.refusal: Note | None = None
        self.lessons: list[tuple[Correction, list[torch.Tensor]]] = []
        self._runs: Latest[ReaderRun] = Latest()
        self._pictures: Latest[Pictures] = Latest()
        self._models: Latest[nn.Module] = Latest()
        self._looks_back: Latest[LookBack] = Latest()
        self._attempt, self._redraw = 0, False

    def start_over(self, *, redraw: bool) -> None:
        """Have the next `fit` begin a new run; whether a given module's weights are drawn anew."""
        self._attempt += 1
        self._redraw |= redraw

    def fit(
        self,
        problem: Digits,
        reader: Choice,
        seed: int,
        training: Training,
        augmentation: Augmentation,
        corrections: Corrections,
    ) -> ReaderRun:
        """Make everything as it is wished.

        Raises
        ------
        InputError
            If the pictures or the network can't be had, and there was no run before.
        """
        run = self._wished_run(problem, reader, seed, training, augmentation)
        run.training, run.augmentation = training, augmentation
        run.learner.equip(training)
        wished = (run, corrections.items, corrections.weight)
        pictures = self._pictures.get(wished, lambda: _with_added(run.images, corrections))
        if run.drill.pictures is not pictures:
            run.drill.change(pictures)
        return run

    def teach(
        self, run: ReaderRun, corrections: Corrections, picture: npt.ArrayLike, label: int
    ) -> bool:
        """Have a run learn what a picture is; see `DigitTrainer.teach`."""
        classes = run.images.classes
        if not 0 <= label < len(classes):
            raise InputError(f"A label is a number from 0 to {len(classes) - 1}, not {label}.")
        before = run.learner.state()
        correction = corrections.add(picture, label, classes[label])
        self.lessons.append((correction, before))
        known = revise(run, *corrections.for_classes(classes))
        run.look_again()
        return known

    def undo(self, run: ReaderRun, corrections: Corrections) -> bool:
        """Take the last lesson back, if there was one; see `DigitTrainer.undo`."""
        if not self.lessons:
            return False
        correction, before = self.lessons.pop()
        corrections.remove(correction)
        run.learner.restore(before)
        run.learner.forget_steps()
        run.look_again()
        return True

    def model(self, run: ReaderRun) -> nn.Module:
        """A module on a run's memory, the same for as long as the run lasts."""
        return self._models.get(run, run.learner.twin)

    def look_back(self, run: ReaderRun) -> LookBack:
        """Who looks at a run as it was, the same for as long as the run lasts."""
        return self._looks_back.get(run, lambda: LookBack(run))

    def _wished_run(
        self,
        problem: Digits,
        reader: Choice,
        seed: int,
        training: Training,
        augmentation: Augmentation,
    ) -> ReaderRun:
        before = self.run
        images = problem.images or (before.images if before else problem.load())
        try:
            run = self._runs.get(
                (images, key(reader), seed, self._attempt),
                lambda: ReaderRun(
                    build(reader, seed, redraw=self._redraw), images, training, augmentation, seed
                ),
            )
            self.refusal = None
        except InputError as error:
            if before is None:
                raise
            self.refusal = Note("refused", "network", "error", str(error))
            return before
        if run is not before:
            self.run, self.lessons = run, []
            self.stages = outline(run.learner.twin())
        return run


def _with_added(images: Images, corrections: Corrections) -> Pictures:
    train = images.train
    added = corrections.for_classes(images.classes)
    return Pictures(train.pictures, train.labels, *added, corrections.weight)
