"""HTML that changes while a page is open."""

from __future__ import annotations

import panel as pn
from bokeh.model import Model


class LiveHTML(pn.pane.HTML):
    """HTML whose text may change at any time: also in a closed tab, or in a notebook.

    With each change of the text, Panel 1.9 sends the URLs of all style sheets again; where it knows
    no server (a closed tab belongs to no document, a notebook has none) these are URLs of a CDN.
    Here the style sheets stay as they are. Example: an HTML pane in the second of `pn.Tabs(...,
    dynamic=True)`, changed after that tab was open once. Related:
    https://github.com/holoviz/panel/pull/5278, https://github.com/holoviz/panel/issues/8696.
    """

    def _update(self, ref: str, model: Model) -> None:
        # All that Panel makes anew beside the text is sent by itself when it changes.
        model.update(text=self._transform_object(self.object)["object"])
