"""The hyperparameters of training, all of which can be changed during training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import param

from playground.training.core.class_weights import CLASS_WEIGHTS
from playground.training.core.losses import LOSSES
from playground.training.core.optimisers import OPTIMISERS, OptimiserOptions
from playground.training.core.schedules import NO_PLATEAU, PLATEAU, SCHEDULES, Plateau
from playground.training.engines import ENGINES

_OPTIONS = OptimiserOptions()
OPTION_NAMES = tuple(asdict(_OPTIONS))
"""Parameters that only some optimisers use."""
SCHEDULE_NAMES = ("horizon", "plateau_patience", "plateau_factor")
"""Parameters that only some schedules use."""
_SOMETIMES_USED = frozenset({*OPTION_NAMES, *SCHEDULE_NAMES})


def _sentence_end(names: Sequence[str]) -> str:
    """Return names as the end of a sentence: one, two and three."""
    *others, last = names
    return f"{', '.join(others)}{' and ' if others else ''}{last}."


def _users(option: str) -> str:
    """Return the optimisers that use an option, as the end of a sentence."""
    return _sentence_end([name for name, each in OPTIMISERS.items() if option in each.option_names])


_DECOUPLED = _sentence_end([name for name, each in OPTIMISERS.items() if each.decoupled_decay])


class Training(param.Parameterized):
    """Hyperparameters of training; a change takes effect with the next slice of training."""

    optimiser: param.Selector[str] = param.Selector(
        default="Adam", objects=list(OPTIMISERS), doc="Rule for updating the weights."
    )
    learning_rate = param.Number(
        default=0.03, bounds=(1e-5, 10.0), doc="Learning rate before the schedule is applied."
    )
    schedule: param.Selector[str] = param.Selector(
        default="constant",
        objects=[*SCHEDULES, PLATEAU],
        doc="How the learning rate changes: over the first `horizon` epochs, or on a plateau.",
    )
    horizon = param.Integer(
        default=500,
        bounds=(1, 100_000),
        label="Schedule length",
        doc="Epochs that the schedule spans.",
    )
    plateau_patience = param.Integer(
        default=10,
        bounds=(0, 100_000),
        label="Plateau patience",
        doc="Epochs without a lower test loss before the schedule “plateau” lowers the rate.",
    )
    plateau_factor = param.Number(
        default=0.1,
        bounds=(0.001, 0.99),
        label="Plateau factor",
        doc="What the schedule “plateau” multiplies the learning rate by.",
    )
    batch_size = param.Integer(default=10, bounds=(1, 2000), doc="Number of samples of each step.")
    l1 = param.Number(
        default=0.0,
        bounds=(0.0, 1.0),
        label="L1",
        doc="Penalty on the sum of absolute weights; drives weights to zero.",
    )
    l2 = param.Number(
        default=0.0,
        bounds=(0.0, 1.0),
        label="L2",
        doc="Weight decay, a penalty on half the sum of squared weights; decoupled in "
        + _DECOUPLED,
    )
    momentum = param.Number(
        default=_OPTIONS.momentum,
        bounds=(0.0, 0.9999),
        label="Momentum",
        doc="Share of the velocity that is kept from step to step; for " + _users("momentum"),
    )
    beta1 = param.Number(
        default=_OPTIONS.beta1,
        bounds=(0.0, 0.9999),
        label="Beta 1",
        doc="Share of the running mean of gradients that is kept; for " + _users("beta1"),
    )
    beta2 = param.Number(
        default=_OPTIONS.beta2,
        bounds=(0.0, 0.999999),
        label="Beta 2",
        doc="Share of the running mean of squared gradients that is kept; for " + _users("beta2"),
    )
    max_norm = param.Number(
        default=None,
        bounds=(1e-6, 1e6),
        allow_None=True,
        label="Clip gradient norm",
        doc="Gradients are scaled down to this norm, of all parameters together; None for never.",
    )
    loss: param.Selector[str] = param.Selector(
        default="cross-entropy",
        objects=list(LOSSES),
        doc="Loss that is minimised; the default of the task where it does not fit the task.",
    )
    class_weights: param.Selector[str] = param.Selector(
        default=CLASS_WEIGHTS[0],
        objects=list(CLASS_WEIGHTS),
        doc="Weights of the classes in the loss: none, or balanced by their training samples.",
    )
    engine: param.Selector[str] = param.Selector(
        default="fast",
        objects=list(ENGINES),
        doc="How gradients are computed: by hand-written formulas, or by PyTorch's autograd.",
    )
    stop_epoch = param.Integer(
        default=None, bounds=(1, None), allow_None=True, doc="Training pauses after this epoch."
    )
    early_stopping = param.Integer(
        default=None,
        bounds=(1, None),
        allow_None=True,
        label="Early stopping",
        doc="Training pauses after so many epochs without a lower test loss, and goes back to the "
        "best weights.",
    )
    stop_loss = param.Number(
        default=None,
        bounds=(0.0, 1000.0),
        allow_None=True,
        doc="Training pauses once the training loss is at most this.",
    )
    stop_accuracy = param.Number(
        default=None,
        bounds=(0.0, 1.0),
        allow_None=True,
        doc="Training pauses once the training accuracy is at least this, 0 to 1.",
    )

    @property
    def without_effect(self) -> frozenset[str]:
        """Names of parameters that the chosen optimiser and schedule do not use."""
        used = {*OPTIMISERS[self.optimiser].option_names}
        if self.schedule == PLATEAU:
            used |= {"plateau_patience", "plateau_factor"}
        elif self.schedule != "constant":
            used.add("horizon")
        return _SOMETIMES_USED - used

    @property
    def optimiser_options(self) -> OptimiserOptions:
        """The options of the optimiser besides the learning rate."""
        # PyTorch takes no betas of which one is an int and the other a float.
        return OptimiserOptions(float(self.momentum), float(self.beta1), float(self.beta2))

    def rate(self, epoch: int, plateau: Plateau = NO_PLATEAU) -> float:
        """Return the learning rate of an epoch, counted from 0, with the schedule applied.

        Parameters
        ----------
        epoch : int
        plateau : Plateau
            How far the schedule “plateau” has come.
        """
        if self.schedule == PLATEAU:
            return float(self.learning_rate * plateau.factor)
        return float(self.learning_rate * SCHEDULES[self.schedule](epoch / self.horizon))
