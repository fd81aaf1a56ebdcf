"""Requests that are refused before anything is built for them, and signed session ids.

`BokehTornado.find_handler` sees every request of a server, those for websockets and files included,
when only its head has been read.
"""

from __future__ import annotations

import logging
import re
import sys
import time
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

import panel as pn
import panel.io.server as panel_server
from bokeh.server.tornado import BokehTornado
from bokeh.server.views import ws
from bokeh.settings import settings as bokeh_settings
from bokeh.util.token import check_token_signature, get_session_id, get_token_payload
from panel.io.resources import COMPONENT_PATH
from tornado import process
from tornado.httputil import HTTPMessageDelegate, HTTPServerRequest
from tornado.web import RequestHandler

from playground.serving.current_session import current_request
from playground.serving.identity.page_token import keep_requests_out_of_tokens
from playground.serving.identity.signing_keys import signing_key
from playground.serving.page_queue import page_turn
from playground.serving.process.server_metrics import REFUSALS, servers
from playground.serving.protection.hosts import is_known_host, is_known_origin, is_loopback
from playground.serving.protection.response_headers import ResponseHeaders
from playground.serving.session_limits import FULL, is_full
from playground.serving.settings.server_settings import server_settings
from playground.serving.workers.hand_over import hand_over

log = logging.getLogger(__name__)

MAX_BODY_SIZE = 2**20
"""Bytes of a request's body. Only forms to sign in have one: files come through the websocket."""
MAX_HEADERS = 200
MAX_COOKIES = 200
"""Panel takes the square of their number of steps: 60,000 cookies hold up everybody for minutes."""
SESSION_ARGUMENTS = frozenset({"bokeh-session-id", "bokeh-token"})
SESSION_HEADER = "Bokeh-Session-Id"
AUTOLOAD = "/autoload.js"
ELEMENT = re.compile(rb"[\w.:-]*", re.ASCII)
"""What the id of an element that shows a page can be."""
SOCKET = "/ws"
NAMED_SESSION = "An address can't name a session; open the page without it."
ONE_PROCESS = (
    "Playground can't be copied while it runs, as --num-procs does: `playground serve --workers 2`"
    " starts several processes, and docs/deploy says how to run several servers."
)

MAKERS_OF_PAGES = (panel_server.DocHandler, panel_server.AutoloadJsHandler)
"""Handlers of requests that make a session."""

Handle = Callable[..., Any]
Refusal = tuple[int, str, str]
"""Status, a word for the log, and the sentence that is sent."""


@cache
def check_requests() -> None:
    """Check all requests of this process's servers from now on, and sign their sessions."""
    find_handler = BokehTornado.find_handler

    def get_in_turn(get: Handle) -> Handle:
        async def wait_and_get(handler: RequestHandler, *args: Any, **kwargs: Any) -> None:
            try:
                async with page_turn():
                    answer = get(handler, *args, **kwargs)
                    if answer is not None:  # It is None where a visitor has been sent to sign in.
                        await answer
            finally:
                if (others := hand_over()) is not None:
                    others.note_session(handler.request)

        return wait_and_get

    def find_checked(server: BokehTornado, request: HTTPServerRequest, **kwargs: Any) -> object:
        protect_server(server)
        if is_open(server) and not is_loopback(request.remote_ip):
            warn_of_open_server()
        request.connection.set_max_body_size(MAX_BODY_SIZE)  # type: ignore[union-attr]
        refusal = (
            refusal_of(request, allowed_names(server))
            or token_refusal(request, server.secret_key)
            or full_refusal(request, server)
        )
        if refusal is not None:
            return server.get_handler_delegate(request, RefusedRequest, {"refusal": refusal})
        if is_passed_on(request, server):
            return HTTPMessageDelegate()  # Another worker answers.
        return find_handler(server, request, **kwargs)

    patched: tuple[tuple[object, str, object], ...] = (
        (BokehTornado, "find_handler", find_checked),
        (ws.WSHandler, "check_origin", lambda handler, origin: True),
        (process, "fork_processes", refuse_to_fork),
        *((each, "get", get_in_turn(each.get)) for each in MAKERS_OF_PAGES),
    )
    for owner, name, patch in patched:
        setattr(owner, name, patch)
    keep_requests_out_of_tokens()
    _sign_sessions()


