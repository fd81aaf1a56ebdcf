"""The immutable copy of a dense trainer's settings, which a slice of training reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from playground.networks.architecture import Architecture
from playground.problems.problem import FeatureMap, Floats
from playground.training.core.settings import TrainerSettings
from playground.training.dense.training_data import ProblemSpec


@dataclass(frozen=True, kw_only=True)
class DenseSettings(TrainerSettings):
    """Everything requested of a `Trainer` at one moment; see `TrainerSettings`.

    Attributes
    ----------
    spec : ProblemSpec
        The problem, its samples included.
    features : mapping of str to callable
        All features that the problem has.
    architecture : Architecture
        A read-only copy.
    probe_inputs : mapping of str to array
        See `Trainer.set_probe`, each call of which is a request.
    enlarged : (int, int) or None
        Layer and number of a unit; see `Trainer.enlarge`, likewise.
    """

    spec: ProblemSpec
    architecture: Architecture
    # New objects for each copy, or arrays that can't be compared; the fields above vouch for them.
    features: FeatureMap = field(compare=False)
    probe_inputs: Mapping[str, Floats] = field(compare=False)
    enlarged: tuple[int, int] | None = field(default=None, compare=False)
