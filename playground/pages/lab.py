"""The page: a problem, a network and its training, seen and steered in one place."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar

import panel as pn
import param
from torch import nn

from playground.export.snapshot import lab_snapshot
from playground.networks.architecture import Architecture
from playground.pages.cards.boundary_card import BoundaryCard
from playground.pages.cards.curves_card import CurvesCard, DetailsCard
from playground.pages.cards.dense_training_card import DenseTrainingCard
from playground.pages.cards.diagram_card import DiagramCard
from playground.pages.cards.module_card import ModuleCard, ModuleText
from playground.pages.cards.view_cell import ViewCell
from playground.pages.checkpoints.branches import Branches
from playground.pages.checkpoints.checkpoint_bar import CheckpointBar
from playground.pages.checkpoints.compare_tab import CompareTab
from playground.pages.controls.notes import Notes
from playground.pages.design import page_design
from playground.pages.page import ALWAYS, OFTEN, SELDOM, SOMETIMES, Page
from playground.pages.part import DenseHeartbeat, Part
from playground.pages.shell.setting_attributes import normalised
from playground.pages.shell.transport import Transport, header_numbers
from playground.problems.problem import Floats, Problem
from playground.serving.heartbeat import Heartbeat
from playground.settings import Owner
from playground.training.core.notes import Note
from playground.training.dense.frame import Frame
from playground.training.dense.trainer import Trainer
from playground.training.training import Training
from playground.views.boundary import boundary
from playground.views.diagram import diagram
from playground.views.gestures import Gestures
from playground.views.live_view import LiveView

P = TypeVar("P", bound=Problem)


class Lab(Page[Trainer, Frame], Generic[P]):
    """Everything that pages about small dense networks share.

    Subclasses say what kind of problem it is and add its card. All choices on the page can be
    given to the constructor by name, that of `positional_setting` also without, and besides `nav`
    (shown beside the brand). Afterwards they are attributes, which can be set too.

    Attributes
    ----------
    problem : Problem
    architecture : Architecture
    training : Training
    trainer : Trainer
    heartbeat : Heartbeat
    boundary, diagram, curves, confusion : ViewCell
        The views by themselves.

    Raises
    ------
    TypeError
        If there is no choice of a name.
    InputError, ValueError
        If a choice cannot be what is wished.
    """

    problem_class: type[P]
    positional_setting: ClassVar[str]
    problem: P
    architecture: Architecture
    training: Training
    trainer: Trainer
    presets: ClassVar[dict[str, Any]] = {}

    def __init__(self, positional_value: Any = None, /, **choices: Any) -> None:  # noqa: ANN401
        given = (
            choices
            if positional_value is None
            else {self.positional_setting: positional_value, **choices}
        )
        choices = {**self.presets, **given}
        super().__init__(dark=choices.pop("dark", None), nav=choices.pop("nav", None))
        self._view_cells: list[ViewCell] = []
        self.problem = problem = self.make_problem(choices)
        if (module := choices.pop("model", None)) is not None and "features" not in given:
            choices["features"] = list(problem.inputs)
        self.architecture = Architecture(**pop_parameters(choices, Architecture))
        self.training = Training(**pop_parameters(choices, Training))
        pace = choices.pop("pace", None)
        self.trainer = Trainer(problem, self.architecture, self.training, module)
        heartbeat: DenseHeartbeat = Heartbeat(
            self.trainer, self.update, self.back_pressure, pace=pace
        )
        with page_design():
            self._build(heartbeat)
        self.choose(choices)
        for settings_owner in (problem, self.architecture, self.training):
            settings_owner.param.watch(self._on_setting_changed, list(settings_owner.param))
        self.architecture.param.watch(lambda _event: self.trainer.reset(), "initialiser")
        self.architecture.param.watch(lambda _event: self.trainer.reset(), "seed")
        self.begin(heartbeat)

    # What subclasses fill in -------------------------------------------------------------------

    def make_problem(self, choices: dict[str, Any]) -> P:
        """Make the problem, and take out of the choices what is about it."""
        return self.problem_class(**pop_parameters(choices, self.problem_class))

    def problem_card(self) -> Any:  # noqa: ANN401 (anything Panel can show)
        """The card of choices about the problem; has `notes`."""
        raise NotImplementedError

    def boundary_gestures(self) -> Gestures:
        """What strokes on the boundary do."""
        return Gestures()

    def boundary_tools(self) -> tuple[Any, ...]:
        """What stands below the boundary."""
        return ()

    def tabs(self, heartbeat: DenseHeartbeat) -> tuple[tuple[str, Part], ...]:
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
        return self.problem.decode_outputs(self.trainer.predict(self.problem.encode_inputs(x)))

    @cached_property
    def boundary(self) -> ViewCell:
        """What the network answers everywhere in the plane, by itself."""
        return ViewCell(self.back_pressure, self._boundary.view, square=True)

    @cached_property
    def diagram(self) -> Part:
        """The network by itself."""
        if not self.heartbeat.frame.layers:
            return ModuleText(self.model)
        # A diagram's coordinates are the pixels that it is shown in, so this is another one.
        cell = ViewCell(self.back_pressure, diagram(self.heartbeat.frame, self.theme), own=True)
        self._view_cells.append(cell)
        return cell

    @cached_property
    def curves(self) -> ViewCell:
        """Loss and accuracy by epoch, by themselves."""
        return ViewCell(self.back_pressure, *self._curves.views)

    @cached_property
    def confusion(self) -> ViewCell:
        """Which classes are taken for which, by itself."""
        return ViewCell(self.back_pressure, self._details.views[0], square=True)

    def snapshot(self) -> str:
        """One HTML file to go through the past in, and to play on, without a server."""
        return lab_snapshot(self.trainer, title=self.title, theme=self.theme)

    # Composition -------------------------------------------------------------------------------

    def _build(self, heartbeat: DenseHeartbeat) -> None:
        self._transport = Transport(heartbeat)
        self._problem_card = self.problem_card()
        self._boundary = BoundaryCard(
            heartbeat, self.theme, self.boundary_gestures(), self.boundary_tools()
        )
        self._diagram = self._network_card(heartbeat)
        self._training = DenseTrainingCard(heartbeat)
        self._checkpoint_bar = CheckpointBar(
            heartbeat, Branches(heartbeat, lambda: self.run_session)
        )
        self._curves = CurvesCard(heartbeat, self.theme, (self._checkpoint_bar,))
        self._compare = CompareTab(
            heartbeat, self.theme, self._checkpoint_bar, boundary, score_line
        )
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

    def _network_card(self, heartbeat: DenseHeartbeat) -> DiagramCard | ModuleCard:
        if not heartbeat.frame.layers:
            return ModuleCard(self.model)
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
    def update_intervals(self) -> tuple[tuple[Part, int], ...]:
        """The parts of the page; what changes most visibly comes most often."""
        return (
            (self._transport, OFTEN),
            (self._boundary, ALWAYS),
            (self._diagram, OFTEN),
            (self._curves, SOMETIMES),
            (self._checkpoint_bar, SOMETIMES),
            (self._training, SOMETIMES),
            *((tab, SOMETIMES) for _name, tab in self._tabs),
            (self._compare, SOMETIMES),
            (self._details, SELDOM),
            *((cell, OFTEN) for cell in self._view_cells),
        )

    @property
    def note_panes(self) -> tuple[Notes, ...]:
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
            *(view for cell in self._view_cells for view in cell.own),
        )

    def structure(self, frame: Frame) -> object:
        """The network's plan."""
        return frame.plan

    def notes(self, frame: Frame) -> tuple[Note, ...]:
        """What the trainer noticed."""
        return frame.notes


def score_line(frame: Frame) -> str:
    """How far and how well, for two moments side by side."""
    parts = (f"{name} <b>{text}</b>" for name, text in header_numbers(frame))
    return " · ".join(parts)


def pop_parameters(
    choices: dict[str, Any], problem_class: type[param.Parameterized]
) -> dict[str, Any]:
    """Take out of the choices those that are parameters of a class."""
    names = [name for name in choices if name in problem_class.param]
    return {name: normalised(problem_class.param[name], choices.pop(name)) for name in names}
