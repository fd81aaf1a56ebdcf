"""Sliders and selects for the inputs that are on no axis of the boundary."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import panel as pn
import param

from playground.pages.controls.fields.parameter_fields import group
from playground.pages.controls.help_tags import help_tags
from playground.pages.part import Part


@dataclass(frozen=True, slots=True)
class HeldInput:
    """An input, or a column of categories, that can be held at a value.

    Attributes
    ----------
    name : str
    value : float or str
        What it is held at: a number, or one of the categories.
    start, end, step : float
        Of the slider for a number.
    decimals : int
        Digits after the point that the slider shows.
    categories : tuple of str
        Offered in a select; empty for a number.
    """

    name: str
    value: float | str
    start: float = 0.0
    end: float = 1.0
    step: float = 0.05
    decimals: int = 2
    categories: tuple[str, ...] = ()


class HeldInputs(Part):
    """A slider for each number and a select for each column of categories.

    Parameters
    ----------
    inputs : sequence of HeldInput
    hold : callable
        Given the name of an input and the value that a person chose for it.
    label : str
        Of a control, with "{}" in place of the name.
    """

    def __init__(
        self, inputs: Sequence[HeldInput], hold: Callable[[str, Any], None], label: str = "{}"
    ) -> None:
        super().__init__()
        self._hold, self._label = hold, label
        self._showing = False
        self._controls = {each.name: self._control(each) for each in inputs}
        self._group = group(*self._controls.values())

    def __panel__(self) -> pn.Column:
        return self._group

    def show_only(self, names: Collection[str]) -> None:
        """Show the controls of these inputs, and hide the others."""
        for name, control in self._controls.items():
            control.visible = name in names

    def show_values(self, inputs: Sequence[HeldInput]) -> None:
        """Show other values and ranges of the same inputs."""
        self._showing = True
        try:
            for each in inputs:
                self._controls[each.name].param.update(**_settings(each))
        finally:
            self._showing = False

    def _control(self, held: HeldInput) -> pn.widgets.Widget:
        kind = pn.widgets.Select if held.categories else pn.widgets.FloatSlider
        control: pn.widgets.Widget = kind(
            name=self._label.format(held.name),
            margin=0,
            sizing_mode="stretch_width",
            tags=help_tags(f"Where {held.name} is held while the picture shows other inputs."),
            **_settings(held),
        )

        def take(event: param.parameterized.Event) -> None:
            if not self._showing:
                self._hold(held.name, event.new)

        control.param.watch(take, "value")
        return control


def _settings(held: HeldInput) -> dict[str, Any]:
    """Return the parameters of the control that depend on the input."""
    if held.categories:
        return {"options": [*held.categories], "value": held.value}
    return {
        "start": held.start,
        "end": held.end,
        "step": held.step,
        "value": held.value,
        "format": "0,0" + ("." + "0" * held.decimals if held.decimals else ""),
    }
