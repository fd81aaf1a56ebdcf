"""The part that a browser's session has in a lesson: what its teacher sees and does there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol
from weakref import WeakKeyDictionary

from playground.classroom import Lesson, Pupil, ShownWork, Work
from playground.errors import InputError
from playground.pages.classroom.follow_link import OpenPage, follow_link
from playground.pages.classroom.lessons_here import lesson_of_code, lessons
from playground.pages.links.link import Link, parse_link, query_string
from playground.pages.runs.run_description import SETTING_FORMATS, settings_text
from playground.serving.sessions import BrowserSession, browser_session
from playground.serving.settings.server_settings import server_settings

PAUSED = "Your teacher has paused the networks of the whole class."


class Host(Protocol):
    """What shows pages in a session: one at a time."""

    @property
    def open_page(self) -> OpenPage | None:
        """The page that is open; None while it is being built."""

    def go_to(self, link: Link, then: Callable[[OpenPage], None]) -> None:
        """Open the page that a link is about, and call a function with it once it is there."""


class SinglePage:
    """A page that is served alone, as a host."""

    def __init__(self, page: OpenPage) -> None:
        self.open_page = page

    def go_to(self, link: Link, then: Callable[[OpenPage], None]) -> None:
        """Call the function, if the link is about this page.

        Raises
        ------
        InputError
            If it is about another one.
        """
        title = self.open_page.title
        if link.page and link.page.strip().casefold() != title.casefold():
            raise InputError(f"This page is {title}; your teacher has opened another one.")
        then(self.open_page)


class Membership:
    """A session, as a lesson sees it: a `PupilPage`.

    What lessons call comes from other sessions, and changes the page by way of the session's own
    `schedule`.

    Parameters
    ----------
    session : BrowserSession

    Attributes
    ----------
    host : Host or None
        What shows the pages; set once there are any.
    lesson, pupil
        None as long as nobody has joined.
    shown : ShownWork or None
        Another pupil's network, which the teacher shows to all.
    message : str
        Why the session takes part no more.
    is_open : bool
        Whether the line of the class is open, on whichever page.
    on_change : list of callable
        Called when any of these has changed, with the document's lock.
    """

    def __init__(self, session: BrowserSession) -> None:
        self._session = session
        self._tab = ""
        self.host: Host | None = None
        self.lesson: Lesson | None = None
        self.pupil: Pupil | None = None
        self.shown: ShownWork | None = None
        self.message = ""
        self.is_open = False
        self.on_change: list[Callable[[], None]] = []
        session.on_end.append(self._end)

    # What the person in front of the page does ------------------------------------------------

    def take_tab(self, tab: str) -> None:
        """Take the id of the browser's tab, and go on in the lesson that it takes part in."""
        self._tab = tab
        if self.pupil is not None:
            self.pupil.tab = tab
        elif (found := lessons.rejoin(tab, self)) is not None:
            self.lesson, self.pupil = found
            self._notify()

    def join(self, code: str, nickname: str) -> None:
        """Join a lesson; who takes part in one already stays as they are.

        Raises
        ------
        InputError
            If there is no such lesson, or the nickname can't be taken.
        """
        if self.pupil is not None:  # A second click, before the form was gone.
            return
        lesson = lesson_of_code(code)
        self.pupil = lesson.join(nickname, self, self._tab)
        self.lesson, self.message = lesson, ""
        self._notify()

    def leave(self) -> None:
        """Take part no more."""
        lesson, pupil = self.lesson, self.pupil
        self._forget()
        if lesson is not None and pupil is not None:
            lesson.leave(pupil, self)
        self._notify()

    def open(self, is_open: bool) -> None:
        """Open the line of the class on all pages of the session, or close it."""
        self.is_open = is_open
        self._notify()

    def ask_for_help(self, needs_help: bool) -> None:
        """Ask the teacher for help, or no more."""
        if self.pupil is not None:
            self.pupil.needs_help = needs_help
            self._notify()

    # What lessons ask and do ------------------------------------------------------------------

    @property
    def is_here(self) -> bool:
        """Whether anything reaches the browser."""
        return self._session.is_connected

    def work(self) -> Work | None:
        """Return what the page trains, and how far; None while it is being built."""
        page = self._page
        if page is None:
            return None
        if not page.is_ready:
            return Work(page.title)
        heartbeat, is_hidden = page.heartbeat, page.back_pressure.is_hidden
        task = settings_text(page.settings.values(SETTING_FORMATS))
        if is_hidden and heartbeat.is_stale:
            # The latest frame is of what was on the page before, and none will come.
            return Work(page.title, task, is_hidden=True)
        return Work(
            page.title,
            task,
            heartbeat.frame,
            heartbeat.running,
            heartbeat.failure,
            page.notes(heartbeat.frame),
            heartbeat.trainer.paused_by,
            is_hidden,
        )

    def query(self) -> str:
        """Return the link to the page as it is, without what comes before the "?"."""
        page = self._page
        return "" if page is None else query_string(Link(page.title), page.settings.as_texts())

    def pause(self) -> None:
        """Pause training."""
        self._session.schedule(self._pause)

    def follow(self, query: str) -> None:
        """Go to a link in place of what is on the page."""
        self._session.schedule(partial(self._follow, query))

    def show(self, work: ShownWork | None) -> None:
        """Show another pupil's network; None shows it no more."""
        if work is not None and self.shown is None:
            self.is_open = True
        self.shown = work
        self.refresh()

    def refresh(self) -> None:
        """Show the part in the lesson as it is now."""
        self._session.schedule(self._notify)

    def release(self, sentence: str) -> None:
        """Take part no more; the sentence says why."""
        self._forget()
        self.message, self.is_open = sentence, True
        self.refresh()

    # Helpers ----------------------------------------------------------------------------------

    @property
    def _page(self) -> OpenPage | None:
        return None if self.host is None else self.host.open_page

    def _pause(self) -> None:
        if (page := self._page) is not None:
            page.pause()
            page.remark(PAUSED)

    def _follow(self, query: str) -> None:
        link = parse_link(query)
        if self.host is None:
            return
        try:
            self.host.go_to(link, partial(follow_link, link=link))
        except InputError as error:
            if (page := self._page) is not None:
                page.remark(str(error))

    def _notify(self) -> None:
        for call in self.on_change:
            call()

    def _forget(self) -> None:
        self.lesson = self.pupil = self.shown = None

    def _end(self) -> None:
        self.on_change.clear()
        self.leave()
        self.host = None
        _by_session.pop(self._session, None)


_by_session: WeakKeyDictionary[BrowserSession, Membership] = WeakKeyDictionary()


def membership() -> Membership | None:
    """Return the part that the current session has in lessons; None where there are no classes.

    It is made when it is first asked for.
    """
    if not server_settings().has_class or (session := browser_session()) is None:
        return None
    if session not in _by_session:
        _by_session[session] = Membership(session)
    return _by_session[session]
