"""Many networks like that of a page, for Python: other seeds, settings and weights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.training.dense.trainer import Trainer
from playground.training.landscape import Landscape, LandscapeSettings, dense_landscape
from playground.training.populations import PopulationTrainer
from playground.training.populations.members import next_seeds
from playground.training.sweeps import SweepTrainer, make_sweep

USUAL_GOAL = PopulationTrainer.param.goal.default


class ManyNetworks:
    """A mixin of pages about one dense network."""

    trainer: Trainer
    architecture: Architecture

    def population(
        self,
        n: int = 16,
        vary: Mapping[str, Iterable[float]] | None = None,
        goal: float = USUAL_GOAL,
    ) -> PopulationTrainer:
        """Return a trainer of `n` networks like this one, each with another seed.

        They train side by side, and not on the page. See `PopulationTrainer` for `vary` and `goal`.

        Examples
        --------
        >>> page = Gates("XOR", hidden=[2], learning_rate=0.03)
        >>> page.population(n=20).train(300).learned.sum()
        7
        """
        seeds = next_seeds(self.architecture.seed, n)
        return PopulationTrainer(self.trainer.settings(), seeds, vary, goal=goal)

    def compare(self, goal: float = USUAL_GOAL, **vary: Any) -> SweepTrainer:
        """Return a trainer of networks like this one, for each value of one or two settings.

        They train side by side, and not on the page. What can vary: see `VARIABLES` of
        `playground.training.sweeps`; `width` and `depth` are those of the hidden layers.

        Examples
        --------
        >>> page = Gates("XOR", learning_rate=0.03)
        >>> trainer = page.compare(width=[2, 3, 4], seed=range(20))
        >>> trainer.train(300).runs.learned.reshape(20, 3).sum(0)
        array([ 8, 18, 19])
        """
        trained = self.trainer
        if not trained.plan.layers:
            raise InputError("Only networks of dense layers can be compared so, not a module.")
        return SweepTrainer(
            trained.problem, trained.architecture, trained.training, make_sweep(**vary), goal=goal
        )

    def landscape(self, checkpoint: int | None = None, **settings: Any) -> Landscape:
        """Return the training loss over a plane through the weights of the network.

        Parameters
        ----------
        checkpoint : int, optional
            The number of the checkpoint that the plane goes through; None for the present.
        **settings
            See `LandscapeSettings`: `directions`, `reach`, `side` and others.

        Raises
        ------
        InputError
            If the network is a module of one's own, there is nothing to learn from, or no such
            weight or checkpoint.

        Examples
        --------
        >>> page = Gates("XOR", learning_rate=0.03)
        >>> frame = page.train(200)
        >>> found = page.landscape()
        >>> found.loss.shape, sum(found.shares) > 0.9
        ((51, 51), True)
        """
        return dense_landscape(self.trainer.weight_path(checkpoint), LandscapeSettings(**settings))
