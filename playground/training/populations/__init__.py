"""Populations: many networks of one plan, trained side by side as one batch."""

from playground.training.populations.frame import PopulationFrame
from playground.training.populations.members import VARIABLE, Members, make_members
from playground.training.populations.trainer import PopulationTrainer

__all__ = ["VARIABLE", "Members", "PopulationFrame", "PopulationTrainer", "make_members"]
