"""The choices about how a network learns, all of which may change while it does."""

from __future__ import annotations

import param

from playground.training.core.losses import LOSSES
from playground.training.core.optimisers import OPTIMISERS
from playground.training.core.schedules import SCHEDULES
from playground.training.engines import ENGINES


class Training(param.Parameterized):
    """Hyperparameters of training. Each takes effect on the next step."""

    optimiser: param.Selector[str] = param.Selector(
        default="Adam", objects=list(OPTIMISERS), doc="How a gradient becomes a step."
    )
    learning_rate = param.Number(
        default=0.03, bounds=(1e-5, 10.0), doc="Length of a step, before the schedule."
    )
    schedule: param.Selector[str] = param.Selector(
        default="constant",
        objects=list(SCHEDULES),
        doc="How the learning rate changes over the first `horizon` epochs.",
    )
    horizon = param.Integer(default=500, bounds=(1, 100_000), doc="Epochs that the schedule spans.")
    batch_size = param.Integer(
        default=10, bounds=(1, 2000), doc="Samples that each step is computed from."
    )
    l1 = param.Number(
        default=0.0,
        bounds=(0.0, 1.0),
        label="L1",
        doc="Penalty on the sum of absolute weights: drives weights to zero.",
    )
    l2 = param.Number(
        default=0.0,
        bounds=(0.0, 1.0),
        label="L2",
        doc="Weight decay, a penalty on half the sum of squared weights; decoupled in AdamW.",
    )
    loss: param.Selector[str] = param.Selector(
        default="cross-entropy",
        objects=list(LOSSES),
        doc="What is minimised. Where it does not fit the task, the task's usual loss is.",
    )
    engine: param.Selector[str] = param.Selector(
        default="fast",
        objects=list(ENGINES),
        doc="Where gradients come from: written out by hand, or PyTorch's autograd.",
    )
    stop_epoch = param.Integer(
        default=None, bounds=(1, None), allow_None=True, doc="Training pauses after this epoch."
    )
    stop_loss = param.Number(
        default=None,
        bounds=(0.0, 1000.0),
        allow_None=True,
        doc="Training pauses once the training loss is this low.",
    )
    stop_accuracy = param.Number(
        default=None,
        bounds=(0.0, 1.0),
        allow_None=True,
        doc="Training pauses once this share of the training samples is right.",
    )

    def rate(self, epoch: int) -> float:
        """Tell the learning rate in force in an epoch, schedule included."""
        return float(self.learning_rate * SCHEDULES[self.schedule](epoch / self.horizon))