def protect_server(server: BokehTornado) -> None:
    """Note a server of this process, and protect it; safe to repeat."""
    if server not in servers:
        servers.add(server)
        server.add_transform(ResponseHeaders)
        limit = server_settings().max_message_mb * 2**20
        server.settings["websocket_max_message_size"] = limit


def refusal_of(request: HTTPServerRequest, allowed: list[str]) -> Refusal | None:
    """Return why a request is refused, or None.

    Parameters
    ----------
    request : HTTPServerRequest
    allowed : list of str
        Names of hosts, as for `is_known_host`.
    """
    if len(request.headers) > MAX_HEADERS:
        return 431, "headers", f"A request can have {MAX_HEADERS} headers at most."
    if request.headers.get("Cookie", "").count(";") >= MAX_COOKIES:
        return 431, "headers", f"A request can have {MAX_COOKIES} cookies at most."
    host, origin = request.host, request.headers.get("Origin")
    if not is_known_host(host, allowed):
        return (
            421,
            "host",
            f"This server is not known as {host[:100]!r}. Whoever runs it can allow the name:"
            " PLAYGROUND_ALLOW_ORIGIN=name, or `playground serve --allow-origin name`.",
        )
    if origin is not None and not is_known_origin(origin, host, allowed):
        return 403, "origin", "Pages of another site can't use this server."
    is_foreign = request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}
    page = request.headers.get("Referer", "")
    if (
        is_foreign
        and origin is None
        and request.path.endswith(AUTOLOAD)
        and not is_known_origin(page, host, allowed)
    ):
        return 403, "origin", "A script of another site can't load a page of this server."
    if names_session(request):
        return 403, "session", NAMED_SESSION
    if not unquote(request.path, errors="replace").isprintable():
        return 400, "path", "An address can't have characters that are not seen."
    if request.path.endswith(AUTOLOAD) and not is_plain_embedding(request, allowed):
        return 400, "embedding", "This is no address that a page of another site embeds."
    if names_unloaded_module(request.path):
        return 404, "module", "There is no such file."
    return None


def full_refusal(request: HTTPServerRequest, server: BokehTornado) -> Refusal | None:
    """Return why a page is refused where there are too many visitors, or None."""
    return (503, "full", FULL) if is_page(request, server) and is_full() else None


def is_passed_on(request: HTTPServerRequest, server: BokehTornado) -> bool:
    """Hand a request for a page, or its websocket, to another worker if that one should have it."""
    if (others := hand_over()) is None:
        return False
    if is_socket(request):
        return others.pass_on(request, token_of(request))
    makes_page = is_page(request, server) or request.path.endswith(AUTOLOAD)
    return makes_page and request.method == "GET" and others.pass_on(request)


def is_page(request: HTTPServerRequest, server: BokehTornado) -> bool:
    """Whether a request is for the HTML of a page."""
    return request.path.removeprefix(server.prefix).rstrip("/") in {
        path.rstrip("/") for path in server.app_paths
    }


def names_session(request: HTTPServerRequest) -> bool:
    """Whether a request asks for a session that it names, as a link of a stranger would.

    The page that a person opens gets a session of its own, which its websocket names by a signed
    token.
    """
    return SESSION_HEADER in request.headers or not SESSION_ARGUMENTS.isdisjoint(request.arguments)


def is_plain_embedding(request: HTTPServerRequest, allowed: list[str]) -> bool:
    """Whether what a request for a script of a page names may be written into that script.

    Bokeh writes the element's id into it as it is, and loads libraries from the address.
    """
    (element,) = request.arguments.get("bokeh-autoload-element", [b""])[-1:]
    (address,) = request.arguments.get("bokeh-absolute-url", [b""])[-1:]
    try:
        host = urlsplit(address.decode(errors="replace")).netloc
    except ValueError:
        return False
    is_here = not address or is_known_host(host, allowed)
    return is_here and ELEMENT.fullmatch(element) is not None


def is_open(server: BokehTornado) -> bool:
    """Whether a server lets everybody in."""
    provider = server.auth_provider
    return provider.get_user is None and provider.get_user_async is None


@cache
def warn_of_open_server() -> None:
    """Log once that others use a server without signing in, as `panel serve` lets them."""
    log.warning("other machines reach this server, and nobody need sign in: see docs/deploy")


