"""The address of a teacher's page: `?class`."""

from __future__ import annotations

import panel as pn

from playground.serving.settings.server_settings import server_settings

ARGUMENT = "class"


def class_requested() -> bool:
    """Whether the address of the session asks for the page of a teacher, and there is one."""
    return server_settings().has_class and ARGUMENT in (pn.state.session_args or {})
