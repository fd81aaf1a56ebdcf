"""The card of settings of a logic gate."""

from __future__ import annotations

import panel as pn

from playground.pages.controls.deferred import DeferredColumn
from playground.pages.controls.fields.held_inputs import HeldInput, HeldInputs
from playground.pages.controls.fields.parameter_fields import card, field, group
from playground.pages.controls.notes import Notes
from playground.pages.part import Part
from playground.problems.gate_parameters import INPUT_NAMES
from playground.problems.gates import Gates


class GatesCard(Part):
    """The gate, its number of inputs and noise, and with three or four inputs the plane drawn."""

    def __init__(self, problem: Gates) -> None:
        super().__init__()
        self._problem = problem
        self.notes = Notes("data")
        self._held = HeldInputs(self._held_inputs(), self._hold, "{} held at")
        self._slice = DeferredColumn(
            group(field(problem, "horizontal"), field(problem, "vertical")),
            self._held,
            margin=0,
            sizing_mode="stretch_width",
            visible=False,
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
        problem.param.watch(lambda _event: self._held.show_values(self._held_inputs()), "pins")
        self._show_relevant()

    def __panel__(self) -> pn.Column:
        return self._card

    def _held_inputs(self) -> list[HeldInput]:
        return [
            HeldInput(name, value)
            for name, value in zip(INPUT_NAMES, self._problem.pins, strict=True)
        ]

    def _hold(self, name: str, value: float) -> None:
        pins = dict(zip(INPUT_NAMES, self._problem.pins, strict=True))
        self._problem.pins = tuple({**pins, name: value}.values())

    def _show_relevant(self, *_events: object) -> None:
        problem = self._problem
        self._slice.visible = problem.inputs_count > 2
        self._held.show_only({*problem.inputs} - {problem.horizontal, problem.vertical})
