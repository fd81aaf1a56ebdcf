"""The trainer of populations: many networks of one plan, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import param

from playground.errors import InputError
from playground.training.core.base_trainer import BaseTrainer
from playground.training.core.state.state import State
from playground.training.dense.settings import DenseSettings
from playground.training.populations.frame import PopulationFrame
from playground.training.populations.member_state import state_of_member
from playground.training.populations.members import make_members, next_seeds
from playground.training.populations.session import PopulationSession
from playground.training.populations.settings import PopulationSettings
from playground.training.training import Training


class PopulationTrainer(BaseTrainer[PopulationSession, PopulationSettings, PopulationFrame]):
    """Many networks that learn one problem as one batch, each as it would by itself.

    Problem and network are those of `settings` and stay as they are. `training` may be changed at
    any time, as with `Trainer`. Stop conditions about loss and accuracy, and early stopping, are
    not taken over from `settings`: they would be about the median network.

    Parameters
    ----------
    settings : DenseSettings
        Those of a `Trainer`, from its method `settings`.
    seeds : iterable of int, optional
        Of the initial weights and the order of the samples of each network. By default the 16
        that follow on that of the network of `settings`.
    vary : mapping of str to iterable of float, optional
        For each of `learning_rate`, `l1`, `l2` and `initial_scale` that differs, a value for each
        network.

    Raises
    ------
    InputError
        If a setting can't vary, the schedule is "plateau", or so many networks would take too
        much memory.

    Examples
    --------
    >>> trainer = PopulationTrainer(Trainer(Gates(gate="XOR")).settings(), seeds=range(20))
    >>> trainer.train(300).learned.mean()
    0.95
    """

    goal = param.Number(
        default=0.95,
        bounds=(0.0, 1.0),
        doc="Share of the test samples that must be right (in regression, share of the variance "
        "that must be explained) for a network to count as having learned.",
    )

    def __init__(
        self,
        settings: DenseSettings,
        seeds: Iterable[int] | None = None,
        vary: Mapping[str, Iterable[float]] | None = None,
        **params: object,
    ) -> None:
        chosen = next_seeds(settings.architecture.seed, 16) if seeds is None else seeds
        self._members = make_members(chosen, vary)
        self._base = settings
        values = {name: getattr(settings.training, name) for name in Training.param}
        of_one = dict.fromkeys(("stop_loss", "stop_accuracy", "early_stopping"))
        training = Training(**{**values, **of_one})
        super().__init__(**{"training": training, **params})
        with self._synced():  # Whatever does not fit raises an error now.
            pass

    def reset(self, *, new_weights: bool = False) -> None:
        """Go back to epoch 0: to the same initial weights, or to those of the next seeds."""
        with self._settings_lock:
            if new_weights:
                members = self._members
                seeds = next_seeds(max(members.seeds), len(members))
                self._members = make_members(seeds, members.varied)
            self.request_count += 1

    def copy_settings(self) -> PopulationSettings:
        """Copy training and goal, and how many requests there were."""
        return PopulationSettings(
            base=self._base,
            members=self._members,
            goal=self.goal,
            training=self._training_copies.copy(self.training),
            request_count=self.request_count,
        )

    def sync(self, settings: PopulationSettings) -> PopulationSession:
        """Return the current session, updated, or a new one for other members."""
        session = self._session
        if session is None or not settings.is_same_population(session.settings):
            return PopulationSession(settings)
        session.sync(settings)
        return session

    def member_settings(self, member: int) -> dict[str, float]:
        """Return the settings in which a network differs from the one of the beginning.

        Names are `seed`, and those of the settings that vary.

        Raises
        ------
        InputError
            If there is no such network.
        """
        members = self._members
        if not 0 <= member < len(members):
            raise InputError(f"There is no network {member}: there are {len(members)}, from 0.")
        varied = {name: values[member] for name, values in members.varied.items()}
        return {"seed": members.seeds[member], **varied}

    def member_state(self, member: int, settings: PopulationSettings | None = None) -> State:
        """Copy all that it takes to go on with one network by itself: see `Trainer.restore`."""
        self.member_settings(member)
        with self._synced(settings) as session:
            session.restore_if_diverged()
            return state_of_member(session, member)
