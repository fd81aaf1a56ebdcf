"""Going on from a moment of the past, and back to what came after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn

from playground.live import Heartbeat
from playground.pages.errand import Errand
from playground.pages.keep.workplace import Workplace
from playground.pages.part import Part
from playground.runs import Run

NAME = "The other branch"


class Branches(Part):
    """Two ways that a run took from one moment: one goes on, the other is set aside.

    Parameters
    ----------
    heartbeat : Heartbeat
        Which moment it shows is where to go on from.
    work : callable
        Gives the page's work, once the page follows a network.
    """

    def __init__(self, heartbeat: Heartbeat[Any, Any], work: Callable[[], Workplace]) -> None:
        super().__init__()
        self._heartbeat, self._work = heartbeat, work
        self._aside: Run | None = None
        self._branching: Errand[Run] = Errand(self._branched, self._refuse)
        self._swapping: Errand[Run] = Errand(self._swap, self._refuse)
        self._go = _button("Go on from here", self._go_on)
        self._now = _button("Now", heartbeat.come_back)
        self._other = _button("Other branch", self._ask_for_other)
        heartbeat.param.watch(self._show, "back")
        self._row = pn.Row(self._go, self._now, self._other, css_classes=["pg-branches"], margin=0)

    def __panel__(self) -> pn.Row:
        return self._row

    def _show(self, *_: object) -> None:
        there = self._heartbeat.back is not None
        self._go.visible = self._now.visible = there
        self._other.visible = self._aside is not None and not there

    def _go_on(self, _event: object) -> None:
        back = self._heartbeat.back
        if back is None:
            return
        self._heartbeat.back = None
        work, trainer = self._work(), self._heartbeat.trainer

        def branch() -> Run:
            aside = work.take_run(NAME)
            trainer.branch(back)
            return aside

        self._branching.ask(branch)

    def _branched(self, aside: Run) -> None:
        self._aside = aside
        self._heartbeat.come_back()
        self._show()

    def _ask_for_other(self, _event: object) -> None:
        self._heartbeat.rest()
        work = self._work()
        self._swapping.ask(lambda: work.take_run(NAME))

    def _swap(self, here: Run) -> None:
        there, self._aside = self._aside, here

        def stay(sentence: str) -> None:
            self._aside = there
            self._refuse(sentence)

        if there is not None:
            self._work().open_run(there, self._show, stay)

    def _refuse(self, sentence: str) -> None:
        self._heartbeat.failure = sentence


def _button(name: str, act: Callable[[object], None]) -> pn.widgets.Button:
    button = pn.widgets.Button(name=name, visible=False, margin=0, css_classes=["pg-branch"])
    button.on_click(act)
    return button
