"""A small page: all that pages share, around a tiny network and two lines of text.

What happens to a session does not depend on what its page shows; a page with all its plots takes
the server several times as long to build.
"""

from __future__ import annotations

from typing import Any, ClassVar

import panel as pn

from playground.networks.architecture import Architecture
from playground.pages.controls.live_html import LiveHTML
from playground.pages.controls.notes import Notes
from playground.pages.design import page_design
from playground.pages.page import Page
from playground.pages.part import Part
from playground.pages.shell.part_updates import ALWAYS, OFTEN
from playground.pages.shell.transport import Transport
from playground.pages.shell.welcome import Welcome
from playground.problems.gates import Gates
from playground.serving.heartbeat import Heartbeat
from playground.settings import Owner
from playground.training.core.notes import Note
from playground.training.dense.frame import Frame
from playground.training.dense.trainer import Trainer
from playground.training.training import Training

LOADED = "The page is loaded."


class StepText(Part):
    """The number of steps, as text; and, like a plot that is resized then, that all is loaded."""

    def __init__(self) -> None:
        super().__init__()
        self._pane = LiveHTML("", css_classes=["pg-steps"], margin=0)
        self._loaded = ""
        pn.state.onload(self._tell_loaded)

    def __panel__(self) -> LiveHTML:
        return self._pane

    def update(self, frame: Frame) -> None:
        """Show the number of steps of a newer frame."""
        self._pane.object = f"{frame.step} steps {self._loaded}"

    def _tell_loaded(self) -> None:
        self._pane.object = self._loaded = LOADED


class SmallPage(Page[Trainer, Frame]):
    """A page about a gate that shows how far training is, and nothing else.

    Its runs are those of the page Gates, whose settings it has.
    """

    title: ClassVar[str] = "Gates"

    def __init__(self, **choices: Any) -> None:
        super().__init__(**choices)
        problem, architecture, training = Gates(), Architecture(hidden=[2]), Training()
        self.trainer = Trainer(problem, architecture, training)
        heartbeat = Heartbeat[Trainer, Frame](
            self.trainer, self.update, self.back_pressure, pace=20.0
        )
        self._owners: tuple[Owner, ...] = (
            problem,
            (architecture, {"seed": "weight_seed"}),
            training,
        )
        with page_design():
            self._transport, self.steps = Transport(heartbeat), StepText()
            self._notes = Notes("training")
            main = pn.Column(self.steps, self._notes, css_classes=["pg-main"], margin=0)
            welcome = Welcome("A small page.", headline=lambda _frame: None)
            self.compose(self._transport, main, welcome, self._transport.numbers)
        self.begin(heartbeat)

    @property
    def owners(self) -> tuple[Owner, ...]:
        """Problem, network and training."""
        return self._owners

    @property
    def update_intervals(self) -> tuple[tuple[Part, int], ...]:
        """The text with each frame, the transport more seldom."""
        return (self.steps, ALWAYS), (self._transport, OFTEN)

    @property
    def note_panes(self) -> tuple[Notes, ...]:
        """One place for all notes."""
        return (self._notes,)

    def structure(self, frame: Frame) -> object:
        """The network's plan."""
        return frame.plan

    def notes(self, frame: Frame) -> tuple[Note, ...]:
        """The trainer's notes."""
        return frame.notes
