"""The training session of a dense network: its progress, step by step."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import torch
from torch import Tensor

from playground.errors import InputError
from playground.networks.dense.parameters import Parameters
from playground.networks.dense.plan import Plan
from playground.networks.user_module.wrapped_module import WrappedModule
from playground.problems.problem import Split
from playground.training.core.metrics import Curves, Scores, same_scores
from playground.training.core.notes import Note
from playground.training.core.sessions.checkpoints import Checkpoint
from playground.training.core.sessions.session_kind import Weights
from playground.training.core.sessions.step_session import NetworkSession
from playground.training.core.state.checkpoints_state import RowFormat
from playground.training.core.state.state import State
from playground.training.core.state.state_parts import read_scores, scores_tensor
from playground.training.core.state.state_reader import RestoreStep, StateReader
from playground.training.core.state.tensor_packing import pack, packed_size, unpack
from playground.training.dense import diagnosis
from playground.training.dense.checkpoint_network import checkpoint_parameters, full_batch_engine
from playground.training.dense.edits import Edit
from playground.training.dense.frame import Frame
from playground.training.dense.frame_builder import complete_frame, computed_frame
from playground.training.dense.movement import layer_movements
from playground.training.dense.network_state import (
    are_valid,
    named_weights,
    network_rng_state,
    network_state,
    prepare_network_restore,
    prepare_rng_restore,
)
from playground.training.dense.settings import DenseSettings
from playground.training.dense.trainable_network import TrainableNetwork
from playground.training.dense.training_data import TrainingData
from playground.training.dense.weight_path import WeightPath, moments_around
from playground.training.engines import Penalties

ROW_FORMAT = RowFormat(torch.float32, None, lambda row: bool(row.isfinite().all()))


class DenseSession(NetworkSession[DenseSettings, Frame, TrainableNetwork]):
    """One run of training of a dense network; see `NetworkSession`.

    Parameters
    ----------
    wrapped : WrappedModule, optional
        The user's own module, whose memory is trained.
    seed : int
        Seed of all random numbers of the run.

    Attributes
    ----------
    network : TrainableNetwork
    samples_since : int
        The epoch from which on the present samples have been trained on.
    first_learned : int or None
        The first epoch after which the task counted as learned, whether it still does or not.
    """

    state_kind = "dense network"

    def __init__(self, wrapped: WrappedModule | None, seed: int) -> None:
        super().__init__(TrainableNetwork(wrapped))
        self.reset(seed)

    def reset(self, seed: int) -> None:
        """Go back to epoch 0; the next `sync` draws new weights, from a seed."""
        self.clear_progress()
        self.samples_since = 0
        self.first_learned: int | None = None
        self._split: Split | None = None
        self._synced_with: DenseSettings | None = None
        self.network.reset(seed)

    def sync(self, settings: DenseSettings) -> bool:
        """Update everything to new settings; see `TrainableNetwork.sync`."""
        self.settings = settings
        rebuilt = self.network.sync(settings)
        if settings is not self._synced_with:
            self._synced_with, training = settings, settings.training
            self._penalties, self._max_norm = Penalties(training.l1, training.l2), training.max_norm
            self.comparability.update(
                settings.spec.split, training, self.network.parameters.plan, self.epoch
            )
        return rebuilt

    def apply(self, edit: Edit) -> None:
        """Apply an edit, if the network still has the parameters that it is about."""
        self.network.apply(edit)

    def reevaluate(self, *, rebuilt: bool) -> None:
        """Evaluate after a change of settings, or of weights by hand.

        Parameters
        ----------
        rebuilt : bool
            Whether the batches are others than before, so that the epoch begins anew.
        """
        self.good_tensors = [each.clone() for each in self.network.tensors]
        self.learned_epoch = self.first_learned = None
        split = self.network.data.spec.split
        if split is not self._split:
            self.samples_since, self._split = self.epoch, split
        self.evaluate()
        self.comparability.start(self._scores[0].loss)
        if rebuilt:
            self.position = 0
        if self.epoch == 0:
            self.history.clear()
            self.checkpoints.clear()
            self.record(0)
        elif self.position == 0:
            # The curves end with the scores that are shown.
            self.record_scores(self.epoch)

    # Steps and epochs ---------------------------------------------------------------------------

    def run_next_piece(self) -> None:
        """Take one optimiser step, and evaluate if it is the last one of its epoch."""
        network = self.network
        if self.steps == 0 and network.module_plan is not None:
            self._check_first_loss()
        if self.position == 0:
            network.batches.shuffle()
        network.step(self.position, self.rate, self._penalties, self._max_norm)
        self.count_step()

    def _check_first_loss(self) -> None:
        """Raise InputError if a user's module gives NaN before it has learned anything."""
        loss = self._scores[0].loss
        if not math.isfinite(loss):
            raise InputError(
                f"The loss is {loss:g} before the first step: the module gives infinite numbers "
                "or NaN for some rows of the data."
            )

    def evaluate(self) -> None:
        """Update `scores` and `learned_epoch` with the present weights."""
        data, loss = self.network.data, self.network.engine.loss
        answer = data.sample_outputs(self.network.parameters)
        self._scores = data.scores(loss, answer)
        so_far = self.learned_epoch is not None
        if not data.is_learned(loss, answer, self._scores, so_far=so_far):
            self.learned_epoch = None
        elif self.learned_epoch is None:
            if self.first_learned is None:
                self.first_learned = self.epoch
            self.learned_epoch = self.first_learned

    # Weights ------------------------------------------------------------------------------------

    def save_good_weights(self) -> None:
        """Keep the present weights as those to go back to after a divergence."""
        self.good_tensors = [each.clone() for each in self.network.tensors]

    def load_good_weights(self) -> None:
        """Go back to the weights last kept; optimiser and epoch begin anew."""
        self.network.load_tensors(self.good_tensors)
        self.position = 0
        self.evaluate()

    @property
    def plan(self) -> Plan | None:
        """The plan of a dense network; None for a user's module, which keeps its shape."""
        return None if self.network.module_plan is not None else self.network.parameters.plan

    @property
    def has_finite_weights(self) -> bool:
        """Whether no weight is infinite or NaN."""
        return bool(self.network.parameters.values.isfinite().all())

    def weights_row(self) -> Tensor:
        """Return all weights and biases, shape (size,); for a module all tensors, packed."""
        if self.network.module_plan is not None:
            return pack(self.network.tensors)
        return self.network.parameters.values[0]

    def load_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Load the weights of a checkpoint, as far as there is a place for them."""
        parameters = checkpoint_parameters(self.network, checkpoint)
        self.network.load_weights(parameters, self.settings.architecture)
        self.position = 0
        self.samples_since = min(self.samples_since, self.epoch)
        if self.first_learned is not None and self.first_learned > self.epoch:
            self.first_learned = None
        self.save_good_weights()
        self.evaluate()
        self.comparability.start(self._scores[0].loss)

    def weights_at(self, checkpoint: Checkpoint) -> Weights:
        """Copy the weights of a checkpoint, named as in `state_dict()`."""
        return named_weights(self.network, checkpoint_parameters(self.network, checkpoint))

    def weight_path(self, checkpoint: Checkpoint | None) -> WeightPath:
        """Copy the weights of a checkpoint, or of the present, and the way that led there.

        Raises
        ------
        InputError
            If it is a module of the user, or the network learned another problem at that time.
        """
        network, info = self.network, self.present_info
        if network.module_plan is not None:
            raise InputError("Only networks of dense layers have a loss landscape, not a module.")
        entries, parameters = self.checkpoints.entries, network.parameters
        if checkpoint is not None:
            info, parameters = checkpoint.info, checkpoint_parameters(network, checkpoint)
        plan, weights = parameters.plan, parameters.values[0].clone()
        path, epochs = moments_around(entries, plan, info.epoch)
        if checkpoint is None and not (len(path) and path[-1].equal(weights)):
            path = torch.cat([path, weights[None]])
            epochs = torch.cat([epochs, epochs.new_tensor([self.epoch])])
        frozen = network.frozen if plan == network.parameters.plan else None
        return WeightPath(
            plan=plan,
            weights=weights,
            path=path,
            epochs=epochs,
            train=network.data_for(plan).train,
            loss=network.engine.loss,
            penalties=self._penalties,
            frozen=None if frozen is None else frozen[0].clone(),
        )

    # Frames -------------------------------------------------------------------------------------

    def frame(self) -> Frame:
        """Make a frame of the present."""
        return self.complete_frame(self.computed_frame())

    def computed_frame(self) -> Frame:
        """Make what `complete_frame` makes a frame of the present from; without any past."""
        network, info = self.network, self.present_info
        part = self.position / self.steps_per_epoch
        answer = network.data.sample_outputs(network.parameters)
        # In the middle of an epoch, and after a module was changed by hand, scores are others than
        # those that are known. Where they are infinite, the end of the epoch undoes its steps.
        if part or network.wrapped is not None:
            train, test = network.data.scores(network.engine.loss, answer)
            if math.isfinite(train.loss):
                info = replace(info, train=train, test=test)
        frame = computed_frame(
            network.data,
            network.parameters,
            network.engine,
            info,
            answer,
            rate=self.rate,
            probe_inputs=self.settings.probe_inputs,
            enlarged=self.settings.enlarged,
        )
        return replace(frame, part=part, learned_epoch=self.learned_epoch)

    def complete_frame(self, computed: Frame) -> Frame:
        """Add the problem, the past and the notes to what `computed_frame` made."""
        scores, curves = (computed.train, computed.test), self.history.curves()
        if not same_scores(scores, self._scores):
            curves = curves.extended(computed.epochs_done, scores)
        frame = self._in_run(computed, self.network.data, self.network.parameters, curves)
        divergence_note = () if self.divergence_note is None else (self.divergence_note,)
        return replace(frame, notes=divergence_note + self._notes(frame))

    def frame_at(self, checkpoint: Checkpoint) -> Frame:
        """Make a frame of a checkpoint's network on the present problem."""
        parameters = checkpoint_parameters(self.network, checkpoint)
        data = self.network.data_for(parameters.plan)
        engine = full_batch_engine(self.network, data, parameters)
        # The samples may be others than at that time: scores must be those on what is shown.
        answer = data.sample_outputs(parameters)
        train, test = scores = data.scores(engine.loss, answer)
        info = replace(checkpoint.info, train=train, test=test)
        learned = self.first_learned
        if learned is not None and (
            info.epoch < learned or not data.is_learned(engine.loss, answer, scores, so_far=True)
        ):
            learned = None
        computed = computed_frame(
            data,
            parameters,
            engine,
            info,
            answer,
            rate=self.settings.training.rate(int(info.epoch), info.plateau),
            probe_inputs=self.settings.probe_inputs,
            enlarged=self.settings.enlarged,
        )
        frame = self._in_run(computed, data, parameters, self.history.curves())
        frame = replace(frame, learned_epoch=learned)
        until_then = replace(frame, curves=frame.curves.until(frame.epoch))
        return replace(frame, notes=self._notes(until_then))

    def _in_run(
        self, computed: Frame, data: TrainingData, parameters: Parameters, curves: Curves
    ) -> Frame:
        """Add the problem and the past of this run to a frame."""
        since = self.comparability
        frame = complete_frame(
            computed,
            data,
            curves=curves,
            movements=layer_movements(
                parameters, self.checkpoints.entries, since.steady_since, computed.epoch
            ),
        )
        return replace(
            frame,
            samples_since=self.samples_since,
            comparable_since=since.since,
            steady_since=since.steady_since,
        )

    def _notes(self, frame: Frame) -> tuple[Note, ...]:
        return diagnosis.notes(frame, self.settings.training, self.network.data.spec.remark)

    # State --------------------------------------------------------------------------------------

    @property
    def row_format(self) -> RowFormat:
        """Which rows of checkpoints are valid: each has as many weights as its plan."""
        if self.network.module_plan is None:
            return ROW_FORMAT
        like = self.network.tensors
        return RowFormat(
            torch.uint8, packed_size(like), lambda row: are_valid(self.network, unpack(row, like))
        )

    def state_parts(self) -> dict[str, State]:
        """Copy progress, network and random generators."""
        return {
            "progress": self._progress_state(),
            "network": network_state(self.network, self.state_kind, self.good_tensors),
            "chance": network_rng_state(self.network),
        }

    def prepare_parts_restore(self, saved: StateReader) -> Iterator[RestoreStep]:
        """Check what `state_parts` made, and yield the steps that restore it."""
        yield from prepare_network_restore(saved.part("network"), self.network, self.good_tensors)
        yield from self._prepare_progress_restore(saved.part("progress"))
        yield from prepare_rng_restore(saved.part("chance"), self.network)

    def _progress_state(self) -> State:
        batches = self.network.batches
        numbers = {
            **self.progress_numbers(),
            "position": self.position,
            "since": self.samples_since,
            "first_learned": self.first_learned,
            "batch_size": batches.size,
        }
        return State(
            numbers, {"scores": scores_tensor(self._scores), "order": batches.order.clone()}
        )

    def _prepare_progress_restore(self, saved: StateReader) -> Iterator[RestoreStep]:
        yield self.prepare_progress_restore(saved)
        batches, order, position = self.network.batches, saved.order("order"), 0
        if len(order) == batches.count and saved.integer("batch_size") == batches.size:
            position = saved.integer("position", self.steps_per_epoch - 1)
        else:
            order = batches.order
        samples_since = saved.integer("since", saved.integer("epoch"))
        # Files of earlier versions know only whether the task is learned now.
        name = "first_learned" if "first_learned" in saved else "learned"
        yield partial(
            self._resume_epoch,
            position,
            order.clone(),
            read_scores(saved, "scores"),
            samples_since,
            saved.optional_integer(name),
        )

    def _resume_epoch(
        self,
        position: int,
        order: Tensor,
        scores: Scores,
        samples_since: int,
        first_learned: int | None,
    ) -> None:
        self.position, self._scores, self.samples_since = position, scores, samples_since
        self.first_learned = first_learned
        self._split = self.network.data.spec.split
        self.comparability.start(scores[0].loss)
        self.network.batches.arrange(order)
