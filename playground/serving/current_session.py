"""Which session is at work, for the log."""

from __future__ import annotations

from contextvars import ContextVar

import panel as pn

CHARACTERS = 8
"""Characters of a session's id that are logged: enough to find what belongs together."""

current_session_id: ContextVar[str] = ContextVar("current_session_id", default="")
"""The id of the session whose message is being handled."""


def session_label() -> str:
    """Return the beginning of the id of the session at work, or ""."""
    document = pn.state.curdoc
    context = document.session_context if document is not None else None
    session_id = context.id if context is not None else current_session_id.get()
    return session_id[:CHARACTERS]
