"""Sentences that explain labels, numbers and icons where they are, and the way to more help."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import panel as pn
import param

from playground.pages.controls.buttons import worded_button
from playground.pages.controls.fields.parameter_fields import setting_tag
from playground.serving.browser.browser_component import BrowserComponent
from playground.settings import ParameterSetting, Setting

NUMBERS = {
    "epoch": "How many times all training samples have been seen.",
    "train loss": "How wrong it is on the samples it learns from; 0 is perfect.",
    "test loss": "How wrong it is on samples it has never seen; 0 is perfect.",
    "test accuracy": "The share of samples it has never seen that it gets right.",
    "mean test error": "How far off its answers are on samples it has never seen, on average.",
    "images/s": "How many images it learns from in a second.",
}
"""Sentences about the numbers in the header, by label."""
OPEN_HELP = """
window.dispatchEvent(new Event("playground-help"))
window.open("?help=using", "_blank", "noopener")
"""
"""JavaScript; the event brings back what explains the page until it was used."""


class HelpSentences(BrowserComponent):
    """An invisible component that explains the fields and the numbers of a browser's page.

    The fields are found by the tag of their setting; see `setting_tag`.
    """

    sentences = param.Dict(default={}, doc="Sentences by tag.")
    numbers = param.Dict(default=NUMBERS, constant=True, doc="Sentences by label of a number.")

    _esm = Path(__file__).with_suffix(".js").read_text()

    def __init__(self, **params: Any) -> None:
        super().__init__(width=0, height=0, margin=0, **params)


def sentences_of(settings: Iterable[Setting]) -> dict[str, str]:
    """Return the documentation of the parameters among settings, by tag."""
    found = {}
    for setting in settings:
        if isinstance(setting, ParameterSetting):
            doc = setting.owner.param[setting.parameter_name].doc
            if doc:
                found[setting_tag(setting.owner, setting.parameter_name)] = " ".join(doc.split())
    return found


def help_button() -> pn.widgets.Button:
    """Make a button that opens the documentation in a tab of its own."""
    target = worded_button("Help", "help", "How to use this page", lambda _event: None, "pg-help")
    target.js_on_click(code=OPEN_HELP)
    return target
