"""The page: a problem, a network and its training, seen and steered in one place."""

from __future__ import annotations

from typing import Any, ClassVar, Generic, TypeVar

import panel as pn
import param

from playground.live import Heartbeat
from playground.networks.architecture import Architecture
from playground.pages.boundary_card import BoundaryCard
from playground.pages.charts import CurvesCard, DetailsCard
from playground.pages.choices import TrainingCard
from playground.pages.diagram_card import DiagramCard
from playground.pages.notes import Notes
from playground.pages.page import ALWAYS, OFTEN, SELDOM, SOMETIMES, Page
from playground.pages.part import Beat, Part
from playground.pages.style import dressed
from playground.pages.transport import Transport
from playground.problems.problem import Problem
from playground.training.frame import Frame, Note
from playground.training.trainer import Trainer
from playground.training.training import Training
from playground.views.gestures import Gestures
from playground.views.live import LiveView

P = TypeVar("P", bound=Problem)


class Lab(Page[Trainer, Frame], Generic[P]):
    """Everything that pages about small dense networks share.

    Subclasses say what kind of problem it is and add its card. All parameters of the problem, the
    architecture and the training can be given to the constructor by name, and besides `dark`
    (bool), `pace` (epochs a second, None for full speed) and `nav` (shown beside the brand).

    Attributes
    ----------
    problem : Problem
    architecture : Architecture
    training : Training
    trainer : Trainer
    heartbeat : Heartbeat
    """

    kind: type[P]
    presets: ClassVar[dict[str, Any]] = {}

    def __init__(self, **choices: Any) -> None:
        choices = {**self.presets, **choices}
        super().__init__(dark=choices.pop("dark", None), nav=choices.pop("nav", None))
        self.problem = problem = self.kind(**taken(choices, self.kind))
        self.architecture = Architecture(**taken(choices, Architecture))
        self.training = Training(**taken(choices, Training))
        pace = choices.pop("pace", None)
        if choices:
            known = sorted({*problem.param, *Architecture.param, *Training.param} - {"name"})
            raise TypeError(f"There is no choice {next(iter(choices))!r}; there are {known}.")
        self.trainer = Trainer(
            problem=problem, architecture=self.architecture, training=self.training
        )
        heartbeat: Beat = Heartbeat(self.trainer, self.follow, self.flow, pace=pace)
        with dressed():
            self._build(heartbeat)
        for wished in (problem, self.architecture, self.training):
            wished.param.watch(heartbeat.refresh, list(wished.param))
        self.architecture.param.watch(lambda _event: self.trainer.reset(), "initialiser")
        self.architecture.param.watch(lambda _event: self.trainer.reset(), "seed")
        self.begin(heartbeat)

    # What subclasses fill in -------------------------------------------------------------------

    def problem_card(self) -> Any:  # noqa: ANN401 (anything Panel can show)
        """The card of choices about the problem; has `notes`."""
        raise NotImplementedError

    def strokes(self) -> Gestures:
        """What strokes on the boundary do."""
        return Gestures()

    def boundary_tools(self) -> tuple[Any, ...]:
        """What stands below the boundary."""
        return ()

    def tabs(self, heartbeat: Beat) -> tuple[tuple[str, Part], ...]:
        """Tabs of the details card that come before the usual ones."""
        return ()

    # Composition -------------------------------------------------------------------------------

    def _build(self, heartbeat: Beat) -> None:
        self._transport = Transport(heartbeat)
        self._problem_card = self.problem_card()
        self._boundary = BoundaryCard(heartbeat, self.theme, self.strokes(), self.boundary_tools())
        self._diagram = DiagramCard(heartbeat, self.theme, self._boundary.view)
        self._training = TrainingCard(heartbeat)
        self._curves = CurvesCard(heartbeat, self.theme)
        self._tabs = self.tabs(heartbeat)
        self._details = DetailsCard(heartbeat, self.theme, self._tabs)
        main = pn.Column(
            pn.Column(self._problem_card, self._training, css_classes=["pg-side"], margin=0),
            self._diagram,
            self._boundary,
            css_classes=["pg-main"],
            margin=0,
        )
        self.compose(self._transport, main)
        # What can be played with comes first, what tells of the past a moment later.
        pn.state.onload(lambda: main.extend([self._curves, self._details]))

    @property
    def turns(self) -> tuple[tuple[Part, int], ...]:
        """The parts of the page; what changes most visibly comes most often."""
        return (
            (self._transport, OFTEN),
            (self._boundary, ALWAYS),
            (self._diagram, OFTEN),
            (self._curves, SOMETIMES),
            (self._training, SOMETIMES),
            *((tab, SOMETIMES) for _name, tab in self._tabs),
            (self._details, SELDOM),
        )

    @property
    def places(self) -> tuple[Notes, ...]:
        """Where notes are said."""
        notes: Notes = self._problem_card.notes
        return notes, self._diagram.notes, self._training.notes, self._curves.notes

    @property
    def views(self) -> tuple[LiveView, ...]:
        """All live views of the page."""
        return (
            self._boundary.view,
            self._diagram.view,
            *self._curves.views,
            *self._details.views,
        )

    def shape(self, frame: Frame) -> object:
        """The network's plan."""
        return frame.plan

    def notes(self, frame: Frame) -> tuple[Note, ...]:
        """What the trainer noticed."""
        return frame.notes


def taken(choices: dict[str, Any], kind: type[param.Parameterized]) -> dict[str, Any]:
    """Take out of the choices those that are parameters of a class."""
    return {name: choices.pop(name) for name in list(choices) if name in kind.param}
