"""What a page's token holds: nothing of the request for the page, and which worker made it.

Bokeh and Panel write all headers and cookies of that request into the token, and the token into the
page, where scripts, and whoever is given the page as a file, can read them: that of who is signed
in among them, which the browser itself keeps from scripts.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import panel.io.server as panel_server
from bokeh.core.types import ID
from bokeh.server.views import session_handler
from bokeh.util.token import generate_jwt_token

from playground.serving.workers.worker_group import worker_group

OF_REQUEST = frozenset({"headers", "cookies"})
"""What a session takes from the request itself where its token has none."""


@cache
def keep_requests_out_of_tokens() -> None:
    """Make tokens without headers and cookies from now on; those of a worker say which it is."""
    for module in (session_handler, panel_server):
        module.generate_jwt_token = token_without_request  # type: ignore[attr-defined]


def token_without_request(
    session_id: ID, *, extra_payload: dict[str, Any] | None = None, **options: Any
) -> str:
    """Return a token of Bokeh's, with less in it."""
    payload = extra_payload or {}
    kept: Any = {name: value for name, value in payload.items() if name not in OF_REQUEST}
    if (group := worker_group()) is not None:
        kept["worker"] = group.index
    return generate_jwt_token(session_id, extra_payload=kept, **options)
