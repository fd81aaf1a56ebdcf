"""The browser's address bar, kept up to date from here, and a button that copies what it says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import panel as pn
import param
from bokeh.document import Document

from playground.pages.buttons import button, relabel

SOON = 300
"""Milliseconds between a change and the bar's: a slider that is dragged changes all the time."""
LONG_ENOUGH = 2000
"""Milliseconds for which the button says that it has copied."""
COPY = "Copy a link to this page as it is"
COPIED = "Copied"

_COPY = (Path(__file__).parent / "copy_link.js").read_text()


class AddressBar(pn.custom.JSComponent):
    """An invisible component that writes the browser's address bar.

    Panel's own makes an entry in the browser's history of each change.
    """

    query = param.String(
        default=None,
        allow_None=True,
        doc='What stands behind the "?"; None to leave the bar alone.',
    )

    _esm = Path(__file__).with_suffix(".js").read_text()

    def __init__(self, **params: Any) -> None:
        super().__init__(width=0, height=0, margin=0, visible=True, **params)


class Later:
    """Does something a little later, and once however often it is asked meanwhile.

    Parameters
    ----------
    act : callable
    """

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act
        self._document: Document | None = pn.state.curdoc
        self._due = False

    def __call__(self) -> None:
        """Do it soon; at once where no page is open."""
        if self._document is None:
            self._act()
        elif not self._due:
            self._due = True
            self._document.add_timeout_callback(self._do, SOON)

    def _do(self) -> None:
        self._due = False
        self._act()


def copy_button(copied: Callable[[], None]) -> pn.widgets.Button:
    """A button that copies the address.

    Parameters
    ----------
    copied : callable
        Called after each click.
    """

    def again() -> None:
        relabel(made, "link", COPY)

    def tell(_event: object) -> None:
        copied()
        if (document := pn.state.curdoc) is not None:
            relabel(made, "check", COPIED)
            document.add_timeout_callback(again, LONG_ENOUGH)

    made = button("link", COPY, tell, kind="pg-link")
    # In the browser and at once: it may only copy in answer to a click.
    made.js_on_click(code=_COPY)
    return made
