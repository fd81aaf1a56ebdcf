"""A session whose page is made before anybody asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic

from bokeh.document import Document

from playground.serving.current_session import VisitorUnknown
from playground.serving.document_lock import call_locked
from playground.serving.giving_way import Pause
from playground.serving.sessions import BrowserSession, Callback, expire_unconnected


class PreparedSession(BrowserSession):
    """A session that waits for its visitor, and is like any other from then on.

    Until it is given to one it is none of `open_sessions`, no time runs out for it, and nothing is
    called: a page that waits costs its memory, and nothing else.

    Attributes
    ----------
    prepare_page : callable, optional
        Makes the page, with the document's lock, as far as that does not depend on who the visitor
        is; `make_page` does the rest.
    on_visitor : list of callable
        Called when it is known who has asked for the page, before that is answered.
    """

    def __init__(self, document: Document, loop: asyncio.AbstractEventLoop) -> None:
        self._is_held = self._is_given = False
        self._for_browser: list[Callback] = []
        self.prepare_page: Callback | None = None
        self.on_visitor: list[Callable[[], object]] = []
        self._timer = loop.call_later(0.0, lambda: None)  # that of others looks after the browser
        super().__init__(document, loop)

    async def prepare(self, pause: Pause) -> None:
        """Make the page, and keep it until it is given and connected to, or expires.

        Parameters
        ----------
        pause : coroutine function
            Returns when it may be gone on with.

        Raises
        ------
        VisitorUnknown
            If the page depends on who the visitor is.
        """
        if self.prepare_page is None:
            raise VisitorUnknown("what its script serves")
        if (session := self._server_session) is not None:
            session.block_expiration()  # Bokeh would discard what nobody connects to.
            self._is_held = True
            await call_locked(session, self._prepare, gives_way=True, pause=pause)

    def give(self) -> None:
        """Be the session of a visitor, whose request it has by now; call as its document."""
        self._is_given = True
        self._changed_at = self._took_all_at = self._used_at = monotonic()
        self._begin_watching()
        for call in self.on_visitor:
            call()
        expire_unconnected()

    def call_for_browser(self, call: Callback) -> None:
        """Call a function when a browser connects; at once after that."""
        if self._made is None:
            self._for_browser.append(call)
        else:
            call()

    @asynccontextmanager
    async def connecting(self) -> AsyncIterator[None]:
        """Finish the page, then let a browser be told of its connection."""
        async with super().connecting():
            yield
        self._release()

    def expire(self) -> None:
        """Have Bokeh discard the session now."""
        self._release()
        super().expire()

    def _begin_watching(self) -> None:
        if self._is_given:
            super()._begin_watching()

    async def _make_first(self, made: asyncio.Event) -> None:
        # Next to nothing is left to do: it need not wait for its turn.
        try:
            await self._call_giving_way(self._make)
        finally:
            made.set()

    def _make(self) -> None:
        for call in self._for_browser:
            call()
        self._for_browser.clear()
        super()._make()

    def _prepare(self) -> None:
        finish, self.make_page = self.make_page, self.prepare_page
        super()._make()
        self.make_page = finish

    def _release(self) -> None:
        if self._is_held and (session := self._server_session) is not None:
            self._is_held = False
            session.unblock_expiration()

    def _end(self) -> None:
        if not self.has_ended and not self.is_admitted:
            BrowserSession.ended_count += 1  # It had a page all the same.
        super()._end()
        self.on_visitor.clear()
        self._for_browser.clear()
        self.prepare_page = None
