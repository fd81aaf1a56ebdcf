"""Making a page the whole document of an app."""

from __future__ import annotations

from typing import Any

import panel as pn

from playground.pages.app import App
from playground.pages.links.link import session_link
from playground.pages.page import Page

# Without it a phone shows the page as wide as a desk's, in tiny letters.
VIEWPORT_TEMPLATE = """
{% block preamble %}
<meta name="viewport" content="width=device-width, initial-scale=1">
{% endblock %}
"""


def serve(page_class: type[App] | type[Page[Any, Any]], title: str) -> None:
    """Have `panel serve` show a page, under a title, on screens of every size.

    The page is as its address says, and its address as the page is.
    """
    if pn.state.curdoc is not None:
        # Bokeh takes text too, and extends its own page with it.
        pn.state.curdoc.template = VIEWPORT_TEMPLATE  # type: ignore[assignment]
    # Panel's own eye on the address fails where that has two question marks.
    page_class.from_link(session_link()).servable(title=title, location=False)
