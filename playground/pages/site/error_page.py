"""What is shown in place of a page that is not there yet, or could not be built."""

from __future__ import annotations

import logging
from collections.abc import Callable
from html import escape
from typing import Any

import panel as pn

from playground.errors import InputError
from playground.serving.current_session import session_label
from playground.views.theme import DARK, LIGHT, css

_STYLE = """
:host(.pg-instead) {
  box-sizing: border-box; width: 100%; min-height: 100vh; padding: 48px;
  font: 18px/1.5 system-ui, sans-serif; color: var(--pg-ink); background: var(--pg-page);
}
a { color: inherit; }
"""

log = logging.getLogger(__name__)


def message_pane(text: str, dark: bool | None = None) -> pn.pane.HTML:
    """Return a sentence that takes the place of a page, in the colours of the pages."""
    return _full_pane(escape(text), dark)


def show_page(
    place: pn.Column,
    build: Callable[[], Any],
    dark: bool | None = None,
) -> None:
    """Build a page and show it; if that fails, show what happened and how to go on.

    Parameters
    ----------
    place : Column
        Holds nothing but the page.
    build : callable
        Returns what is shown.
    dark : bool, optional
        Whether what happened is shown in the dark theme; by default in that of the server.
    """
    try:
        place.objects = [build()]
    except Exception as error:  # Whatever it is, the person must not look at a blank page.
        if isinstance(error, InputError):
            log.warning("a page was refused", extra={"reason": str(error)})
        else:
            log.exception("a page could not be built")
        place.objects = [error_pane(error, session_label(), dark)]


def error_pane(error: Exception, label: str, dark: bool | None = None) -> pn.pane.HTML:
    """Return a message about an error, with a link to a plain page.

    Parameters
    ----------
    error : Exception
        Only of an `InputError` the message is shown: others may tell of the server's files.
    label : str
        Of the session: with it the error can be found in the log.
    dark : bool, optional
    """
    what = (
        escape(str(error))
        if isinstance(error, InputError)
        else "Something went wrong on the server. Nothing that you have saved is lost by it."
    )
    return _full_pane(
        f"<h1>This page could not be opened</h1><p>{what}</p>"
        '<p><a href="?">Open a page with the usual settings</a>, or reload this one. If it happens'
        f" again, tell whoever runs the server; the log knows it as <code>{escape(label)}</code>."
        "</p>",
        dark,
    )


def _full_pane(html: str, dark: bool | None) -> pn.pane.HTML:
    is_dark = pn.config.theme == "dark" if dark is None else dark
    colours = css(DARK if is_dark else LIGHT, ":host(.pg-instead)")
    return pn.pane.HTML(html, css_classes=["pg-instead"], stylesheets=[colours + _STYLE], margin=0)
