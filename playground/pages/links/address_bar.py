"""The browser's address bar, and the button that copies its address."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import panel as pn
import param

from playground.pages.controls.buttons import relabel, worded_button
from playground.serving.browser.browser_component import BrowserComponent

CONFIRMATION_TIME = 2000
"""Milliseconds for which the button says that it has copied."""
COPY_LABEL = "Copy a link to this page as it is"
COPIED_LABEL = "Copied"

_COPY_SCRIPT = (Path(__file__).parent / "copy_link.js").read_text()


class AddressBar(BrowserComponent):
    """An invisible component that replaces the query in the browser's address bar.

    Panel's own Location would add an entry to the browser's history for each change.
    """

    query = param.String(
        default=None,
        allow_None=True,
        doc='What follows the "?"; None leaves the address bar alone.',
    )

    _esm = Path(__file__).with_suffix(".js").read_text()

    def __init__(self, **params: Any) -> None:
        super().__init__(width=0, height=0, margin=0, visible=True, **params)


def copy_button(on_copied: Callable[[], None]) -> pn.widgets.Button:
    """Make a button that copies the address.

    Parameters
    ----------
    on_copied : callable
        Called after each click.
    """

    def reset_label() -> None:
        relabel(copy_link, "link", COPY_LABEL)

    def confirm(_event: object) -> None:
        on_copied()
        if (document := pn.state.curdoc) is not None:
            relabel(copy_link, "check", COPIED_LABEL)
            document.add_timeout_callback(reset_label, CONFIRMATION_TIME)

    copy_link = worded_button("Share", "link", COPY_LABEL, confirm, "pg-link")
    # In the browser and at once: it may only copy in answer to a click.
    copy_link.js_on_click(code=_COPY_SCRIPT)
    return copy_link
