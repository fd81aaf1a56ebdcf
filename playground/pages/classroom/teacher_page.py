"""The page of a teacher: the password first, then the class."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial

import panel as pn
import param

from playground.classroom import Lesson
from playground.classroom.lessons import HOUR
from playground.errors import InputError
from playground.pages.accessibility.bokeh_widgets import AccessibleWidgets
from playground.pages.classroom.board import Board
from playground.pages.classroom.lessons_here import check_password, lesson_of_code, lessons
from playground.pages.classroom.sign_in import SignIn
from playground.pages.controls.buttons import worded_button
from playground.pages.design import COLOUR_CSS, page_design
from playground.pages.part import Part
from playground.pages.runs.browser_tab import BrowserTab
from playground.pages.shell.notebook import load_extensions
from playground.pages.shell.notices import Notices
from playground.serving.patches.bokeh_patches import BokehPatches
from playground.serving.sessions import browser_session
from playground.serving.settings.server_settings import server_settings
from playground.views.theme import DARK, LIGHT, Theme

ENDED = "The lesson has ended, and all of it is forgotten."


class TeacherPage(Part):
    """What `?class` shows: who knows the password sees the class.

    Nothing of any pupil is in the session before.
    """

    dark = param.Boolean(default=False, doc="Whether the page is dark.")

    def __init__(self) -> None:
        super().__init__(dark=pn.config.theme == "dark")
        load_extensions()
        self._lesson: Lesson | None = None
        self._board: Board | None = None
        self._tab_id = ""
        self._session = browser_session()
        with page_design():
            self._notices = Notices()
            self._place = pn.Column(SignIn(self._sign_in), margin=0, css_classes=["pg-class-stage"])
            self._tab = BrowserTab(self._take_tab)
            self._page = pn.Column(
                self._header(),
                self._notices,
                self._place,
                self._tab,
                BokehPatches(),
                AccessibleWidgets(),
                css_classes=self._classes,
                stylesheets=[COLOUR_CSS],
                margin=0,
            )
        if self._session is not None:
            self._session.on_end.append(self._leave)

    def __panel__(self) -> pn.Column:
        return self._page

    @property
    def theme(self) -> Theme:
        """The current theme."""
        return DARK if self.dark else LIGHT

    def _header(self) -> pn.Row:
        return pn.Row(
            pn.pane.HTML("<h1>Class</h1>", css_classes=["pg-brand"], margin=0, align="center"),
            pn.Spacer(sizing_mode="stretch_width"),
            worded_button("Theme", "theme", "Light or dark", self._toggle_theme, "pg-theme"),
            css_classes=["pg-header"],
            margin=0,
        )

    def _take_tab(self, tab: str, _reloaded: bool) -> None:
        """Take the id of the browser's tab, and go on with the lesson that was open in it."""
        self._tab_id = tab
        if self._lesson is not None:
            self._lesson.open_for(self, tab)
        elif (lesson := lessons.of_teacher(tab)) is not None:
            self._open(lesson)

    def _sign_in(self, password: str, code: str) -> None:
        """Open the lesson of a code, or a new one.

        Raises
        ------
        InputError
            If the password is wrong, or there is no such lesson.
        """
        if self._lesson is not None:
            raise InputError("A lesson is open already.")
        check_password(password)
        lessons.end_abandoned(server_settings().class_hours)
        self._open(lesson_of_code(code) if code.strip() else lessons.begin())

    def _open(self, lesson: Lesson) -> None:
        self._lesson = lesson
        lesson.open_for(self, self._tab_id)
        with page_design():
            self._board = Board(lesson, self.theme, self._end, self._show_sign_in)
        self._place.objects = [self._board]
        self._board.begin()

    def _end(self) -> None:
        """End the lesson for all."""
        if self._lesson is not None:
            lessons.end(self._lesson)
        self._show_sign_in()

    def _show_sign_in(self) -> None:
        """Show the form again, after the lesson has ended."""
        if self._board is not None:
            self._board.stop()
        self._lesson = self._board = None
        with page_design():
            self._place.objects = [SignIn(self._sign_in)]
        self._notices.remark(ENDED)

    def _leave(self) -> None:
        """Have the lesson forgotten some hours after its last teacher has left."""
        lesson, self._lesson = self._lesson, None
        if lesson is None:
            return
        lesson.close_for(self)
        hours = server_settings().class_hours
        forget = partial(lessons.end_abandoned, hours)
        with suppress(RuntimeError):  # At the end of the server no loop runs any more.
            asyncio.get_running_loop().call_later(hours * HOUR + 1, forget)

    @property
    def _classes(self) -> list[str]:
        return ["pg", *(["pg-dark"] if self.dark else [])]

    def _toggle_theme(self, _event: object) -> None:
        self.dark = not self.dark

    @param.depends("dark", watch=True)
    def _restyle(self) -> None:
        self._page.css_classes = self._classes
        if self._board is not None:
            self._board.restyle(self.theme)
