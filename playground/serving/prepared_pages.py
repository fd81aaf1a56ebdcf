"""Pages that are made before anybody asks for them, while the server has nothing else to do.

A page takes a quarter of a second to make, in which its visitor waits; and thirty who open it at
once wait for one another. So some sessions of the address that was opened last are made in advance,
for nobody: what depends on who the visitor is can't be prepared (see `UnknownVisitor`). Who asks
for that very address next is given one, with a token and a request of their own. It is never given
to anybody else, whether they come or not.

Panel's own `reuse_sessions` is no such thing: it makes no page in advance, keeps one session for
each address that was ever called, and hands what the first request for it had to all later ones.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from functools import cache
from typing import Any

import panel as pn
from bokeh.application.handlers.lifecycle import LifecycleHandler
from bokeh.document import Document
from bokeh.server.contexts import ApplicationContext, BokehSessionContext
from bokeh.server.session import ServerSession
from bokeh.util.token import generate_session_id, get_token_payload
from panel.io import server as panel_server
from panel.io.state import set_curdoc

from playground.serving.current_session import UnknownVisitor, VisitorUnknown
from playground.serving.identity.page_token import token_without_request
from playground.serving.page_queue import seconds_without_turns
from playground.serving.prepared_session import PreparedSession
from playground.serving.process.server_metrics import PREPARED, servers
from playground.serving.protection.requests import is_embedded
from playground.serving.sessions import known_session, open_sessions
from playground.serving.settings.server_settings import server_settings

PAUSE_SECONDS = 0.02
"""Seconds between two steps of 8 ms: less than a third of the loop's time is used."""
LATE_SECONDS = 0.01
"""Delay of what is due from which on the event loop counts as busy."""
QUIET_SECONDS = 0.5
"""Seconds after the last page that somebody waited for: then its browser has had it, too."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Address:
    """What a page that is prepared depends on.

    Attributes
    ----------
    context : ApplicationContext
        Of the app.
    path, query : str
        As the browser asks for them.
    """

    context: ApplicationContext
    path: str
    query: str


@dataclass(frozen=True)
class _PreparedPage:
    address: Address
    session: ServerSession
    page: PreparedSession


class PreparedPages:
    """Keeps as many pages ready as the setting `prepared_pages` says."""

    def __init__(self) -> None:
        self._address: Address | None = None
        self._ready: list[_PreparedPage] = []
        self._filling: asyncio.Future[None] | None = None

    def __len__(self) -> int:
        return len(self._ready)

    @property
    def is_filling(self) -> bool:
        """Whether there are to be more than there are."""
        return self._filling is not None and not self._filling.done()

    def prepare(self, address: Address) -> None:
        """Prepare pages of an address from now on, in place of another one's."""
        # With `panel serve --autoreload` the code may change while a page waits.
        if server_settings().prepared_pages == 0 or pn.config.autoreload:
            return
        _hand_out_prepared()
        self._address = address
        if not self.is_filling:
            self._filling = asyncio.ensure_future(self._fill())

    def take(self, address: Address) -> ServerSession | None:
        """Return the session of a page that was prepared, if there is one, and forget it."""
        for each in self._ready:
            if each.address == address:
                self._ready.remove(each)
                return each.session
        return None

    def stop(self) -> None:
        """Prepare no more, and discard what is there."""
        if self._filling is not None:
            self._filling.cancel()
        self._address = None
        self._discard_surplus(0)

    async def _fill(self) -> None:
        most = server_settings().prepared_pages
        while (address := self._address) is not None and self._count(address) < most:
            await until_idle()
            try:
                self._ready.append(await _prepared_page(address))
            except VisitorUnknown as reason:
                log.debug("no page is prepared: it depends on its visitor (%s)", reason)
                self._forget(address)
            except Exception:  # Whoever asks for that page is told what is wrong with it.
                log.warning("a page could not be prepared", exc_info=True)
                self._forget(address)
            self._discard_surplus(most)

    def _count(self, address: Address) -> int:
        return sum(each.address == address for each in self._ready)

    def _discard_surplus(self, most: int) -> None:
        while len(self._ready) > most:
            others = (each for each in self._ready if each.address != self._address)
            surplus = next(others, self._ready[0])
            self._ready.remove(surplus)
            surplus.page.expire()

    def _forget(self, address: Address) -> None:
        if self._address == address:
            self._address = None


