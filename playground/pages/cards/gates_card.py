"""The card of settings of a logic gate."""

from __future__ import annotations

import panel as pn
import param

from playground.pages.controls.notes import Notes
from playground.pages.controls.parameter_fields import card, field, group
from playground.pages.part import Part
from playground.problems.gate_parameters import INPUT_NAMES
from playground.problems.gates import Gates


class GatesCard(Part):
    """The gate, its number of inputs and noise, and with three or four inputs the plane drawn."""

    def __init__(self, problem: Gates) -> None:
        super().__init__()
        self._problem = problem
        self.notes = Notes("data")
        self._pins = [self._pin(number) for number in range(len(INPUT_NAMES))]
        self._slice = pn.Column(
            group(field(problem, "horizontal"), field(problem, "vertical")),
            group(*self._pins),
            margin=0,
            sizing_mode="stretch_width",
        )
        gates = field(problem, "gate", widget=pn.widgets.RadioButtonGroup, css_classes=["pg-chips"])
        self._card = card(
            "Logic gate",
            gates,
            group(field(problem, "inputs_count"), field(problem, "noise")),
            self._slice,
            self.notes,
            area="problem",
        )
        problem.param.watch(self._show_relevant, ["inputs_count", "horizontal", "vertical"])
        self._show_relevant()

    def __panel__(self) -> pn.Column:
        return self._card

    def _pin(self, number: int) -> pn.widgets.FloatSlider:
        slider = pn.widgets.FloatSlider(
            name=f"{INPUT_NAMES[number]} held at",
            start=0,
            end=1,
            step=0.05,
            value=self._problem.pins[number],
            margin=0,
            sizing_mode="stretch_width",
        )

        def set_pin(event: param.parameterized.Event) -> None:
            pins = list(self._problem.pins)
            pins[number] = event.new
            self._problem.pins = tuple(pins)

        slider.param.watch(set_pin, "value")
        return slider

    def _show_relevant(self, *_events: object) -> None:
        problem = self._problem
        self._slice.visible = problem.inputs_count > 2
        for name, slider in zip(INPUT_NAMES, self._pins, strict=True):
            is_pinned = name not in (problem.horizontal, problem.vertical)
            slider.visible = is_pinned and name in problem.inputs
