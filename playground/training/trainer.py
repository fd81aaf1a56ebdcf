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
from playground.networks.bringing import bring
from playground.networks.brought import Brought
from playground.networks.forward import module
from playground.networks.plan import Plan
from playground.problems.problem import Floats, Problem
from playground.training.edits import Edit
from playground.training.frame import Frame, Note
from playground.training.keeping import TrainerKeeper, wish_for
from playground.training.lesson import chosen, outputs_for
from playground.training.looking import frame_now
from playground.training.past import Memory, Past
from playground.training.rewinding import Rewinding
from playground.training.run import Run
from playground.training.snapshot import answers
from playground.training.training import Training
from playground.training.workbench import Workbench

_RESET = object()


class Trainer(Rewinding[Frame], param.Parameterized):
    """One network learning one problem.

    Parameters
    ----------
    problem : Problem
    architecture : Architecture, optional
    training : Training, optional
    module : nn.Module, optional
        A network of one's own to learn with; see `bring`. A dense one sets the architecture.

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
        self._waiting: deque[Edit | object] = deque()
        self.wishes = 0
        self._questions: dict[str, Floats] = {}
        self._bench = Workbench(None if module is None else self._bring(module))
        self._run = Run(self._bench, self.architecture.seed)

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
        with self._at_work() as run:
            deadline = perf_counter() + seconds
            run.paused_by = None
            first, last_epoch = run.steps, run.epoch + epochs
            while run.epoch < last_epoch and run.steps - first < steps:
                if not self._bench.programs or run.paused_by or perf_counter() >= deadline:
                    break
                run.step(self.training)
            run.check(self.training)
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
        self._wish(_RESET)

    def edit(self, edit: Edit) -> None:
        """Change weights by hand before the next step; see `playground.training.edits`.

        Raises
        ------
        InputError
            If the network has no such weight, or the value is out of range.
        """
        edit.check(self.plan)
        self._wish(edit)

    def ask(self, name: str, rows: Floats | None) -> None:
        """Have every Frame from now on answer input rows (n, inputs); None takes that back."""
        kept = {key: value for key, value in self._questions.items() if key != name}
        self._questions = kept if rows is None else {**kept, name: rows}

    # What people look at --------------------------------------------------------------------

    def frame(self) -> Frame:
        """Everything that can be seen at this moment, in numpy, never to change again."""
        with self._at_work() as run:
            return frame_now(run, self.training, self._questions)

    def predict(self, x: Floats) -> Floats:
        """Class probabilities (n, classes), or values (n, 1), for input rows (n, inputs).

        Raises
        ------
        InputError
            If the rows are not of that shape.
        """
        with self._at_work():
            bench, rows = self._bench, np.asarray(x, np.float32)
            inputs = bench.lesson.subject.inputs
            if rows.ndim != 2 or rows.shape[1] != len(inputs):
                raise InputError(
                    f"Give rows of {len(inputs)} inputs ({', '.join(inputs)}), an array of shape "
                    f"(n, {len(inputs)}), not of shape {rows.shape}."
                )
            return answers(bench.lesson, bench.parameters, bench.engine, rows)

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
        names = chosen(self.problem, self.architecture.features)
        return self._bench.plan(self.architecture, names, outputs_for(self.problem.classes))

    @property
    def model(self) -> nn.Module:
        """The network as a plain PyTorch module, on the same memory that is being trained."""
        with self._at_work(), torch.inference_mode(False):
            parameters, brought = self._bench.parameters, self._bench.brought
            if brought is not None and brought.views(parameters) is not None:
                return brought.module
            return module(parameters)

    @property
    def steps_per_epoch(self) -> int:
        """Batches in an epoch at present, at least 1."""
        return max(1, len(self._bench.programs))

    @property
    def steps_to_epoch_end(self) -> int:
        """Steps until the epoch under way is finished, at least 1."""
        return self.steps_per_epoch - self._run.position

    @property
    def past(self) -> Past:
        """See `Rewinding.past`."""
        return self._run.past

    # From what is wished to what is -------------------------------------------------------------

    def _bring(self, module: nn.Module) -> Brought:
        features = chosen(self.problem, self.architecture.features)
        return bring(module, self.architecture, features, outputs_for(self.problem.classes))

    def _wish(self, wish: Edit | object) -> None:
        self._waiting.append(wish)
        self.wishes += 1

    @contextmanager
    def _at_work(self) -> Iterator[Run]:
        """Catch up with all that has been wished, and keep others out meanwhile."""
        with self._lock, torch.inference_mode():
            self._prepare()
            yield self._run

    @contextmanager
    def _kept(self) -> Iterator[TrainerKeeper]:
        with self._at_work() as run:
            yield TrainerKeeper(run, self.architecture, self.training, self._questions)

    def _wish_for(self, then: Memory) -> None:
        if then.plan is not None:
            wish_for(then.plan, self.problem, self.architecture)

    def _prepare(self) -> None:
        """Catch up with all that has been wished since the last slice."""
        rebuilt = edited = fitted = False
        # No more than there are now: somebody may wish faster than wishes come true.
        for _ in range(len(self._waiting)):
            wish = self._waiting.popleft()
            if isinstance(wish, Edit):
                if not fitted:  # It may be meant for a network that does not exist yet.
                    rebuilt |= self._fit()
                self._bench.apply(wish)
                edited = fitted = True
            else:
                self._run.begin(self.architecture.seed)
                fitted = False
        rebuilt |= self._fit()
        if rebuilt or edited:
            self._run.take_stock(rebuilt=rebuilt)

    def _fit(self) -> bool:
        return self._bench.fit(self.problem, self.architecture, self.training)
