"""A program as text that can be copied."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import param

from playground.serving.browser.browser_component import BrowserComponent

HERE = Path(__file__)


class CodeView(BrowserComponent):
    """Text in a monospaced font, with a button that copies it; hidden while empty."""

    text = param.String(default="", doc="The program.")

    _esm = HERE.with_suffix(".js").read_text()
    _stylesheets = [HERE.with_suffix(".css").read_text()]  # noqa: RUF012 (as Panel declares it)

    def __init__(self, **params: Any) -> None:
        super().__init__(margin=0, sizing_mode="stretch_width", **params)
