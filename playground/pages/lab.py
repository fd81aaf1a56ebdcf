"""The page: a problem, a network and its training, seen and steered in one place."""

from __future__ import annotations

from typing import Any, ClassVar, Generic, TypeVar

import panel as pn
import param

from playground.live import Heartbeat
from playground.networks.architecture import Architecture
from playground.pages.boundary_card import BoundaryCard
from playground.pages.buttons import button
from playground.pages.charts import CurvesCard, DetailsCard
from playground.pages.choices import TrainingCard
from playground.pages.diagram_card import DiagramCard
from playground.pages.fields import prompt
from playground.pages.notes import Notes
from playground.pages.part import Part
from playground.pages.style import COLOURS, dressed
from playground.pages.transport import Transport
from playground.problems.problem import Problem
from playground.training.frame import Frame
from playground.training.trainer import Trainer
from playground.training.training import Training
from playground.views.flow import Flow
from playground.views.gestures import Gestures
from playground.views.live import LiveView
from playground.views.theme import DARK, LIGHT

ALWAYS, OFTEN, SOMETIMES, SELDOM = 1, 3, 6, 12
"""Every how many frames a part of the page is brought up to date while the network learns."""

P = TypeVar("P", bound=Problem)


class Lab(Part, Generic[P]):
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

    title: ClassVar[str]
    kind: type[P]
    presets: ClassVar[dict[str, Any]] = {}

    dark = param.Boolean(default=False, doc="Whether the page is dark.")

    def __init__(self, **choices: Any) -> None:
        choices = {**self.presets, **choices}
        super().__init__(dark=choices.pop("dark", pn.config.theme == "dark"))
        self.problem = problem = self.kind(**taken(choices, self.kind))
        self.architecture = Architecture(**taken(choices, Architecture))
        self.training = Training(**taken(choices, Training))
        pace, self._nav = choices.pop("pace", None), choices.pop("nav", None)
        if choices:
            known = sorted({*problem.param, *Architecture.param, *Training.param} - {"name"})
            raise TypeError(f"There is no choice {next(iter(choices))!r}; there are {known}.")
        self.trainer = Trainer(
            problem=problem, architecture=self.architecture, training=self.training
        )
        self.flow = Flow()
        self.heartbeat = Heartbeat(self.trainer, self.follow, self.flow, pace=pace)
        self._frames = 0
        self._plan = self.heartbeat.frame.plan
        with dressed():
            self._build()
        for wished in (problem, self.architecture, self.training):
            wished.param.watch(self.heartbeat.refresh, list(wished.param))
        self.architecture.param.watch(lambda _event: self.trainer.reset(), "initialiser")
        self.architecture.param.watch(lambda _event: self.trainer.reset(), "seed")
        prompt(self._page)
        self.heartbeat.start()

    def __panel__(self) -> pn.Column:
        return self._page

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

    def tabs(self) -> tuple[tuple[str, Part], ...]:
        """Tabs of the details card that come before the usual ones."""
        return ()

    # Composition -------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = DARK if self.dark else LIGHT
        self._problem_card = self.problem_card()
        self._transport = Transport(self.heartbeat)
        self._boundary = BoundaryCard(self.heartbeat, theme, self.strokes(), self.boundary_tools())
        self._diagram = DiagramCard(self.heartbeat, theme, self._boundary.view)
        self._training = TrainingCard(self.heartbeat)
        self._curves = CurvesCard(self.heartbeat, theme)
        tabs = self.tabs()
        self._details = DetailsCard(self.heartbeat, theme, tabs)
        self._parts: tuple[tuple[Part, int], ...] = (
            (self._transport, OFTEN),
            (self._boundary, ALWAYS),
            (self._diagram, OFTEN),
            (self._curves, SOMETIMES),
            (self._training, SOMETIMES),
            *((tab, SOMETIMES) for _name, tab in tabs),
            (self._details, SELDOM),
        )
        self._notes: tuple[Notes, ...] = (
            self._problem_card.notes,
            self._diagram.notes,
            self._training.notes,
            self._curves.notes,
        )
        self._main = pn.Column(
            pn.Column(self._problem_card, self._training, css_classes=["pg-side"], margin=0),
            self._diagram,
            self._boundary,
            css_classes=["pg-main"],
            margin=0,
        )
        # What can be played with comes first, what tells of the past a moment later.
        pn.state.onload(lambda: self._main.extend([self._curves, self._details]))
        self._failure = pn.pane.HTML("", css_classes=["pg-failure"], margin=0, visible=False)
        self.heartbeat.param.watch(self._show_failure, "failure")
        self._page = pn.Column(
            pn.Row(
                pn.pane.HTML(
                    f"<h1>{self.title if self._nav is None else 'Playground'}</h1>",
                    css_classes=["pg-brand"],
                    margin=0,
                    align="center",
                ),
                *([] if self._nav is None else [self._nav]),
                self._transport,
                pn.Spacer(sizing_mode="stretch_width"),
                button("theme", "Light or dark", self._turn_theme, kind="pg-theme"),
                self.flow,
                css_classes=["pg-header"],
                margin=0,
            ),
            self._failure,
            self._main,
            css_classes=["pg", *(["pg-dark"] if self.dark else [])],
            stylesheets=[COLOURS],
            margin=0,
        )

    @property
    def views(self) -> tuple[LiveView, ...]:
        """All live views of the page."""
        return (
            self._boundary.view,
            self._diagram.view,
            *self._curves.views,
            *self._details.views,
        )

    def follow(self, frame: Frame) -> None:
        """Bring the page up to date; while the network learns, its parts take turns."""
        self._frames += 1
        # What somebody has just changed should be seen at once.
        everything = not self.heartbeat.running or frame.plan != self._plan
        self._plan = frame.plan
        for part, turn in self._parts:
            if everything or self._frames % turn == 0:
                part.follow(frame)
        if everything or self._frames % SOMETIMES == 0:
            paused = self.trainer.paused_by
            told = [] if paused is None or paused in frame.notes else [paused]
            for place in self._notes:
                place.say([*told, *frame.notes])

    def _show_failure(self, event: param.parameterized.Event) -> None:
        self._failure.param.update(object=event.new, visible=bool(event.new))

    def _turn_theme(self, _event: object) -> None:
        self.dark = not self.dark

    @param.depends("dark", watch=True)
    def _restyle(self) -> None:
        self._page.css_classes = ["pg", *(["pg-dark"] if self.dark else [])]
        for view in self.views:
            view.restyle(DARK if self.dark else LIGHT)


def taken(choices: dict[str, Any], kind: type[param.Parameterized]) -> dict[str, Any]:
    """Take out of the choices those that are parameters of a class."""
    return {name: choices.pop(name) for name in list(choices) if name in kind.param}
