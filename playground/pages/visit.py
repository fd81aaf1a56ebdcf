"""One visit to a page: what its link asks for, and what its address bar says."""

from __future__ import annotations

from collections.abc import Iterator

import panel as pn

from playground.pages.address import Link, written
from playground.pages.address_bar import AddressBar, Later
from playground.pages.fields import prompt, tag_of
from playground.pages.hiding import CHROME, gaps, hide, names_of
from playground.pages.notices import Notices
from playground.settings import Parameter, Settings, quoted

MOST_NAMES = 5
"""Names in one sentence."""


class Visit:
    """Has a page be as a link asks, and the address bar as the page is.

    Parameters
    ----------
    settings : Settings
        Of the page.
    notices : Notices
        Told what of the link could not be followed.
    main : Column
        The page's cards, whose style sheet is told which areas are empty.

    Attributes
    ----------
    bar : AddressBar
        To be put somewhere on the page.
    """

    def __init__(self, settings: Settings, notices: Notices, main: pn.Column) -> None:
        self.bar = AddressBar()
        self._settings, self._notices, self._main = settings, notices, main
        self._link: Link | None = None
        self._shown: dict[str, list[pn.viewable.Viewable]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """What can be hidden of what is there: cards, parts of the header, and settings."""
        controls = [name for name, tag in self._tags() if tag in self._shown]
        return (*sorted({*(name for name in self._shown if "." not in name), *controls}),)

    def welcome(self, shown: pn.viewable.Viewable) -> None:
        """See to something that has just come to the page."""
        if isinstance(shown, pn.widgets.Widget):
            prompt(shown)
        for name in names_of(shown):
            self._shown.setdefault(name, []).append(shown)
            if name in self._unwanted():
                hide(shown)

    def open(self, link: Link) -> None:
        """Follow a link from now on."""
        self._link = link
        self._notices.remark(*link.remarks, *self._settings.take(link.values))
        self._hide()
        self._settings.watch(Later(self.write))

    def write(self) -> None:
        """Have the address bar say what is chosen now."""
        if self._link is not None:
            self.bar.query = written(self._link, self._settings.texts())

    def complete(self) -> None:
        """Tell what of the link nobody knows, now that all parts of the page are there."""
        if self._link is None:
            return
        self._hide()
        if unknown := self._settings.settle():
            self._notices.remark(f"This page has no setting called {listed(unknown)}.")
        absent = [name for name in self._link.hidden if name not in self.names]
        if absent and not self._link.leads_on:
            self._notices.remark(
                f"This page has nothing to hide that is called {listed(absent)}. "
                f"It has {', '.join(self.names)}."
            )

    def _hide(self) -> None:
        unwanted = self._unwanted()
        for name in unwanted & self._shown.keys():
            for shown in self._shown[name]:
                hide(shown)
        classes = [*self._main.css_classes, *gaps(unwanted)]
        self._main.css_classes = [*dict.fromkeys(classes)]

    def _unwanted(self) -> set[str]:
        """Names of areas, and tags of controls."""
        if self._link is None:
            return set()
        names = {*self._link.hidden, *(CHROME if self._link.embedded else ())}
        return names | {tag for name, tag in self._tags() if name in names}

    def _tags(self) -> Iterator[tuple[str, str]]:
        for name, choice in self._settings.items():
            if isinstance(choice, Parameter):
                yield name, tag_of(choice.owner, choice.own_name)


def listed(names: tuple[str, ...] | list[str]) -> str:
    """Names as part of a sentence."""
    more = ["…"] if len(names) > MOST_NAMES else []
    return ", ".join([*map(quoted, names[:MOST_NAMES]), *more])
