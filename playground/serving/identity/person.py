"""Who the person of a session is: who is signed in, or else whose browser has a signed cookie.

`install_cookie` has the handlers of Bokeh's server read and set the cookie, and refuse the
websockets of others than the owner of a page. They do so from the next request on; the request in
which a plain `panel serve` first runs an app is under way by then, and gets its cookie with the
answer all the same.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import panel as pn
from bokeh.server.tornado import BokehTornado
from bokeh.server.views.auth_request_handler import AuthRequestHandler
from bokeh.server.views.session_handler import SessionHandler
from bokeh.server.views.ws import WSHandler
from tornado.httputil import HTTPServerRequest
from tornado.web import RequestHandler

from playground.serving.current_session import current_request
from playground.serving.identity.browser_cookie import (
    browser_id,
    keep_secret_in,
    keeps_cookies,
    read_cookie,
    send_cookie,
)
from playground.serving.identity.page_owner import close_surplus, refuse_stranger, session_of
from playground.serving.identity.page_token import keep_requests_out_of_tokens
from playground.serving.identity.signed_in import named_user, signed_in_user
from playground.serving.process.server_metrics import servers
from playground.serving.sessions import known_session
from playground.serving.settings.server_settings import server_settings
from playground.serving.workers.hand_over import hand_over

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")
"""Headers that a proxy adds."""
_LOOPBACK = re.compile(r"(localhost|127(\.\d+){3}|\[?::1\]?)(:\d+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Person:
    """One of several people who use a server.

    Attributes
    ----------
    folder_name : str
        Name of a folder for their files; it does not tell who they are.
    is_lasting : bool
        Whether the person is known again in the next session. Not so where a browser keeps no
        cookie.
    """

    folder_name: str
    is_lasting: bool


def current_person() -> Person | None:
    """Return the person of the current session; None if all files belong to one local user.

    That is so outside a server, as in a notebook, and for the person at the machine itself where a
    server has no authentication and is not meant to be reached from elsewhere.
    """
    request = current_request()
    separate = server_settings().separate_people
    if request is None or separate == "no":
        return None
    user = named_user(pn.state.cookies)
    if user is not None:
        return Person(_folder_name("user", user), is_lasting=True)
    if separate == "auto" and is_at_machine():
        return None
    return Person(_folder_name("cookie", browser_id(request)), keeps_cookies(request))


def current_owner() -> str:
    """Return what tells the person of the current session apart; "" where nobody is."""
    person = current_person()
    return "" if person is None else person.folder_name


def is_at_machine() -> bool:
    """Return whether the person of the session sits at the machine itself, as in a notebook.

    Nobody who is signed in does, or comes by a proxy.
    """
    request = current_request()
    if request is None:
        return True
    if server_settings().behind_proxy or signed_in_user(pn.state.cookies) is not None:
        return False
    return is_local(request, _allowed_origins())


def is_local(request: HTTPServerRequest, origins: frozenset[str] | None) -> bool:
    """Return whether a request comes from a browser at this machine, without a proxy between.

    Parameters
    ----------
    request : HTTPServerRequest
    origins : frozenset of str or None
        Hosts whose pages may connect to the server; None if not known.
    """
    return (
        origins is not None
        and all(_LOOPBACK.fullmatch(origin) for origin in origins)
        and _LOOPBACK.fullmatch(request.remote_ip or "") is not None
        and _LOOPBACK.fullmatch(request.host) is not None
        and not any(header in request.headers for header in FORWARDED)
    )


def install_cookie(folder: Path) -> None:
    """Have the handlers of Bokeh's server read and set the cookie.

    Parameters
    ----------
    folder : Path
        Where the secret is kept with which cookies are signed.
    """
    keep_secret_in(folder)
    # `check_requests` does so before the first page is made; in another app, which it leaves alone,
    # the cookie must be no part of a page either.
    keep_requests_out_of_tokens()
    _patch_handlers()


@cache
def _patch_handlers() -> None:
    prepare, open_socket = AuthRequestHandler.prepare, WSHandler._async_open

    async def read_cookie_first(handler: AuthRequestHandler) -> None:
        _remember_origins(handler)
        read_cookie(handler.request)
        await prepare(handler)
        if isinstance(handler, WSHandler) and handler.current_user is not None:
            refuse_stranger(handler)

    def finish_with_cookie(handler: SessionHandler, chunk: Any = None) -> Any:  # noqa: ANN401
        send_cookie(handler)
        return RequestHandler.finish(handler, chunk)

    async def open_with_page(handler: WSHandler, token: str) -> None:
        session = session_of(handler, token)
        known = None if session is None else known_session(session.document)
        async with nullcontext() if known is None else known.connecting():
            websocket = handler.ws_connection
            has_gone = websocket is None or websocket.is_closing()
            if not has_gone and not close_surplus(handler, token):
                await open_socket(handler, token)
        if (others := hand_over()) is not None:
            others.note_session(handler.request)

    for handler_class, name, patch in (
        (AuthRequestHandler, "prepare", read_cookie_first),
        (SessionHandler, "finish", finish_with_cookie),
        (WSHandler, "_async_open", open_with_page),
    ):
        setattr(handler_class, name, patch)


_origins: list[frozenset[str]] = []
"""The hosts whose pages may connect to the server, once they are known."""


def _folder_name(kind: str, who: str) -> str:
    return hashlib.sha256(f"{kind}:{who}".encode()).hexdigest()[:32]


def _remember_origins(handler: AuthRequestHandler) -> None:
    assert isinstance(handler.application, BokehTornado)
    _remember_origins_of(handler.application)


def _remember_origins_of(application: BokehTornado) -> None:
    named = os.environ.get("BOKEH_ALLOW_WS_ORIGIN", "")
    configured = [each.strip() for each in named.split(",") if each.strip()]
    allowed = server_settings().allow_origin
    _origins[:] = [frozenset([*(configured or application.websocket_origins), *allowed])]


def _allowed_origins() -> frozenset[str] | None:
    """Return the hosts whose pages may connect; None if they can't be found out."""
    for server in servers:
        _remember_origins_of(server)
    if not _origins:
        # The first request of a plain `panel serve`: its handler is the one that runs this task.
        task = asyncio.current_task()
        frame = getattr(task.get_coro() if task else None, "cr_frame", None)
        handler = frame.f_locals.get("self") if frame else None
        if isinstance(handler, AuthRequestHandler):
            _remember_origins(handler)
    return _origins[0] if _origins else None
