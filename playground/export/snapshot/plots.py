"""HoloViews plots as JSON that BokehJS draws in both themes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

import holoviews as hv
import numpy as np
from bokeh.embed import json_item
from bokeh.models import BasicTicker, PanTool, WheelZoomTool
from holoviews.plotting.plot import Plot

from playground.training.dense.frame import Frame
from playground.views import boundary
from playground.views.curves import metric_curves
from playground.views.curves.curve_metrics import CurveMetric, HasProgress, metric_values
from playground.views.figure import figure_properties
from playground.views.live_view import Properties, element_plots, set_property
from playground.views.theme import DARK, LIGHT, Theme

ThemeProperties = Callable[[Theme], Properties]
ModelProperty = tuple[str, str, Any]
"""Id of a Bokeh model, name of a property, and its value."""
Json = dict[str, Any]
LEGEND_ELEMENT, CURSOR_ELEMENT = 4, 5
"""Indices of elements of `metric_curves.draw`."""


def boundary_plot(frame: Frame) -> Json:
    """Plot the boundary with its samples, with tools for zooming and panning."""
    choices = boundary.BoundaryChoices(discretise=False, show_test=False, unit=None, pointer=None)
    plot = _render(boundary.draw(frame, LIGHT, **choices))
    wheel, pan = WheelZoomTool(), PanTool()
    plot.state.add_tools(wheel, pan)
    # Pinching zooms; a finger that moves scrolls the document unless the plot is zoomed in.
    plot.state.toolbar.update(active_scroll=wheel, active_drag=None)
    names = {
        "figure": "0.plot",
        "x_range": "0.x_range",
        "y_range": "0.y_range",
        "picture": "0.source",
        "mapper": "0.color_mapper",
        "test": "1.source",
        "train": "2.source",
        "ring": "3.source",
    }
    models = {name: _handle(plot, path) for name, path in names.items()}
    models["pan"] = pan
    fixed_ticks = boundary.tick_properties(frame)
    if frame.places.is_identity:
        # Bokeh's own ticks follow a zoom; those in units can't.
        for axis in plot.state.axis:
            axis.update(ticker=BasicTicker(), major_label_overrides={})

    def properties(theme: Theme) -> Properties:
        found = boundary.properties(frame, theme, **choices)
        if frame.places.is_identity:
            found = {path: found[path] for path in found if path not in fixed_ticks}
        return found

    return _plot_json(plot, models, properties)


def curves_plot(quantity: CurveMetric, frame: HasProgress) -> Json:
    """Plot one quantity by epoch, with a cursor."""
    choices = metric_curves.CurveChoices(smoothing=0.0, log=False)
    plot = _render(metric_curves.draw(quantity, frame, LIGHT, **choices))
    tested = bool(np.isfinite(metric_values(quantity, frame)[1]).any())
    legend = element_plots(plot)[LEGEND_ELEMENT].handles["source"]
    kept = {name: list(each) for name, each in legend.data.items()}
    texts = {**kept, "text": ["train", "test" if tested else ""]}
    names = {"figure": "0.plot", "y_range": "0.y_range", "cursor": f"{CURSOR_ELEMENT}.source"}
    models = {name: _handle(plot, path) for name, path in names.items()}
    return _plot_json(
        plot,
        models,
        lambda theme: metric_curves.properties(quantity, frame, theme, **choices),
        lambda theme: [(legend.id, "data", {**texts, "text_color": [theme.ink, theme.muted]})],
    )


def _render(overlay: hv.Overlay) -> Plot:
    return hv.renderer("bokeh").get_plot(overlay)


def _handle(plot: Plot, path: str) -> Any:  # noqa: ANN401 (Bokeh's models)
    element, handle = path.split(".")
    return element_plots(plot)[int(element)].handles[handle]


def _plot_json(
    plot: Plot,
    models: Mapping[str, Any],
    theme_properties: ThemeProperties,
    more: Callable[[Theme], list[ModelProperty]] = lambda theme: [],
) -> Json:
    """Write a plot, the ids of some of its models, and the properties that depend on the theme."""
    for path, value in _themed_properties(LIGHT, theme_properties).items():
        set_property(plot, path, value)
    by_theme = {theme: _themed_properties(theme, theme_properties) for theme in (LIGHT, DARK)}
    changing = [path for path, value in by_theme[LIGHT].items() if value != by_theme[DARK][path]]
    return {
        "item": json_item(plot.state),
        "models": {name: model.id for name, model in models.items()},
        "themes": {
            theme.name: [
                *(_model_property(plot, path, properties[path]) for path in changing),
                *more(theme),
            ]
            for theme, properties in by_theme.items()
        },
    }


def _themed_properties(theme: Theme, theme_properties: ThemeProperties) -> Properties:
    return {**figure_properties(theme), **theme_properties(theme)}


def _model_property(plot: Plot, path: str, value: object) -> ModelProperty:
    """Resolve a path (see `playground.views.live_view`) to a Bokeh model and a property."""
    element, handle, attribute = path.split(".", 2)
    owner = element_plots(plot)[int(element)].handles[handle]
    *parents, name = attribute.rsplit(".", 1)
    model: Any = attrgetter(*parents)(owner) if parents else owner
    if isinstance(model, list):  # such as the two halves of a figure's axes
        (model,) = model
    return model.id, name, value
