"""Controls for parameters: one declaration on a Param class, one widget on the page."""

from __future__ import annotations

import math
from typing import Any

import panel as pn
import param
from bokeh.models import CustomJSTickFormatter

from playground.pages.part import Part

NOTHING = -6.0
"""Where a logarithmic slider that can also say 0 does so."""


def field(owner: param.Parameterized, name: str, /, **settings: Any) -> pn.widgets.Widget:
    """The usual widget for a parameter, linked both ways.

    Parameters
    ----------
    owner : Parameterized
    name : str
        Of the parameter; its label, bounds and choices become those of the widget.
    **settings
        Parameters of the widget; `widget` says which class it is.
    """
    parameter = owner.param[name]
    kind = settings.pop("widget", None) or pn.Param.widget_type(parameter)
    options = {"sizing_mode": "stretch_width", "margin": 0, "tags": [setting_tag(owner, name)]}
    options |= settings
    if "description" in kind.param:
        options.setdefault("description", None)
    widget: pn.widgets.Widget = kind.from_param(parameter, **options)
    return widget


def setting_tag(owner: param.Parameterized, name: str) -> str:
    """The tag of what a parameter is set with, by which it can be found and hidden."""
    return f"{type(owner).__name__}.{name}"


def parameter_label(owner: param.Parameterized, name: str) -> str:
    """What a parameter is called on the page."""
    return str(owner.param[name].label or name)


class LogField(Part):
    """A slider over orders of magnitude for a positive number, or for one that may be 0.

    Parameters
    ----------
    owner, name
        The parameter. Its own bounds hold; the slider spans `low` to `high`.
    low, high : float
        Powers of ten at the ends of the slider.
    zero : bool
        Whether the left end means 0.
    """

    def __init__(
        self, owner: param.Parameterized, name: str, low: float, high: float, *, zero: bool = False
    ) -> None:
        super().__init__()
        self._owner, self._name, self._low, self._high, self._zero = owner, name, low, high, zero
        code = "return Number((10 ** tick).toPrecision(2)).toString()"
        if zero:
            code = f"return tick <= {low} ? '0' : Number((10 ** tick).toPrecision(2)).toString()"
        self._slider = pn.widgets.FloatSlider(
            name=parameter_label(owner, name),
            start=low,
            end=high,
            step=0.05,
            value=self._position(getattr(owner, name)),
            format=CustomJSTickFormatter(code=code),
            sizing_mode="stretch_width",
            margin=0,
            tags=[setting_tag(owner, name)],
        )
        self._slider.param.watch(self._to_owner, "value")
        owner.param.watch(self._from_owner, name)

    def __panel__(self) -> pn.widgets.FloatSlider:
        return self._slider

    def _position(self, number: float) -> float:
        if number <= 0:
            return self._low
        return min(max(math.log10(number), self._low), self._high)

    def _to_owner(self, event: param.parameterized.Event) -> None:
        if abs(event.new - self._position(getattr(self._owner, self._name))) < 1e-9:
            return
        at_zero = self._zero and event.new <= self._low
        number = 0.0 if at_zero else float(f"{10**event.new:.2g}")
        setattr(self._owner, self._name, number)

    def _from_owner(self, event: param.parameterized.Event) -> None:
        position = self._position(event.new)
        # The slider stands on a step near the number; moving it there would round the number.
        if abs(position - float(self._slider.value or 0)) > 0.026:
            self._slider.value = position


def group(*items: object, columns: int = 2) -> pn.Column:
    """Controls side by side in columns of equal width."""
    return pn.Column(
        *items,
        css_classes=["pg-group"],
        styles={"--pg-columns": str(columns)},
        sizing_mode="stretch_width",
        margin=0,
    )


def card(title: str, *content: object, area: str, tools: tuple[object, ...] = ()) -> pn.Column:
    """One of the page's cards: a heading with tools to its right, then the content."""
    heading = pn.Row(
        pn.pane.HTML(f"<h2>{title}</h2>", margin=0, css_classes=["pg-title"]),
        pn.Spacer(sizing_mode="stretch_width"),
        *tools,
        css_classes=["pg-heading"],
        sizing_mode="stretch_width",
        margin=0,
    )
    return pn.Column(
        heading, *content, css_classes=["pg-card", f"pg-{area}"], margin=0, min_width=0
    )
