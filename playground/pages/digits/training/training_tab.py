"""The tab “Training”: hyperparameters of training."""

from __future__ import annotations

from collections.abc import Sequence

import panel as pn

from playground.pages.controls.fields.number_field import NumberField
from playground.pages.controls.fields.parameter_fields import LogField, collapsed_card, field, group
from playground.pages.controls.fields.training_fields import optimiser_fields, schedule_fields
from playground.pages.digits.training.training_progress import ImageHeartbeat
from playground.pages.part import Part
from playground.training.core.losses import losses_for


class TrainingTab(Part):
    """Fields for the hyperparameters, each of which may change during training.

    Parameters
    ----------
    heartbeat : Heartbeat
    last : sequence of panel objects
        Below the fields.
    """

    def __init__(
        self, heartbeat: ImageHeartbeat, last: Sequence[pn.viewable.Viewable] = ()
    ) -> None:
        super().__init__()
        trainer, training = heartbeat.trainer, heartbeat.trainer.training
        training.param.loss.objects = list(losses_for("classification"))
        self._column = pn.Column(
            group(
                LogField(training, "learning_rate", -5, 0),
                field(training, "optimiser"),
                NumberField(training, "batch_size", "Batch size"),
                field(training, "schedule"),
                LogField(training, "l2", -6, -1, zero=True),
                NumberField(training, "stop_epoch", "Run to epoch"),
            ),
            collapsed_card(
                "More",
                group(
                    *schedule_fields(training),
                    field(training, "loss"),
                    field(training, "class_weights"),
                    *optimiser_fields(training),
                    LogField(training, "l1", -6, -1, zero=True),
                    NumberField(training, "max_norm", "Clip gradient norm"),
                    NumberField(trainer, "seed", "Weight seed"),
                    NumberField(training, "early_stopping", "Early stopping"),
                    NumberField(training, "stop_loss", "Stop at loss"),
                    NumberField(training, "stop_accuracy", "Stop at accuracy"),
                ),
            ),
            *last,
            css_classes=["pg-tab"],
            margin=0,
            sizing_mode="stretch_width",
        )
        training.param.watch(heartbeat.refresh, list(training.param))
        trainer.param.watch(heartbeat.refresh, "seed")

    def __panel__(self) -> pn.Column:
        return self._column
