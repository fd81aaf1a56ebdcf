"""The trainer of sweeps: networks that differ in one or two settings, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import param
from torch import nn

from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.networks.dense.forward import module
from playground.problems.latest_result import LatestResult
from playground.problems.problem import Problem
from playground.seeds import next_seed
from playground.training.core.base_trainer import BaseTrainer
from playground.training.core.settings import ReadOnlyCopies
from playground.training.core.state.state import State
from playground.training.dense.training_data import problem_spec
from playground.training.populations.member_state import state_of_member
from playground.training.populations.trainer import PopulationTrainer
from playground.training.sweeps.frame import SweepFrame
from playground.training.sweeps.metrics import BEST, METRICS, metric_values, metrics_of
from playground.training.sweeps.session import SweepSession
from playground.training.sweeps.settings import Group, Origin, SweepSettings, learning_values
from playground.training.sweeps.sweep import Sweep, make_sweep
from playground.training.sweeps.variables import SEED
from playground.training.training import Training

if TYPE_CHECKING:
    import pandas as pd


class SweepTrainer(BaseTrainer[SweepSession, SweepSettings, SweepFrame]):
    """Networks that differ in one or two settings and learn one problem, side by side.

    Networks that differ in seed, learning rate, L1, L2 or initial scale are trained as one batch;
    those that differ otherwise in one batch for each value. Each learns as it would by itself.

    A change of anything that decides what is trained begins the sweep anew. Stop conditions about
    loss and accuracy, and early stopping, have no effect.

    Parameters
    ----------
    problem : Problem
    architecture : Architecture, optional
    training : Training, optional
    sweep : Sweep, optional
        By default eight seeds.

    Raises
    ------
    InputError
        If a setting that varies has no effect, the schedule is "plateau", or so many networks
        would take too much memory.

    Examples
    --------
    >>> sweep = make_sweep(width=[2, 3], seed=range(20))
    >>> trainer = SweepTrainer(Gates(gate="XOR"), sweep=sweep)
    >>> trainer.train(300).runs.learned.reshape(20, 2).sum(0)
    array([ 8, 18])
    """

    # Param's types allow None wherever there is no default; `__init__` makes sure none is.
    problem: Problem = param.ClassSelector(  # type: ignore[assignment]
        class_=Problem, instantiate=False, doc="What is learned."
    )
    architecture: Architecture = param.ClassSelector(  # type: ignore[assignment]
        class_=Architecture, instantiate=False, doc="What learns."
    )
    sweep: Sweep = param.ClassSelector(  # type: ignore[assignment]
        class_=Sweep, instantiate=False, doc="What varies."
    )
    goal = param.Number(
        default=PopulationTrainer.param.goal.default,
        bounds=PopulationTrainer.param.goal.bounds,
        doc=PopulationTrainer.param.goal.doc,
    )

    def __init__(
        self,
        problem: Problem,
        architecture: Architecture | None = None,
        training: Training | None = None,
        sweep: Sweep | None = None,
        **params: object,
    ) -> None:
        super().__init__(
            problem=problem,
            architecture=architecture or Architecture(),
            training=training or Training(),
            sweep=sweep or make_sweep(**{SEED: range(1, 9)}),
            **params,
        )
        self._architecture_copies: ReadOnlyCopies[Architecture] = ReadOnlyCopies()
        self._groups: LatestResult[tuple[Group, ...]] = LatestResult()

    def reset(self, *, new_weights: bool = False) -> None:
        """Go back to epoch 0: to the same initial weights, or to those of the next seed.

        Where the seed is what varies, its values stay as they are.
        """
        with self._settings_lock:
            if new_weights:
                self.architecture.seed = next_seed(self.architecture.seed)
            self.request_count += 1

    def copy_settings(self) -> SweepSettings:
        """Copy everything requested."""
        architecture = self._architecture_copies.copy(self.architecture)
        training = self._training_copies.copy(self.training)
        problem, sweep = self.problem, self.sweep
        key = (
            problem_spec(problem, architecture.features),
            architecture,
            learning_values(training),
            sweep,
        )
        groups = self._groups.get(
            key, lambda: Origin(problem, architecture, training).groups(sweep)
        )
        return SweepSettings(
            sweep=sweep,
            groups=groups,
            goal=self.goal,
            training=training,
            request_count=self.request_count,
        )

    def sync(self, settings: SweepSettings) -> SweepSession:
        """Return the current session, updated, or a new one where something else is trained."""
        session = self._session
        known = None if session is None else session.settings
        if (
            session is None
            or known is None
            or known.groups is not settings.groups
            or known.request_count != settings.request_count
        ):
            return SweepSession(settings)
        session.sync(settings)
        return session

    @property
    def model(self) -> nn.ModuleList:
        """All networks, batch by batch, as modules that share their memory with what is trained."""
        with self._synced() as session:
            parameters = [group.network.parameters for group in session.groups]
        return nn.ModuleList(
            module(each, copy) for each in parameters for copy in range(each.copies)
        )

    def run_settings(self, run: int) -> tuple[Problem, Architecture, Training]:
        """Return the problem, the network and the training of one run.

        Raises
        ------
        InputError
            If there is no such run.
        """
        self._check_run(run)
        origin = Origin(self.problem, self.architecture, self.training)
        return origin.settings_with(self.sweep.values(run))

    def run_state(self, run: int, settings: SweepSettings | None = None) -> State:
        """Copy all that it takes to go on with one run by itself: see `Trainer.restore`.

        Raises
        ------
        InputError
            If there is no such run.
        """
        self._check_run(run)
        with self._synced(settings) as session:
            session.restore_if_diverged()
            for group, requested in zip(session.groups, session.settings.groups, strict=True):
                if run in requested.runs:
                    return state_of_member(group, requested.runs.index(run))
        raise InputError(f"There is no run {run} any more.")

    def table(self) -> pd.DataFrame:
        """Return a row for each run: the values that vary, and its metrics, last and best."""
        import pandas as pd

        frame = self.frame()
        columns: dict[str, Any] = {
            axis.name: frame.sweep.column(number) for number, axis in enumerate(frame.sweep.axes)
        }
        for name in metrics_of(frame):
            columns[name] = metric_values(frame, name)
            if METRICS[name].row is not None:
                columns[f"best {name}"] = metric_values(frame, name, BEST)
        columns["diverged"] = frame.runs.diverged
        return pd.DataFrame(columns)

    def _check_run(self, run: int) -> None:
        if not 0 <= run < len(self.sweep):
            raise InputError(f"There is no run {run}: there are {len(self.sweep)}, from 0.")
