"""What pages about small dense networks share: problem, network and training on one page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

import numpy as np
import numpy.typing as npt
import panel as pn
import param
from torch import nn

from playground.export.snapshot import lab_snapshot
from playground.networks.architecture import Architecture
from playground.pages.accessibility.network_list import NetworkList
from playground.pages.cards.boundary_card import BoundaryCard
from playground.pages.cards.curves_card import CurvesCard
from playground.pages.cards.dense_training_card import DenseTrainingCard
from playground.pages.cards.details_card import DetailsCard
from playground.pages.cards.diagram_card import DiagramCard
from playground.pages.cards.landscape.dense_landscape_card import DenseLandscapeCard
from playground.pages.cards.module_card import ModuleCard, ModuleText
from playground.pages.cards.populations.many_networks import ManyNetworks
from playground.pages.cards.populations.population_card import PopulationCard
from playground.pages.cards.try_card import TryCard
from playground.pages.cards.view_cell import ViewCell
from playground.pages.checkpoints.branches import Branches
from playground.pages.checkpoints.checkpoint_bar import CheckpointBar
from playground.pages.checkpoints.compare_tab import CompareTab
from playground.pages.controls.notes import Notes
from playground.pages.design import page_design
from playground.pages.page import Page
from playground.pages.part import DenseHeartbeat, Part
from playground.pages.shell.headline import how_it_goes
from playground.pages.shell.part_updates import ALWAYS, OFTEN, SELDOM, SOMETIMES
from playground.pages.shell.setting_attributes import pop_parameters
from playground.pages.shell.transport import Transport, score_line
from playground.pages.shell.welcome import Experiment, Welcome
from playground.pages.suggestions import (
    DEEP,
    DEEP_NETWORK,
    USUAL,
    Suggestion,
    Suggestions,
    usual_settings,
)
from playground.problems.problem import Problem
from playground.serving.dense_trainer import dense_trainer
from playground.serving.heartbeat import Heartbeat
from playground.settings import Owner
from playground.training.core.notes import Note, Remedy
from playground.training.dense.frame import Frame
from playground.training.dense.trainer import Trainer
from playground.training.dense.training_data import check_features
from playground.training.score_table import score_table
from playground.training.training import Training
from playground.views.boundary import boundary
from playground.views.diagram import diagram
from playground.views.gestures import Gestures

if TYPE_CHECKING:
    import pandas as pd

P = TypeVar("P", bound=Problem)

DRAWN_BY = ("initialiser", "seed")
"""Parameters of the architecture that decide about the first weights."""
REDRAWN = (
    "The layers of the module have drawn new weights. Leave out weight_seed and initialiser to "
    "begin with those that it came with."
)


class Lab(ManyNetworks, Page[Trainer, Frame], Generic[P]):
    """A page about a small dense network.

    Subclasses name the class of problem and add its card. The constructor takes every setting of
    the page by name (they are attributes later), that of `positional_setting` also by position, and
    `nav` (beside the brand), `model` (a module of one's own) and `train_on` (see `dense_trainer`).

    Attributes
    ----------
    problem : Problem
    architecture : Architecture
    training : Training
    trainer : Trainer
    heartbeat : Heartbeat
    boundary, diagram, curves, confusion : ViewCell
        The views without the rest of the page, for a cell of a notebook.

    Raises
    ------
    TypeError
        If there is no setting of a name.
    InputError, ValueError
        If a value is not allowed, or a feature is none of the problem.
    """

    problem_class: type[P]
    positional_setting: ClassVar[str]
    problem: P
    architecture: Architecture
    training: Training
    trainer: Trainer
    _transport: Transport
    presets: ClassVar[dict[str, Any]] = {}
    sentence: ClassVar[str] = "Press Play and watch a <b>neural network</b> learn."
    watching: ClassVar[str] = "Watch the <b>picture</b> become like its points."
    experiments: ClassVar[tuple[Experiment, ...]] = ()
    """Variations of what is on the page."""
    things_to_try: ClassVar[tuple[Experiment, ...]] = ()
    """Experiments that begin with what the page begins with."""

    def __init__(self, positional_value: Any = None, /, **choices: Any) -> None:  # noqa: ANN401
        first = {} if positional_value is None else {self.positional_setting: positional_value}
        given = {**first, **choices}
        choices = {**self.presets, **given}
        super().__init__(dark=choices.pop("dark", None), nav=choices.pop("nav", None))
        self._view_cells: list[ViewCell] = []
        self.problem = problem = self.make_problem(choices)
        if (module := choices.pop("model", None)) is not None and "features" not in given:
            choices["features"] = list(problem.inputs)
        check_features(problem, given.get("features") or ())
        described = pop_parameters(choices, Architecture)
        if "weight_seed" in choices:
            described["seed"] = choices.pop("weight_seed")
        # Set after a module has been read, as later on the page: then its layers draw new weights.
        drawn_by = {name: described.pop(name) for name in DRAWN_BY if name in described}
        self.architecture = Architecture(**described)
        self.training = Training(**pop_parameters(choices, Training))
        train_on = choices.pop("train_on", None)
        self.trainer = dense_trainer(problem, self.architecture, self.training, module, train_on)
        self.architecture.param.update(drawn_by)
        self.trainer.reset()
        heartbeat: DenseHeartbeat = Heartbeat(
            self.trainer, self.update, self.back_pressure, is_all_shown=self._updates.is_all_due
        )
        heartbeat.pace = choices.pop("pace", None)
        with page_design():
            self._build(heartbeat)
        self.architecture.param.watch(lambda *_: self.trainer.reset(), [*DRAWN_BY])
        self.choose(choices)
        if module is not None and self.trainer.first_weights is None:
            self.remark(REDRAWN)
        for settings_owner in (problem, self.architecture, self.training):
            settings_owner.param.watch(self._on_setting_changed, list(settings_owner.param))
        tried = {name for each in self.things_to_try for name in each.settings}
        self._first_values = {name: getattr(self, name) for name in tried}
        usual = usual_settings(self.presets, Architecture, Training)
        self._suggestions = Suggestions(usual, self.suggestion)
        self.architecture.param.watch(self._follow_suggestion, "hidden")
        self.begin(heartbeat)

    # To be implemented ------------------------------------------------------------------------

    def make_problem(self, choices: dict[str, Any]) -> P:
        """Make the problem of the settings about it, which are removed from `choices`."""
        return self.problem_class(**pop_parameters(choices, self.problem_class))

    def problem_card(self) -> Any:  # noqa: ANN401 (anything Panel can show)
        """Make the card of settings of the problem; it has `notes`."""
        raise NotImplementedError

    def boundary_gestures(self) -> Gestures:
        """Return what gestures on the boundary do."""
        return Gestures()

    def boundary_tools(self) -> tuple[Any, ...]:
        """Return what is shown below the boundary."""
        return ()

    def tabs(self, heartbeat: DenseHeartbeat) -> tuple[tuple[str, Part], ...]:
        """Return titled tabs of the details card that come before the usual ones."""
        return ()

    def problem_owners(self) -> tuple[Owner, ...]:
        """The settings of the problem and of the tools that edit it."""
        return (self.problem,)

    @property
    def task(self) -> str:
        """What is learned, as it stands in a sentence."""
        return "its task"

    def suggestion(self) -> Suggestion:
        """Return the settings that learn what is chosen, where the usual ones don't."""
        return DEEP_NETWORK if len(self.architecture.hidden) >= DEEP else USUAL

    # Python API ----------------------------------------------------------------------------------

    @property
    def model(self) -> nn.Module:
        """The network as a PyTorch module that shares its memory with what is trained."""
        return self.trainer.model

    def train(self, epochs: int = 100) -> Frame:
        """Train for `epochs` epochs, or until a stop condition holds, and return a frame."""
        return self.trainer.train(epochs)

    def predict(self, x: object) -> npt.NDArray[np.floating[Any]]:
        """Class probabilities (n, classes), or values (n, 1), for input rows (n, inputs).

        Rows (an array, a tensor or a table) and values are in the units of the data, whatever
        scaling the network is given.

        Raises
        ------
        InputError
            If the rows are not of that shape, or numbers are missing.
        """
        return self.trainer.predict(x)

    @property
    def scores(self) -> pd.DataFrame:
        """Precision, recall and F1 by class, or the errors of values; see `score_table`."""
        return score_table(self.trainer.frame())

    @cached_property
    def boundary(self) -> ViewCell:
        """The decision boundary without the rest of the page."""
        return ViewCell(self.back_pressure, self._boundary.view, square=True)

    @cached_property
    def diagram(self) -> Part:
        """The network diagram without the rest of the page."""
        if not self.heartbeat.frame.layers:
            return ModuleText(self.model)
        # The coordinates of a diagram are pixels of where it is shown, so this is a second one.
        cell = ViewCell(self.back_pressure, diagram(self.heartbeat.frame, self.theme), own=True)
        self._view_cells.append(cell)
        return cell

    @cached_property
    def curves(self) -> ViewCell:
        """The learning curves without the rest of the page."""
        return ViewCell(self.back_pressure, *self._curves.views)

    @cached_property
    def confusion(self) -> ViewCell:
        """The confusion matrix without the rest of the page."""
        return ViewCell(self.back_pressure, self._details.views[0], square=True)

    def snapshot(self) -> str:
        """Return the page as one HTML file that needs no server, with all checkpoints."""
        return lab_snapshot(self.trainer, title=self.title, theme=self.theme)

    # Composition -------------------------------------------------------------------------------

    def _build(self, heartbeat: DenseHeartbeat) -> None:
        self._transport = Transport(heartbeat)
        self._problem_card = self.problem_card()
        self._boundary = BoundaryCard(
            heartbeat, self.theme, self.boundary_gestures(), self.boundary_tools()
        )
        self._diagram = self._network_card(heartbeat)
        features = self._diagram.features if isinstance(self._diagram, DiagramCard) else None
        self.branches = branches = Branches(heartbeat, lambda: self.run_session)
        self._population = population = PopulationCard(
            heartbeat, lambda: self.theme, lambda: self.run_session, branches, lambda: self.task
        )
        self._landscape = DenseLandscapeCard(heartbeat, lambda: self.theme)
        self._training = DenseTrainingCard(heartbeat, features)
        self._checkpoint_bar = CheckpointBar(heartbeat, branches)
        self._curves = CurvesCard(heartbeat, self.theme)
        self._compare = CompareTab(
            heartbeat, self.theme, self._checkpoint_bar, boundary, score_line, square=True
        )
        self._tabs = self.tabs(heartbeat)
        compare = (("Compare", self._compare),)
        self._details = DetailsCard(heartbeat, self.theme, self._tabs, compare)
        self._network_list = NetworkList(heartbeat)
        listed = pn.Column(self._network_list, css_classes=["pg-card", "pg-list"], margin=0)
        self._tries = TryCard(self.things_to_try, self._try, self._is_set, population.launcher)
        side = pn.Column(
            self._problem_card,
            self._training,
            self._tries,
            *([listed] if heartbeat.frame.layers else []),
            css_classes=["pg-side"],
            margin=0,
        )
        main = pn.Column(
            side,
            self._diagram,
            self._boundary,
            pn.Column(self._checkpoint_bar, css_classes=["pg-card", "pg-time"], margin=0),
            self._curves,
            self._details,
            self._population,
            *([self._landscape] if heartbeat.frame.layers else []),
            css_classes=["pg-main", "pg-" + self.title.lower().replace(" ", "-")],
            margin=0,
        )
        self._welcome = Welcome(
            self.sentence,
            self.experiments,
            self._start_experiment,
            watching=self.watching,
            is_running=lambda: heartbeat.running,
            is_set=self._is_set,
            apply=self.apply_remedy,
            headline=how_it_goes,
        )
        self.compose(self._transport, main, self._welcome, self._transport.numbers)

    def apply_remedy(self, remedy: Remedy) -> None:
        """Change the settings of a remedy; what concerns the first weights begins with new ones."""
        super().apply_remedy(remedy)
        if "initialiser" in dict(remedy.settings):
            self.trainer.reset()  # also where it was chosen before

    def _follow_suggestion(self, *_events: param.parameterized.Event) -> None:
        """Set what learns what is chosen now; links and runs say themselves what they want."""
        if self.settings.applying:
            return
        # Other first weights would throw away what was learned.
        keep = ("initialiser",) if self.trainer.epoch else ()
        self.choose(self._suggestions.changes(self.settings.values(), keep=keep))

    def _start_experiment(self, settings: Mapping[str, Any]) -> None:
        """Train from the first step with these settings."""
        self.choose(settings)
        self.trainer.reset()
        self.heartbeat.running = True

    def _is_set(self, settings: Mapping[str, Any]) -> bool:
        return all(getattr(self, name) == value for name, value in settings.items())

    def _try(self, settings: Mapping[str, Any]) -> None:
        """Start an experiment without what is left of another one."""
        self._start_experiment({**self._first_values, **settings})

    def _close(self) -> str:
        """Close the drawer, or else the values of a weight."""
        target = super()._close()
        if not target and isinstance(self._diagram, DiagramCard):
            self._diagram.hold(None)
        return target

    def _network_card(self, heartbeat: DenseHeartbeat) -> DiagramCard | ModuleCard:
        if not heartbeat.frame.layers:
            return ModuleCard(self.model)
        return DiagramCard(heartbeat, self.theme, self._boundary.show_unit)

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
        """The parts of the page; those whose changes are most visible are updated most often."""
        return (
            (self._transport, OFTEN),
            (self._welcome, OFTEN),
            (self._boundary, ALWAYS),
            (self._diagram, OFTEN),
            (self._curves, SOMETIMES),
            (self._checkpoint_bar, SELDOM),
            *((part, SOMETIMES) for part in (self._training, self._tries, self._network_list)),
            *((tab, SOMETIMES) for _name, tab in self._tabs),
            (self._compare, SOMETIMES),
            *((part, SELDOM) for part in (self._population, self._landscape, self._details)),
            *((cell, OFTEN) for cell in self._view_cells),
        )

    @property
    def note_panes(self) -> tuple[Notes, ...]:
        """The places that show notes."""
        notes: Notes = self._problem_card.notes
        return notes, self._diagram.notes, self._training.notes, self._curves.notes

    def structure(self, frame: Frame) -> object:
        """The network's plan."""
        return frame.plan

    def notes(self, frame: Frame) -> tuple[Note, ...]:
        """The trainer's notes, those about the data with what can be done here; what was set."""
        notes = [
            replace(note, remedy=self.data_remedy(frame)) if note.kind == "data" else note
            for note in frame.notes
        ]
        if sentence := self._suggestions.sentence(partial(getattr, self)):
            notes.append(Note("suggested", "training", "info", sentence))
        return tuple(notes)

    def data_remedy(self, frame: Frame) -> Remedy | None:
        """Return what helps against what is wrong with the data of a frame; None if nothing can."""
        return None
