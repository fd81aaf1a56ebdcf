"""The browser's address bar, kept up to date from here, and a button that copies what it says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import panel as pn
import param
from bokeh.document import Document

from playground.pages.controls.buttons import button, relabel

UPDATE_DELAY = 300
"""Milliseconds between a change and the bar's: a slider that is dragged changes all the time."""
CONFIRMATION_TIME = 2000
"""Milliseconds for which the button says that it has copied."""
COPY_LABEL = "Copy a link to this page as it is"
COPIED_LABEL = "Copied"

_COPY_SCRIPT = (Path(__file__).parent / "copy_link.js").read_text()


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


class Debounced:
    """Does something a little later, and once however often it is asked meanwhile.

    Parameters
    ----------
    callback : callable
    """

    def __init__(self, callback: Callable[[], None]) -> None:
        self._callback = callback
        self._document: Document | None = pn.state.curdoc
        self._scheduled = False

    def __call__(self) -> None:
        """Do it soon; at once where no page is open."""
        if self._document is None:
            self._callback()
        elif not self._scheduled:
            self._scheduled = True
            self._document.add_timeout_callback(self._run, UPDATE_DELAY)

    def _run(self) -> None:
        self._scheduled = False
        self._callback()


def copy_button(on_copied: Callable[[], None]) -> pn.widgets.Button:
    """A button that copies the address.

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

    copy_link = button("link", COPY_LABEL, confirm, kind="pg-link")
    # In the browser and at once: it may only copy in answer to a click.
    copy_link.js_on_click(code=_COPY_SCRIPT)
    return copy_link
