"""The networks of a population in one tensor, and everything it takes to train them."""

from __future__ import annotations

import torch
from torch import Tensor

from playground.errors import InputError
from playground.networks.dense.forward import outputs
from playground.networks.dense.growth import initialise
from playground.networks.dense.parameters import Parameters, weight_mask
from playground.problems.latest_result import LatestResult
from playground.training.core.losses import Loss, make_loss
from playground.training.core.optimisers import OPTIMISERS, Optimiser
from playground.training.core.schedules import PLATEAU, SCHEDULES
from playground.training.dense.training_data import (
    class_weights,
    compute_features,
    fitting_loss,
    training_data,
)
from playground.training.engines import DenseEngine, Penalties, Program
from playground.training.populations.batches import MemberBatches
from playground.training.populations.members import INITIAL_SCALE
from playground.training.populations.memory import sizes_of, take_memory
from playground.training.populations.scores import MemberScores, member_scores
from playground.training.populations.settings import PopulationSettings
from playground.training.training import Training


class PopulationNetwork:
    """The parameters of all members, with the data, batches, engine and optimiser.

    Each member has the weights, the order of samples and the dropout that it would have if it
    were trained by itself.

    Parameters
    ----------
    settings : PopulationSettings
    dtype : torch.dtype
        Of the weights, for comparisons in which rounding must not matter.

    Attributes
    ----------
    data : TrainingData
    parameters : Parameters
        Of all members.
    generators : list of torch.Generator
        Each draws the order of the samples of one member, and its dropout.
    side : int
        Cells along each side of the picture of each member.
    engine : DenseEngine
    batches : MemberBatches
    optimiser : Optimiser
    programs : list of Program
        One for each batch of an epoch; none where there are no samples.

    Raises
    ------
    InputError
        If so many networks would take too much memory; see `take_memory`.
    """

    engine: DenseEngine
    batches: MemberBatches
    optimiser: Optimiser
    programs: list[Program]

    def __init__(self, settings: PopulationSettings, dtype: torch.dtype = torch.float32) -> None:
        base, self.members = settings.base, settings.members
        self.data = data = training_data(base.spec, base.features)
        plan = base.architecture.plan(data.spec.feature_names, data.outputs)
        self.side = settings.side or picture_side(len(self.members))
        take_memory(
            self,
            plan,
            len(self.members),
            **sizes_of(
                len(data.train),
                data.all_inputs.shape[2],
                settings.training.batch_size,
                self.side,
            ),
        )
        self.parameters = Parameters(plan, len(self.members), dtype)
        for number, seed in enumerate(self.members.seeds):
            drawn = initialise(plan, base.architecture.initialiser, seed, dtype).values[0]
            scale = self.members.value(INITIAL_SCALE, number, 1.0)
            self.parameters.values[number] = drawn * scale
        self.generators = [torch.Generator().manual_seed(seed) for seed in self.members.seeds]
        self._grid = compute_features(
            base.features, data.spec.feature_names, data.spec.plane.grid(self.side)
        )
        self._engines: LatestResult[DenseEngine] = LatestResult()
        self._batches: LatestResult[MemberBatches] = LatestResult()
        self._programs: LatestResult[list[Program]] = LatestResult()
        self.programs = []
        self.reset_optimiser()

    def configure(self, training: Training) -> bool:
        """Update loss, batches and optimiser to new settings.

        Returns
        -------
        bool
            Whether the networks must be evaluated again, and their epoch begin anew.

        Raises
        ------
        InputError
            If training goes by the test loss of a single network.
        """
        _check_is_for_many(training)
        before, size = self.programs, training.batch_size
        dtype = self.parameters.values.dtype
        key, weights = fitting_loss(self.data, training.loss), class_weights(self.data, training)
        self.engine = self._engines.get(
            (key, training.class_weights), lambda: self._make_engine(make_loss(*key, weights))
        )
        self.optimiser = self._optimisers.get(
            training.optimiser,
            lambda: OPTIMISERS[training.optimiser](
                self.parameters.values, weight_mask(self.parameters)
            ),
        )
        self.optimiser.options = training.optimiser_options
        self.batches = self._batches.get(size, lambda: self._make_batches(size))
        self.programs = self._programs.get(
            (self.engine, self.batches),
            lambda: [self.engine.program(window) for window in self.batches.windows],
        )
        self._rates = self.members.column("learning_rate", training.learning_rate, dtype)
        self._penalties = Penalties(
            self.members.column("l1", training.l1, dtype),
            self.members.column("l2", training.l2, dtype),
        )
        return self.programs is not before

    def step(self, batch: int, training: Training, epoch: int) -> None:
        """Take one optimiser step on a batch of each member, by number."""
        factor = SCHEDULES[training.schedule](epoch / training.horizon)
        self.engine.step(
            self.programs[batch],
            self.optimiser,
            self._rates * factor,
            self._penalties,
            training.max_norm,
        )

    def scores(self) -> MemberScores:
        """Return the scores of the present weights."""
        return self._scores(self.parameters)

    def scores_of(self, weights: Tensor) -> MemberScores:
        """Return the scores of other weights (members, size)."""
        return self._scores(self._with(weights))

    def pictures(self, weights: Tensor) -> Tensor:
        """Return what weights (members, size) predict over the plane.

        Returns
        -------
        Tensor of shape (members, side, side, classes) or (members, side, side, 1)
            Class probabilities, or the value in regression; rows from the lowest up.
        """
        answer, loss = outputs(self._with(weights), self._grid), self.engine.loss
        shown = loss.probabilities(answer) if self.data.spec.classes else answer
        return shown.view(*shown.shape[:2], self.side, self.side).permute(0, 2, 3, 1)

    def reset_optimiser(self) -> None:
        """Make the optimiser begin without memory, from the next `configure` on."""
        self._optimisers: LatestResult[Optimiser] = LatestResult()

    def forget(self, members: Tensor) -> None:
        """Drop gradient and optimiser's memory of some members, bool (members,)."""
        state = self.optimiser.state()
        for tensor in (self.engine.gradient, *(each for each in state.values() if each.ndim)):
            tensor[members] = 0
        self.optimiser.load(state)

    def stop(self, members: Tensor) -> None:
        """Have no step change the weights of some members, bool (members,)."""
        self.engine.frozen = members[:, None] if members.any() else None

    def _scores(self, parameters: Parameters) -> MemberScores:
        answer = self.data.sample_outputs(parameters)
        return member_scores(self.data, self.engine.loss, answer)

    def _with(self, weights: Tensor) -> Parameters:
        parameters = Parameters(self.parameters.plan, len(weights))
        parameters.values.copy_(weights)
        return parameters

    def _make_batches(self, size: int) -> MemberBatches:
        dtype, train = self.parameters.values.dtype, self.data.train
        return MemberBatches(train.inputs.to(dtype), train.targets.to(dtype), size, self.generators)

    def _make_engine(self, loss: Loss) -> DenseEngine:
        engine = DenseEngine(self.parameters, loss)
        engine.copy_generators = self.generators
        return engine


def _check_is_for_many(training: Training) -> None:
    if training.schedule == PLATEAU:
        raise InputError(
            f"The schedule {PLATEAU!r} goes by the test loss of one network, so many can't share "
            f"it. Choose one of: {', '.join(SCHEDULES)}."
        )
    if training.early_stopping is not None:
        raise InputError(
            "Early stopping goes by the test loss of one network, so many can't share it: set "
            "early_stopping to None."
        )


def picture_side(members: int) -> int:
    """Return how many cells the picture of each member has along each side."""
    return 48 if members <= 25 else 32 if members <= 100 else 24
