"""Sentences that explain labels, numbers and icons where they are, and the way to more help."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import panel as pn
import param

from playground.pages.accessibility.keys import SHADOW_SEARCH
from playground.pages.controls.buttons import worded_button
from playground.pages.shell.label_sentences import LABEL_SENTENCES
from playground.serving.browser.browser_component import BrowserComponent, join_scripts

OPEN_HELP = """
window.dispatchEvent(new Event("playground-help"))
window.open("?help=using", "_blank", "noopener")
"""
"""JavaScript; the event brings back what explains the page until it was used."""


class HelpSentences(BrowserComponent):
    """An invisible component that explains the labels and the numbers of a browser's page.

    What a control does stands in its tags, see `help_tags`, or is found by what its label says.
    """

    labels = param.Dict(
        default=LABEL_SENTENCES, constant=True, doc="Sentences by kind and text of a label."
    )

    _esm = join_scripts(SHADOW_SEARCH, Path(__file__).with_suffix(".js"))

    def __init__(self, **params: Any) -> None:
        super().__init__(width=0, height=0, margin=0, **params)


def help_button() -> pn.widgets.Button:
    """Make a button that opens the documentation in a tab of its own."""
    target = worded_button("Help", "help", "How to use this page", lambda _event: None, "pg-help")
    target.js_on_click(code=OPEN_HELP)
    return target
