"""Serving the app without a script: `playground serve`."""

from __future__ import annotations

import panel as pn

from playground.pages.app import App
from playground.pages.servable import serve

_DAY = 86_400  # seconds
_TEN_MINUTES = 600_000  # milliseconds
_MAX_HEADER_BYTES = 2**20
"""Bytes; of an address that is far too long the beginning is read, and the rest is told of."""


def run_server(port: int, *, show: bool) -> None:
    """Serve all pages on this machine until interrupted.

    Parameters
    ----------
    port : int
        0 takes any that is free.
    show : bool
        Open the browser.
    """
    pn.extension("filedropper", reconnect=True)
    # A laptop that slept finds its session again for ten minutes, and can open a new one for a day.
    pn.serve(
        _open,
        port=port,
        show=show,
        title="Playground",
        location=False,
        http_server_kwargs={"max_header_size": _MAX_HEADER_BYTES},
        session_token_expiration=_DAY,
        unused_session_lifetime_milliseconds=_TEN_MINUTES,
    )


def _open() -> None:
    serve(App, "Playground")
