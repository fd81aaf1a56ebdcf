"""What all pages have in common: a header, a theme, and parts that follow a network in turns."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Generic, Self

import panel as pn
import param

from playground.live import F, Heartbeat, L
from playground.pages.address import Link
from playground.pages.address_bar import copy_button
from playground.pages.attending import attend
from playground.pages.attributes import Attributes
from playground.pages.buttons import button
from playground.pages.keeping import Keeping
from playground.pages.notebook import in_notebook, prepare, window
from playground.pages.notes import Notes
from playground.pages.notices import Notices
from playground.pages.part import Part
from playground.pages.style import COLOURS, dressed
from playground.pages.visit import Visit
from playground.pages.workplace import Work
from playground.settings import Owner, Parameter, Settings
from playground.training.frame import Note
from playground.views.flow import Flow
from playground.views.live import LiveView
from playground.views.theme import DARK, LIGHT, Theme

ALWAYS, OFTEN, SOMETIMES, SELDOM = 1, 3, 6, 12
"""Every how many frames a part of the page is brought up to date while the network learns."""
AT_REST = 0.15
"""Seconds without a movement after which the slider through the past counts as being at rest."""


class Page(Attributes, Part, Generic[L, F]):
    """A whole page.

    Parameters
    ----------
    dark : bool, optional
        As the server was told, if left out.
    nav : Viewable, optional
        Shown beside the brand: the way to other pages.

    Attributes
    ----------
    trainer : Learner
    heartbeat : Heartbeat
        Keeps what learns going, once `begin` has been called.
    settings : Settings
        All that can be chosen on the page, once `compose` has been called.
    """

    title: ClassVar[str]
    trainer: L
    heartbeat: Heartbeat[L, F]
    settings: Settings

    dark = param.Boolean(default=False, doc="Whether the page is dark.")

    def __init__(
        self, *, dark: bool | None = None, nav: pn.viewable.Viewable | None = None
    ) -> None:
        super().__init__(dark=pn.config.theme == "dark" if dark is None else dark)
        prepare()
        self.flow = Flow()
        self.begun = False
        self._nav = nav
        self._frames = 0
        self._outline: object = None
        self._back: int | None = None
        self._resting: asyncio.TimerHandle | None = None
        with dressed():
            self._notices = Notices()
            self._keeping = Keeping(self)

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

    @property
    def owners(self) -> tuple[Owner, ...]:
        """Whose parameters are the page's settings, besides its theme and its pace."""
        return ()

    def outline(self, frame: F) -> object:
        """What of a frame is to be seen everywhere at once when it changes."""
        raise NotImplementedError

    def notes(self, frame: F) -> tuple[Note, ...]:
        """What is to be said about a frame."""
        raise NotImplementedError

    def snapshot(self) -> str:
        """The page as one HTML file that needs no server; from whatever thread."""
        raise NotImplementedError

    def extra(self) -> dict[str, Any]:
        """What a run of this page holds beside its settings, as JSON can hold it."""
        return {}

    def take_extra(self, extra: Mapping[str, Any]) -> None:
        """Take up what `extra` once returned; InputError if it is something else."""

    # What they are given -----------------------------------------------------------------------

    @property
    def theme(self) -> Theme:
        """The colours of the moment."""
        return DARK if self.dark else LIGHT

    def compose(self, transport: Part, main: pn.Column) -> None:
        """Put the page together, once its parts are there; others may be put into `main` later."""
        self.settings = Settings(Parameter(self, "dark", "dark"), *self.owners)
        self._visit = Visit(self.settings, self._notices, main)
        self._page = pn.Column(
            self._header(transport),
            self._notices,
            self._keeping.drawer,
            main,
            self._visit.bar,
            css_classes=self._classes,
            styles=window(),
            stylesheets=[COLOURS],
            margin=0,
        )
        attend(self._page, self._visit.welcome)

    def begin(self, heartbeat: Heartbeat[L, F]) -> None:
        """Have the page follow a network from now on; all its parts are there."""
        self.heartbeat, self.begun = heartbeat, True
        self._outline = self.outline(heartbeat.frame)
        heartbeat.param.watch(lambda event: self.fail(event.new), "failure")
        self.admit(Parameter(heartbeat, "pace", "pace"))
        heartbeat.start()
        self._visit.complete()
        self._keeping.begin()

    def admit(self, *owners: Owner) -> None:
        """Let parts that come later than the rest have settings too."""
        self.remark(*self.settings.add(*owners))

    def fail(self, sentence: str) -> None:
        """Say what went wrong; "" once nothing is wrong any more."""
        self._notices.fail(sentence)

    def remark(self, *sentences: str) -> None:
        """Say what is worth knowing, until a person closes it."""
        self._notices.remark(*sentences)

    @property
    def work(self) -> Work:
        """The page's work as runs, once it follows a network."""
        return self._keeping.work

    def save(self, path: str | Path) -> None:
        """Write the page as one HTML file that needs no server.

        In it one can go through the past, and play on.

        Raises
        ------
        InputError
            If there is something that a browser can't work out, or the file would be too large.
        OSError
            If it can't be written.
        """
        Path(path).write_text(self.snapshot(), encoding="utf-8")

    # Its address ---------------------------------------------------------------------------------

    @classmethod
    def opened(cls, link: Link) -> Self:
        """Make the page that a link asks for."""
        page = cls()
        page.open(link)
        return page

    def open(self, link: Link) -> None:
        """Be as a link asks, and keep the address bar up to date from now on.

        Values that are not possible become the nearest that are. What could not be followed is
        said on the page.
        """
        self._visit.open(link)
        self._keeping.addressed = not link.leads_on
        self._page.append(self._keeping.tab)
        if self.begun:
            # The first that is seen should be what the link is about.
            self.heartbeat.frame = frame = self.heartbeat.trainer.frame()
            self.follow(frame)
            pn.state.onload(self._visit.complete)

    def write_address(self) -> None:
        """Have the address bar say what is chosen now."""
        self._visit.write()

    @property
    def hideable(self) -> tuple[str, ...]:
        """Names of all cards and controls that a link can hide."""
        return self._visit.names

    # What happens on every page ------------------------------------------------------------------

    def rest(self) -> None:
        """Pause, as when another page is looked at."""
        if self.begun:
            self.heartbeat.rest()

    def follow(self, frame: Any) -> None:  # noqa: ANN401 (each page knows what its trainer gives)
        """Bring the page up to date; while time passes, onwards or back, its parts take turns."""
        self._frames += 1
        # What somebody has just changed should be seen at once.
        outline = self.outline(frame)
        back = self.heartbeat.back
        passing = back is not None and back != self._back
        everything = not (self.heartbeat.running or passing) or outline != self._outline
        self._outline, self._back = outline, back
        for part, turn in self.turns:
            if everything or self._frames % turn == 0:
                part.follow(frame)
        if everything or self._frames % SOMETIMES == 0:
            paused = self.heartbeat.trainer.paused_by
            noted = self.notes(frame)
            told = [] if paused is None or paused in noted else [paused]
            for place in self.places:
                place.say([*told, *noted])
        if passing:
            self._follow_at_rest()

    def _follow_at_rest(self) -> None:
        """Have all parts follow where the slider through the past comes to rest."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.heartbeat.refresh()
            return
        if self._resting is not None:
            self._resting.cancel()
        self._resting = loop.call_later(AT_REST, self.heartbeat.refresh)

    def _changed(self, *_: object) -> None:
        """Show what has just been changed, which is always the present."""
        if self.heartbeat.back is not None:
            self.remark("This is the present again: changes are made to the network of now.")
        self.heartbeat.come_back()

    def _header(self, transport: Part) -> pn.Row:
        alone = self._nav is None
        brand = self.title if alone else "Playground"
        classes = ["pg-brand", *([] if alone else ["pg-app"])]
        return pn.Row(
            pn.pane.HTML(f"<h1>{brand}</h1>", css_classes=classes, margin=0, align="center"),
            *([] if alone else [self._nav]),
            transport,
            pn.Spacer(sizing_mode="stretch_width"),
            button("keep", "Runs, files and code", self._keeping.turn, kind="pg-keep"),
            # In a notebook the address is the notebook's.
            *([] if in_notebook() else [copy_button(self.write_address)]),
            button("theme", "Light or dark", self._turn_theme, kind="pg-theme"),
            self.flow,
            css_classes=["pg-header"],
            margin=0,
        )

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
