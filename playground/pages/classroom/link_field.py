"""The field for a link that all pupils are to open."""

from __future__ import annotations

from collections.abc import Callable

import panel as pn

from playground.errors import InputError
from playground.pages.app import page_of_link
from playground.pages.classroom.class_card import CSS as CLASS_CSS
from playground.pages.controls.buttons import text_button
from playground.pages.links.link import MAX_LINK_LENGTH, parse_link
from playground.pages.part import Part

ABOUT_LINKS = "A link is what Share on any page copies; it has a part such as ?page=Gates&gate=XOR."


class LinkField(Part):
    """A text field and a button.

    Parameters
    ----------
    send : callable
        Given what follows the "?" of a link that can be opened.
    say : callable
        Given what is wrong with a link.
    """

    def __init__(self, send: Callable[[str], None], say: Callable[[str], None]) -> None:
        super().__init__()
        self._send, self._say = send, say
        self._text = pn.widgets.TextInput(
            name="Link",
            placeholder="?page=Gates&gate=XOR",
            max_length=MAX_LINK_LENGTH,
            width=260,
            margin=0,
        )
        self._row = pn.Row(
            self._text,
            text_button("Everybody to this link", self._check),
            css_classes=["pg-class-row"],
            stylesheets=[CLASS_CSS],
            margin=0,
        )

    def __panel__(self) -> pn.Row:
        return self._row

    def _check(self) -> None:
        try:
            query = checked_query(self._text.value or "")
        except InputError as error:
            self._say(str(error))
        else:
            self._send(query)


def checked_query(text: str) -> str:
    """Return what follows the "?" of a link to one of the pages.

    Parameters
    ----------
    text : str
        A whole address, or what follows the "?".

    Raises
    ------
    InputError
        If it is no link, or there is no such page.
    """
    before, mark, after = text.strip().partition("?")
    query = (after if mark else before).partition("#")[0]
    if "=" not in query:
        raise InputError(ABOUT_LINKS)
    if len(query) > MAX_LINK_LENGTH:
        raise InputError(f"The link is too long: {MAX_LINK_LENGTH:,} letters are the most.")
    page_of_link(parse_link(query))
    return query
