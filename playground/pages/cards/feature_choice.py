"""The choice of input features."""

from __future__ import annotations

import panel as pn
import param

from playground.pages.accessibility.bokeh_widgets import group_name
from playground.pages.controls.fields.parameter_fields import setting_tags
from playground.pages.part import DenseHeartbeat, Part
from playground.training.dense.frame import Frame
from playground.training.dense.training_data import available_features
from playground.views.diagram import FeatureRef, UnitRef


class FeatureChoice(Part):
    """Buttons that choose the features of the input; at least one stays chosen."""

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
            tags=[
                *setting_tags(self._trainer.architecture, "features"),
                *group_name("Features"),
            ],
        )
        self._buttons.param.watch(self._choose, "value")

    def __panel__(self) -> pn.widgets.CheckButtonGroup:
        return self._buttons

    def update(self, frame: Frame) -> None:
        """Offer the problem's features, and show a choice that was made elsewhere."""
        problem = self._trainer.problem
        # A frame from before the last click must not undo the click.
        if available_features(problem, self._trainer.architecture.features) == frame.plan.features:
            self._show(list(problem.features), list(frame.plan.features))

    def toggle(self, frame: Frame, ref: UnitRef | FeatureRef) -> None:
        """Take a feature of the diagram, or leave it; the last one stays.

        Parameters
        ----------
        frame : Frame
            The one that the diagram shows.
        ref : UnitRef or FeatureRef
            A feature that the network takes, or one that it does not take.
        """
        name = ref.name if isinstance(ref, FeatureRef) else frame.plan.features[ref.unit]
        value = list(self._buttons.value)
        value.remove(name) if name in value else value.append(name)
        self._buttons.value = [each for each in self._buttons.options if each in value]

    def _show(self, options: list[str], value: list[str]) -> None:
        if (self._buttons.options, self._buttons.value) == (options, value):
            return
        self._updating = True
        try:
            self._buttons.param.update(options=options, value=value)
        finally:
            self._updating = False

    def _choose(self, event: param.parameterized.Event) -> None:
        if self._updating:
            return
        if event.new:
            self._trainer.architecture.features = list(event.new)
        else:
            self._show(self._buttons.options, event.old)
