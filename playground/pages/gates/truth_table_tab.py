"""The tab of the truth table: input switches, targets, and the prediction of every row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape

import numpy as np
import panel as pn

from playground.pages.accessibility.bokeh_widgets import group_name
from playground.pages.cards.answer_html import answer_html
from playground.pages.controls.help_tags import help_tags
from playground.pages.controls.live_html import LiveHTML
from playground.pages.design import page_design
from playground.pages.part import DenseHeartbeat, Part
from playground.problems.gate_parameters import INPUT_NAMES
from playground.problems.gates import CUSTOM, Gates
from playground.problems.problem import Floats
from playground.training.dense.frame import Frame


class TableRow(Part):
    """One row: its inputs, its target (a button that flips it), and the prediction."""

    def __init__(self, inputs: Mapping[str, int], flip: Callable[[object], None]) -> None:
        super().__init__()
        name = ", ".join(f"{each} = {bit}" for each, bit in inputs.items())
        self._target = pn.widgets.Button(
            width=38, margin=0, tags=help_tags("What is right for this row; a click turns it.")
        )
        self._target.on_click(flip)
        self._answer_html = LiveHTML("", margin=0)
        bits = cells("span", map(str, inputs.values()))
        self._row = row(bits, self._target, self._answer_html, name=f"Target of {name}")

    def __panel__(self) -> pn.Row:
        return self._row

    def label(self, target: int) -> None:
        """Show the target."""
        kind = f"pg-target-{target}"
        self._target.param.update(name=str(target), css_classes=["pg-target", kind])

    def show_output(self, frame: Frame, answer: Floats, target: int) -> None:
        """Show the prediction, and whether it is right."""
        right = int(answer.argmax()) == target
        mark = '<i class="pg-right">✓</i>' if right else '<i class="pg-wrong">✗</i>'
        self._answer_html.object = f"{mark} {answer_html(frame, answer)}"


class TruthTableTab(Part):
    """Switches for the inputs with their live prediction, and a row for each combination of inputs.

    A click on a row's target flips it; the gate becomes a custom one.
    """

    def __init__(self, heartbeat: DenseHeartbeat, problem: Gates) -> None:
        super().__init__()
        self._heartbeat = heartbeat
        self._problem = problem
        self._switches = [
            pn.widgets.Toggle(
                width=62,
                margin=0,
                css_classes=["pg-switch"],
                tags=help_tags(f"Switches {name}; beside it stands what the network answers."),
            )
            for name in INPUT_NAMES
        ]
        for switch in self._switches:
            switch.param.watch(self._query_network, "value")
        self._answer = LiveHTML("", css_classes=["pg-answer"], margin=0)
        self._status = LiveHTML("", css_classes=["pg-learned"], margin=0)
        self._rows: list[TableRow] = []
        self._body = pn.Column(css_classes=["pg-rows"], margin=0, sizing_mode="stretch_width")
        self._column = pn.Column(
            pn.Row(*self._switches, self._answer, css_classes=["pg-switches"], margin=0),
            self._status,
            self._body,
            css_classes=["pg-table"],
            margin=0,
            sizing_mode="stretch_width",
        )
        problem.param.watch(self._on_gate_changed, ["inputs_count", "gate", "table"])
        self._rebuild()
        self.update(heartbeat.frame)

    def __panel__(self) -> pn.Column:
        return self._column

    def update(self, frame: Frame) -> None:
        """Show the predictions of a newer frame for each row and for the switches."""
        answers, right = frame.probe_outputs.get("rows"), self._problem.answers()
        if answers is None or len(answers) != len(right):
            return
        for each, answer, target in zip(self._rows, answers, right, strict=True):
            each.show_output(frame, answer, target)
        if "switches" in frame.probe_outputs:
            self._answer.object = f"→ {answer_html(frame, frame.probe_outputs['switches'][0])}"
        count = int((answers.argmax(1) == right).sum())
        self._status.object = (
            f"{count} of {len(right)} rows right."
            if frame.learned_epoch is None
            else f"Learned at epoch {frame.learned_epoch:,}: all rows right with a margin."
        )

    def _on_gate_changed(self, *_events: object) -> None:
        if len(self._rows) == len(self._problem.answers()):
            self._show_targets()
        else:
            self._rebuild()

    def _rebuild(self) -> None:
        inputs = self._problem.inputs
        for name, switch in zip(INPUT_NAMES, self._switches, strict=True):
            switch.visible = name in inputs
        with page_design():
            head = row(
                cells("b", inputs),
                LiveHTML("<b>target</b>", width=38, margin=0),
                LiveHTML("<b>network</b>", margin=0),
                name="Columns",
            )
            self._rows = [
                TableRow(dict(zip(inputs, bits, strict=True)), self._target_flipper(number))
                for number, bits in enumerate(self._problem.rows().astype(int))
            ]
            self._body.objects = [head, *(each.__panel__() for each in self._rows)]
        self._show_targets()
        self._query_network()

    def _show_targets(self) -> None:
        for each, answer in zip(self._rows, self._problem.answers(), strict=True):
            each.label(int(answer))

    def _target_flipper(self, number: int) -> Callable[[object], None]:
        def flip(_event: object) -> None:
            table = [int(answer) for answer in self._problem.answers()]
            table[number] = 1 - table[number]
            self._problem.param.update(gate=CUSTOM, table=tuple(table))

        return flip

    def _query_network(self, *_events: object) -> None:
        for switch, name in zip(self._switches, INPUT_NAMES, strict=True):
            switch.name = f"{name} = {int(switch.value)}"
        inputs = self._switches[: len(self._problem.inputs)]
        bits = [float(switch.value) for switch in inputs]
        self._heartbeat.trainer.set_probe("rows", self._problem.rows())
        self._heartbeat.trainer.set_probe("switches", np.array([bits], np.float32))
        self._heartbeat.refresh()


def row(*parts: pn.viewable.Viewable, name: str) -> pn.Row:
    """Arrange cells side by side, below those of the row above; screen readers tell the name."""
    return pn.Row(*parts, css_classes=["pg-row"], margin=0, tags=group_name(name))


def cells(tag: str, texts: Iterable[str]) -> LiveHTML:
    """Arrange short texts in columns of equal width."""
    inner = "".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts)
    return LiveHTML(f'<div class="pg-bits">{inner}</div>', margin=0)
