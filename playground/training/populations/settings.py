"""The immutable copy of a population's settings, which a slice of training reads."""

from __future__ import annotations

from dataclasses import dataclass

from playground.training.core.settings import TrainerSettings
from playground.training.dense.settings import DenseSettings
from playground.training.populations.members import Members


@dataclass(frozen=True, kw_only=True)
class PopulationSettings(TrainerSettings):
    """Everything requested of a `PopulationTrainer` at one moment; see `TrainerSettings`.

    Attributes
    ----------
    base : DenseSettings
        The problem and the network that all members have in common. Its training is that of the
        beginning: `training` is in force.
    members : Members
    goal : float
        The quality from which on a member counts as having learned; see `MemberScores`.
    side : int or None
        Cells along each side of the picture of each member; None for as many as fit so many.
    """

    base: DenseSettings
    members: Members
    goal: float
    side: int | None = None

    def is_same_population(self, other: PopulationSettings) -> bool:
        """Whether the networks of other settings can go on with these."""
        return (
            self.base is other.base
            and self.members == other.members
            and self.request_count == other.request_count
        )
