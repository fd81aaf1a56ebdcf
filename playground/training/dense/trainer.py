"""The Trainer: owns the torch state of one network and moves it, step by step.

Whoever steers (a page, a notebook, a script) sets parameters of the problem, the architecture
and the training at any time and from any thread. The trainer compares what is wished with what
it has at the beginning of each slice, and carries over what it can. What cannot be said as a
parameter (a weight set by hand, a reset) waits in a queue until then.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from time import perf_counter

import numpy as np
import param
import torch
from torch import nn

from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.networks.dense.forward import module
from playground.networks.dense.plan import Plan
from playground.networks.user_module.wrapped_module import WrappedModule
from playground.networks.user_module.wrapping import wrap
from playground.problems.problem import Floats, Problem
from playground.training.core.checkpointing import Checkpointing
from playground.training.core.checkpoints import Checkpoint, Checkpoints
from playground.training.core.notes import Note
from playground.training.dense.checkpoint_operations import (
    DenseCheckpointOperations,
    restore_architecture,
)
from playground.training.dense.checkpoint_viewer import current_frame
from playground.training.dense.edits import Edit
from playground.training.dense.frame import Frame
from playground.training.dense.frame_builder import predict_rows
from playground.training.dense.session import TrainingSession
from playground.training.dense.training_data import available_features, outputs_for
from playground.training.dense.training_run import DenseRun
from playground.training.training import Training

_RESET = object()


class Trainer(Checkpointing[Frame], param.Parameterized):
    """One network learning one problem.

    Parameters
    ----------
    problem : Problem
    architecture : Architecture, optional
    training : Training, optional
    module : nn.Module, optional
        A network of one's own to learn with; see `wrap`. A dense one sets the architecture.

    Raises
    ------
    InputError
        If the module is none that can be learned with here.

    Examples
    --------
    >>> trainer = Trainer(problem=Gates(gate="XOR"))
    >>> trainer.train(epochs=300).test.accuracy
    1.0
    """

    # Param's types allow None wherever there is no default; `__init__` sees to it that none is.
    problem: Problem = param.ClassSelector(  # type: ignore[assignment]
        class_=Problem, instantiate=False, doc="What is learned."
    )
    architecture: Architecture = param.ClassSelector(  # type: ignore[assignment]
        class_=Architecture, instantiate=False, doc="What learns."
    )
    training: Training = param.ClassSelector(  # type: ignore[assignment]
        class_=Training, instantiate=False, doc="How it learns."
    )

    def __init__(
        self,
        problem: Problem,
        architecture: Architecture | None = None,
        training: Training | None = None,
        module: nn.Module | None = None,
        **params: object,
    ) -> None:
        super().__init__(
            problem=problem,
            architecture=architecture or Architecture(),
            training=training or Training(),
            **params,
        )
        self._lock = RLock()
        self._pending: deque[Edit | object] = deque()
        self.request_count = 0
        self._probe_inputs: dict[str, Floats] = {}
        self._session = TrainingSession(None if module is None else self._wrap(module))
        self._run = DenseRun(self._session, self.architecture.seed)

    # What people do -----------------------------------------------------------------------

    def advance(
        self, seconds: float = math.inf, *, epochs: float = math.inf, steps: float = math.inf
    ) -> int:
        """Train until a budget is spent or training pauses itself (see `paused_by`).

        Parameters
        ----------
        seconds : float
            Wall-clock time of learning; the step under way is finished.
        epochs, steps : float
            Epochs to be finished, and optimiser steps; all three may be combined.

        Returns
        -------
        int
            Steps taken; 0 where there is nothing to learn from.
        """
        with self._synced() as run:
            deadline = perf_counter() + seconds
            run.paused_by = None
            first, last_epoch = run.steps, run.epoch + epochs
            while run.epoch < last_epoch and run.steps - first < steps:
                if not self._session.programs or run.paused_by or perf_counter() >= deadline:
                    break
                run.step(self.training)
            run.restore_if_diverged(self.training)
            return run.steps - first

    def train(self, epochs: int = 100) -> Frame:
        """Train for so many epochs, or until a stop condition holds, and look."""
        self.advance(epochs=epochs)
        return self.frame()

    def step(self) -> Frame:
        """Take one optimiser step, and look."""
        self.advance(steps=1)
        return self.frame()

    def reset(self, *, new_weights: bool = False) -> None:
        """Go back to epoch 0: to the same initial weights, or to new ones (the next seed)."""
        if new_weights:
            self.architecture.seed = (self.architecture.seed + 1) % 2**31
        self._request(_RESET)

    def edit(self, edit: Edit) -> None:
        """Change weights by hand before the next step; see `playground.training.dense.edits`.

        Raises
        ------
        InputError
            If the network has no such weight, or the value is out of range.
        """
        edit.check(self.plan)
        self._request(edit)

    def set_probe(self, name: str, rows: Floats | None) -> None:
        """Have every Frame from now on answer input rows (n, inputs); None takes that back."""
        others = {key: value for key, value in self._probe_inputs.items() if key != name}
        self._probe_inputs = others if rows is None else {**others, name: rows}

    # What people look at --------------------------------------------------------------------

    def frame(self) -> Frame:
        """Everything that can be seen at this moment, in numpy, never to change again."""
        with self._synced() as run:
            return current_frame(run, self.training, self._probe_inputs)

    def predict(self, x: Floats) -> Floats:
        """Class probabilities (n, classes), or values (n, 1), for input rows (n, inputs).

        Raises
        ------
        InputError
            If the rows are not of that shape.
        """
        with self._synced():
            session, rows = self._session, np.asarray(x, np.float32)
            inputs = session.data.spec.inputs
            if rows.ndim != 2 or rows.shape[1] != len(inputs):
                raise InputError(
                    f"Give rows of {len(inputs)} inputs ({', '.join(inputs)}), an array of shape "
                    f"(n, {len(inputs)}), not of shape {rows.shape}."
                )
            return predict_rows(session.data, session.parameters, session.engine, rows)

    @property
    def epoch(self) -> int:
        """Finished epochs."""
        return self._run.epoch

    @property
    def step_count(self) -> int:
        """Optimiser steps in all."""
        return self._run.steps

    @property
    def paused_by(self) -> Note | None:
        """Why the last slice ended before its budget, if it did."""
        return self._run.paused_by

    @property
    def plan(self) -> Plan:
        """The network that the choices of the moment ask for."""
        feature_names = available_features(self.problem, self.architecture.features)
        return self._session.plan(
            self.architecture, feature_names, outputs_for(self.problem.classes)
        )

    @property
    def model(self) -> nn.Module:
        """The network as a plain PyTorch module, on the same memory that is being trained."""
        with self._synced(), torch.inference_mode(False):
            parameters, wrapped = self._session.parameters, self._session.wrapped
            if wrapped is not None and wrapped.parameter_views(parameters) is not None:
                return wrapped.module
            return module(parameters)

    @property
    def steps_per_epoch(self) -> int:
        """Batches in an epoch at present, at least 1."""
        return max(1, len(self._session.programs))

    @property
    def steps_to_epoch_end(self) -> int:
        """Steps until the epoch under way is finished, at least 1."""
        return self.steps_per_epoch - self._run.position

    @property
    def checkpoints(self) -> Checkpoints:
        """See `Checkpointing.checkpoints`."""
        return self._run.checkpoints

    # From what is wished to what is -------------------------------------------------------------

    def _wrap(self, module: nn.Module) -> WrappedModule:
        features = available_features(self.problem, self.architecture.features)
        return wrap(module, self.architecture, features, outputs_for(self.problem.classes))

    def _request(self, request: Edit | object) -> None:
        self._pending.append(request)
        self.request_count += 1

    @contextmanager
    def _synced(self) -> Iterator[DenseRun]:
        """Catch up with all that has been wished, and keep others out meanwhile."""
        with self._lock, torch.inference_mode():
            self._apply_requests()
            yield self._run

    @contextmanager
    def _checkpoint_operations(self) -> Iterator[DenseCheckpointOperations]:
        with self._synced() as run:
            yield DenseCheckpointOperations(
                run, self.architecture, self.training, self._probe_inputs
            )

    def _restore_architecture(self, checkpoint: Checkpoint) -> None:
        if checkpoint.plan is not None:
            restore_architecture(checkpoint.plan, self.problem, self.architecture)

    def _apply_requests(self) -> None:
        """Catch up with all that has been wished since the last slice."""
        rebuilt = edited = synced = False
        # No more than there are now: somebody may wish faster than wishes come true.
        for _ in range(len(self._pending)):
            request = self._pending.popleft()
            if isinstance(request, Edit):
                if not synced:  # It may be meant for a network that does not exist yet.
                    rebuilt |= self._sync()
                self._session.apply(request)
                edited = synced = True
            else:
                self._run.reset(self.architecture.seed)
                synced = False
        rebuilt |= self._sync()
        if rebuilt or edited:
            self._run.reevaluate(rebuilt=rebuilt)

    def _sync(self) -> bool:
        return self._session.sync(self.problem, self.architecture, self.training)
