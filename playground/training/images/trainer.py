"""The ImageTrainer: owns the torch state of a network that learns to read, and moves it.

It is steered and looked at like `playground.training.dense.trainer.Trainer`: parameters of the
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

from playground.networks.classifiers import CustomClassifier
from playground.problems.digits import Digits
from playground.problems.problem import Floats
from playground.training.core.checkpointing import Checkpointing
from playground.training.core.checkpoints import Checkpoints
from playground.training.core.notes import Note
from playground.training.core.state.state import State
from playground.training.images.augmentation.augmentation import Augmentation
from playground.training.images.checkpoint_operations import ImageCheckpointOperations
from playground.training.images.corrections.corrections import Corrections
from playground.training.images.default_training import default_training
from playground.training.images.frame import ImageFrame
from playground.training.images.frame_builder import build_frame
from playground.training.images.image_data import to_inputs
from playground.training.images.network_builder import ClassifierChoice
from playground.training.images.performance.thread_count import (
    best_thread_count,
    torch_threads,
    use_one_thread,
)
from playground.training.images.session import TrainingSession
from playground.training.images.training_run import ImageRun
from playground.training.training import Training

MAX_OVERRUN_SECONDS = 0.25
"""Seconds over budget after which several threads are given up: other work needs the cores."""


class ImageTrainer(Checkpointing[ImageFrame], param.Parameterized):
    """One network learning to read.

    Parameters
    ----------
    problem : Digits, optional
        Its pictures are loaded at the first need, unless they are already. When others are
        chosen, training goes on with the old ones until the new ones are loaded.
    reader : str, CustomClassifier or nn.Module
        See the parameter. A module is copied, so that it is there to go back to.

    Raises
    ------
    InputError
        By whatever first needs the network: if the pictures can't be had, or the network does
        not fit them.

    Examples
    --------
    >>> trainer = ImageTrainer(Digits(), "mlp")
    >>> trainer.train(epochs=3).test.accuracy > 0.96
    True
    """

    # Param's types allow None wherever there is no default; `__init__` sees to it that none is.
    problem: Digits = param.ClassSelector(  # type: ignore[assignment]
        class_=Digits, instantiate=False, doc="What is learned."
    )
    reader: ClassifierChoice = param.ClassSelector(  # type: ignore[assignment]
        class_=(str, CustomClassifier, nn.Module),
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
        reader: ClassifierChoice = "mlp",
        training: Training | None = None,
        augmentation: Augmentation | None = None,
        corrections: Corrections | None = None,
        **params: object,
    ) -> None:
        super().__init__(
            problem=problem or Digits(),
            reader=reader,
            training=training or default_training(),
            augmentation=augmentation or Augmentation(untouched=1.0),
            corrections=corrections or Corrections(),
            **params,
        )
        self._lock = RLock()
        self._session = TrainingSession()
        self.request_count = 0

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
        with self._synced() as run:
            begun = perf_counter()
            first, last_epoch, pictures = run.steps, run.epoch + epochs, run.images_seen
            run.paused_by = None
            while run.epoch < last_epoch and (run.steps - first < steps or run.evaluating):
                run.run_next_piece()
                if run.paused_by or perf_counter() - begun >= seconds:
                    break
            run.restore_if_diverged()
            elapsed = perf_counter() - begun
            run.throughput.record(run.images_seen - pictures, elapsed)
            if elapsed > seconds + MAX_OVERRUN_SECONDS:
                use_one_thread()
            return run.steps - first

    def train(self, epochs: int = 1) -> ImageFrame:
        """Load what is chosen, train for so many epochs or until a stop condition, and look."""
        if self.problem.images is None:
            self.problem.load()
        self.advance(epochs=epochs)
        return self.frame()

    def step(self) -> ImageFrame:
        """Take one optimiser step, and look."""
        self.advance(steps=1)
        return self.frame()

    def restore(self, state: State) -> None:
        """Load what is chosen, and go on from a state; see `Checkpointing.restore`."""
        if self.problem.images is None:
            self.problem.load()
        super().restore(state)

    def reset(self, *, new_weights: bool = False) -> None:
        """Go back to epoch 0: to the same initial weights, or to new ones (the next seed)."""
        with self._lock:
            if new_weights:
                self.seed = (self.seed + 1) % 2**31
            self._session.restart(redraw=new_weights)
            self.request_count += 1

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
        with self._synced() as run:
            return self._session.teach(run, self.corrections, picture, label)

    def undo(self) -> bool:
        """Take the last lesson of `teach` back; whether there was one.

        The weights are those from before it, so what was learned since is lost with it.
        """
        with self._synced() as run:
            return self._session.undo(run, self.corrections)

    # What people look at ------------------------------------------------------------------------

    def frame(self) -> ImageFrame:
        """Everything that can be seen at this moment, in numpy, never to change again."""
        with self._synced() as run:
            run.frame_requested = True
            return build_frame(run, self._session.stages, self._session.build_error)

    def predict(self, pictures: npt.ArrayLike) -> Floats:
        """Class probabilities (n, classes) of pictures, uint8 (n, 28, 28).

        Raises
        ------
        InputError
            If the pictures are not of that shape and kind.
        """
        inputs = to_inputs(pictures)
        with self._synced() as run:
            return (
                run.classifier.probabilities(run.classifier.eval_network(inputs))
                .contiguous()
                .numpy()
            )

    @property
    def epoch(self) -> int:
        """Finished epochs."""
        return self._session.run.epoch if self._session.run else 0

    @property
    def step_count(self) -> int:
        """Optimiser steps in all."""
        return self._session.run.steps if self._session.run else 0

    @property
    def paused_by(self) -> Note | None:
        """Why the last slice ended before its budget, if it did."""
        return self._session.run.paused_by if self._session.run else None

    @property
    def model(self) -> nn.Module:
        """A module in evaluation mode on the memory that is being trained.

        It may be used at any time and from any thread; it is another one after a reset.
        """
        with self._synced() as run:
            return self._session.model(run)

    @property
    def checkpoints(self) -> Checkpoints:
        """See `Checkpointing.checkpoints`; it is another one after a reset."""
        return self._session.run.checkpoints if self._session.run else Checkpoints()

    @property
    def steps_per_epoch(self) -> int:
        """Batches in an epoch at present, at least 1."""
        return self._batch_count(
            len(self._session.run.batches.pictures) if self._session.run else 0
        )

    @property
    def steps_to_epoch_end(self) -> int:
        """Steps until the epoch under way is learned, at least 1."""
        return self._batch_count(self._session.run.remaining if self._session.run else 0)

    def _batch_count(self, pictures: int) -> int:
        return max(1, math.ceil(pictures / self.training.batch_size))

    # From what is wished to what is -------------------------------------------------------------

    @contextmanager
    def _synced(self) -> Iterator[ImageRun]:
        """Catch up with all that has been wished, and keep others out meanwhile."""
        with self._lock, torch.no_grad(), torch_threads(self.threads or best_thread_count()):
            yield self._session.sync(
                self.problem,
                self.reader,
                self.seed,
                self.training,
                self.augmentation,
                self.corrections,
            )

    @contextmanager
    def _checkpoint_operations(self) -> Iterator[ImageCheckpointOperations]:
        with self._synced() as run:
            yield ImageCheckpointOperations(self._session, run)
