"""The signed cookie by which a browser is known again, and what is known of requests by it."""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from time import monotonic
from weakref import WeakKeyDictionary, WeakSet

from tornado.httputil import HTTPServerRequest
from tornado.web import RequestHandler, create_signed_value, decode_signed_value

from playground.serving.identity.cookie_secret import cookie_secret

COOKIE = "playground_person"
COOKIE_DAYS = 400
"""Days for which a browser keeps the cookie after its last visit; browsers allow no more."""
AT_ONCE_SECONDS = 10.0
"""Seconds within which pages that a browser opens on its first visit are opened at once."""

_ID = re.compile(r"[0-9a-f]{32}")

_ids: WeakKeyDictionary[HTTPServerRequest, str] = WeakKeyDictionary()
"""Id of the browser that sends a request, where it is known."""
_new: WeakSet[HTTPServerRequest] = WeakSet()
"""Requests that came without a cookie, and whose browser has not connected yet."""
_without_cookie: WeakSet[HTTPServerRequest] = WeakSet()
"""Requests whose browser was given a cookie, and has not kept it."""
_opened_at_once: WeakKeyDictionary[HTTPServerRequest, set[str]] = WeakKeyDictionary()
"""The ids that were given to what seems the same browser, on its first visit."""
_first_visits: dict[tuple[str | None, str | None], tuple[float, set[str]]] = {}
"""When a first visit began, and the ids given since, by address and kind of browser."""
_secret_folder: list[Path] = []


def keep_secret_in(folder: Path) -> None:
    """Set the folder of the secret with which cookies are signed."""
    _secret_folder[:] = [folder]


def read_cookie(request: HTTPServerRequest) -> None:
    """Note the id in the cookie of a request, if it has one that was signed here."""
    if COOKIE not in request.cookies:
        return
    value = request.cookies[COOKIE].value
    found = decode_signed_value(cookie_secret(_secret_folder[0]), COOKIE, value, COOKIE_DAYS)
    id = (found or b"").decode(errors="replace")
    if _ID.fullmatch(id):
        _ids[request] = id


def browser_id(request: HTTPServerRequest) -> str:
    """Return the id of the browser that has sent a request; without a cookie, a new one."""
    read_cookie(request)
    if request not in _ids:
        id = _ids[request] = secrets.token_hex(16)
        _new.add(request)
        _note_first_visit(request, id)
    return _ids[request]


def keeps_cookies(request: HTTPServerRequest) -> bool:
    """Whether the browser that has sent a request is known again, as far as can be told."""
    return request not in _without_cookie


def send_cookie(handler: RequestHandler) -> None:
    """Send the cookie with the answer to a request, where it is known whose it is."""
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


def is_same_browser(page: HTTPServerRequest, socket: HTTPServerRequest) -> bool:
    """Return whether the request for a page and that of a socket seem to be of one browser.

    A first visit brings no cookie, and then two tabs may have been given different ones, of which
    the browser has kept the later. Or it has kept none: then anybody's socket may be its own.
    """
    kept = _ids.get(socket)
    if page in _new:
        _new.discard(page)
        if kept is None:
            _without_cookie.add(page)
        else:
            _ids[page] = kept
        return True
    expected = _ids.get(page)
    if expected is None or page in _without_cookie:
        return True
    return kept == expected or kept in _opened_at_once.get(page, ())


def _note_first_visit(request: HTTPServerRequest, id: str) -> None:
    now = monotonic()
    for who, (began, _ids_given) in list(_first_visits.items()):
        if now - began > AT_ONCE_SECONDS:
            del _first_visits[who]
    who = request.remote_ip, request.headers.get("User-Agent")
    _began, given = _first_visits.setdefault(who, (now, set()))
    given.add(id)
    _opened_at_once[request] = given
