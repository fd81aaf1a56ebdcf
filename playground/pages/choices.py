"""The cards of choices about the network and its training."""

from __future__ import annotations

import panel as pn
import param

from playground.networks.architecture import Architecture
from playground.pages.fields import LogField, card, field, group, tag_of
from playground.pages.notes import Notes
from playground.pages.number_field import NumberField
from playground.pages.part import Beat, Part
from playground.training.frame import Frame
from playground.training.lesson import chosen
from playground.training.losses import losses_for
from playground.training.training import Training


class FeatureChoice(Part):
    """Which features the network is given; at least one stays chosen."""

    def __init__(self, heartbeat: Beat) -> None:
        super().__init__()
        self._trainer = heartbeat.trainer
        self._showing = False
        self._buttons = pn.widgets.CheckButtonGroup(
            name="Features",
            options=list(heartbeat.trainer.problem.features),
            value=list(heartbeat.frame.plan.features),
            margin=0,
            css_classes=["pg-chips", "pg-features"],
            tags=[tag_of(self._trainer.architecture, "features")],
        )
        self._buttons.param.watch(self._choose, "value")

    def __panel__(self) -> pn.widgets.CheckButtonGroup:
        return self._buttons

    def follow(self, frame: Frame) -> None:
        """Offer what the problem has, and follow a choice that was made elsewhere."""
        problem = self._trainer.problem
        # A frame from before the last click must not take the click back.
        if chosen(problem, self._trainer.architecture.features) == frame.plan.features:
            self._show(list(problem.features), list(frame.plan.features))

    def _show(self, options: list[str], value: list[str]) -> None:
        self._showing = True
        self._buttons.param.update(options=options, value=value)
        self._showing = False

    def _choose(self, event: param.parameterized.Event) -> None:
        if self._showing:
            return
        if event.new:
            self._trainer.architecture.features = list(event.new)
        else:
            self._show(self._buttons.options, event.old)


class TrainingCard(Part):
    """Everything about how the network learns, and how it starts."""

    def __init__(self, heartbeat: Beat) -> None:
        super().__init__()
        training: Training = heartbeat.trainer.training
        architecture: Architecture = heartbeat.trainer.architecture
        self._training = training
        self._loss = field(training, "loss")
        # A module of somebody's own has the layers it has.
        layered = bool(heartbeat.trainer.plan.layers)
        self.notes = Notes("training")
        self._card = card(
            "Training",
            group(
                LogField(training, "learning_rate", -5, 1),
                field(training, "optimiser"),
                *([field(architecture, "activation")] if layered else []),
                self._loss,
                NumberField(training, "batch_size", "Batch size"),
                *([field(architecture, "dropout", step=0.05)] if layered else []),
                LogField(training, "l1", -6, 0, zero=True),
                LogField(training, "l2", -6, 0, zero=True),
                *([field(architecture, "initialiser")] if layered else []),
                field(training, "schedule"),
            ),
            more(
                "More",
                group(
                    NumberField(training, "horizon", "Schedule spans"),
                    field(training, "engine"),
                    NumberField(training, "stop_epoch", "Run to epoch"),
                    NumberField(training, "stop_loss", "Stop at loss"),
                    NumberField(training, "stop_accuracy", "Stop at accuracy"),
                    *([NumberField(architecture, "seed", "Weight seed")] if layered else []),
                ),
            ),
            self.notes,
            area="training",
        )

    def __panel__(self) -> pn.Column:
        return self._card

    def follow(self, frame: Frame) -> None:
        """Offer the losses that serve the task."""
        possible = losses_for("regression" if frame.regression else "classification")
        choices = self._training.param.loss
        if choices.objects != possible:
            if self._training.loss not in possible:
                # A loss can only be chosen while it is among the choices, as must be the last one.
                choices.objects = [self._training.loss, *possible]
                self._training.loss = possible[0]
            choices.objects = possible


def more(title: str, *content: object) -> pn.Card:
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
