"""Words that may change while nobody can see them."""

from __future__ import annotations

from typing import Any

import panel as pn
from bokeh.document import Document


class Words(pn.pane.HTML):
    """HTML that keeps up in a tab that is closed.

    There it belongs to no document, and Panel 1.9 would look for its style sheets on a foreign
    host. It is given the document of the session that changes it.
    """

    def _get_properties(self, doc: Document | None) -> dict[str, Any]:
        properties: dict[str, Any] = super()._get_properties(doc or pn.state.curdoc)
        return properties
