"""Making a page the whole document of an app."""

from __future__ import annotations

from typing import Any

import panel as pn

from playground.pages.address import asked
from playground.pages.house import House
from playground.pages.page import Page

# Without it a phone shows the page as wide as a desk's, in tiny letters.
HEAD = """
{% block preamble %}
<meta name="viewport" content="width=device-width, initial-scale=1">
{% endblock %}
"""


def serve(kind: type[House] | type[Page[Any, Any]], title: str) -> None:
    """Have `panel serve` show a page, under a title, on screens of every size.

    The page is as its address says, and its address as the page is.
    """
    if pn.state.curdoc is not None:
        # Bokeh takes text too, and extends its own page with it.
        pn.state.curdoc.template = HEAD  # type: ignore[assignment]
    # Panel's own eye on the address fails where that has two question marks.
    kind.opened(asked()).servable(title=title, location=False)
