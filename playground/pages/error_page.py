"""What is shown in place of a page that could not be built."""

from __future__ import annotations

import logging
from collections.abc import Callable
from html import escape
from typing import Any

import panel as pn

from playground.errors import InputError
from playground.serving.current_session import session_label

log = logging.getLogger(__name__)


def show_page(place: pn.Column, build: Callable[[], Any]) -> None:
    """Build a page and show it; if that fails, show what happened and how to go on.

    Parameters
    ----------
    place : Column
        Holds nothing but the page.
    build : callable
        Returns what is shown.
    """
    try:
        place.objects = [build()]
    except Exception as error:  # Whatever it is, the person must not look at a blank page.
        if isinstance(error, InputError):
            log.warning("a page was refused", extra={"reason": str(error)})
        else:
            log.exception("a page could not be built")
        place.objects = [error_pane(error, session_label())]


def error_pane(error: Exception, label: str) -> pn.pane.HTML:
    """Return a message about an error, with a link to a plain page.

    Parameters
    ----------
    error : Exception
        Only of an `InputError` the message is shown: others may tell of the server's files.
    label : str
        Of the session: with it the error can be found in the log.
    """
    what = (
        escape(str(error))
        if isinstance(error, InputError)
        else "Something went wrong on the server. Nothing that you have saved is lost by it."
    )
    return pn.pane.HTML(
        f"<h1>This page could not be opened</h1><p>{what}</p>"
        '<p><a href="?">Open a page with the usual settings</a>, or reload this one. If it happens'
        f" again, tell whoever runs the server; the log knows it as <code>{escape(label)}</code>."
        "</p>",
        margin=48,
        styles={"font-size": "18px"},
    )
