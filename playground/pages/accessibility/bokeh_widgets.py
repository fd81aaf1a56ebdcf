"""Names, roles and focus of Bokeh's widgets, for keyboards and screen readers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import param

from playground.serving.browser.browser_component import BrowserComponent

GROUP_NAME = "name: "
"""Beginning of the tag that holds the name of a group of controls, which Bokeh gives none."""


class AccessibleWidgets(BrowserComponent):
    """An invisible component that completes Bokeh's widgets in the browser; see the `.js`."""

    landmarks = param.Dict(
        default={
            "pg-header": ["banner", ""],
            "pg-nav": ["navigation", "Pages"],
            "pg-lead": ["region", "Training"],
            "pg-notices": ["region", "Messages"],
            "pg-class-place": ["region", "Class"],
            "pg-class-stage": ["main", ""],
            "pg-drawer-place": ["region", "Runs, files and code"],
            "pg-main": ["main", ""],
        },
        doc="Role and name of each part of a page, by its class.",
    )

    scrolled = param.List(
        default=["pg-confusion", "pg-summary", "pg-outline", "pg-scrolls"],
        doc="Classes of what may scroll and holds no control: with the focus, arrows scroll it.",
    )

    _esm = Path(__file__).with_suffix(".js").read_text()

    def __init__(self, **params: Any) -> None:
        super().__init__(width=0, height=0, margin=0, **params)


def group_name(name: str) -> list[str]:
    """Return the tags that give a group of buttons, or a box of controls, a name."""
    return [GROUP_NAME + name]
