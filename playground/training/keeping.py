"""Keeping a Trainer: its state, its past, and the way back to both."""

from __future__ import annotations

import torch

from playground.networks.architecture import Architecture
from playground.networks.forward import named_views
from playground.networks.plan import Plan
from playground.problems.problem import Problem
from playground.training.checked import Checked
from playground.training.frame import Frame
from playground.training.lesson import chosen
from playground.training.looking import Questions, frame_then, parameters_of
from playground.training.past import Memory
from playground.training.rewinding import Weights
from playground.training.run import Run
from playground.training.run_state import reading_run, run_state
from playground.training.state import State
from playground.training.training import Training


class TrainerKeeper:
    """Keeps one run; see `Rewinding` for what each method does.

    Parameters
    ----------
    run : Run
        Caught up with all that has been wished.
    architecture : Architecture
    training : Training
    questions : Questions
        See `Trainer.ask`.
    """

    def __init__(
        self, run: Run, architecture: Architecture, training: Training, questions: Questions
    ) -> None:
        self._run, self._architecture = run, architecture
        self._training, self._questions = training, questions

    def state(self, *, past: bool) -> State:
        """Copy the run out."""
        # What is made in inference mode could never be learned from elsewhere.
        with torch.inference_mode(False), torch.no_grad():
            return run_state(self._run, past=past)

    def restore(self, state: State) -> None:
        """Go on from a state."""
        # All of it is checked before any of it is taken up.
        for step in list(reading_run(self._run, Checked(state), self._training)):
            step()

    def frame_at(self, then: Memory) -> Frame:
        """Look at the network as it was."""
        return frame_then(self._run, then, self._training, self._questions)

    def weights_at(self, then: Memory) -> Weights:
        """Copy out the weights of then."""
        views = named_views(parameters_of(then))
        return {name: view.numpy().copy() for name, view in views.items()}

    def branch(self, then: Memory) -> None:
        """Go on from there."""
        self._run.bench.adopt(parameters_of(then), self._architecture)
        self._run.go_back(then.moment)


def wish_for(plan: Plan, problem: Problem, architecture: Architecture) -> None:
    """Set the choices about a network to those that lead to a network of the past."""
    if chosen(problem, architecture.features) != plan.features:
        architecture.features = list(plan.features)
    if architecture.plan(plan.features, plan.outputs) == plan:
        return
    hidden, names = plan.hidden, [layer.activation for layer in plan.hidden]
    one = len(set(names)) == 1
    architecture.param.update(
        hidden=[layer.units for layer in hidden],
        activation=names[0] if one else architecture.activation,
        layer_activations=[] if one else names,
        dropout=max((layer.dropout for layer in hidden), default=architecture.dropout),
    )
