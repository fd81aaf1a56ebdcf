"""The card of learning curves."""

from __future__ import annotations

from typing import Any

import panel as pn
import param

from playground.pages.controls.changed_values import set_changed
from playground.pages.controls.fields.parameter_fields import card, field
from playground.pages.controls.notes import Notes
from playground.pages.part import Part
from playground.serving.heartbeat import Heartbeat
from playground.serving.patches.bokeh_patches import FILLED_LATER
from playground.views.curves.metric_curves import accuracy_curves, loss_curves
from playground.views.live_view import LiveView
from playground.views.theme import Theme

TITLE = "Learning curves <small>by epoch, test dashed</small>"


class CurvesCard(Part):
    """Loss and accuracy by epoch, with smoothing and a log scale.

    Parameters
    ----------
    heartbeat : Heartbeat
        Of a trainer whose frames have `curves`, `train`, `test` and `classes`.
    theme : Theme
    extra : sequence of panel objects
        Shown above the curves.
    """

    log = param.Boolean(
        default=False, label="Log scale", doc="Whether losses are drawn on a logarithmic axis."
    )
    smoothing = param.Number(
        default=0.0,
        bounds=(0, 0.99),
        step=0.01,
        label="Smoothing",
        doc="Weight of the running average, as opposed to the next value.",
    )

    def __init__(
        self, heartbeat: Heartbeat[Any, Any], theme: Theme, extra: tuple[Any, ...] = ()
    ) -> None:
        super().__init__()
        frame = heartbeat.frame
        self.views: tuple[LiveView, ...] = (
            loss_curves(frame, theme),
            accuracy_curves(frame, theme),
        )
        self.notes = Notes("curves", hint="")
        smoothing = field(
            self, "smoothing", widget=pn.widgets.FloatSlider, sizing_mode=None, width=130
        )
        # Each in a column: Panel's HoloViews pane can't be hidden while it has a design.
        loss, self._accuracy = (
            pn.Column(view.pane(), css_classes=["pg-plot"], margin=0) for view in self.views
        )
        self._card = card(
            TITLE,
            *extra,
            pn.Row(loss, self._accuracy, css_classes=["pg-curve-row"], margin=0),
            self.notes,
            area="curves",
            tools=(smoothing, field(self, "log", sizing_mode=None, align="center")),
        )
        if not extra:  # What stands above the curves is seen first.
            self._card.tags = [FILLED_LATER]

    def __panel__(self) -> pn.Column:
        return self._card

    def update(self, frame: Any) -> None:  # noqa: ANN401 (any trainer's)
        """Show a newer frame; the accuracy only for classification."""
        set_changed(self._accuracy, visible=bool(frame.classes))
        for view in self.views:
            view.push(frame)

    def keep(self, frame: Any) -> None:  # noqa: ANN401 (any trainer's)
        """Keep a newer frame, for when the scale is changed."""
        for view in self.views:
            view.frame = frame

    @param.depends("log", watch=True)
    def _scale(self) -> None:
        self.views[0].set(log=self.log)

    @param.depends("smoothing", watch=True)
    def _smooth(self) -> None:
        for view in self.views:
            view.set(smoothing=self.smoothing)
