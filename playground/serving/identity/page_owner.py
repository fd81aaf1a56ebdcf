"""Who may connect to the session of a page: only the browser that has opened it.

A page's token names its session, and whoever is given the page as a file has the token too.
"""

from __future__ import annotations

import logging
from typing import Any

from bokeh.protocol.exceptions import ProtocolError
from bokeh.server.session import ServerSession
from bokeh.server.views.ws import WSHandler
from bokeh.util.token import get_session_id
from tornado.httputil import HTTPServerRequest

from playground.serving.identity.browser_cookie import is_same_browser
from playground.serving.identity.signed_in import named_user
from playground.serving.process.server_metrics import REFUSALS
from playground.serving.protection.hosts import is_loopback

log = logging.getLogger(__name__)

MAX_CONNECTIONS = 10
"""Of one session: a page has one, and those that were lost a minute ago may still be there."""
TOO_MANY = f"A page can have {MAX_CONNECTIONS} connections at most."
POLICY = 1008
"""Code of a websocket that is closed since it does what it may not (RFC 6455, 7.4.1)."""
STRANGER = "This page was opened by somebody else, or before its browser's cookies went; reload it."


def refuse_stranger(socket: WSHandler) -> None:
    """Answer a websocket with status 403 unless it comes from who has opened its page.

    To be called when the cookie of the request has been read, and before Bokeh takes it further.
    Where a session has ended, it is made anew for whoever asks.
    """
    token = socket.request.headers.get("Sec-WebSocket-Protocol", "").partition(",")[2].strip()
    session = session_of(socket, token)
    if session is not None and not is_from_owner(socket.request, session):
        _note_refusal(socket, "owner", 403)
        socket.set_status(403)
        socket.finish(STRANGER)


def close_surplus(socket: WSHandler, token: str) -> bool:
    """Close a websocket that is about to be connected, and return True, if there are too many.

    Of many that come at once, none is connected yet when each is looked at by `refuse_stranger`.
    """
    session = session_of(socket, token)
    if session is None or session.connection_count < MAX_CONNECTIONS:
        return False
    _note_refusal(socket, "connections", POLICY)
    socket.close(POLICY, TOO_MANY)
    return True


def is_from_owner(request: HTTPServerRequest, session: ServerSession) -> bool:
    """Return whether a request comes from the browser, or the person, that has opened a page."""
    proxy: Any = getattr(session.document.session_context, "request", None)
    page = getattr(proxy, "_request", None)
    if page is None:
        return True
    if is_loopback(page.remote_ip) and not is_loopback(request.remote_ip):
        return False
    user = named_user(proxy.cookies)
    if user is not None:
        return named_user({name: each.value for name, each in request.cookies.items()}) == user
    return is_same_browser(page, request)


def session_of(socket: WSHandler, token: str) -> ServerSession | None:
    """Return the session of a token; None if there is none, or Bokeh will refuse the token."""
    try:
        session: ServerSession = socket.application_context.get_session(get_session_id(token))
    except (ProtocolError, ValueError):
        return None
    return session


def _note_refusal(socket: WSHandler, reason: str, status: int) -> None:
    REFUSALS.labels(reason).inc()
    path = socket.request.path
    log.warning("request refused", extra={"reason": reason, "status": status, "path": path})
