"""Making a page the whole document of an app."""

from __future__ import annotations

import panel as pn

from playground.pages.part import Part

# Without it a phone shows the page as wide as a desk's, in tiny letters.
HEAD = """
{% block preamble %}
<meta name="viewport" content="width=device-width, initial-scale=1">
{% endblock %}
"""


def serve(page: Part, title: str) -> None:
    """Have `panel serve` show a page, under a title, on screens of every size."""
    if pn.state.curdoc is not None:
        # Bokeh takes text too, and extends its own page with it.
        pn.state.curdoc.template = HEAD  # type: ignore[assignment]
    page.servable(title=title)
