"""Keeping a Trainer: its state, its past, and the way back to both."""

from __future__ import annotations

import torch

from playground.networks.architecture import Architecture
from playground.networks.dense.forward import named_views
from playground.networks.dense.plan import Plan
from playground.problems.problem import Problem
from playground.training.core.checkpointing import Weights
from playground.training.core.checkpoints import Checkpoint
from playground.training.core.state.state import State
from playground.training.core.state.state_reader import StateReader
from playground.training.dense.checkpoint_viewer import (
    ProbeInputs,
    checkpoint_frame,
    checkpoint_parameters,
)
from playground.training.dense.frame import Frame
from playground.training.dense.run_state import prepare_run_restore, run_state
from playground.training.dense.training_data import available_features
from playground.training.dense.training_run import DenseRun
from playground.training.training import Training


class DenseCheckpointOperations:
    """Keeps one run; see `Checkpointing` for what each method does.

    Parameters
    ----------
    run : DenseRun
        Caught up with all that has been wished.
    architecture : Architecture
    training : Training
    probe_inputs : ProbeInputs
        See `Trainer.ask`.
    """

    def __init__(
        self,
        run: DenseRun,
        architecture: Architecture,
        training: Training,
        probe_inputs: ProbeInputs,
    ) -> None:
        self._run, self._architecture = run, architecture
        self._training, self._probe_inputs = training, probe_inputs

    def state(self, *, checkpoints: bool) -> State:
        """Copy the run out."""
        # What is made in inference mode could never be learned from elsewhere.
        with torch.inference_mode(False), torch.no_grad():
            return run_state(self._run, checkpoints=checkpoints)

    def restore(self, state: State) -> None:
        """Go on from a state."""
        # All of it is checked before any of it is taken up.
        for step in list(prepare_run_restore(self._run, StateReader(state), self._training)):
            step()

    def frame_at(self, checkpoint: Checkpoint) -> Frame:
        """Look at the network as it was."""
        return checkpoint_frame(self._run, checkpoint, self._training, self._probe_inputs)

    def weights_at(self, checkpoint: Checkpoint) -> Weights:
        """Copy out the weights of then."""
        views = named_views(checkpoint_parameters(checkpoint))
        return {name: view.numpy().copy() for name, view in views.items()}

    def branch(self, checkpoint: Checkpoint) -> None:
        """Go on from there."""
        self._run.session.load_weights(checkpoint_parameters(checkpoint), self._architecture)
        self._run.rewind(checkpoint.info)


def restore_architecture(plan: Plan, problem: Problem, architecture: Architecture) -> None:
    """Set the choices about a network to those that lead to a network of the past."""
    if available_features(problem, architecture.features) != plan.features:
        architecture.features = list(plan.features)
    if architecture.plan(plan.features, plan.outputs) == plan:
        return
    hidden, names = plan.hidden, [layer.activation for layer in plan.hidden]
    uniform = len(set(names)) == 1
    architecture.param.update(
        hidden=[layer.units for layer in hidden],
        activation=names[0] if uniform else architecture.activation,
        layer_activations=[] if uniform else names,
        dropout=max((layer.dropout for layer in hidden), default=architecture.dropout),
    )