prepared_pages = PreparedPages()
"""Those of this process."""
PREPARED.set_function(lambda: len(prepared_pages))


def address_of(document: Document) -> Address:
    """Return the address for which the session of a document was made."""
    # Bokeh declares contexts that have none of what a server's contexts have.
    context: Any = document.session_context
    request = context.request
    return Address(context.server_context.application_context, request.path, request.query)


async def until_idle() -> None:
    """Wait until nobody trains, or has waited for a page for a while, and the loop has time.

    Those who train would get fewer frames: thirty of them 4 in place of 6 a second.
    """
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + PAUSE_SECONDS
        await asyncio.sleep(PAUSE_SECONDS)
        is_late = loop.time() - due > LATE_SECONDS
        is_quiet = seconds_without_turns() > QUIET_SECONDS
        if is_quiet and not is_late and not any(each.is_training for each in open_sessions()):
            return


class _Preparations(LifecycleHandler):
    """Has sessions of an application be prepared ones, and their visitors unknown.

    Attributes
    ----------
    visitors : dict of str to UnknownVisitor
        By the ids of the sessions that are about to be made.
    """

    def __init__(self) -> None:
        super().__init__()
        self.visitors: dict[str, UnknownVisitor] = {}
        self._on_session_created = self._begin

    def _begin(self, context: Any) -> None:  # noqa: ANN401 (see `address_of`)
        if (visitor := self.visitors.pop(context.id, None)) is not None:
            context._request = visitor
            document = context._document
            PreparedSession(document, asyncio.get_running_loop())


def _preparations_of(context: ApplicationContext) -> _Preparations:
    application = context.application
    for each in application.handlers:
        if isinstance(each, _Preparations):
            return each
    application.add(added := _Preparations())
    return added


async def _prepared_page(address: Address) -> _PreparedPage:
    """Make a session of an address, and its page in steps, while nobody waits for anything.

    Raises
    ------
    VisitorUnknown
        If it depends on who the visitor is.
    """
    context = address.context
    server = next(each for each in servers if context in each.applications.values())
    session_id = generate_session_id(secret_key=server.secret_key, signed=server.sign_sessions)
    _preparations_of(context).visitors[session_id] = UnknownVisitor(address.path, address.query)
    try:
        session = await context.create_session_if_needed(session_id)
    finally:
        context._pending_sessions.pop(session_id, None)  # Bokeh leaves there what has failed.
    page = known_session(session.document)
    assert isinstance(page, PreparedSession)
    try:
        await until_idle()  # The script alone may have taken 20 ms.
        await page.prepare(until_idle)
    except BaseException:  # such as `VisitorUnknown`, or since it is not wanted any more
        page.expire()
        raise
    return _PreparedPage(address, session, page)


@cache
def _hand_out_prepared() -> None:
    """Have requests for pages get those that are prepared, from the next one on."""
    get_session: Any = panel_server.DocHandler.get_session

    async def get_prepared(handler: panel_server.DocHandler) -> ServerSession:
        request = handler.request
        address = Address(handler.application_context, request.path, request.query)
        # What comes in the body of a request counts as part of its query.
        is_plain = not request.body_arguments and not is_embedded(request)
        session = prepared_pages.take(address) if is_plain else None
        if session is None:
            made: ServerSession = await get_session(handler)
            return made
        _give(session, handler)
        return session

    setattr(panel_server.DocHandler, "get_session", get_prepared)  # noqa: B010 (for mypy)


def _give(session: ServerSession, handler: panel_server.DocHandler) -> None:
    """Give a session to who asks for it: as if it was made for this very request."""
    server, request, document = handler.application, handler.request, session.document
    context = document.session_context
    assert isinstance(context, BokehSessionContext)
    payload = {
        "arguments": request.arguments,
        **handler.application_context.application.process_request(request),
    }
    token = token_without_request(
        session.id,
        secret_key=server.secret_key,
        signed=server.sign_sessions,
        expiration=server.session_token_expiration,
        extra_payload=payload,
    )
    # There is no public way to give them to a session that exists; Bokeh sets them like this.
    session._token = context._token = token
    context._request = panel_server.RequestProxy(
        request, arguments=get_token_payload(token).get("arguments")
    )
    page = known_session(document)
    assert isinstance(page, PreparedSession)
    with set_curdoc(document):
        page.give()
