"""The sessions of browsers: whether anybody is still there, who trains, and the end of each.

Bokeh tells an app that a session was destroyed, minutes after its browser has gone and in the midst
of the destruction. So sessions are watched: twice a second each is asked for its connections.
Without one, or with one that takes nothing for 10 s, it is lost, and its training is suspended;
after `lost_session_seconds` more it has expired, and all that belongs to it ends.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import Context
from time import monotonic
from typing import Any, ClassVar
from weakref import WeakKeyDictionary, ref

import panel as pn
from bokeh.document import Document
from bokeh.server.session import ServerSession

from playground.serving.document_lock import call_at_once, call_locked, run_soon
from playground.serving.page_queue import page_turn
from playground.serving.settings.server_settings import server_settings

CHECK_SECONDS = 0.5
"""Seconds between two looks at the connections of a session."""
FIRST_CHECK_SECONDS = 0.05
"""The same before it has had one: who comes and is lost again at once was there all the same."""
IN_USE_SECONDS = 600.0
"""Seconds after it was opened, or has trained, for which a page counts as work."""
LATE_SECONDS = 0.3
"""Mean delay of the looks at a session from which on the server counts as busy."""
MAX_LATE_SECONDS = 1.0
"""Longest delay that counts: a single one, as of a page that is made, is no sign of overload."""
LATE_SHARE = 0.25
"""Share of the newest look in that mean."""
STALLED_SECONDS = 10.0
"""Seconds after which a connection that takes nothing counts as lost."""
Callback = Callable[[], None]
Scheduler = Callable[[Callback], object]
"""Calls a function on the event loop, soon; may be called in any thread."""

log = logging.getLogger(__name__)


class BrowserSession:
    """The session of one browser: `browser_session` returns it.

    Attributes
    ----------
    id : str
    on_first, on_lost, on_back, on_end : list of callable
        Called on the event loop, without the document's lock: with the first connection, when
        nothing reaches the browser any more, when something does again, and once at the session's
        end. One that raises keeps no other one from being called. None may change the page.
    prepare_last_saves : list of callable
        Called when the server stops; each returns what is to be done in another thread, or None.
    make_page : callable, optional
        Called once, in turn and with the document's lock, before the first browser is told that it
        is connected: it then asks for the page, and gets the whole of it at once.
    is_connected : bool
        Whether what is sent reaches the browser.
    was_connected : bool
        Whether it ever did.
    has_ended : bool
    is_admitted : bool
        Whether it has a page, and not only an address that was called.
    owner : str
        Whose page it is, once it has one; "" of who is not told apart from others.
    is_training : bool
        Whether the page trains anything: see `set_training`.
    seconds_late : float
        By how much the event loop is late with what is due, the mean of the last seconds.
    ended_count : int
        How many sessions that had a page have ended since the start of the process.
    """

    ended_count: ClassVar[int] = 0

    def __init__(self, document: Document, loop: asyncio.AbstractEventLoop) -> None:
        assert document.session_context is not None  # this document belongs to a session
        self.id = str(document.session_context.id)
        self._document, self._loop = ref(document), loop
        self.on_first: list[Callback] = []
        self.on_lost: list[Callback] = []
        self.on_back: list[Callback] = []
        self.on_end: list[Callback] = []
        self.prepare_last_saves: list[Callable[[], Callback | None]] = []
        self.make_page: Callback | None = None
        self._made: asyncio.Event | None = None
        self._waiting_browsers = 0
        self.is_connected = self.was_connected = self.has_ended = False
        self.is_admitted = False
        self.owner = ""
        self._trainings: set[object] = set()
        self._is_expiring = self._has_moved = False
        self.seconds_late = 0.0
        self._changed_at = self._took_all_at = self._used_at = monotonic()
        self._discarding: asyncio.Future[None] | None = None
        document.on_session_destroyed(lambda _context: self._end())
        _by_document[document] = self
        self._begin_watching()

    @property
    def is_training(self) -> bool:
        """Whether the page trains anything."""
        return bool(self._trainings)

    def set_training(self, who: object, trains: bool) -> None:
        """Note whether one of the heartbeats of the page trains."""
        (self._trainings.add if trains else self._trainings.discard)(who)
        self._used_at = monotonic()

    @property
    def is_in_use(self) -> bool:
        """Whether the page has a browser, or waits for one, and trains, or did a while ago."""
        is_here = self.is_connected or not self.was_connected
        return is_here and (self.is_training or monotonic() - self._used_at < IN_USE_SECONDS)

    @property
    def is_leaving(self) -> bool:
        """Whether the session has ended, or is about to."""
        return self.has_ended or self._is_expiring

    @property
    def is_slowed(self) -> bool:
        """Whether the server has more to do than it can."""
        return self.seconds_late > LATE_SECONDS

    @property
    def seconds_disconnected(self) -> float:
        """Seconds for which nothing has reached the browser; 0 while something does."""
        return 0.0 if self.is_connected else monotonic() - self._changed_at

    @property
    def is_congested(self) -> bool:
        """Whether a browser has not received all that was sent: what is sent now would pile up."""
        session = self._server_session
        # There is no public way from a session to its connections; Panel takes this one too.
        connections = () if session is None else session._subscribed_connections
        return any(
            (websocket := each._socket.ws_connection) is not None
            and websocket.stream is not None
            and websocket.stream.writing()
            for each in tuple(connections)
        )

    def schedule(self, call: Callback) -> None:
        """Call a function on the event loop with the document's lock, unless the session has ended.

        May be called in any thread.
        """
        # From another thread the loop has to be woken, which takes it two system calls.
        is_here = _running_loop() is self._loop
        call_soon = self._loop.call_soon if is_here else self._loop.call_soon_threadsafe
        try:
            call_soon(self._call, call, context=Context())
        except RuntimeError:
            log.debug("The server has stopped: nothing is called any more.")

    def schedule_later(self, seconds: float, call: Callback) -> asyncio.TimerHandle:
        """Call a function like `schedule`, after a time; call on the event loop."""
        return self._loop.call_later(seconds, self._call, call, context=Context())

    def schedule_in_turn(self, call: Callback) -> None:
        """Call a function like `schedule_long`, when it is its turn; call on the event loop."""
        run_soon(self._call_in_turn(call))

    def schedule_long(self, call: Callback) -> None:
        """Call a function like `schedule`; others are served whenever it gives way.

        Call on the event loop.
        """
        run_soon(self._call_giving_way(call))

    def call_for_browser(self, call: Callback) -> None:
        """Call a function that a page needs no sooner than a browser is about to show it."""
        call()

    @asynccontextmanager
    async def connecting(self) -> AsyncIterator[None]:
        """Have the page made if `make_page` is set, then let a browser be told of its connection.

        The browser counts as connected from the beginning.
        """
        self._waiting_browsers += 1
        try:
            if self._made is None:
                self._made = asyncio.Event()
                run_soon(self._make_first(self._made))
            await self._made.wait()
            yield
        finally:
            self._waiting_browsers -= 1

    def end_when_lost(self) -> None:
        """Have the session end as soon as no browser is connected: it is made anew elsewhere."""
        self._has_moved = True

    def expire(self) -> None:
        """Have Bokeh discard the session now, rather than when its lifetime is over."""
        session, document = self._server_session, self._document()
        if session is None or document is None or self._is_expiring:
            return
        self._is_expiring = True
        session.request_expiration()
        # Bokeh declares contexts that have none of what a server's contexts have.
        server_context: Any = document.session_context
        context = server_context.server_context.application_context
        # Bokeh itself would look in 17 seconds, or in an hour if the clock is set back by one.
        self._discarding = asyncio.ensure_future(context._cleanup_sessions(math.inf))

    @property
    def _server_session(self) -> ServerSession | None:
        """Bokeh's own session; None before it exists, and once it was destroyed."""
        document = self._document()
        context = None if document is None else document.session_context
        return getattr(context, "session", None)

    def _call(self, call: Callback) -> None:
        document, session = self._document(), self._server_session
        # A document that is being destroyed has no context any more, and takes no callbacks.
        if self.has_ended or document is None or document.session_context is None:
            return
        if session is None:  # The page is still being made: Bokeh calls it once the session exists.
            document.add_next_tick_callback(call)
            return
        try:
            if call_at_once(session, call):
                return
        except Exception as error:  # Whatever it is, the loop that calls must go on.
            log.error("What a session had scheduled failed.", exc_info=error)
            return
        # Bokeh's own way to the lock makes three objects and two events of each call.
        run_soon(call_locked(session, call))

    async def _make_first(self, made: asyncio.Event) -> None:
        try:
            if self.make_page is not None:
                await self._call_in_turn(self._make)
        finally:
            made.set()

    def _make(self) -> None:
        make, self.make_page = self.make_page, None
        if make is not None and (document := self._document()) is not None:
            # Panel would put all changes off until the browser says that it has the page.
            pn.state._connected[document] = True
            make()

    async def _call_in_turn(self, call: Callback) -> None:
        async with page_turn():
            await self._call_giving_way(call)

    async def _call_giving_way(self, call: Callback) -> None:
        if (session := self._server_session) is None:
            self._call(call)
        else:
            await call_locked(session, call, gives_way=True)

    def _begin_watching(self) -> None:
        self._start_timer()
        _open.add(self)

    def _check(self) -> None:
        """Look whether the browser is still there."""
        if self._document() is None:
            self._end()
            return
        late = min(max(0.0, self._loop.time() - self._timer.when()), MAX_LATE_SECONDS)
        self.seconds_late += LATE_SHARE * (late - self.seconds_late)
        self._start_timer()
        session, now = self._server_session, monotonic()
        if session is None:
            return
        if not self.is_congested:
            self._took_all_at = now
        has_connection = session.connection_count + self._waiting_browsers > 0
        stalled = now - self._took_all_at > STALLED_SECONDS
        self._set_connected(has_connection and not stalled)
        if has_connection:
            self._is_expiring = False
        elif self._is_over:
            self.expire()

    def _start_timer(self) -> None:
        # The current context would keep the document alive.
        seconds = CHECK_SECONDS if self.was_connected else FIRST_CHECK_SECONDS
        self._timer = self._loop.call_later(seconds, self._check, context=Context())

    @property
    def _is_over(self) -> bool:
        settings = server_settings()
        limit = (
            settings.lost_session_seconds
            if self.was_connected
            else settings.unconnected_session_seconds
        )
        return self._has_moved or self.seconds_disconnected > limit

    def _set_connected(self, connected: bool) -> None:
        if connected == self.is_connected:
            return
        self.is_connected, self._changed_at = connected, monotonic()
        is_first, self.was_connected = not self.was_connected, True
        _call_all(self.on_first if is_first else self.on_back if connected else self.on_lost)

    def _end(self) -> None:
        if self.has_ended:
            return
        self.has_ended = True
        BrowserSession.ended_count += self.is_admitted
        self._trainings.clear()
        _open.discard(self)
        if (document := self._document()) is not None:
            _by_document.pop(document, None)
        self._timer.cancel()
        _call_all(self.on_end)
        for callbacks in (self.on_first, self.on_lost, self.on_back, self.on_end):
            callbacks.clear()
        self.prepare_last_saves.clear()
        self.make_page = None


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


