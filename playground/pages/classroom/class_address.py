"""The addresses of a class: `?class` for its teacher, and where pupils find the pages."""

from __future__ import annotations

import panel as pn

from playground.serving.protection.hosts import LOCAL_NAME, host_of, is_loopback
from playground.serving.settings.server_settings import server_settings

ARGUMENT = "class"


def class_requested() -> bool:
    """Whether the address of the session asks for the page of a teacher, and there is one."""
    return server_settings().has_class and ARGUMENT in (pn.state.session_args or {})


def pupils_address() -> str:
    """Return where the session's browser has found the pages, as a person would type it.

    Returns
    -------
    str
        "" where only this machine finds them there, or no browser has asked.
    """
    authority = str((pn.state.headers or {}).get("Host", ""))
    host = host_of(authority)
    if host is None or host == LOCAL_NAME or is_loopback(host):
        return ""
    return f"{authority}{(pn.state.app_url or '').rstrip('/')}"
