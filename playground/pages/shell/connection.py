"""A banner about a lost connection, which the browser shows without the server."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import param

from playground.serving.browser.browser_component import BrowserComponent


class ConnectionLostBanner(BrowserComponent):
    """A line that is visible while the browser has no connection to the server.

    It says when the work was last saved, or why it was not.
    """

    saved_at = param.String(default="", doc='Time of the last save, as ISO 8601; "" before it.')
    problem = param.String(default="", doc='Why the last save failed; "" if it did not.')

    _esm = Path(__file__).with_suffix(".js").read_text()
    _stylesheets: ClassVar[list[str]] = [
        ".lost { padding: 8px 16px; color: #fff; background: var(--pg-class-4); }"
    ]

    def __init__(self, **params: Any) -> None:
        super().__init__(margin=0, min_height=0, sizing_mode="stretch_width", **params)

    def note_save(self, problem: str) -> None:
        """Note that the work was saved just now; or, with a sentence, that it was not."""
        if not problem:
            self.saved_at = datetime.now(UTC).isoformat(timespec="seconds")
        self.problem = problem
