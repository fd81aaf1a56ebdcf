"""Keeps a page's settings and the URL query of the browser's address bar in sync."""

from __future__ import annotations

from collections.abc import Iterator

import panel as pn
from bokeh.document import Document

from playground.pages.controls.deferred import Deferred
from playground.pages.controls.fields.parameter_fields import setting_tag
from playground.pages.links.address_bar import AddressBar
from playground.pages.links.hiding import CHROME, gap_classes, hide, hideable_names_of
from playground.pages.links.link import Link, query_string
from playground.pages.shell.notices import Notices
from playground.serving.patches.bokeh_patches import disable_debounce
from playground.settings import ParameterSetting, Settings, quote_briefly

UPDATE_DELAY = 300
"""Milliseconds between a change and that of the address bar: a dragged slider changes often."""
MAX_NAMES = 5
"""Names in one sentence."""


class LinkSync:
    """Applies a link to a page, hides what it asks to hide, and updates the address bar.

    Parameters
    ----------
    settings : Settings
        Of the page.
    notices : Notices
        Shows what of the link could not be applied.
    main : Column
        The page's cards; its CSS classes tell the style sheet which areas are empty.

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
        self._boxes: list[Deferred] = []
        self._document: Document | None = None
        self._write_scheduled = False

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all cards, parts of the header and settings on the page that can be hidden."""
        while self._boxes:  # What is made now is registered, and may have boxes too.
            self._boxes.pop().make_content()
        controls = [name for name, tag in self._setting_tags() if tag in self._elements]
        return (*sorted({*(name for name in self._elements if "." not in name), *controls}),)

    def register(self, element: pn.viewable.Viewable) -> None:
        """Register an element that was added to the page, and hide it if the link says so."""
        if isinstance(element, pn.widgets.Widget):
            disable_debounce(element)
        if isinstance(element, Deferred):
            self._boxes.append(element)
        for name in hideable_names_of(element):
            self._elements.setdefault(name, []).append(element)
            if name in self._names_to_hide():
                hide(element)

    def open(self, link: Link) -> None:
        """Apply a link, and update the address bar from now on."""
        self._link, self._document = link, pn.state.curdoc
        # An address without settings is no link of an earlier version.
        apply = self._settings.apply_all if link.values else self._settings.apply
        self._notices.remark(*link.remarks, *apply(link.values))
        self._hide()
        self._settings.watch(self._schedule_write)

    def write(self) -> None:
        """Write the current settings into the address bar."""
        self._write_scheduled = False
        if self._link is not None:
            self.bar.query = query_string(self._link, self._settings.as_texts())

    def report_unknown_names(self) -> None:
        """Show which names of the link are unknown, now that the page has all its parts."""
        if self._link is None:
            return
        self._hide()
        if unknown := self._settings.stop_waiting():
            self._notices.remark(f"This page has no setting called {quoted_list(unknown)}.")
        if not self._link.hidden:
            return
        names = self.names
        unknown_hidden = [name for name in self._link.hidden if name not in names]
        if unknown_hidden and not self._link.from_other_page:
            self._notices.remark(
                f"This page has nothing to hide that is called {quoted_list(unknown_hidden)}. "
                f"It has {', '.join(names)}."
            )

    def _schedule_write(self) -> None:
        """Write a little later, once for all changes until then; at once without a server."""
        if self._document is None:
            self.write()
        elif not self._write_scheduled:
            self._write_scheduled = True
            self._document.add_timeout_callback(self.write, UPDATE_DELAY)

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
        for name, setting in self._settings.items():
            if isinstance(setting, ParameterSetting):
                yield name, setting_tag(setting.owner, setting.parameter_name)


def quoted_list(names: tuple[str, ...] | list[str]) -> str:
    """Names in quotes, separated by commas; "…" stands for those after `MAX_NAMES`."""
    more = ["…"] if len(names) > MAX_NAMES else []
    return ", ".join([*map(quote_briefly, names[:MAX_NAMES]), *more])
