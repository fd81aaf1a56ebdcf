"""The truth table: switches, targets, and what the network makes of every row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

import numpy as np
import panel as pn

from playground.pages.part import Beat, Part
from playground.pages.readout import said
from playground.pages.style import dressed
from playground.pages.words import Words
from playground.problems.gate_parameters import NAMES
from playground.problems.gates import CUSTOM, Gates
from playground.problems.problem import Floats
from playground.training.frame import Frame


class TableRow(Part):
    """One row: its inputs, its target (a button that turns it), and the network's answer."""

    def __init__(self, bits: Iterable[int], turn: Callable[[object], None]) -> None:
        super().__init__()
        self._target = pn.widgets.Button(width=38, margin=0)
        self._target.on_click(turn)
        self._said = Words("", margin=0)
        self._row = row(cells("span", map(str, bits)), self._target, self._said)

    def __panel__(self) -> pn.Row:
        return self._row

    def label(self, target: int) -> None:
        """Show the right answer."""
        kind = f"pg-target-{target}"
        self._target.param.update(name=str(target), css_classes=["pg-target", kind])

    def say(self, frame: Frame, answer: Floats, target: int) -> None:
        """Show the network's answer, and whether it is right."""
        right = int(answer.argmax()) == target
        mark = '<i class="pg-right">✓</i>' if right else '<i class="pg-wrong">✗</i>'
        self._said.object = f"{mark} {said(frame, answer)}"


class TruthTable(Part):
    """Switches for the inputs with the live answer, and every row with the network's prediction.

    A click on a row's target turns it; the gate becomes a custom one.
    """

    def __init__(self, heartbeat: Beat, problem: Gates) -> None:
        super().__init__()
        self._heartbeat = heartbeat
        self._problem = problem
        self._switches = [
            pn.widgets.Toggle(width=62, margin=0, css_classes=["pg-switch"]) for _name in NAMES
        ]
        for switch in self._switches:
            switch.param.watch(self._ask, "value")
        self._answer = Words("", css_classes=["pg-answer"], margin=0)
        self._learned = Words("", css_classes=["pg-learned"], margin=0)
        self._rows: list[TableRow] = []
        self._body = pn.Column(css_classes=["pg-rows"], margin=0, sizing_mode="stretch_width")
        self._column = pn.Column(
            pn.Row(*self._switches, self._answer, css_classes=["pg-switches"], margin=0),
            self._learned,
            self._body,
            css_classes=["pg-table"],
            margin=0,
            sizing_mode="stretch_width",
        )
        problem.param.watch(self._change, ["inputs_count", "gate", "table"])
        self._rebuild()
        self.follow(heartbeat.frame)

    def __panel__(self) -> pn.Column:
        return self._column

    def follow(self, frame: Frame) -> None:
        """Show what a newer frame says to each row and to the switches."""
        answers, right = frame.answers.get("rows"), self._problem.answers()
        if answers is None or len(answers) != len(right):
            return
        for each, answer, target in zip(self._rows, answers, right, strict=True):
            each.say(frame, answer, target)
        if "switches" in frame.answers:
            self._answer.object = f"→ {said(frame, frame.answers['switches'][0])}"
        count = int((answers.argmax(1) == right).sum())
        self._learned.object = (
            f"{count} of {len(right)} rows right."
            if frame.learned is None
            else f"Learned at epoch {frame.learned:,}: all rows right with a margin."
        )

    def _change(self, *_events: object) -> None:
        if len(self._rows) == len(self._problem.answers()):
            self._label()
        else:
            self._rebuild()

    def _rebuild(self) -> None:
        inputs = self._problem.inputs
        for name, switch in zip(NAMES, self._switches, strict=True):
            switch.visible = name in inputs
        with dressed():
            head = row(
                cells("b", inputs),
                Words("<b>target</b>", width=38, margin=0),
                Words("<b>network</b>", margin=0),
            )
            self._rows = [
                TableRow(bits, self._turner(number))
                for number, bits in enumerate(self._problem.rows().astype(int))
            ]
            self._body.objects = [head, *(each.__panel__() for each in self._rows)]
        self._label()
        self._ask()

    def _label(self) -> None:
        for each, answer in zip(self._rows, self._problem.answers(), strict=True):
            each.label(int(answer))

    def _turner(self, number: int) -> Callable[[object], None]:
        def turn(_event: object) -> None:
            table = [int(answer) for answer in self._problem.answers()]
            table[number] = 1 - table[number]
            self._problem.param.update(gate=CUSTOM, table=tuple(table))

        return turn

    def _ask(self, *_events: object) -> None:
        for switch, name in zip(self._switches, NAMES, strict=True):
            switch.name = f"{name} = {int(switch.value)}"
        inputs = self._switches[: len(self._problem.inputs)]
        bits = [float(switch.value) for switch in inputs]
        self._heartbeat.trainer.ask("rows", self._problem.rows())
        self._heartbeat.trainer.ask("switches", np.array([bits], np.float32))
        self._heartbeat.refresh()


def row(*parts: pn.viewable.Viewable) -> pn.Row:
    """Cells side by side, under those of the row above."""
    return pn.Row(*parts, css_classes=["pg-row"], margin=0)


def cells(tag: str, texts: Iterable[str]) -> Words:
    """Short texts in columns of equal width."""
    inner = "".join(f"<{tag}>{escape(text)}</{tag}>" for text in texts)
    return Words(f'<div class="pg-bits">{inner}</div>', margin=0)
