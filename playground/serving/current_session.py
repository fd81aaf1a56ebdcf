"""Which session is at work, for the log; also in the threads that work for it."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import ClassVar, NoReturn, TypeVar

import panel as pn
from bokeh.document import Document
from tornado.escape import parse_qs_bytes
from tornado.httputil import HTTPServerRequest

T = TypeVar("T")

CHARACTERS = 8
"""Characters of a session's id that are logged: enough to find what belongs together."""

current_session_id: ContextVar[str] = ContextVar("current_session_id", default="")
"""The id of the session whose message is being handled."""


class VisitorUnknown(BaseException):
    """What is made depends on who the visitor is, and that is not known yet.

    No `Exception`: pages show such in place of what has failed.
    """


class UnknownVisitor:
    """The request of a session that is prepared for whoever asks for its address.

    All that the request for that address is going to hold besides raises `VisitorUnknown`: cookies
    and headers, where it comes from, who is signed in.

    Parameters
    ----------
    path, query : str
        Of the address.
    """

    app_path = None
    route_params: ClassVar[dict[str, str]] = {}

    def __init__(self, path: str, query: str) -> None:
        self.path, self.query = path, query
        self.arguments = parse_qs_bytes(query, keep_blank_values=True)

    def __getattr__(self, name: str) -> NoReturn:
        raise VisitorUnknown(name)


def is_prepared(document: Document) -> bool:
    """Whether the session of a document is prepared, and nobody has asked for it yet."""
    return isinstance(getattr(document.session_context, "request", None), UnknownVisitor)


def session_label() -> str:
    """Return the beginning of the id of the session at work, or ""."""
    return _session_id()[:CHARACTERS]


def in_session(call: Callable[[], T]) -> Callable[[], T]:
    """Return a function that may be called in another thread, where the session is the same."""
    session_id = _session_id()
    if not session_id:
        return call

    def call_in_session() -> T:
        before = current_session_id.set(session_id)
        try:
            return call()
        finally:
            current_session_id.reset(before)

    return call_in_session


def current_request() -> HTTPServerRequest | None:
    """Return the request for which the session at work was made; None elsewhere.

    Raises
    ------
    VisitorUnknown
        If the session is prepared.
    """
    document = pn.state.curdoc
    context = document.session_context if document is not None else None
    request = getattr(getattr(context, "request", None), "_request", None)
    return request if isinstance(request, HTTPServerRequest) else None


def _session_id() -> str:
    document = pn.state.curdoc
    context = document.session_context if document is not None else None
    return str(context.id) if context is not None else current_session_id.get()
