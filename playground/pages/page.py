"""What all pages have in common: a header, a theme, and parts that follow a network in turns."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Generic, Self

import panel as pn
import param

from playground.pages.controls.buttons import button
from playground.pages.controls.notes import Notes
from playground.pages.design import COLOUR_CSS, page_design
from playground.pages.links.address_bar import copy_button
from playground.pages.links.link import Link
from playground.pages.links.link_sync import LinkSync
from playground.pages.part import Part
from playground.pages.runs.page_persistence import PagePersistence
from playground.pages.runs.run_session import RunSession
from playground.pages.shell.layout_watch import watch_layout
from playground.pages.shell.notebook import in_notebook, load_extensions, window_styles
from playground.pages.shell.notices import Notices
from playground.pages.shell.setting_attributes import SettingAttributes
from playground.serving.back_pressure import BackPressure
from playground.serving.bokeh_patches import BokehPatches
from playground.serving.heartbeat import FrameT, Heartbeat, TrainerT
from playground.settings import Owner, ParameterSetting, Settings
from playground.training.core.notes import Note
from playground.views.live_view import LiveView
from playground.views.theme import DARK, LIGHT, Theme

ALWAYS, OFTEN, SOMETIMES, SELDOM = 1, 3, 6, 12
"""Every how many frames a part of the page is brought up to date while the network learns."""
SETTLE_TIME = 0.15
"""Seconds without a movement after which the slider through the past counts as being at rest."""


class Page(SettingAttributes, Part, Generic[TrainerT, FrameT]):
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
    trainer: TrainerT
    heartbeat: Heartbeat[TrainerT, FrameT]
    settings: Settings

    dark = param.Boolean(default=False, doc="Whether the page is dark.")

    def __init__(
        self, *, dark: bool | None = None, nav: pn.viewable.Viewable | None = None
    ) -> None:
        super().__init__(dark=pn.config.theme == "dark" if dark is None else dark)
        load_extensions()
        self.back_pressure = BackPressure()
        self.is_ready = False
        self._nav = nav
        self._frames = 0
        self._structure: object = None
        self._shown_checkpoint: int | None = None
        self._settle_timer: asyncio.TimerHandle | None = None
        with page_design():
            self._notices = Notices()
            self._persistence = PagePersistence(self)

    def __panel__(self) -> pn.Column:
        return self._page

    # What subclasses fill in -------------------------------------------------------------------

    @property
    def views(self) -> tuple[LiveView, ...]:
        """All live views of the page."""
        raise NotImplementedError

    @property
    def update_intervals(self) -> tuple[tuple[Part, int], ...]:
        """The parts that follow the network, and every how many frames each does."""
        raise NotImplementedError

    @property
    def note_panes(self) -> tuple[Notes, ...]:
        """Where notes are said."""
        raise NotImplementedError

    @property
    def owners(self) -> tuple[Owner, ...]:
        """Whose parameters are the page's settings, besides its theme and its pace."""
        return ()

    def structure(self, frame: FrameT) -> object:
        """What of a frame is to be seen everywhere at once when it changes."""
        raise NotImplementedError

    def notes(self, frame: FrameT) -> tuple[Note, ...]:
        """What is to be said about a frame."""
        raise NotImplementedError

    def snapshot(self) -> str:
        """The page as one HTML file that needs no server; from whatever thread."""
        raise NotImplementedError

    def extra(self) -> dict[str, Any]:
        """What a run of this page holds beside its settings, as JSON can hold it."""
        return {}

    def restore_extra(self, extra: Mapping[str, Any]) -> None:
        """Take up what `extra` once returned; InputError if it is something else."""

    # What they are given -----------------------------------------------------------------------

    @property
    def theme(self) -> Theme:
        """The colours of the moment."""
        return DARK if self.dark else LIGHT

    def compose(self, transport: Part, main: pn.Column) -> None:
        """Put the page together, once its parts are there; others may be put into `main` later."""
        self.settings = Settings(ParameterSetting(self, "dark", "dark"), *self.owners)
        self._link_sync = LinkSync(self.settings, self._notices, main)
        self._page = pn.Column(
            self._header(transport),
            self._notices,
            self._persistence.drawer,
            main,
            self._link_sync.bar,
            BokehPatches(),
            css_classes=self._classes,
            styles=window_styles(),
            stylesheets=[COLOUR_CSS],
            margin=0,
        )
        watch_layout(self._page, self._link_sync.register)

    def begin(self, heartbeat: Heartbeat[TrainerT, FrameT]) -> None:
        """Have the page follow a network from now on; all its parts are there."""
        self.heartbeat, self.is_ready = heartbeat, True
        self._structure = self.structure(heartbeat.frame)
        heartbeat.param.watch(lambda event: self.fail(event.new), "failure")
        self.add_settings(ParameterSetting(heartbeat, "pace", "pace"))
        heartbeat.start()
        self._link_sync.report_unknown_names()
        self._persistence.begin()

    def add_settings(self, *owners: Owner) -> None:
        """Let parts that come later than the rest have settings too."""
        self.remark(*self.settings.add(*owners))

    def fail(self, sentence: str) -> None:
        """Say what went wrong; "" once nothing is wrong any more."""
        self._notices.fail(sentence)

    def remark(self, *sentences: str) -> None:
        """Say what is worth knowing, until a person closes it."""
        self._notices.remark(*sentences)

    @property
    def run_session(self) -> RunSession:
        """The page's work as runs, once it follows a network."""
        return self._persistence.run_session

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
    def from_link(cls, link: Link) -> Self:
        """Make the page that a link asks for."""
        page = cls()
        page.open(link)
        return page

    def open(self, link: Link) -> None:
        """Be as a link asks, and keep the address bar up to date from now on.

        Values that are not possible become the nearest that are. What could not be followed is
        said on the page.
        """
        self._link_sync.open(link)
        self._persistence.owns_address = not link.from_other_page
        self._page.append(self._persistence.tab)
        if self.is_ready:
            # The first that is seen should be what the link is about.
            self.heartbeat.frame = frame = self.heartbeat.trainer.frame()
            self.update(frame)
            pn.state.onload(self._link_sync.report_unknown_names)

    def write_address(self) -> None:
        """Have the address bar say what is chosen now."""
        self._link_sync.write()

    @property
    def hideable(self) -> tuple[str, ...]:
        """Names of all cards and controls that a link can hide."""
        return self._link_sync.names

    # What happens on every page ------------------------------------------------------------------

    def pause(self) -> None:
        """Pause, as when another page is looked at."""
        if self.is_ready:
            self.heartbeat.pause()

    def update(self, frame: Any) -> None:  # noqa: ANN401 (each page knows what its trainer gives)
        """Bring the page up to date; while time passes, onwards or back, its parts take turns."""
        self._frames += 1
        # What somebody has just changed should be seen at once.
        structure = self.structure(frame)
        shown_checkpoint = self.heartbeat.shown_checkpoint
        scrubbing = shown_checkpoint is not None and shown_checkpoint != self._shown_checkpoint
        update_all = not (self.heartbeat.running or scrubbing) or structure != self._structure
        self._structure, self._shown_checkpoint = structure, shown_checkpoint
        for part, toggle in self.update_intervals:
            if update_all or self._frames % toggle == 0:
                part.update(frame)
        if update_all or self._frames % SOMETIMES == 0:
            paused = self.heartbeat.trainer.paused_by
            notes_of_frame = self.notes(frame)
            pause_note = [] if paused is None or paused in notes_of_frame else [paused]
            for pane in self.note_panes:
                pane.show_notes([*pause_note, *notes_of_frame])
        if scrubbing:
            self._update_when_settled()

    def _update_when_settled(self) -> None:
        """Have all parts follow where the slider through the past comes to rest."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.heartbeat.refresh()
            return
        if self._settle_timer is not None:
            self._settle_timer.cancel()
        self._settle_timer = loop.call_later(SETTLE_TIME, self.heartbeat.refresh)

    def _on_setting_changed(self, *_: object) -> None:
        """Show what has just been changed, which is always the present."""
        if self.heartbeat.shown_checkpoint is not None:
            self.remark("This is the present again: changes are made to the network of now.")
        self.heartbeat.show_present()

    def _header(self, transport: Part) -> pn.Row:
        standalone = self._nav is None
        brand = self.title if standalone else "Playground"
        classes = ["pg-brand", *([] if standalone else ["pg-app"])]
        return pn.Row(
            pn.pane.HTML(f"<h1>{brand}</h1>", css_classes=classes, margin=0, align="center"),
            *([] if standalone else [self._nav]),
            transport,
            pn.Spacer(sizing_mode="stretch_width"),
            button("keep", "Runs, files and code", self._persistence.toggle, kind="pg-keep"),
            # In a notebook the address is the notebook's.
            *([] if in_notebook() else [copy_button(self.write_address)]),
            button("theme", "Light or dark", self._toggle_theme, kind="pg-theme"),
            self.back_pressure,
            css_classes=["pg-header"],
            margin=0,
        )

    @property
    def _classes(self) -> list[str]:
        return ["pg", *(["pg-dark"] if self.dark else [])]

    def _toggle_theme(self, _event: object) -> None:
        self.dark = not self.dark

    @param.depends("dark", watch=True)
    def _restyle(self) -> None:
        self._page.css_classes = self._classes
        for view in self.views:
            view.restyle(self.theme)
