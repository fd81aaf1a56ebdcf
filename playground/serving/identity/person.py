"""Who the person of a session is: who is signed in, or else whose browser has a signed cookie.

`install_cookie` has the handlers of Bokeh's server read and set the cookie. They do so from the
next request on; the request in which a plain `panel serve` first runs an app is under way by then,
and gets its cookie with the answer all the same.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

import panel as pn
from bokeh.protocol.exceptions import ProtocolError
from bokeh.server.tornado import BokehTornado
from bokeh.server.views.auth_request_handler import AuthRequestHandler
from bokeh.server.views.session_handler import SessionHandler
from bokeh.server.views.ws import WSHandler
from bokeh.util.token import get_session_id
from tornado.httputil import HTTPServerRequest
from tornado.web import RequestHandler, create_signed_value, decode_signed_value

from playground.serving.current_session import current_request
from playground.serving.identity.cookie_secret import cookie_secret
from playground.serving.metrics import servers
from playground.serving.settings.server_settings import server_settings

COOKIE = "playground_person"
COOKIE_DAYS = 400
"""Days for which a browser keeps the cookie after its last visit; browsers allow no more."""
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")
"""Headers that a proxy adds."""
GUEST = "guest"
"""What Panel calls everybody who is let in without signing in."""

_ID = re.compile(r"[0-9a-f]{32}")
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
    signed_in = _signed_in()
    if signed_in is not None and not _password_is_shared():
        return Person(_folder_name("user", signed_in), is_lasting=True)
    if separate == "auto" and is_at_machine():
        return None
    return Person(_folder_name("cookie", _cookie_id(request)), request not in _without_cookie)


def is_at_machine() -> bool:
    """Return whether the person of the session sits at the machine itself, as in a notebook.

    Nobody who is signed in does, or comes by a proxy.
    """
    request = current_request()
    if request is None:
        return True
    by_proxy = server_settings().behind_proxy
    return not by_proxy and _signed_in() is None and is_local(request, _allowed_origins())


def _signed_in() -> str | None:
    user = pn.state.user
    return user if user and user != GUEST else None


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
    _secret_folder[:] = [folder]
    _patch_handlers()


@cache
def _patch_handlers() -> None:
    prepare, open_socket = AuthRequestHandler.prepare, WSHandler._async_open

    async def read_cookie_first(handler: AuthRequestHandler) -> None:
        _remember_origins(handler)
        _take_cookie(handler.request)
        await prepare(handler)

    def finish_with_cookie(handler: SessionHandler, chunk: Any = None) -> Any:  # noqa: ANN401
        _set_cookie(handler)
        return RequestHandler.finish(handler, chunk)

    async def compare_cookie_first(handler: WSHandler, token: str) -> None:
        _compare_cookie(handler, token)
        await open_socket(handler, token)

    for handler_class, name, patch in (
        (AuthRequestHandler, "prepare", read_cookie_first),
        (SessionHandler, "finish", finish_with_cookie),
        (WSHandler, "_async_open", compare_cookie_first),
    ):
        setattr(handler_class, name, patch)


_ids: WeakKeyDictionary[HTTPServerRequest, str] = WeakKeyDictionary()
"""Id of the person who sends a request, where it is known."""
_new: WeakSet[HTTPServerRequest] = WeakSet()
"""Requests that came without a cookie."""
_without_cookie: WeakSet[HTTPServerRequest] = WeakSet()
"""Requests whose browser was given a cookie, and has not kept it."""
_secret_folder: list[Path] = []
_origins: list[frozenset[str]] = []
"""The hosts whose pages may connect to the server, once they are known."""


def _password_is_shared() -> bool:
    """Return whether there is one password, with which everybody may give any name."""
    configured = [
        pn.config.basic_auth,
        *(each.get("basic_auth") for each in pn.state._server_config.values()),
    ]
    return any(isinstance(each, str) and not os.path.isfile(each) for each in configured)


def _folder_name(kind: str, who: str) -> str:
    return hashlib.sha256(f"{kind}:{who}".encode()).hexdigest()[:32]


def _cookie_id(request: HTTPServerRequest) -> str:
    _take_cookie(request)
    if request not in _ids:
        _ids[request] = secrets.token_hex(16)
        _new.add(request)
    return _ids[request]


def _take_cookie(request: HTTPServerRequest) -> None:
    """Read the cookie and remove it, since Bokeh writes the others into its pages."""
    cookies = request.cookies
    if COOKIE not in cookies:
        return
    secret = cookie_secret(_secret_folder[0])
    found = decode_signed_value(secret, COOKIE, cookies[COOKIE].value, COOKIE_DAYS)
    id = (found or b"").decode(errors="replace")
    if _ID.fullmatch(id):
        _ids[request] = id
    del cookies[COOKIE]
    request.headers.pop("Cookie", None)
    if cookies:
        request.headers["Cookie"] = "; ".join(
            f"{name}={each.coded_value}" for name, each in cookies.items()
        )


def _set_cookie(handler: RequestHandler) -> None:
    id = _ids.get(handler.request)
    if id is not None:
        handler.set_cookie(
            COOKIE,
            create_signed_value(cookie_secret(_secret_folder[0]), COOKIE, id).decode(),
            expires_days=COOKIE_DAYS,
            httponly=True,
            samesite="Lax",
            secure=handler.request.protocol == "https",
        )


def _compare_cookie(handler: WSHandler, token: str) -> None:
    """Compare the cookie that comes with the socket of a page with that of the page.

    A first visit brings none, and then two tabs may have been given different ones, of which the
    browser has kept the later. Or it has kept none.
    """
    try:
        session = handler.application_context.get_session(get_session_id(token))
    except ProtocolError:
        return  # It will be made of this very request.
    request = getattr(session.document.session_context.request, "_request", None)
    if request is None or request not in _new:
        return
    kept = _ids.get(handler.request)
    if kept is None:
        _without_cookie.add(request)
    else:
        _ids[request] = kept
        _new.discard(request)
        _without_cookie.discard(request)


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
