"""The trainer of dense networks.

Parameters of the problem, the architecture and the training may be set at any time and from any
thread. A slice of training brings its network up to date with the latest settings first, and
carries over what it can. Requests that are not parameters (a weight set by hand, a reset) wait in
a queue until then.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import numpy.typing as npt
import param
import torch
from torch import nn

from playground.networks.architecture import Architecture
from playground.networks.dense.forward import module
from playground.networks.dense.plan import Plan
from playground.networks.user_module.wrapping import wrap
from playground.problems.problem import Floats, Problem
from playground.problems.tables.row_reader import read_rows
from playground.seeds import next_seed
from playground.training.core.base_trainer import BaseTrainer
from playground.training.core.sessions.checkpoints import Checkpoint
from playground.training.core.settings import ReadOnlyCopies
from playground.training.dense.checkpoint_network import request_architecture
from playground.training.dense.edits import Edit
from playground.training.dense.frame import Frame
from playground.training.dense.frame_builder import predict_rows, repainted_frame
from playground.training.dense.session import DenseSession
from playground.training.dense.settings import DenseSettings
from playground.training.dense.training_data import (
    available_features,
    check_features,
    outputs_for,
    problem_spec,
)
from playground.training.dense.weight_path import WeightPath
from playground.training.training import Training

MANY_PARAMETERS = 100_000
"""From here on PyTorch's own number of threads is left as it is."""


