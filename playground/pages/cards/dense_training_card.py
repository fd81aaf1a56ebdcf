"""The cards of choices about the network and its training."""

from __future__ import annotations

import panel as pn
import param

from playground.networks.architecture import Architecture
from playground.pages.controls.notes import Notes
from playground.pages.controls.number_field import NumberField
from playground.pages.controls.parameter_fields import LogField, card, field, group, setting_tag
from playground.pages.part import DenseHeartbeat, Part
from playground.training.core.losses import losses_for
from playground.training.dense.frame import Frame
from playground.training.dense.training_data import available_features
from playground.training.training import Training


class FeatureChoice(Part):
    """Which features the network is given; at least one stays chosen."""

    def __init__(self, heartbeat: DenseHeartbeat) -> None:
        super().__init__()
        self._trainer = heartbeat.trainer
        self._updating = False
        self._buttons = pn.widgets.CheckButtonGroup(
            name="Features",
            options=list(heartbeat.trainer.problem.features),
            value=list(heartbeat.frame.plan.features),
            margin=0,
            css_classes=["pg-chips", "pg-features"],
            tags=[setting_tag(self._trainer.architecture, "features")],
        )
        self._buttons.param.watch(self._choose, "value")

    def __panel__(self) -> pn.widgets.CheckButtonGroup:
        return self._buttons

    def update(self, frame: Frame) -> None:
        """Offer what the problem has, and follow a choice that was made elsewhere."""
        problem = self._trainer.problem
        # A frame from before the last click must not take the click back.
        if available_features(problem, self._trainer.architecture.features) == frame.plan.features:
            self._show(list(problem.features), list(frame.plan.features))

    def _show(self, options: list[str], value: list[str]) -> None:
        self._updating = True
        self._buttons.param.update(options=options, value=value)
        self._updating = False

    def _choose(self, event: param.parameterized.Event) -> None:
        if self._updating:
            return
        if event.new:
            self._trainer.architecture.features = list(event.new)
        else:
            self._show(self._buttons.options, event.old)


class DenseTrainingCard(Part):
    """Everything about how the network learns, and how it starts."""

    def __init__(self, heartbeat: DenseHeartbeat) -> None:
        super().__init__()
        training: Training = heartbeat.trainer.training
        architecture: Architecture = heartbeat.trainer.architecture
        self._training = training
        self._loss = field(training, "loss")
        # A module of somebody's own has the layers it has.
        is_dense = bool(heartbeat.trainer.plan.layers)
        self.notes = Notes("training")
        self._card = card(
            "Training",
            group(
                LogField(training, "learning_rate", -5, 1),
                field(training, "optimiser"),
                *([field(architecture, "activation")] if is_dense else []),
                self._loss,
                NumberField(training, "batch_size", "Batch size"),
                *([field(architecture, "dropout", step=0.05)] if is_dense else []),
                LogField(training, "l1", -6, 0, zero=True),
                LogField(training, "l2", -6, 0, zero=True),
                *([field(architecture, "initialiser")] if is_dense else []),
                field(training, "schedule"),
            ),
            collapsed_card(
                "More",
                group(
                    NumberField(training, "horizon", "Schedule spans"),
                    field(training, "engine"),
                    NumberField(training, "stop_epoch", "Run to epoch"),
                    NumberField(training, "stop_loss", "Stop at loss"),
                    NumberField(training, "stop_accuracy", "Stop at accuracy"),
                    *([NumberField(architecture, "seed", "Weight seed")] if is_dense else []),
                ),
            ),
            self.notes,
            area="training",
        )

    def __panel__(self) -> pn.Column:
        return self._card

    def update(self, frame: Frame) -> None:
        """Offer the losses that serve the task."""
        valid_losses = losses_for("regression" if frame.regression else "classification")
        choices = self._training.param.loss
        if choices.objects != valid_losses:
            if self._training.loss not in valid_losses:
                # A loss can only be chosen while it is among the choices, as must be the last one.
                choices.objects = [self._training.loss, *valid_losses]
                self._training.loss = valid_losses[0]
            choices.objects = valid_losses


def collapsed_card(title: str, *content: object) -> pn.Card:
    """Choices that are not needed at first, folded away."""
    return pn.Card(
        # Folding hides this column; what is inside may set its own kind of layout.
        pn.Column(*content, sizing_mode="stretch_width", margin=0),
        title=title,
        collapsed=True,
        css_classes=["pg-more"],
        header_css_classes=["pg-more-title"],
        sizing_mode="stretch_width",
        margin=0,
    )
