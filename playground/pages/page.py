"""What all pages have in common: a header, a theme, and parts that follow a network in turns."""

from __future__ import annotations

from typing import Any, ClassVar, Generic

import panel as pn
import param

from playground.live import F, Heartbeat, L
from playground.pages.buttons import button
from playground.pages.fields import prompt
from playground.pages.notes import Notes
from playground.pages.part import Part
from playground.pages.style import COLOURS
from playground.training.frame import Note
from playground.views.flow import Flow
from playground.views.live import LiveView
from playground.views.theme import DARK, LIGHT, Theme

ALWAYS, OFTEN, SOMETIMES, SELDOM = 1, 3, 6, 12
"""Every how many frames a part of the page is brought up to date while the network learns."""


class Page(Part, Generic[L, F]):
    """A whole page.

    Parameters
    ----------
    dark : bool, optional
        As the server was told, if left out.
    nav : Viewable, optional
        Shown beside the brand: the way to other pages.

    Attributes
    ----------
    heartbeat : Heartbeat
        Keeps what learns going, once `begin` has been called.
    """

    title: ClassVar[str]
    heartbeat: Heartbeat[L, F]

    dark = param.Boolean(default=False, doc="Whether the page is dark.")

    def __init__(
        self, *, dark: bool | None = None, nav: pn.viewable.Viewable | None = None
    ) -> None:
        super().__init__(dark=pn.config.theme == "dark" if dark is None else dark)
        self.flow = Flow()
        self.begun = False
        self._nav = nav
        self._frames = 0
        self._shape: object = None
        self._failure = pn.pane.HTML("", css_classes=["pg-failure"], margin=0, visible=False)

    def __panel__(self) -> pn.Column:
        return self._page

    # What subclasses fill in -------------------------------------------------------------------

    @property
    def views(self) -> tuple[LiveView, ...]:
        """All live views of the page."""
        raise NotImplementedError

    @property
    def turns(self) -> tuple[tuple[Part, int], ...]:
        """The parts that follow the network, and every how many frames each does."""
        raise NotImplementedError

    @property
    def places(self) -> tuple[Notes, ...]:
        """Where notes are said."""
        raise NotImplementedError

    def shape(self, frame: F) -> object:
        """What of a frame is to be seen everywhere at once when it changes."""
        raise NotImplementedError

    def notes(self, frame: F) -> tuple[Note, ...]:
        """What is to be said about a frame."""
        raise NotImplementedError

    # What they are given -----------------------------------------------------------------------

    @property
    def theme(self) -> Theme:
        """The colours of the moment."""
        return DARK if self.dark else LIGHT

    def compose(self, transport: Part, main: pn.viewable.Viewable) -> None:
        """Put the page together, once its parts are there."""
        brand = "Playground" if self._nav is not None else self.title
        header = pn.Row(
            pn.pane.HTML(f"<h1>{brand}</h1>", css_classes=["pg-brand"], margin=0, align="center"),
            *([] if self._nav is None else [self._nav]),
            transport,
            pn.Spacer(sizing_mode="stretch_width"),
            button("theme", "Light or dark", self._turn_theme, kind="pg-theme"),
            self.flow,
            css_classes=["pg-header"],
            margin=0,
        )
        self._page = pn.Column(
            header,
            self._failure,
            main,
            css_classes=self._classes,
            stylesheets=[COLOURS],
            margin=0,
        )
        prompt(self._page)

    def begin(self, heartbeat: Heartbeat[L, F]) -> None:
        """Have the page follow a network from now on."""
        self.heartbeat, self.begun = heartbeat, True
        self._shape = self.shape(heartbeat.frame)
        heartbeat.param.watch(self._show_failure, "failure")
        heartbeat.start()

    # What happens on every page ------------------------------------------------------------------

    def rest(self) -> None:
        """Pause, as when another page is looked at."""
        if self.begun:
            self.heartbeat.rest()

    def follow(self, frame: Any) -> None:  # noqa: ANN401 (each page knows what its trainer gives)
        """Bring the page up to date; while the network learns, its parts take turns."""
        self._frames += 1
        # What somebody has just changed should be seen at once.
        shape = self.shape(frame)
        everything = not self.heartbeat.running or shape != self._shape
        self._shape = shape
        for part, turn in self.turns:
            if everything or self._frames % turn == 0:
                part.follow(frame)
        if everything or self._frames % SOMETIMES == 0:
            paused = self.heartbeat.trainer.paused_by
            noted = self.notes(frame)
            told = [] if paused is None or paused in noted else [paused]
            for place in self.places:
                place.say([*told, *noted])

    def _show_failure(self, event: param.parameterized.Event) -> None:
        self._failure.param.update(object=event.new, visible=bool(event.new))

    @property
    def _classes(self) -> list[str]:
        return ["pg", *(["pg-dark"] if self.dark else [])]

    def _turn_theme(self, _event: object) -> None:
        self.dark = not self.dark

    @param.depends("dark", watch=True)
    def _restyle(self) -> None:
        self._page.css_classes = self._classes
        for view in self.views:
            view.restyle(self.theme)
