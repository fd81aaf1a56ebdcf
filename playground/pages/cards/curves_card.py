"""How learning goes: curves, and what else there is to know about the network."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

import panel as pn
import param

from playground.pages.controls.live_html import LiveHTML
from playground.pages.controls.notes import Notes
from playground.pages.controls.parameter_fields import card, field
from playground.pages.controls.tab_card import tab_card
from playground.pages.part import DenseHeartbeat, Part
from playground.serving.heartbeat import Heartbeat
from playground.training.dense.frame import Frame
from playground.views.activations import activation_statistics
from playground.views.confusion import confusion
from playground.views.curves.metric_curves import accuracy_curves, loss_curves
from playground.views.gradient_norms import gradient_norms
from playground.views.live_view import LiveView
from playground.views.network_summary import summary, table
from playground.views.theme import Theme

LEGEND = "Solid: training samples. Dashed: test samples."


class CurvesCard(Part):
    """Loss and accuracy by epoch, with smoothing and a log scale.

    Parameters
    ----------
    heartbeat : Heartbeat
        Of any trainer whose frames have `curves`, `train`, `test` and `classes`.
    theme : Theme
    extra : sequence of panel objects
        Shown above the curves.
    """

    log = param.Boolean(default=False, label="Log scale", doc="Whether losses are in powers of 10.")
    smoothing = param.Number(
        default=0.0,
        bounds=(0, 0.99),
        step=0.01,
        label="Smoothing",
        doc="How much of the average so far is kept at each value.",
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
        self.notes = Notes("curves", hint=LEGEND)
        smoothing = field(
            self, "smoothing", widget=pn.widgets.FloatSlider, sizing_mode=None, width=130
        )
        # Each in a column: Panel's HoloViews pane can't be hidden while it has a design.
        loss, self._accuracy = (
            pn.Column(view.pane(), css_classes=["pg-plot"], margin=0) for view in self.views
        )
        self._card = card(
            "Learning curves",
            *extra,
            pn.Row(loss, self._accuracy, css_classes=["pg-curve-row"], margin=0),
            self.notes,
            area="curves",
            tools=(smoothing, field(self, "log", sizing_mode=None, align="center")),
        )

    def __panel__(self) -> pn.Column:
        return self._card

    def update(self, frame: Any) -> None:  # noqa: ANN401 (any trainer's)
        """Show a newer frame; regression has no accuracy."""
        self._accuracy.visible = bool(frame.classes)
        for view in self.views:
            view.push(frame)

    @param.depends("log", watch=True)
    def _scale(self) -> None:
        self.views[0].set(log=self.log)

    @param.depends("smoothing", watch=True)
    def _smooth(self) -> None:
        for view in self.views:
            view.set(smoothing=self.smoothing)


LAYER_TABS = "Gradients", "Activations"
"""Tabs about single layers."""
TitledTabs = tuple[tuple[str, Any], ...]
"""Tabs, and what is written on them."""


class DetailsCard(Part):
    """Tabs: what a page adds of its own, confusion matrix, layers, summary.

    Parameters
    ----------
    heartbeat : Heartbeat
    theme : Theme
    first, last : sequence of (str, object)
        Tabs that come before the others, and after them.

    Attributes
    ----------
    open : OpenTab
        Which of them is seen.
    """

    def __init__(
        self, heartbeat: DenseHeartbeat, theme: Theme, first: TitledTabs = (), last: TitledTabs = ()
    ) -> None:
        super().__init__()
        frame = heartbeat.frame
        # Of a module of somebody's own nobody knows the layers.
        layer_views = (gradient_norms, activation_statistics) if frame.layers else ()
        self.views: tuple[LiveView, ...] = (
            confusion(frame, theme),
            *(view(frame, theme) for view in layer_views),
        )
        self._summary = LiveHTML(_summary(frame), css_classes=["pg-summary"], margin=0)
        self._no_classes = LiveHTML(
            "<p>The network answers with values here, so no classes can be confused.</p>",
            css_classes=["pg-reading"],
            margin=0,
        )
        self._confusion = pn.Column(self.views[0].pane(), margin=0, sizing_mode="stretch_both")
        tabs = {
            "Confusion": pn.Column(self._confusion, self._no_classes, margin=0),
            **dict(zip(LAYER_TABS, (view.pane() for view in self.views[1:]), strict=False)),
            "Summary": self._summary,
        }
        self._show_confusion(frame)
        self._card, self.open = tab_card({**dict(first), **tabs, **dict(last)}, "details")

    def __panel__(self) -> pn.Column:
        return self._card

    def update(self, frame: Frame) -> None:
        """Show a newer frame."""
        for view in self.views:
            view.push(frame)
        self._summary.object = _summary(frame)
        self._show_confusion(frame)

    def _show_confusion(self, frame: Frame) -> None:
        self._confusion.visible = not frame.regression
        self._no_classes.visible = frame.regression


def _summary(frame: Frame) -> str:
    rows = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in astuple(row)) + "</tr>"
        for row in table(frame.plan)
    )
    head = "<tr><th>layer</th><th>shape</th><th>activation</th><th>parameters</th></tr>"
    return f"<p>{summary(frame.plan)}</p><table>{head}{rows}</table>"