_open: set[BrowserSession] = set()
_by_document: WeakKeyDictionary[Document, BrowserSession] = WeakKeyDictionary()


def browser_session() -> BrowserSession | None:
    """Return the session that is being served; None elsewhere, as in a notebook."""
    document = pn.state.curdoc
    if document is None or document.session_context is None:
        return None
    session = _by_document.get(document)
    if session is None:
        if (loop := _running_loop()) is None:
            return None
        session = BrowserSession(document, loop)
        expire_unconnected()
    return session


def known_session(document: Document) -> BrowserSession | None:
    """Return the session of a document; None if it is none of ours."""
    return _by_document.get(document)


def open_sessions() -> tuple[BrowserSession, ...]:
    """Return all sessions that have not ended."""
    return tuple(_open)


def loop_scheduler() -> Scheduler | None:
    """Return a function that calls another one on the running event loop; None without a loop."""
    loop = _running_loop()
    if loop is None:
        return None
    session = browser_session()
    if session is not None:
        return session.schedule
    document = pn.state.curdoc
    return loop.call_soon_threadsafe if document is None else document.add_next_tick_callback


def call_giving_way(call: Callback) -> None:
    """Call a function that takes long: soon, and so that others are served whenever it gives way.

    Where no browser's session is served it is called at once.
    """
    if (session := browser_session()) is None:
        call()
    else:
        session.schedule_long(call)


def expire_unconnected() -> None:
    """Discard the oldest sessions that never had a connection, where there are too many."""
    waiting = [each for each in _open if not each.was_connected and not each.is_leaving]
    waiting.sort(key=lambda each: each.seconds_disconnected, reverse=True)
    for each in waiting[: max(0, len(waiting) - server_settings().max_unconnected_sessions)]:
        each.expire()


def _call_all(callbacks: list[Callback]) -> None:
    for call in tuple(callbacks):
        try:
            call()
        except Exception:  # Whatever it is, the other ones must be called.
            log.exception("A callback of a session failed.")
