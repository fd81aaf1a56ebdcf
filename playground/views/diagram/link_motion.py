"""The motion of links: dashes that flow from left to right while a network trains."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import param

from playground.serving.browser.browser_component import OUT_OF_FLOW, BrowserComponent

FLOW_TAG = "pg-flow"
"""Tag of figures whose Bézier glyphs flow."""


class LinkMotion(BrowserComponent):
    """An invisible component that moves the dashes of all diagrams of a browser's page.

    It moves nothing for those who asked their system for less motion, and nothing in a hidden tab.
    """

    moving = param.Boolean(default=False, doc="Whether the dashes move.")
    tag = param.String(default=FLOW_TAG, constant=True, doc="Tag of the figures.")

    _esm = Path(__file__).with_suffix(".js").read_text()

    def __init__(self, **params: Any) -> None:
        super().__init__(width=0, height=0, margin=0, styles=OUT_OF_FLOW, **params)
