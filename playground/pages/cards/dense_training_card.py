"""The card of training settings of a small dense network."""

from __future__ import annotations

import panel as pn

from playground.networks.architecture import Architecture
from playground.pages.cards.feature_choice import FeatureChoice
from playground.pages.controls.fields.number_field import NumberField
from playground.pages.controls.fields.parameter_fields import (
    LogField,
    card,
    collapsed_card,
    field,
    group,
)
from playground.pages.controls.fields.training_fields import optimiser_fields, schedule_fields
from playground.pages.controls.notes import Notes
from playground.pages.part import DenseHeartbeat, Part
from playground.training.core.losses import losses_for
from playground.training.dense.frame import Frame
from playground.training.training import Training


class DenseTrainingCard(Part):
    """The settings of training, and of the network's activation, dropout and initial weights.

    Parameters
    ----------
    heartbeat : DenseHeartbeat
    features : FeatureChoice, optional
        The choice of features, which the diagram offers to those who can point at it.
    """

    def __init__(
        self,
        heartbeat: DenseHeartbeat,
        features: FeatureChoice | None = None,
    ) -> None:
        super().__init__()
        training: Training = heartbeat.trainer.training
        architecture: Architecture = heartbeat.trainer.architecture
        self._training = training
        self._architecture, self._features = architecture, features
        self._class_weights: pn.widgets.Widget | None = None
        self._is_regression = heartbeat.frame.regression
        # A custom module has its own activations, dropout and initial weights.
        self._is_dense = bool(heartbeat.trainer.plan.layers)
        self.notes = Notes("training")
        self._card = card(
            "Training",
            group(
                LogField(training, "learning_rate", -5, 1),
                LogField(training, "l2", -6, 0, zero=True),
                *(
                    [field(architecture, "activation", css_classes=["pg-inline"])]
                    if self._is_dense
                    else []
                ),
                columns=1,
            ),
            collapsed_card("More: optimiser, loss …", make=self._make_more),
            self.notes,
            area="training",
        )

    def __panel__(self) -> pn.Column:
        return self._card

    def _make_more(self) -> list[object]:
        training, architecture, is_dense = self._training, self._architecture, self._is_dense
        self._class_weights = field(training, "class_weights", visible=not self._is_regression)
        fields = group(
            field(training, "loss"),
            self._class_weights,
            field(training, "optimiser"),
            *optimiser_fields(training),
            NumberField(training, "batch_size", "Batch size"),
            *([field(architecture, "dropout", step=0.05)] if is_dense else []),
            LogField(training, "l1", -6, 0, zero=True),
            NumberField(training, "max_norm", "Clip gradient norm"),
            *([_initialiser_field(architecture)] if is_dense else []),
            field(training, "schedule"),
            *schedule_fields(training),
            field(training, "engine"),
            NumberField(training, "stop_epoch", "Run to epoch"),
            NumberField(training, "early_stopping", "Early stopping"),
            NumberField(training, "stop_loss", "Stop at loss"),
            NumberField(training, "stop_accuracy", "Stop at accuracy"),
            *([NumberField(architecture, "seed", "Weight seed")] if is_dense else []),
        )
        return [fields, *([self._features] if self._features is not None else [])]

    def update(self, frame: Frame) -> None:
        """Offer what fits the task, classification or regression."""
        self._is_regression = frame.regression
        if self._class_weights is not None:
            self._class_weights.visible = not frame.regression
        valid_losses = losses_for("regression" if frame.regression else "classification")
        choices = self._training.param.loss
        if choices.objects != valid_losses:
            if self._training.loss not in valid_losses:
                # Param accepts a value only if it is among the objects, the old value too.
                choices.objects = [self._training.loss, *valid_losses]
                self._training.loss = valid_losses[0]
            choices.objects = valid_losses


def _initialiser_field(architecture: Architecture) -> pn.widgets.Widget:
    """Make the choice of an initialisation, whose names are longer than half a card."""
    return field(architecture, "initialiser", css_classes=["pg-whole-row"])