class Trainer(BaseTrainer[DenseSession, DenseSettings, Frame]):
    """One dense network learning one problem.

    Parameters
    ----------
    problem : Problem
    architecture : Architecture, optional
    training : Training, optional
    module : nn.Module, optional
        The user's own network to train; see `wrap`. A dense one sets the architecture.

    Raises
    ------
    InputError
        If the module can't be trained here, or the problem has not the features that the
        architecture names.

    Examples
    --------
    >>> trainer = Trainer(problem=Gates(gate="XOR"))
    >>> trainer.train(epochs=300).test.accuracy
    1.0
    """

    # Param's types allow None wherever there is no default; `__init__` makes sure none is.
    problem: Problem = param.ClassSelector(  # type: ignore[assignment]
        class_=Problem, instantiate=False, doc="What is learned."
    )
    architecture: Architecture = param.ClassSelector(  # type: ignore[assignment]
        class_=Architecture, instantiate=False, doc="What learns."
    )

    _session: DenseSession

    def __init__(
        self,
        problem: Problem,
        architecture: Architecture | None = None,
        training: Training | None = None,
        module: nn.Module | None = None,
        **params: object,
    ) -> None:
        # The usual ones are those of points; another problem has its inputs in their place.
        usual = Architecture.param.features.default
        if architecture is not None and architecture.features != usual:
            check_features(problem, architecture.features)
        super().__init__(
            problem=problem,
            architecture=architecture or Architecture(),
            training=training or Training(),
            **params,
        )
        self._architecture_copies: ReadOnlyCopies[Architecture] = ReadOnlyCopies()
        self._requests: deque[tuple[int, Edit | None]] = deque()
        self._probe_inputs: dict[str, Floats] = {}
        self._enlarged: tuple[int, int] | None = None
        wrapped = None
        if module is not None:
            outputs = outputs_for(problem.classes)
            wrapped = wrap(
                module,
                self.architecture,
                self._feature_names,
                outputs,
                classes=bool(self.problem.classes),
            )
        count = 0 if module is None else sum(each.numel() for each in module.parameters())
        self._is_large = count > MANY_PARAMETERS
        self._session = DenseSession(wrapped, self.architecture.seed)

    # Requests -----------------------------------------------------------------------------------

    def train(self, epochs: int = 100) -> Frame:
        """Train for so many epochs, or until a stop condition holds; return a frame."""
        return super().train(epochs)

    def reset(self, *, new_weights: bool = False) -> None:
        """Go back to epoch 0: to the same initial weights, or to new ones (the next seed)."""
        if new_weights:
            self.architecture.seed = next_seed(self.architecture.seed)
        self._request(None)

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
        """Have every later frame hold the outputs for input rows (n, inputs); None ends that."""
        others = {key: value for key, value in self._probe_inputs.items() if key != name}
        with self._settings_lock:
            self._probe_inputs = others if rows is None else {**others, name: rows}
            self.request_count += 1

    def enlarge(self, unit: tuple[int, int] | None) -> None:
        """Have every later frame hold the map of one unit on a fine grid; None ends that.

        Parameters
        ----------
        unit : (int, int) or None
            Its layer, -1 for the features, and its number. Frames have none if it is no more.
        """
        if unit != self._enlarged:
            with self._settings_lock:
                self._enlarged = unit
                self.request_count += 1

    # What can be seen ---------------------------------------------------------------------------

    def predict(self, x: object) -> npt.NDArray[np.floating[Any]]:
        """Class probabilities (n, classes), or values (n, 1), for input rows (n, inputs).

        Parameters
        ----------
        x : array, tensor, nested list or table
            In the units of the problem's data, as the values that are returned; see `read_rows`.

        Raises
        ------
        InputError
            If the rows are not of that shape, or numbers are missing.
        """
        with self._synced() as session:
            network = session.network
            preprocessing, inputs = network.data.spec.preprocessing, network.data.spec.inputs
            rows = preprocessing.encode_inputs(read_rows(x, inputs, preprocessing))
            answers = predict_rows(network.data, network.parameters, network.engine, rows)
            return answers if network.data.spec.classes else preprocessing.decode_outputs(answers)

    def repainted(self, frame: Frame, settings: DenseSettings) -> Frame:
        """Return an earlier frame with the predictions of the present; see `BaseTrainer`.

        All else in it stays that of the earlier moment.
        """
        if not self.is_predictable:  # A worker reports whole ones, and a module has little else.
            return super().repainted(frame, settings)
        with self._held_or_synced(settings) as session:
            network = session.network
            return repainted_frame(
                frame,
                network.data,
                network.parameters,
                network.engine,
                probe_inputs=session.settings.probe_inputs,
                enlarged=session.settings.enlarged,
            )

    def weight_path(
        self, checkpoint: int | None = None, settings: DenseSettings | None = None
    ) -> WeightPath:
        """Copy the weights of a checkpoint, by number, or of the present, and the way to them.

        Raises
        ------
        InputError
            If there is no such checkpoint, its network learned another problem, or the network is
            a module of the user.
        """
        with self._synced(settings) as session:
            chosen = None if checkpoint is None else session.checkpoints.at(checkpoint)
            return session.weight_path(chosen)

    @property
    def plan(self) -> Plan:
        """The plan of the network that the current settings describe."""
        outputs = outputs_for(self.problem.classes)
        return self._session.network.plan(self.architecture, self._feature_names, outputs)

    @property
    def model(self) -> nn.Module:
        """The network as a plain PyTorch module, on the same memory that is being trained."""
        with self._synced() as session, torch.inference_mode(False):
            parameters, wrapped = session.network.parameters, session.network.wrapped
            if wrapped is not None and wrapped.parameter_views(parameters) is not None:
                return wrapped.module
            return module(parameters)

    @property
    def first_weights(self) -> list[torch.Tensor] | None:
        """The weights that the user's own module began with, in the order of its parameters.

        None if they were drawn here.
        """
        with self._synced() as session:
            wrapped, parameters = session.network.wrapped, session.network.parameters
            if wrapped is None:
                return None
            return wrapped.first_weights(parameters, self.architecture)

    @property
    def first_buffers(self) -> list[torch.Tensor]:
        """The buffers that the user's own module came with; none of another network."""
        with self._synced() as session:
            wrapped = session.network.wrapped
            return [] if wrapped is None else wrapped.first_buffers

    # What is special about dense networks ---------------------------------------------------------

    @property
    def is_predictable(self) -> bool:
        """Whether no module of the user is trained."""
        return self._session.network.wrapped is None

    def thread_count(self) -> int:
        """Return one, except for a large module of the user."""
        return torch.get_num_threads() if self._is_large else super().thread_count()

    def copy_settings(self) -> DenseSettings:
        """Copy problem, architecture, training, probes, and how many requests there were."""
        return DenseSettings(
            spec=problem_spec(self.problem, self.architecture.features),
            features=self.problem.features,
            architecture=self._architecture_copies.copy(self.architecture),
            training=self._training_copies.copy(self.training),
            probe_inputs=self._probe_inputs,
            enlarged=self._enlarged,
            request_count=self.request_count,
        )

    def sync(self, settings: DenseSettings) -> DenseSession:
        """Carry out the edits and resets requested before the settings, then take the settings.

        Returns
        -------
        DenseSession
            The session, evaluated anew if anything has changed.
        """
        session = self._session
        rebuilt = edited = synced = False
        while self._requests and self._requests[0][0] <= settings.request_count:
            _, edit = self._requests.popleft()
            if edit is None:
                session.reset(settings.architecture.seed)
                synced = False
                continue
            if not synced:  # The edit may be one of a network that does not exist yet.
                rebuilt |= session.sync(settings)
            session.apply(edit)
            edited = synced = True
        rebuilt |= session.sync(settings)
        if rebuilt or edited:
            session.reevaluate(rebuilt=rebuilt)
        return session

    def request_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Set the architecture to one that leads to the network of a checkpoint."""
        if checkpoint.plan is not None:
            request_architecture(checkpoint.plan, self.problem, self.architecture)

    @property
    def _feature_names(self) -> tuple[str, ...]:
        return available_features(self.problem, self.architecture.features)

    def _request(self, edit: Edit | None) -> None:
        """Queue an edit, or None for a reset."""
        with self._settings_lock:
            self.request_count += 1
            self._requests.append((self.request_count, edit))
