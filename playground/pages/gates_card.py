"""The choices about a logic gate."""

from __future__ import annotations

import panel as pn
import param

from playground.pages.fields import card, field, group
from playground.pages.notes import Notes
from playground.pages.part import Part
from playground.problems.gate_parameters import NAMES
from playground.problems.gates import Gates


class GatesCard(Part):
    """Which gate is learned, and a slice through it where there are three or four inputs."""

    def __init__(self, problem: Gates) -> None:
        super().__init__()
        self._problem = problem
        self.notes = Notes("data")
        self._pins = [self._pin(number) for number in range(len(NAMES))]
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
        problem.param.watch(self._arrange, ["inputs_count", "horizontal", "vertical"])
        self._arrange()

    def __panel__(self) -> pn.Column:
        return self._card

    def _pin(self, number: int) -> pn.widgets.FloatSlider:
        slider = pn.widgets.FloatSlider(
            name=f"{NAMES[number]} held at",
            start=0,
            end=1,
            step=0.05,
            value=self._problem.pins[number],
            margin=0,
            sizing_mode="stretch_width",
        )

        def hold(event: param.parameterized.Event) -> None:
            pins = list(self._problem.pins)
            pins[number] = event.new
            self._problem.pins = tuple(pins)

        slider.param.watch(hold, "value")
        return slider

    def _arrange(self, *_events: object) -> None:
        problem = self._problem
        self._slice.visible = problem.inputs_count > 2
        for name, slider in zip(NAMES, self._pins, strict=True):
            pinned = name not in (problem.horizontal, problem.vertical)
            slider.visible = pinned and name in problem.inputs
