"""What all pages share: header, theme, settings and link, saving, and parts updated in turns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Generic, Self

import panel as pn
import param

from playground.pages.accessibility.announcer import Announcer
from playground.pages.accessibility.bokeh_widgets import AccessibleWidgets
from playground.pages.accessibility.kept_focus import KeptFocus
from playground.pages.accessibility.keys import PageKeys
from playground.pages.checkpoints.branches import Branches
from playground.pages.classroom.class_card import class_cards
from playground.pages.controls.buttons import worded_button
from playground.pages.controls.notes import Notes
from playground.pages.design import COLOUR_CSS, page_design
from playground.pages.links.address_bar import copy_button
from playground.pages.links.link import Link
from playground.pages.links.link_sync import LinkSync
from playground.pages.part import Part, live_views
from playground.pages.runs.page_persistence import PagePersistence
from playground.pages.runs.person_files import prepare_people
from playground.pages.runs.run_session import NO_DATA, RunData, RunSession
from playground.pages.shell.help_sentences import HelpSentences, help_button
from playground.pages.shell.layout_watch import watch_layout
from playground.pages.shell.notebook import (
    PageColumn,
    in_notebook,
    load_extensions,
    window_styles,
)
from playground.pages.shell.notices import Notices
from playground.pages.shell.part_updates import SOMETIMES, PartUpdates
from playground.pages.shell.setting_attributes import SettingAttributes
from playground.pages.shell.transport import OPENER, Transport
from playground.runs import Run
from playground.serving.browser.back_pressure import BackPressure
from playground.serving.dense_trainer import place_note
from playground.serving.giving_way import give_way
from playground.serving.heartbeat import FrameT, Heartbeat, TrainerT
from playground.serving.patches.bokeh_patches import BokehPatches
from playground.serving.sessions import call_giving_way
from playground.settings import Owner, ParameterSetting, Settings
from playground.training.core.notes import Note, Remedy
from playground.views.live_view import LiveView
from playground.views.theme import DARK, LIGHT, Theme


class Page(SettingAttributes, Part, Generic[TrainerT, FrameT]):
    """A page: what a subclass composes of parts, with everything around it.

    Parameters
    ----------
    dark : bool, optional
        By default the theme that the server was started with.
    nav : Viewable, optional
        Shown beside the brand: the choice of pages.

    Attributes
    ----------
    trainer : BaseTrainer
    heartbeat : Heartbeat
        Runs the trainer; set by `begin`.
    settings : Settings
        Everything that can be set on the page; set by `compose`.
    back_pressure : BackPressure
    is_ready : bool
        Whether `begin` was called: the page follows a network.
    branches : Branches
        What continues other runs and keeps the one that is left; once the page follows a network.
    """

    title: ClassVar[str]
    trainer: TrainerT
    heartbeat: Heartbeat[TrainerT, FrameT]
    settings: Settings
    _transport: Transport | None = None
    branches: Branches

    dark = param.Boolean(default=False, doc="Whether the page is dark.")

    def __init__(
        self, *, dark: bool | None = None, nav: pn.viewable.Viewable | None = None
    ) -> None:
        super().__init__(dark=pn.config.theme == "dark" if dark is None else dark)
        load_extensions()
        prepare_people()
        self.back_pressure = BackPressure()
        self.is_ready = False
        self._nav = nav
        self._updates = PartUpdates(self.fail)
        with page_design():
            self._announcer = Announcer()
            self._notices = Notices()
            self._help = HelpSentences()
            self._class = class_cards()
            self._persistence = PagePersistence(
                self.snapshot, self.remark, self._notices.connection.note_save
            )
            self.open_shared_run = self._persistence.open_shared_run

    def __panel__(self) -> pn.Column:
        return self._page

    # To be implemented ------------------------------------------------------------------------

    @property
    def update_intervals(self) -> tuple[tuple[Part, int], ...]:
        """The parts that are updated with frames, and the number of frames between two updates."""
        raise NotImplementedError

    @property
    def note_panes(self) -> tuple[Notes, ...]:
        """The places that show notes."""
        raise NotImplementedError

    @property
    def owners(self) -> tuple[Owner, ...]:
        """The objects whose parameters are the page's settings, besides its theme and its pace."""
        return ()

    def structure(self, frame: FrameT) -> object:
        """Return the part of a frame whose change makes all parts update at once."""
        raise NotImplementedError

    def notes(self, frame: FrameT) -> tuple[Note, ...]:
        """Return the notes to show for a frame."""
        raise NotImplementedError

    def snapshot(self) -> str:
        """Return the page as one HTML file that needs no server; may be called in any thread."""
        raise NotImplementedError

    def extra(self) -> dict[str, Any]:
        """Return what a run of this page holds beside its settings, as JSON can hold it."""
        return {}

    def restore_extra(self, extra: Mapping[str, Any]) -> None:
        """Restore what `extra` once returned; InputError if it is something else."""

    @property
    def run_data(self) -> RunData:
        """What the settings depend on, which runs of this page hold in `extra`."""
        return NO_DATA

    # For subclasses ----------------------------------------------------------------------------

    @property
    def views(self) -> tuple[LiveView, ...]:
        """All live views of the page, which follow its theme."""
        return live_views(part for part, _interval in self.update_intervals)

    @property
    def theme(self) -> Theme:
        """The current theme."""
        return DARK if self.dark else LIGHT

    def compose(self, transport: Part, main: pn.Column, welcome: Part, numbers: Any) -> None:  # noqa: ANN401
        """Put the page together of its parts; more may be added to `main` later.

        Parameters
        ----------
        transport, welcome : Part
            What runs the training, and what the page is about: the line above `main`.
        main : Column
        numbers : panel object
            At the end of that line.
        """
        self.settings = Settings(ParameterSetting(self, "dark", "dark"), *self.owners)
        self._link_sync = LinkSync(self.settings, self._notices, main)
        self._keys = PageKeys(self._play_or_pause, self._close)
        self._page = PageColumn(
            self._header(),
            pn.Row(transport, welcome, numbers, css_classes=["pg-lead"], margin=0),
            self._notices,
            *self._class,
            self._persistence.drawer,
            main,
            self._link_sync.bar,
            BokehPatches(),
            AccessibleWidgets(),
            KeptFocus(),
            self._keys,
            self._announcer,
            self._help,
            css_classes=self._classes,
            styles=window_styles(),
            stylesheets=[COLOUR_CSS],
            margin=0,
        )
        watch_layout(self._page, self._link_sync.register)

    def begin(self, heartbeat: Heartbeat[TrainerT, FrameT]) -> None:
        """Follow a network from now on; all parts of the page exist."""
        self.heartbeat, self.is_ready = heartbeat, True
        self._updates.begin(self.structure(heartbeat.frame))
        self._restyle_views()  # A part that takes no theme was built in the light one.
        heartbeat.param.watch(lambda event: self.fail(event.new), "failure")
        self._announcer.follow(heartbeat)
        heartbeat.param.watch(lambda event: self._notices.tell_busy(event.new), "is_slowed")
        for pane in self.note_panes:
            pane.apply = self.apply_remedy
        self.add_settings(ParameterSetting(heartbeat, "pace", "pace"))
        heartbeat.start()
        self._link_sync.report_unknown_names()
        self._persistence.begin(
            RunSession(
                self.title,
                heartbeat,
                self.settings,
                remark=self.remark,
                extra=self.extra,
                restore_extra=self.restore_extra,
                data=self.run_data,
            )
        )

    def continue_run(self, run: Run) -> None:
        """Continue a run made elsewhere; what the page has trained is kept as the other branch."""
        self._persistence.when_restored(lambda: self.branches.open_run(lambda: run, self.remark))

    def add_settings(self, *owners: Owner) -> None:
        """Add settings of parts that were made later than the rest."""
        self.remark(*self.settings.add(*owners))

    def apply_remedy(self, remedy: Remedy) -> None:
        """Change the settings of a remedy."""
        self.choose(dict(remedy.settings))

    def fail(self, sentence: str) -> None:
        """Show what went wrong; "" clears it."""
        self._notices.fail(sentence)
        self._announcer.say(sentence)

    def remark(self, *sentences: str) -> None:
        """Show sentences until a person closes them."""
        self._notices.remark(*sentences)
        self._announcer.say(*sentences)

    @property
    def run_session(self) -> RunSession:
        """The page's work as runs; only once the page follows a network."""
        return self._persistence.run_session

    def save(self, path: str | Path) -> None:
        """Write the page as one HTML file that needs no server.

        The file shows all checkpoints, and can be experimented with.

        Raises
        ------
        InputError
            If it uses something that a browser can't compute, or the file would be too large.
        OSError
            If it can't be written.
        """
        Path(path).write_text(self.snapshot(), encoding="utf-8")

    # Links ---------------------------------------------------------------------------------------

    @classmethod
    def from_link(cls, link: Link) -> Self:
        """Make the page that a link describes."""
        page = cls()
        page.open(link)
        return page

    def open(self, link: Link) -> None:
        """Apply a link, and keep the address bar up to date from now on.

        Impossible values become the nearest possible ones; a remark on the page names them.
        """
        give_way()
        self._link_sync.open(link)
        self._persistence.owns_address = not link.from_other_page
        self._persistence.shared_run = link.shared_run
        self._page.append(self._persistence.tab)
        if self.is_ready:
            trainer = self.heartbeat.trainer
            if not trainer.step_count:
                # The link's own first weights, rather than those of the defaults, grown.
                trainer.reset()
            give_way()
            # The first frame that is shown has the link's settings already.
            self.heartbeat.frame = frame = trainer.frame()
            self.update(frame)
            pn.state.onload(self._link_sync.report_unknown_names)

    def write_address(self) -> None:
        """Write the current settings into the address bar."""
        self._link_sync.write()

    @property
    def hideable(self) -> tuple[str, ...]:
        """Names of all cards and controls that a link can hide."""
        return self._link_sync.names

    # Callbacks -----------------------------------------------------------------------------------

    def pause(self) -> None:
        """Pause training, and what parts compute, as when another page is opened."""
        if self.is_ready:
            self.heartbeat.pause()
            for part, _interval in self.update_intervals:
                part.pause()

    def resume(self) -> None:
        """Have parts go on with what shows the network, as when the page is opened again."""
        if self.is_ready:
            for part, _interval in self.update_intervals:
                part.resume()

    def update(self, frame: Any) -> None:  # noqa: ANN401 (each page knows what its trainer gives)
        """Show a frame; while training, or scrubbing through checkpoints, parts take turns."""
        structure = self.structure(frame)
        self._updates.update(frame, structure, self.heartbeat, self.update_intervals)
        if self._updates.is_due(SOMETIMES):
            self._announcer.update(frame)
            trainer, notes_of_frame = self.heartbeat.trainer, self.notes(frame)
            others = [trainer.paused_by, place_note(trainer)]
            own = [note for note in others if note is not None and note not in notes_of_frame]
            for pane in self.note_panes:
                pane.show_notes([*own, *notes_of_frame])
        self._updates.finish(self.heartbeat)

    def _on_setting_changed(self, *_: object) -> None:
        """Show the effect of a change, which is always made to the latest state."""
        if self.heartbeat.shown_checkpoint is not None:
            self.remark("Back at the latest state: changes apply to the current network.")
        self.heartbeat.show_present()

    def _header(self) -> pn.Row:
        standalone = self._nav is None
        brand = self.title if standalone else "Playground"
        classes = ["pg-brand", *([] if standalone else ["pg-app"])]
        return pn.Row(
            pn.pane.HTML(f"<h1>{brand}</h1>", css_classes=classes, margin=0, align="center"),
            *([] if standalone else [self._nav]),
            pn.Spacer(sizing_mode="stretch_width"),
            *(each.opener for each in self._class),
            worded_button("Save", "keep", "Runs, files and code", self._toggle_drawer, "pg-keep"),
            # In a notebook the address bar belongs to the notebook.
            *([] if in_notebook() else [copy_button(self.write_address), help_button()]),
            worded_button("Theme", "theme", "Light or dark", self._toggle_theme, "pg-theme"),
            self.back_pressure,
            css_classes=["pg-header"],
            margin=0,
        )

    @property
    def _classes(self) -> list[str]:
        return ["pg", *(["pg-dark"] if self.dark else [])]

    def _toggle_theme(self, _event: object) -> None:
        self.dark = not self.dark

    def _toggle_drawer(self, _event: object) -> None:
        call_giving_way(self._open_or_close_drawer)

    def _open_or_close_drawer(self) -> None:
        self._persistence.toggle(self.theme)
        if self._persistence.drawer.is_open:
            self._keys.focus("pg-shut")

    def _play_or_pause(self) -> None:
        if self.is_ready:
            self.heartbeat.running = not self.heartbeat.running

    def _close(self) -> str:
        """Close what is open, and return the class of what is to have the focus then, or ""."""
        drawer = self._persistence.drawer
        if drawer.is_open:
            drawer.close()
            return "pg-keep"
        transport = self._transport
        return OPENER if transport is not None and transport.close_more() else ""

    @param.depends("dark", watch=True)
    def _restyle(self) -> None:
        self._page.css_classes = self._classes
        self._restyle_views()

    def _restyle_views(self) -> None:
        for view in (*self.views, *self._persistence.drawer.views):
            if view.theme is not self.theme:
                view.restyle(self.theme)
