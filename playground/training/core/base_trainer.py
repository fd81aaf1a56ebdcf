"""The base of all trainers: settings, lock, the budget of a slice, checkpoints and state."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from threading import RLock
from typing import Any, Generic, TypeVar

import param
import torch

from playground.deadlines import DeadlineLock
from playground.errors import InputError
from playground.training.core.metrics import NO_SCORE, Curves, Scores
from playground.training.core.notes import Note
from playground.training.core.sessions.checkpoints import Checkpoint, Checkpoints
from playground.training.core.sessions.history import History
from playground.training.core.sessions.loop import run_slice
from playground.training.core.sessions.session import TrainingSession
from playground.training.core.sessions.session_kind import FrameT, SettingsT, Weights
from playground.training.core.settings import ReadOnlyCopies
from playground.training.core.state.state import State
from playground.training.core.torch_threads import torch_threads
from playground.training.training import Training

SessionT = TypeVar("SessionT", bound=TrainingSession[Any, Any])


class BaseTrainer(param.Parameterized, Generic[SessionT, SettingsT, FrameT]):
    """Trains in slices, from whatever thread.

    Parameters of the trainer, and of the objects they hold, may be set at any time. What is
    requested takes effect with the next settings that are copied: see `settings`.

    A subclass declares parameters, and defines `copy_settings` and `sync`; what it trains is a
    `TrainingSession` of its own kind.

    Attributes
    ----------
    request_count : int
        Grows with each request that no parameter holds, such as a reset.
    """

    # Param's types allow None wherever there is no default; `__init__` makes sure none is.
    training: Training = param.ClassSelector(  # type: ignore[assignment]
        class_=Training, instantiate=False, doc="How it learns."
    )

    def __init__(self, **params: object) -> None:
        super().__init__(**params)
        self.request_count = 0
        self._session: SessionT | None = None
        self._lock, self._settings_lock = DeadlineLock(), RLock()
        self._training_copies: ReadOnlyCopies[Training] = ReadOnlyCopies()
        self._latest: SettingsT | None = None
        self._in_force: SettingsT | None = None
        # The settings that the lock is held for; the same until they have been made use of.
        self._held: SettingsT | None = None
        self._unused_since_sync: SettingsT | None = None

    # What is special about each kind ------------------------------------------------------------

    def copy_settings(self) -> SettingsT:
        """Copy everything requested, such that copies are equal while nothing changes.

        Takes well under a millisecond while nothing changes. Called with a lock held, so that
        requests need no lock of their own.
        """
        raise NotImplementedError

    def sync(self, settings: SettingsT) -> SessionT:
        """Return the session for given settings: the current one, updated, or a new one."""
        raise NotImplementedError

    def reset(self, *, new_weights: bool = False) -> None:
        """Go back to epoch 0: to the same initial weights, or to new ones (the next seed)."""
        raise NotImplementedError

    @contextmanager
    def computing(self) -> Iterator[None]:
        """Switch autograd off, and use as many of PyTorch's threads as help."""
        with torch.inference_mode(), torch_threads(self.thread_count()):
            yield

    def thread_count(self) -> int:
        """Return the number of threads to compute with: one by default.

        An operation on a tiny network is over before several threads have begun. Where other
        processes keep the cores busy, these wait for each other a hundred times longer than that.
        """
        return 1

    def request_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Set the parameters to the architecture of a checkpoint; does nothing by default."""

    # Training -----------------------------------------------------------------------------------

    @property
    def trains_here(self) -> bool:
        """Whether this process takes the steps, rather than wait for another one."""
        return True

    @property
    def is_predictable(self) -> bool:
        """Whether a slice takes no longer than the ones before, while nothing is changed.

        It does not wait for anything, and calls no code of the user, who may do whatever they like.
        """
        return False

    @property
    def is_at_work(self) -> bool:
        """Whether another thread trains, or copies what is trained, at present."""
        return not self._lock.is_free

    @property
    def place_note(self) -> Note | None:
        """What a person should know about where the network is trained, if there is anything."""
        return None

    def settings(self) -> SettingsT:
        """Return an immutable copy of everything requested; the same one while nothing changes.

        A program that changes parameters in one thread and trains in another copies the settings
        in the first and hands them to the methods called in the second. So a slice never sees
        half of a change. Methods that are given no settings copy them in the calling thread.
        """
        with self._settings_lock:
            settings, latest = self.copy_settings(), self._latest
            if latest is None or settings != latest:
                number = 1 if latest is None else latest.number + 1
                self._latest = latest = replace(settings, number=number)
            return latest

    def advance(
        self,
        seconds: float = math.inf,
        *,
        epochs: float = math.inf,
        steps: float = math.inf,
        settings: SettingsT | None = None,
    ) -> int:
        """Train until a budget is spent or training pauses itself (see `paused_by`).

        Parameters
        ----------
        seconds : float
            Wall-clock time; the piece of work under way is finished.
        epochs, steps : float
            Epochs to be finished, evaluation included, and optimiser steps; all three may be
            combined.
        settings : optional
            See `settings`; older ones than those in force are ignored.

        Returns
        -------
        int
            Steps finished; 0 where there is nothing to learn from.
        """
        with self._synced(settings) as session:
            return run_slice(session, seconds, epochs, steps)

    def train(self, epochs: int = 1) -> FrameT:
        """Train for `epochs` epochs, or until a stop condition holds; return a frame.

        Raises
        ------
        InputError
            If `epochs` is not a whole number from 0.
        """
        if not (0 <= epochs < math.inf and epochs == int(epochs)):
            raise InputError(f"epochs has to be a whole number from 0, not {epochs}.")
        self.advance(epochs=epochs)
        return self.frame()

    def step(self) -> FrameT:
        """Take one optimiser step; return a frame."""
        self.advance(steps=1)
        return self.frame()

    def frame(self, settings: SettingsT | None = None) -> FrameT:
        """Return an immutable copy of the network and its training, in NumPy, for the views."""
        with self._held_or_synced(settings) as session:
            frame: FrameT = session.frame()
            return frame

    def repainted(self, frame: FrameT, settings: SettingsT) -> FrameT:
        """Return an earlier frame with the picture of the present, as far as that saves work.

        It is shown between two whole frames, and by nothing but that picture. Here it is whole.

        Parameters
        ----------
        frame
            Of the same settings.
        settings
            See `settings`.
        """
        return self.frame(settings)

    @property
    def epoch(self) -> int:
        """Finished epochs."""
        return self._session.epoch if self._session else 0

    @property
    def step_count(self) -> int:
        """Optimiser steps in all."""
        return self._session.steps if self._session else 0

    @property
    def scores(self) -> Scores:
        """The latest scores on the training and the test samples; cheaper than a frame."""
        return self._session.scores if self._session else (NO_SCORE, NO_SCORE)

    @property
    def history(self) -> Curves:
        """Loss and accuracy by epoch, on the training and the test samples; no rows at first."""
        return (self._session.history if self._session else History()).curves()

    @property
    def paused_by(self) -> Note | None:
        """Why the last slice ended before its budget, if it did."""
        return self._session.paused_by if self._session else None

    @property
    def steps_per_epoch(self) -> int:
        """Optimiser steps in an epoch at present, at least 1."""
        return self._session.steps_per_epoch if self._session else 1

    @property
    def steps_to_epoch_end(self) -> int:
        """Optimiser steps until the epoch under way ends, at least 1."""
        return self._session.steps_to_epoch_end if self._session else 1

    # Checkpoints and state ----------------------------------------------------------------------

    @property
    def checkpoints(self) -> Checkpoints:
        """Moments to go back to: ends of epochs, or of parts of epochs where they are long."""
        return self._session.checkpoints if self._session else Checkpoints()

    def frame_at(self, index: int, settings: SettingsT | None = None) -> FrameT:
        """Return a frame of the network of `checkpoints.infos[index]` on the present problem.

        Gradients are those of all training samples; the curves show the whole run.

        Raises
        ------
        InputError
            If there is no such checkpoint, or its network learned another problem.
        """
        with self._synced(settings) as session:
            frame: FrameT = session.frame_at(self.checkpoints.at(index))
        return frame

    def weights_at(self, index: int) -> Weights:
        """Copy the weights of `checkpoints.infos[index]`, named as in `model.state_dict()`.

        Raises
        ------
        InputError
            If there is no such checkpoint.
        """
        with self._synced() as session:
            return session.weights_at(self.checkpoints.at(index))

    def branch(self, index: int) -> None:
        """Go back to `checkpoints.infos[index]` and train on from there; later ones are dropped.

        Raises
        ------
        InputError
            If there is no such checkpoint.
        """
        checkpoint = self.checkpoints.at(index)
        self.request_checkpoint(checkpoint)
        with self._synced() as session:
            session.branch(checkpoint)

    def state(self, *, checkpoints: bool = True, settings: SettingsT | None = None) -> State:
        """Copy everything it takes to go on later, in another process too, exactly as from here.

        The settings (problem, network, training) are not in it. On a CPU of the same make, with
        the same settings and as many threads, each later step is equal to the bit. PyTorch's own
        dropout layers draw from the one generator that the whole process shares: its state is
        part of this one for networks with such layers, but is theirs only while nothing else
        draws from it. A step that is half done is finished first.

        Parameters
        ----------
        checkpoints : bool
            Whether the checkpoints are in it: up to `Checkpoints.limit` bytes.
        settings : optional
            See `settings`.
        """
        with self._synced(settings) as session:
            while not session.between_steps:
                session.run_next_piece()
            session.restore_if_diverged()
            # Tensors made in inference mode could never be used with autograd elsewhere.
            with torch.inference_mode(False), torch.no_grad():
                return session.state(checkpoints=checkpoints)

    def restore(self, state: State) -> None:
        """Go on from a state. The settings that it was made with must have been set before.

        Where the samples or the batch size are others, the epoch under way begins anew; where
        the optimiser is another, it begins without memory.

        Raises
        ------
        InputError
            If the state is damaged or belongs to another network; nothing has changed then.
        """
        with self._synced() as session:
            session.restore(state)

    def locked(self, settings: SettingsT | None = None) -> AbstractContextManager[object]:
        """Keep other threads from training, so that several calls use the same weights."""
        return self._synced(settings)

    # From settings to a session -----------------------------------------------------------------

    @contextmanager
    def _held_or_synced(self, settings: SettingsT | None) -> Iterator[SessionT]:
        """Hold the lock; bring the session up to date unless whoever holds the lock has."""
        with self._lock:
            if settings is not None and settings is self._held and self._session is not None:
                yield self._session
            else:
                with self._synced(settings) as session:
                    yield session

    @contextmanager
    def _synced(self, settings: SettingsT | None = None) -> Iterator[SessionT]:
        """Hold the lock, and bring the session up to date with settings.

        Where the lock is held for the same settings, the first call finds all up to date.
        """
        requested = self.settings() if settings is None else settings
        with self._lock:
            if self._unused_since_sync is requested and self._session is not None:
                self._unused_since_sync = None
                yield self._session
                return
            with self.computing():
                # A slice may begin after another thread has requested more: nothing is undone then.
                if self._in_force is None or requested.number > self._in_force.number:
                    self._in_force = requested
                session = self._session = self.sync(self._in_force)
                session.settings = self._in_force
                before, self._held = self._held, requested
                self._unused_since_sync = requested
                try:
                    yield session
                finally:
                    self._held, self._unused_since_sync = before, None
