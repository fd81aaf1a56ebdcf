"""A banner about a lost connection, which the browser shows without the server."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import param

from playground.serving.browser_component import BrowserComponent


class ConnectionLostBanner(BrowserComponent):
    """A line that is visible while the browser has no connection to the server."""

    sentence = param.String(
        default="The server cannot be reached. Your work was saved a few seconds ago: "
        "once the server is back, reload this page.",
        constant=True,
        doc="The text of the line.",
    )

    _esm = Path(__file__).with_suffix(".js").read_text()
    _stylesheets: ClassVar[list[str]] = [
        ".lost { padding: 8px 16px; color: #fff; background: var(--pg-class-4); }"
    ]

    def __init__(self, **params: Any) -> None:
        super().__init__(margin=0, min_height=0, sizing_mode="stretch_width", **params)
