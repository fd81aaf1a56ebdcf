"""Keeping the keyboard's focus where it is while Bokeh makes elements anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playground.pages.accessibility.keys import SHADOW_SEARCH
from playground.serving.browser.browser_component import BrowserComponent, join_scripts

HERE = Path(__file__)


class KeptFocus(BrowserComponent):
    """An invisible component that gives lost focus back; see the `.js`."""

    _esm = join_scripts(SHADOW_SEARCH, HERE.with_suffix(".js"))

    def __init__(self, **params: Any) -> None:
        super().__init__(width=0, height=0, margin=0, **params)
