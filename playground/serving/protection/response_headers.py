"""Headers of every answer, which tell the browser what a page may do and where it may be shown."""

from __future__ import annotations

from collections.abc import Iterable

from tornado.httputil import HTTPHeaders, HTTPServerRequest
from tornado.web import OutputTransform

from playground.serving.protection.hosts import AUTHORITY
from playground.serving.settings.server_settings import server_settings

LOCAL_PAGES = ("http://localhost:*", "http://127.0.0.1:*", "file:")
"""Pages of the visitor's own machine, from disk too, which may show a page in an iframe, as the
documents say."""


def content_security_policy(authority: str, frame_ancestors: Iterable[str]) -> str:
    """Return the policy of all pages: nothing from, and nothing to, another host.

    BokehJS compiles functions from text, and Panel imports components from blobs, so scripts can't
    be limited to files. What the policy prevents is that a script that got into a page fetches
    from, connects to, or sends forms to another host; it can still lead the tab there.

    Parameters
    ----------
    authority : str
        The request's Host header, if it is one. Safari does not count websockets to it as 'self'.
    frame_ancestors : iterable of str
        Sites that may show a page in an iframe.
    """
    sockets = [f"ws://{authority}", f"wss://{authority}"] if AUTHORITY.fullmatch(authority) else []
    directives = {
        "default-src": "'self'",
        "script-src": "'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": " ".join(["'self'", *sockets, "data: blob:"]),
        "worker-src": "'self' blob:",
        "frame-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": " ".join(["'self'", *LOCAL_PAGES, *frame_ancestors]),
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


class ResponseHeaders(OutputTransform):
    """Adds the headers to one answer."""

    def __init__(self, request: HTTPServerRequest) -> None:
        super().__init__(request)
        self._policy = content_security_policy(request.host, server_settings().frame_ancestors)

    def transform_first_chunk(
        self, status_code: int, headers: HTTPHeaders, chunk: bytes, finishing: bool
    ) -> tuple[int, HTTPHeaders, bytes]:
        """Add the headers."""
        headers["Content-Security-Policy"] = self._policy
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers.pop("Server", None)
        return status_code, headers, chunk
