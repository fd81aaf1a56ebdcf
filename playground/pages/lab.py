"""The page: a problem, a network and its training, seen and steered in one place."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar

import panel as pn
import param
from torch import nn

from playground.export.snapshot import snapshot_lab
from playground.live import Heartbeat
from playground.networks.architecture import Architecture
from playground.pages.attributes import meant
from playground.pages.boundary_card import BoundaryCard
from playground.pages.charts import CurvesCard, DetailsCard
from playground.pages.choices import TrainingCard
from playground.pages.diagram_card import DiagramCard
from playground.pages.notes import Notes
from playground.pages.outline_card import Outline, OutlineCard
from playground.pages.page import ALWAYS, OFTEN, SELDOM, SOMETIMES, Page
from playground.pages.part import Beat, Part
from playground.pages.past.bar import PastBar
from playground.pages.past.branches import Branches
from playground.pages.past.compare import CompareTab
from playground.pages.sight import Sight
from playground.pages.style import dressed
from playground.pages.transport import Transport, figures
from playground.problems.problem import Floats, Problem
from playground.settings import Owner
from playground.training.frame import Frame, Note
from playground.training.trainer import Trainer
from playground.training.training import Training
from playground.views.boundary import boundary
from playground.views.diagram import diagram
from playground.views.gestures import Gestures
from playground.views.live import LiveView

P = TypeVar("P", bound=Problem)


class Lab(Page[Trainer, Frame], Generic[P]):
    """Everything that pages about small dense networks share.

    Subclasses say what kind of problem it is and add its card. All choices on the page can be
    given to the constructor by name, the one that `first` names also without, and besides `nav`
    (shown beside the brand). Afterwards they are attributes, which can be set too.

    Attributes
    ----------
    problem : Problem
    architecture : Architecture
    training : Training
    trainer : Trainer
    heartbeat : Heartbeat
    boundary, diagram, curves, confusion : Sight
        The views by themselves.

    Raises
    ------
    TypeError
        If there is no choice of a name.
    InputError, ValueError
        If a choice cannot be what is wished.
    """

    kind: type[P]
    first: ClassVar[str]
    problem: P
    architecture: Architecture
    training: Training
    trainer: Trainer
    presets: ClassVar[dict[str, Any]] = {}

    def __init__(self, chosen: Any = None, /, **choices: Any) -> None:  # noqa: ANN401
        asked = choices if chosen is None else {self.first: chosen, **choices}
        choices = {**self.presets, **asked}
        super().__init__(dark=choices.pop("dark", None), nav=choices.pop("nav", None))
        self._sights: list[Sight] = []
        self.problem = problem = self.make_problem(choices)
        if (module := choices.pop("model", None)) is not None and "features" not in asked:
            choices["features"] = list(problem.inputs)
        self.architecture = Architecture(**taken(choices, Architecture))
        self.training = Training(**taken(choices, Training))
        pace = choices.pop("pace", None)
        self.trainer = Trainer(problem, self.architecture, self.training, module)
        heartbeat: Beat = Heartbeat(self.trainer, self.follow, self.flow, pace=pace)
        with dressed():
            self._build(heartbeat)
        self.choose(choices)
        for wished in (problem, self.architecture, self.training):
            wished.param.watch(self._changed, list(wished.param))
        self.architecture.param.watch(lambda _event: self.trainer.reset(), "initialiser")
        self.architecture.param.watch(lambda _event: self.trainer.reset(), "seed")
        self.begin(heartbeat)

    # What subclasses fill in -------------------------------------------------------------------

    def make_problem(self, choices: dict[str, Any]) -> P:
        """Make the problem, and take out of the choices what is about it."""
        return self.kind(**taken(choices, self.kind))

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

    def problem_owners(self) -> tuple[Owner, ...]:
        """What of the problem, and of how it is edited, are settings."""
        return (self.problem,)

    # What Python can do --------------------------------------------------------------------------

    @property
    def model(self) -> nn.Module:
        """The network as a PyTorch module, on the memory that is being trained."""
        return self.trainer.model

    def train(self, epochs: int = 100) -> Frame:
        """Train for so many epochs, or until a stop condition holds, and look."""
        return self.trainer.train(epochs)

    def predict(self, x: Any) -> Floats:  # noqa: ANN401 (an array, a tensor, a table)
        """Class probabilities (n, classes), or values (n, 1), for input rows (n, inputs).

        Rows and values are in the units of the data, however the network is given them.

        Raises
        ------
        InputError
            If the rows are not of that shape.
        """
        return self.problem.told(self.trainer.predict(self.problem.seen(x)))

    @cached_property
    def boundary(self) -> Sight:
        """What the network answers everywhere in the plane, by itself."""
        return Sight(self.flow, self._boundary.view, square=True)

    @cached_property
    def diagram(self) -> Part:
        """The network by itself."""
        if not self.heartbeat.frame.layers:
            return Outline(self.model)
        # A diagram's coordinates are the pixels that it is shown in, so this is another one.
        sight = Sight(self.flow, diagram(self.heartbeat.frame, self.theme), own=True)
        self._sights.append(sight)
        return sight

    @cached_property
    def curves(self) -> Sight:
        """Loss and accuracy by epoch, by themselves."""
        return Sight(self.flow, *self._curves.views)

    @cached_property
    def confusion(self) -> Sight:
        """Which classes are taken for which, by itself."""
        return Sight(self.flow, self._details.views[0], square=True)

    def snapshot(self) -> str:
        """One HTML file to go through the past in, and to play on, without a server."""
        return snapshot_lab(self.trainer, title=self.title, theme=self.theme)

    # Composition -------------------------------------------------------------------------------

    def _build(self, heartbeat: Beat) -> None:
        self._transport = Transport(heartbeat)
        self._problem_card = self.problem_card()
        self._boundary = BoundaryCard(heartbeat, self.theme, self.strokes(), self.boundary_tools())
        self._diagram = self._network_card(heartbeat)
        self._training = TrainingCard(heartbeat)
        self._past = PastBar(heartbeat, Branches(heartbeat, lambda: self.work))
        self._curves = CurvesCard(heartbeat, self.theme, (self._past,))
        self._compare = CompareTab(heartbeat, self.theme, self._past, boundary, told)
        self._tabs = self.tabs(heartbeat)
        last = (("Compare", self._compare),)
        self._details = DetailsCard(heartbeat, self.theme, self._tabs, last)
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

    def _network_card(self, heartbeat: Beat) -> DiagramCard | OutlineCard:
        if not heartbeat.frame.layers:
            return OutlineCard(self.model)
        return DiagramCard(heartbeat, self.theme, self._boundary.view)

    @property
    def owners(self) -> tuple[Owner, ...]:
        """Problem, network, training, and the switches of the cards."""
        return (
            *self.problem_owners(),
            (self.architecture, {"seed": "weight_seed"}),
            self.training,
            self._boundary,
            self._curves,
            self._details.open,
        )

    @property
    def turns(self) -> tuple[tuple[Part, int], ...]:
        """The parts of the page; what changes most visibly comes most often."""
        return (
            (self._transport, OFTEN),
            (self._boundary, ALWAYS),
            (self._diagram, OFTEN),
            (self._curves, SOMETIMES),
            (self._past, SOMETIMES),
            (self._training, SOMETIMES),
            *((tab, SOMETIMES) for _name, tab in self._tabs),
            (self._compare, SOMETIMES),
            (self._details, SELDOM),
            *((sight, OFTEN) for sight in self._sights),
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
            *self._diagram.views,
            *self._curves.views,
            *self._compare.views,
            *self._details.views,
            *(view for sight in self._sights for view in sight.own),
        )

    def outline(self, frame: Frame) -> object:
        """The network's plan."""
        return frame.plan

    def notes(self, frame: Frame) -> tuple[Note, ...]:
        """What the trainer noticed."""
        return frame.notes


def told(frame: Frame) -> str:
    """How far and how well, for two moments side by side."""
    parts = (f"{name} <b>{text}</b>" for name, text in figures(frame))
    return " · ".join(parts)


def taken(choices: dict[str, Any], kind: type[param.Parameterized]) -> dict[str, Any]:
    """Take out of the choices those that are parameters of a class."""
    names = [name for name in choices if name in kind.param]
    return {name: meant(kind.param[name], choices.pop(name)) for name in names}
