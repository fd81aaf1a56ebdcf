"""The keys of all pages, and the list of them that `?` opens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import param

from playground.pages.shell.notebook import in_notebook
from playground.serving.browser.browser_component import BrowserComponent, join_scripts

HERE = Path(__file__)
SHADOW_SEARCH = HERE.with_name("shadow_search.js")


class Key(NamedTuple):
    """What a key does; docs/using.md has the same words."""

    keys: str
    does: str


KEYS = (
    Key("Space", "play or pause, unless a field or a button has the focus"),
    Key("?", "open this list"),
    Key("Esc", "close what is open: this list, the drawer, a weight"),
    Key("Tab, Shift+Tab", "go to the next or the previous control; the network is one of them"),
    Key("← →", "in the network: from a neuron to its links, and along a link to the next neuron"),
    Key("↑ ↓", "in the network: to the next neuron of the layer, or the next link of the neuron"),
    Key("Home, End", "in the network: to the first feature, and to the output"),
    Key("Enter", "in the network: open a neuron or a link to change it; take or leave a feature"),
    Key("← → ↑ ↓", "on a slider, in a list of choices, in a number field: the next value"),
    Key("← →, Home, End", "on a tab: open another one"),
    Key("← → ↑ ↓, Enter", "on the canvas: move the pen (Shift: a little); lower or lift it"),
    Key("Ctrl+Z or Cmd+Z", "on the canvas: take back the last stroke"),
)


class PageKeys(BrowserComponent):
    """An invisible component that takes the keys that work anywhere on a page.

    In a notebook the keys are those of a page only while it has the focus.

    Parameters
    ----------
    toggle, close : callable
        Called without arguments: to play or pause, and to close what is open. `close` returns the
        class of what is to have the focus then, or "".
    """

    rows = param.List(default=[list(key) for key in KEYS], constant=True, doc="What `?` lists.")
    anywhere = param.Boolean(default=True, doc="Whether keys count without the focus on the page.")

    _esm = join_scripts(SHADOW_SEARCH, HERE.with_suffix(".js"))
    _stylesheets = [HERE.with_suffix(".css").read_text()]  # noqa: RUF012 (as Panel declares it)

    def __init__(self, toggle: Callable[[], None], close: Callable[[], str]) -> None:
        super().__init__(width=0, height=0, margin=0, anywhere=not in_notebook())
        self._toggle, self._close = toggle, close

    def focus(self, kind: str) -> None:
        """Give the focus to what has a class, as soon as it is there."""
        self._send_msg({"focus": kind})

    def receive(self, message: object) -> bool:
        """Act on a key."""
        if message == "toggle":
            self._toggle()
        elif message == "close":
            if target := self._close():
                self.focus(target)
        else:
            return False
        return True
