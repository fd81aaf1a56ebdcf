"""Words that change."""

from __future__ import annotations

import panel as pn
from bokeh.model import Model


class LiveHTML(pn.pane.HTML):
    """HTML whose text may change at any time: also in a tab that is closed, or in a notebook.

    With each text Panel 1.9 looks for the style sheets anew, and where it knows no server (a closed
    tab belongs to no document, a notebook has none) on a foreign host. Here they stay as they are.
    """

    def _update(self, ref: str, model: Model) -> None:
        params = self._init_params()
        del params["stylesheets"]
        model.update(**self._process_param_change(params))
