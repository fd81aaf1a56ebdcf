"""Widgets of parameters, linked both ways, and the boxes they are arranged in."""

from __future__ import annotations

import math
from typing import Any

import panel as pn
import param
from bokeh.models import CustomJSTickFormatter

from playground.pages.accessibility.bokeh_widgets import group_name
from playground.pages.controls.deferred import DeferredColumn, MakeContent
from playground.pages.controls.help_tags import help_tags
from playground.pages.part import Part

SLIDER_STEP = 0.05
"""Distance of two positions of a `LogField`, in powers of ten: 20 steps a decade."""
NEAR = 0.52 * SLIDER_STEP
"""Half a step, and a little for rounding to two digits: so near, the slider shows a number."""


def field(owner: param.Parameterized, name: str, /, **settings: Any) -> pn.widgets.Widget:
    """Make a widget for a parameter, linked both ways.

    Parameters
    ----------
    owner : Parameterized
    name : str
        Of the parameter; the widget takes over its label, bounds and options.
    **settings
        Parameters of the widget; `widget` is its class, by default the one that Panel uses.
    """
    parameter = owner.param[name]
    kind = settings.pop("widget", None) or pn.Param.widget_type(parameter)
    tags = setting_tags(owner, name)
    if issubclass(kind, (pn.widgets.RadioButtonGroup, pn.widgets.CheckButtonGroup)):
        tags += group_name(settings.get("name", parameter_label(owner, name)))
    options = {"sizing_mode": "stretch_width", "margin": 0, "tags": tags, **settings}
    if "description" in kind.param:
        options.setdefault("description", None)
    widget: pn.widgets.Widget = kind.from_param(parameter, **options)
    return widget


def setting_tag(owner: param.Parameterized, name: str) -> str:
    """The tag of the control of a parameter, by which the control is found and hidden."""
    return f"{type(owner).__name__}.{name}"


def setting_tags(owner: param.Parameterized, name: str) -> list[str]:
    """The tags of the control of a parameter: `setting_tag`, and its documentation as help."""
    return [setting_tag(owner, name), *help_tags(owner.param[name].doc)]


def parameter_label(owner: param.Parameterized, name: str) -> str:
    """The label of a parameter on the page."""
    return str(owner.param[name].label or name)


class LogField(Part):
    """A logarithmic slider for a positive number, or for one that may be 0.

    Parameters
    ----------
    owner, name
        The parameter; its own bounds apply, and the slider may span less.
    low, high : float
        Exponents of ten at the ends of the slider.
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
            step=SLIDER_STEP,
            value=self._position(getattr(owner, name)),
            format=CustomJSTickFormatter(code=code),
            sizing_mode="stretch_width",
            margin=0,
            tags=setting_tags(owner, name),
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
        position = self._position(getattr(self._owner, self._name))
        if event.new == position:
            return  # Set from here for a number of more digits than the slider would set.
        if not self._low <= event.new <= self._high:
            # A browser may send any number, and a power of some would never be computed.
            self._slider.value = position
            return
        at_zero = self._zero and event.new <= self._low
        number = 0.0 if at_zero else float(f"{10**event.new:.2g}")
        setattr(self._owner, self._name, number)

    def _from_owner(self, event: param.parameterized.Event) -> None:
        position = self._position(event.new)
        # Near enough: the number may come from the slider, whose position is then on a step.
        if abs(position - float(self._slider.value or 0)) > NEAR:
            self._slider.value = position


def group(*items: object, columns: int = 2) -> pn.Column:
    """Arrange controls in columns of equal width."""
    return pn.Column(
        *items,
        css_classes=["pg-group"],
        styles={"--pg-columns": str(columns)},
        sizing_mode="stretch_width",
        margin=0,
    )


def card(
    title: str | pn.viewable.Viewable, *content: object, area: str, tools: tuple[object, ...] = ()
) -> pn.Column:
    """Make a card: a title with tools to its right, then the content.

    Parameters
    ----------
    title : str or viewable
        HTML, or what shows it.
    *content : panel objects
    area : str
        Name of the card's place in the style sheet, by which links can hide it.
    tools : tuple of panel objects
    """
    if isinstance(title, str):
        title = pn.pane.HTML(f"<h2>{title}</h2>", margin=0, css_classes=["pg-title"])
    heading = pn.Row(
        title,
        *([pn.Spacer(sizing_mode="stretch_width"), *tools] if tools else []),
        css_classes=["pg-heading"],
        sizing_mode="stretch_width",
        margin=0,
    )
    return pn.Column(
        heading, *content, css_classes=["pg-card", f"pg-{area}"], margin=0, min_width=0
    )


def collapsed_card(title: str, *content: object, make: MakeContent | None = None) -> pn.Card:
    """Controls that are not needed at first, folded away under a title until it is clicked.

    Parameters
    ----------
    title : str
    *content : panel objects
    make : callable, optional
        Makes what follows that, when it is first needed.
    """
    # Folding hides this column; the style sheet may give its contents a `display` of their own.
    folded = DeferredColumn(*content, make=make, sizing_mode="stretch_width", margin=0)
    fold = pn.Card(
        folded,
        title=title,
        collapsed=True,
        css_classes=["pg-more"],
        header_css_classes=["pg-more-title"],
        sizing_mode="stretch_width",
        margin=0,
    )
    fold.param.watch(lambda _event: folded.show_content(), "collapsed")
    return fold
