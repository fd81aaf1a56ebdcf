"""Serving pages: as the document of an app's script, and with a server of our own."""

from __future__ import annotations

from typing import Any

import panel as pn

from playground.pages.app import App
from playground.pages.links.link import session_link
from playground.pages.page import Page
from playground.serving.process_settings import prepare_server_process

TITLE = "Playground"
# Without it a phone shows the page at the width of a desktop's, in tiny letters.
VIEWPORT_TEMPLATE = """
{% block preamble %}
<meta name="viewport" content="width=device-width, initial-scale=1">
{% endblock %}
"""
TOKEN_LIFETIME = 86_400
"""Seconds (a day) for which a laptop that slept can open a new session without a reload."""
SESSION_LIFETIME = 600_000
"""Milliseconds (ten minutes) for which a session waits for its browser to come back."""
MAX_HEADER_SIZE = 2**20
"""Bytes of a request's head; a link that is longer than the pages read arrives, and is reported."""


def serve(page_class: type[App] | type[Page[Any, Any]], title: str) -> None:
    """Make a page the document of the script that `panel serve` runs.

    The page opens as its address says, and keeps the address up to date.

    Parameters
    ----------
    page_class : App or a class of page
    title : str
        What the browser's tab is called.
    """
    prepare_server_process()
    if pn.state.curdoc is not None:
        # Bokeh takes text too, and extends its own page with it.
        pn.state.curdoc.template = VIEWPORT_TEMPLATE  # type: ignore[assignment]
    # Panel's own Location fails on addresses with two question marks.
    page_class.from_link(session_link()).servable(title=title, location=False)


def run_server(port: int, *, show: bool) -> None:
    """Serve all pages on this machine until interrupted: `playground serve`.

    Parameters
    ----------
    port : int
        0 takes any that is free.
    show : bool
        Open the browser.
    """
    pn.extension("filedropper", reconnect=True)
    pn.serve(
        _serve_app,
        port=port,
        show=show,
        title=TITLE,
        location=False,
        http_server_kwargs={"max_header_size": MAX_HEADER_SIZE},
        session_token_expiration=TOKEN_LIFETIME,
        unused_session_lifetime_milliseconds=SESSION_LIFETIME,
    )


def _serve_app() -> None:
    serve(App, TITLE)
