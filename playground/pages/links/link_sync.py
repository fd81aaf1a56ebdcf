"""One visit to a page: what its link asks for, and what its address bar says."""

from __future__ import annotations

from collections.abc import Iterator

import panel as pn

from playground.pages.controls.parameter_fields import setting_tag
from playground.pages.links.address_bar import AddressBar, Debounced
from playground.pages.links.hiding import CHROME, gap_classes, hide, hideable_names_of
from playground.pages.links.link import Link, query_string
from playground.pages.shell.notices import Notices
from playground.serving.bokeh_patches import disable_debounce
from playground.settings import ParameterSetting, Settings, quote_briefly

MAX_NAMES = 5
"""Names in one sentence."""


class LinkSync:
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
        self._elements: dict[str, list[pn.viewable.Viewable]] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """What can be hidden of what is there: cards, parts of the header, and settings."""
        controls = [name for name, tag in self._setting_tags() if tag in self._elements]
        return (*sorted({*(name for name in self._elements if "." not in name), *controls}),)

    def register(self, element: pn.viewable.Viewable) -> None:
        """See to something that has just come to the page."""
        if isinstance(element, pn.widgets.Widget):
            disable_debounce(element)
        for name in hideable_names_of(element):
            self._elements.setdefault(name, []).append(element)
            if name in self._names_to_hide():
                hide(element)

    def open(self, link: Link) -> None:
        """Follow a link from now on."""
        self._link = link
        self._notices.remark(*link.remarks, *self._settings.apply(link.values))
        self._hide()
        self._settings.watch(Debounced(self.write))

    def write(self) -> None:
        """Have the address bar say what is chosen now."""
        if self._link is not None:
            self.bar.query = query_string(self._link, self._settings.as_texts())

    def report_unknown_names(self) -> None:
        """Tell what of the link nobody knows, now that all parts of the page are there."""
        if self._link is None:
            return
        self._hide()
        if unknown := self._settings.stop_waiting():
            self._notices.remark(f"This page has no setting called {quoted_list(unknown)}.")
        unknown_hidden = [name for name in self._link.hidden if name not in self.names]
        if unknown_hidden and not self._link.from_other_page:
            self._notices.remark(
                f"This page has nothing to hide that is called {quoted_list(unknown_hidden)}. "
                f"It has {', '.join(self.names)}."
            )

    def _hide(self) -> None:
        names_to_hide = self._names_to_hide()
        for name in names_to_hide & self._elements.keys():
            for element in self._elements[name]:
                hide(element)
        classes = [*self._main.css_classes, *gap_classes(names_to_hide)]
        self._main.css_classes = [*dict.fromkeys(classes)]

    def _names_to_hide(self) -> set[str]:
        """Names of areas, and tags of controls."""
        if self._link is None:
            return set()
        names = {*self._link.hidden, *(CHROME if self._link.embedded else ())}
        return names | {tag for name, tag in self._setting_tags() if name in names}

    def _setting_tags(self) -> Iterator[tuple[str, str]]:
        for name, choice in self._settings.items():
            if isinstance(choice, ParameterSetting):
                yield name, setting_tag(choice.owner, choice.parameter_name)


def quoted_list(names: tuple[str, ...] | list[str]) -> str:
    """Names as part of a sentence."""
    more = ["…"] if len(names) > MAX_NAMES else []
    return ", ".join([*map(quote_briefly, names[:MAX_NAMES]), *more])
