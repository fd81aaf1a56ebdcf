"""The choices about a logic gate, its switches, and its truth table."""

from __future__ import annotations

from html import escape

import numpy as np
import panel as pn
import param

from playground.live import Heartbeat
from playground.pages.fields import card, field, group
from playground.pages.notes import Notes
from playground.pages.part import Part
from playground.pages.readout import said
from playground.pages.style import dressed
from playground.problems.gate_parameters import NAMES
from playground.problems.gates import CUSTOM, Gates
from playground.problems.problem import Floats
from playground.training.frame import Frame


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


class TruthTable(Part):
    """Switches for the inputs with the live answer, and every row with the network's prediction.

    A click on a row's target turns it; the gate becomes a custom one.
    """

    def __init__(self, heartbeat: Heartbeat, problem: Gates) -> None:
        super().__init__()
        self._heartbeat = heartbeat
        self._problem = problem
        self._switches = [
            pn.widgets.Toggle(name=f"{name} = 0", width=62, margin=0, css_classes=["pg-switch"])
            for name in NAMES
        ]
        for switch in self._switches:
            switch.param.watch(self._ask, "value")
        self._answer = pn.pane.HTML("", css_classes=["pg-answer"], margin=0)
        self._learned = pn.pane.HTML("", css_classes=["pg-learned"], margin=0)
        self._rows: list[tuple[pn.pane.HTML, pn.widgets.Button, pn.pane.HTML]] = []
        self._body = pn.Column(css_classes=["pg-rows"], margin=0, sizing_mode="stretch_width")
        self._column = pn.Column(
            pn.Row(*self._switches, self._answer, css_classes=["pg-switches"], margin=0),
            self._learned,
            self._body,
            css_classes=["pg-table"],
            margin=0,
            sizing_mode="stretch_width",
        )
        problem.param.watch(self._rebuild, "inputs_count")
        problem.param.watch(self._label, ["gate", "table"])
        self._rebuild()
        self.follow(heartbeat.frame)

    def __panel__(self) -> pn.Column:
        return self._column

    def follow(self, frame: Frame) -> None:
        """Show what a newer frame says to each row and to the switches."""
        answers = frame.answers.get("rows")
        if answers is None or len(answers) != len(self._rows):
            return
        right = self._problem.answers()
        for (_inputs, _target, said_), answer, target in zip(
            self._rows, answers, right, strict=True
        ):
            good = int(answer.argmax()) == target
            mark = "✓" if good else "✗"
            kind = "right" if good else "wrong"
            said_.object = f'<span class="pg-{kind}">{mark}</span> {said(frame, answer)}'
        if "switches" in frame.answers:
            self._answer.object = f"→ {said(frame, frame.answers['switches'][0])}"
        self._learned.object = (
            f"Learned at epoch {frame.learned:,}: all rows right with a margin."
            if frame.learned is not None
            else f"{self._count_right(answers)} of {len(right)} rows right."
        )

    def _count_right(self, answers: Floats) -> int:
        return int((answers.argmax(1) == self._problem.answers()).sum())

    def _rebuild(self, *_events: object) -> None:
        inputs = self._problem.inputs
        for name, switch in zip(NAMES, self._switches, strict=True):
            switch.visible = name in inputs
        names = "".join(f"<b>{escape(name)}</b>" for name in inputs)
        with dressed():
            self._rows = [self._row(number) for number in range(2 ** len(inputs))]
            head = [
                pn.pane.HTML(text, margin=0)
                for text in (
                    f'<div class="pg-bits">{names}</div>',
                    "<b>target</b>",
                    "<b>network</b>",
                )
            ]
        self._body.objects = [*head, *(cell for row in self._rows for cell in row)]
        self._label()
        self._ask()

    def _row(self, number: int) -> tuple[pn.pane.HTML, pn.widgets.Button, pn.pane.HTML]:
        bits = self._problem.rows()[number].astype(int)
        cells = "".join(f"<span>{bit}</span>" for bit in bits)
        target = pn.widgets.Button(name="", width=38, margin=0, css_classes=["pg-target"])
        target.on_click(lambda _event: self._turn(number))
        return (
            pn.pane.HTML(f'<div class="pg-bits">{cells}</div>', margin=0),
            target,
            pn.pane.HTML("", margin=0),
        )

    def _label(self, *_events: object) -> None:
        for (_inputs, target, _said), answer in zip(
            self._rows, self._problem.answers(), strict=True
        ):
            target.param.update(name=str(answer), css_classes=["pg-target", f"pg-target-{answer}"])

    def _turn(self, number: int) -> None:
        table = [int(answer) for answer in self._problem.answers()]
        table[number] = 1 - table[number]
        self._problem.param.update(gate=CUSTOM, table=tuple(table))

    def _ask(self, *_events: object) -> None:
        inputs = self._problem.inputs
        bits = [float(switch.value) for switch in self._switches[: len(inputs)]]
        for switch, name in zip(self._switches, NAMES, strict=True):
            switch.name = f"{name} = {int(switch.value)}"
        self._heartbeat.ask("rows", self._problem.rows())
        self._heartbeat.ask("switches", np.array([bits], np.float32))