def session_is_named() -> bool:
    """Whether the current session was named by the request for which it was made.

    So it can only be if that was the first request for a single app's script.
    """
    request = current_request()
    return request is not None and names_session(request)


def names_unloaded_module(path: str) -> bool:
    """Whether Panel would import a module for a request, just to look for files beside it."""
    _, found, rest = path.partition(f"/{COMPONENT_PATH}")
    return bool(found) and rest.split("/")[0] not in sys.modules


def is_for_page_itself(request: HTTPServerRequest | None) -> bool:
    """Whether a session was made for a page's HTML, and not where it is embedded, or lost it."""
    return request is not None and not request.path.endswith((AUTOLOAD, SOCKET))


def is_embedded(request: HTTPServerRequest) -> bool:
    """Whether a session was made for a page of another site, which has this one embedded."""
    origin = request.headers.get("Origin")
    is_foreign = origin is not None and not is_known_origin(origin, request.host, [])
    return is_foreign or request.path.endswith(AUTOLOAD)


def allowed_names(server: BokehTornado) -> list[str]:
    """Return the host names that the operator allows, those of Bokeh's own options included."""
    return [
        *server_settings().allow_origin,
        *server.websocket_origins,
        *(bokeh_settings.allowed_ws_origin() or ()),
    ]


class RefusedRequest(RequestHandler):
    """Answers a request with why it is refused."""

    def initialize(self, refusal: Refusal) -> None:
        """Set the refusal to answer with."""
        self._refusal = refusal

    def prepare(self) -> None:
        """Answer, whatever the method."""
        status, kind, sentence = self._refusal
        log.warning(
            "request refused", extra={"reason": kind, "status": status, "path": self.request.path}
        )
        REFUSALS.labels(kind).inc()
        self.set_status(status)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(sentence)


def refuse_to_fork(*_args: Any, **_kwargs: Any) -> int:
    """End the program instead of making several processes of it; stands in for Tornado's own."""
    raise SystemExit(ONE_PROCESS)


def token_refusal(request: HTTPServerRequest, key: bytes | None) -> Refusal | None:
    """Return why a websocket is refused: its token is not one of this server's; or None.

    Parameters
    ----------
    request : HTTPServerRequest
    key : bytes or None
        With which this server signs.
    """
    if not is_socket(request) or is_valid_token(token_of(request), key):
        return None
    return 403, "token", "This page is from before a restart of the server; reload it."


def is_socket(request: HTTPServerRequest) -> bool:
    """Whether a request is for the websocket of a page."""
    is_upgrade = request.headers.get("Upgrade", "").lower() == "websocket"
    return is_upgrade and request.path.endswith(SOCKET)


def token_of(request: HTTPServerRequest) -> str:
    """Return the token that a request for a websocket has; "" if it has none."""
    kind, _, token = request.headers.get("Sec-WebSocket-Protocol", "").partition(",")
    return token.strip() if kind == "bokeh" else ""


def is_valid_token(token: str, key: bytes | None) -> bool:
    """Whether this server has signed a token, and it has not expired."""
    try:
        if not (
            check_token_signature(token, key, True) or get_session_id(token) in _early_sessions
        ):
            return False
        expiry = get_token_payload(token)["session_expiry"]
        return bool(time.time() < expiry)
    except Exception:  # A token that is not ours may hold anything, nested as deep as it likes.
        return False


_early_sessions: set[str] = set()


def _sign_sessions() -> None:
    """Have all servers of this process sign the ids of sessions, and refuse those of others.

    Bokeh makes ids without a signature by default, though impossible to guess. The
    session that first runs a single app's script has got such an id before this can be changed.
    """
    document = pn.state.curdoc
    context = document.session_context if document is not None else None
    if context is not None and not session_is_named():
        _early_sessions.add(context.id)
    patched: tuple[tuple[object, str, object], ...] = (
        (BokehTornado, "sign_sessions", property(lambda server: True)),
        (BokehTornado, "secret_key", property(_secret_key)),
        # find_handler has checked the token; these would refuse the session of that first page.
        (ws, "check_token_signature", lambda *args, **kwargs: True),
        (panel_server, "check_token_signature", lambda *args, **kwargs: True),
    )
    for owner, name, patch in patched:
        setattr(owner, name, patch)


def _secret_key(server: BokehTornado) -> bytes:
    return server._secret_key or signing_key("sessions").encode()
