"""Plots that HoloViews declares, as JSON that BokehJS draws in both themes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

import holoviews as hv
import numpy as np
from bokeh.embed import json_item
from bokeh.models import PanTool, WheelZoomTool
from holoviews.plotting.plot import Plot

from playground.training.frame import Frame
from playground.views import boundary, curves
from playground.views.figure import figure_properties
from playground.views.live import Properties, parts, set_property
from playground.views.quantities import Placed, Quantity, measured
from playground.views.theme import DARK, LIGHT, Theme

Paint = Callable[[Theme], Properties]
Look = tuple[str, str, Any]
"""Id of a Bokeh model, name of a property, and its value."""
Json = dict[str, Any]
WORDS, CURSOR = 4, 5
"""Places among the elements of `curves.draw`."""


def boundary_plot(frame: Frame) -> Json:
    """The boundary with its samples; it can be zoomed and moved."""
    choices = boundary.Choices(discretise=False, show_test=False, unit=None, pointer=None)
    plot = _rendered(boundary.draw(frame, LIGHT, **choices))
    wheel, pan = WheelZoomTool(), PanTool()
    plot.state.add_tools(wheel, pan)
    # Pinching zooms; a finger that only moves scrolls the page until there is more to be seen.
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
    return _embedded(plot, models, lambda theme: boundary.properties(frame, theme, **choices))


def curves_plot(quantity: Quantity, frame: Placed) -> Json:
    """One quantity by epoch, with a cursor."""
    choices = curves.Choices(smoothing=0.0, log=False)
    plot = _rendered(curves.draw(quantity, frame, LIGHT, **choices))
    tested = bool(np.isfinite(measured(quantity, frame)[1]).any())
    legend = parts(plot)[WORDS].handles["source"]
    places = {name: list(legend.data[name]) for name in ("epoch", "value")}
    texts = {**places, "text": ["train", "test" if tested else ""]}
    names = {"figure": "0.plot", "y_range": "0.y_range", "cursor": f"{CURSOR}.source"}
    models = {name: _handle(plot, path) for name, path in names.items()}
    return _embedded(
        plot,
        models,
        lambda theme: curves.properties(quantity, frame, theme, **choices),
        lambda theme: [(legend.id, "data", {**texts, "text_color": [theme.ink, theme.accent]})],
    )


def _rendered(overlay: hv.Overlay) -> Plot:
    return hv.renderer("bokeh").get_plot(overlay)


def _handle(plot: Plot, path: str) -> Any:  # noqa: ANN401 (Bokeh's models)
    element, handle = path.split(".")
    return parts(plot)[int(element)].handles[handle]


def _embedded(
    plot: Plot,
    models: Mapping[str, Any],
    paint: Paint,
    more: Callable[[Theme], list[Look]] = lambda theme: [],
) -> Json:
    """Write a plot, the ids of some of its models, and what differs from theme to theme."""
    for path, value in _painted(LIGHT, paint).items():
        set_property(plot, path, value)
    looks = {theme: _painted(theme, paint) for theme in (LIGHT, DARK)}
    changing = [path for path, value in looks[LIGHT].items() if value != looks[DARK][path]]
    return {
        "item": json_item(plot.state),
        "models": {name: model.id for name, model in models.items()},
        "looks": {
            theme.name: [
                *(_look(plot, path, properties[path]) for path in changing),
                *more(theme),
            ]
            for theme, properties in looks.items()
        },
    }


def _painted(theme: Theme, paint: Paint) -> Properties:
    return {**figure_properties(theme), **paint(theme)}


def _look(plot: Plot, path: str, value: object) -> Look:
    """Name the Bokeh model and the property behind a path; see `playground.views.live`."""
    element, handle, attribute = path.split(".", 2)
    owner = parts(plot)[int(element)].handles[handle]
    *parents, name = attribute.rsplit(".", 1)
    model: Any = attrgetter(*parents)(owner) if parents else owner
    if isinstance(model, list):  # such as the two halves of a figure's axes
        (model,) = model
    return model.id, name, value
