"""The button that opens the documentation."""

from __future__ import annotations

import panel as pn

from playground.pages.controls.buttons import worded_button

OPEN_HELP = 'window.open("?help=using", "_blank", "noopener")'


def help_button() -> pn.widgets.Button:
    """Make a button that opens the documentation in a tab of its own."""
    target = worded_button("Help", "help", "How to use this page", lambda _event: None, "pg-help")
    target.js_on_click(code=OPEN_HELP)
    return target
