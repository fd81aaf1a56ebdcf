"""The DigitTrainer: owns the torch state of a network that learns to read, and moves it.

It is steered and looked at like `playground.training.trainer.Trainer`: parameters of the
problem, the training and the augmentation may be set at any time and from any thread, and are
taken up before the next step. Its work is cut into small pieces, so that a slice ends close to
its budget however large the network is.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from time import perf_counter

import numpy.typing as npt
import param
import torch
from torch import nn

from playground.networks.readers import OwnReader
from playground.problems.digits import Digits
from playground.problems.problem import Floats
from playground.training.augmentation import Augmentation
from playground.training.digits.building import Choice
from playground.training.digits.corrections import Corrections
from playground.training.digits.desk import Desk
from playground.training.digits.frame import ReaderFrame
from playground.training.digits.keeping import ReaderKeeper
from playground.training.digits.pictures import as_inputs
from playground.training.digits.run import ReaderRun
from playground.training.digits.snapshot import take
from playground.training.digits.threads import helpful, regret, torch_threads
from playground.training.digits.usual import usual_training
from playground.training.frame import Note
from playground.training.past import Past
from playground.training.rewinding import Rewinding
from playground.training.state import State
from playground.training.training import Training

FAR_TOO_LONG = 0.25
"""Seconds over budget after which several threads are given up: other work needs the cores."""


class DigitTrainer(Rewinding[ReaderFrame], param.Parameterized):
    """One network learning to read.

    Parameters
    ----------
    problem : Digits, optional
        Its pictures are loaded at the first need, unless they are already. When others are
        chosen, training goes on with the old ones until the new ones are loaded.
    reader : str, OwnReader or nn.Module
        See the parameter. A module is copied, so that it is there to go back to.

    Raises
    ------
    InputError
        By whatever first needs the network: if the pictures can't be had, or the network does
        not fit them.

    Examples
    --------
    >>> trainer = DigitTrainer(Digits(), "mlp")
    >>> trainer.train(epochs=3).test.accuracy > 0.96
    True
    """

    # Param's types allow None wherever there is no default; `__init__` sees to it that none is.
    problem: Digits = param.ClassSelector(  # type: ignore[assignment]
        class_=Digits, instantiate=False, doc="What is learned."
    )
    reader: Choice = param.ClassSelector(  # type: ignore[assignment]
        class_=(str, OwnReader, nn.Module),
        default="mlp",
        instantiate=False,
        doc="What learns: a key of READERS, a network of one's own, or any module.",
    )
    training: Training = param.ClassSelector(  # type: ignore[assignment]
        class_=Training, instantiate=False, doc="How it learns."
    )
    augmentation: Augmentation = param.ClassSelector(  # type: ignore[assignment]
        class_=Augmentation, instantiate=False, doc="How pictures vary from epoch to epoch."
    )
    corrections: Corrections = param.ClassSelector(  # type: ignore[assignment]
        class_=Corrections, instantiate=False, doc="Pictures that people have added."
    )
    seed = param.Integer(default=0, bounds=(0, 2**31 - 1), doc="Where all chance comes from.")
    threads = param.Integer(
        default=None,
        bounds=(1, 64),
        allow_None=True,
        doc="Threads that PyTorch computes with in a slice; None for as many as help.",
    )

    def __init__(
        self,
        problem: Digits | None = None,
        reader: Choice = "mlp",
        training: Training | None = None,
        augmentation: Augmentation | None = None,
        corrections: Corrections | None = None,
        **params: object,
    ) -> None:
        super().__init__(
            problem=problem or Digits(),
            reader=reader,
            training=training or usual_training(),
            augmentation=augmentation or Augmentation(untouched=1.0),
            corrections=corrections or Corrections(),
            **params,
        )
        self._lock = RLock()
        self._desk = Desk()
        self.wishes = 0

    # What people do ---------------------------------------------------------------------------

    def advance(
        self, seconds: float = math.inf, *, epochs: float = math.inf, steps: float = math.inf
    ) -> int:
        """Train until a budget is spent or training pauses itself (see `paused_by`).

        Parameters
        ----------
        seconds : float
            Wall-clock time, but one piece of work at the least. A step too long for it is
            finished by the next slices.
        epochs, steps : float
            Epochs to be finished, examination included, and optimiser steps; all may be combined.

        Returns
        -------
        int
            Steps finished.
        """
        with self._at_work() as run:
            begun = perf_counter()
            first, last_epoch, pictures = run.steps, run.epoch + epochs, run.learned_from
            run.paused_by = None
            while run.epoch < last_epoch and (run.steps - first < steps or run.examining):
                run.work()
                if run.paused_by or perf_counter() - begun >= seconds:
                    break
            run.check()
            taken = perf_counter() - begun
            run.pace.note(run.learned_from - pictures, taken)
            if taken > seconds + FAR_TOO_LONG:
                regret()
            return run.steps - first

    def train(self, epochs: int = 1) -> ReaderFrame:
        """Load what is chosen, train for so many epochs or until a stop condition, and look."""
        if self.problem.images is None:
            self.problem.load()
        self.advance(epochs=epochs)
        return self.frame()

    def step(self) -> ReaderFrame:
        """Take one optimiser step, and look."""
        self.advance(steps=1)
        return self.frame()

    def restore(self, state: State) -> None:
        """Load what is chosen, and go on from a state; see `Rewinding.restore`."""
        if self.problem.images is None:
            self.problem.load()
        super().restore(state)

    def reset(self, *, new_weights: bool = False) -> None:
        """Go back to epoch 0: to the same initial weights, or to new ones (the next seed)."""
        with self._lock:
            if new_weights:
                self.seed = (self.seed + 1) % 2**31
            self._desk.start_over(redraw=new_weights)
            self.wishes += 1

    def teach(self, picture: npt.ArrayLike, label: int) -> bool:
        """Say what a picture really is: the network learns it now, and in every epoch to come.

        Takes up to a second or two; see `undo`.

        Parameters
        ----------
        picture : uint8 array of shape (28, 28)
        label : int
            Class number.

        Returns
        -------
        bool
            Whether it is read correctly now.

        Raises
        ------
        InputError
            If the picture is none, or there is no such class.
        """
        with self._at_work() as run:
            return self._desk.teach(run, self.corrections, picture, label)

    def undo(self) -> bool:
        """Take the last lesson of `teach` back; whether there was one.

        The weights are those from before it, so what was learned since is lost with it.
        """
        with self._at_work() as run:
            return self._desk.undo(run, self.corrections)

    # What people look at ------------------------------------------------------------------------

    def frame(self) -> ReaderFrame:
        """Everything that can be seen at this moment, in numpy, never to change again."""
        with self._at_work() as run:
            run.watched = True
            return take(run, self._desk.stages, self._desk.refusal)

    def predict(self, pictures: npt.ArrayLike) -> Floats:
        """Class probabilities (n, classes) of pictures, uint8 (n, 28, 28).

        Raises
        ------
        InputError
            If the pictures are not of that shape and kind.
        """
        inputs = as_inputs(pictures)
        with self._at_work() as run:
            return run.learner.probabilities(run.learner.reader(inputs)).contiguous().numpy()

    @property
    def epoch(self) -> int:
        """Finished epochs."""
        return self._desk.run.epoch if self._desk.run else 0

    @property
    def step_count(self) -> int:
        """Optimiser steps in all."""
        return self._desk.run.steps if self._desk.run else 0

    @property
    def paused_by(self) -> Note | None:
        """Why the last slice ended before its budget, if it did."""
        return self._desk.run.paused_by if self._desk.run else None

    @property
    def model(self) -> nn.Module:
        """A module in evaluation mode on the memory that is being trained.

        It may be used at any time and from any thread; it is another one after a reset.
        """
        with self._at_work() as run:
            return self._desk.model(run)

    @property
    def past(self) -> Past:
        """See `Rewinding.past`; it is another one after a reset."""
        return self._desk.run.past if self._desk.run else Past()

    @property
    def steps_per_epoch(self) -> int:
        """Batches in an epoch at present, at least 1."""
        return self._batches(len(self._desk.run.drill.pictures) if self._desk.run else 0)

    @property
    def steps_to_epoch_end(self) -> int:
        """Steps until the epoch under way is learned, at least 1."""
        return self._batches(self._desk.run.left if self._desk.run else 0)

    def _batches(self, pictures: int) -> int:
        return max(1, math.ceil(pictures / self.training.batch_size))

    # From what is wished to what is -------------------------------------------------------------

    @contextmanager
    def _at_work(self) -> Iterator[ReaderRun]:
        """Catch up with all that has been wished, and keep others out meanwhile."""
        with self._lock, torch.no_grad(), torch_threads(self.threads or helpful()):
            yield self._desk.fit(
                self.problem,
                self.reader,
                self.seed,
                self.training,
                self.augmentation,
                self.corrections,
            )

    @contextmanager
    def _kept(self) -> Iterator[ReaderKeeper]:
        with self._at_work() as run:
            yield ReaderKeeper(self._desk, run)
