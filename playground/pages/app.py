"""All pages under one roof: one is open at a time, and each is built when first opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Self

import panel as pn
import param

from playground.pages.controls.parameter_fields import field
from playground.pages.design import page_design
from playground.pages.digits.digits_page import DigitsPage
from playground.pages.gates import GatesPage
from playground.pages.links.link import Link
from playground.pages.page import Page
from playground.pages.part import Part
from playground.pages.points import PointsPage
from playground.settings import quote_briefly

PAGES: dict[str, Callable[..., Page[Any, Any]]] = {
    "Gates": GatesPage,
    "Points": PointsPage,
    "Digits": DigitsPage,
}
"""To add a page, add it here."""


class App(Part):
    """The app: a choice of pages, and the page that is open.

    Parameters
    ----------
    link : Link, optional
        What the first page that is opened is to be like. The address bar is kept up to date where
        there is one.
    """

    page: param.Selector[str] = param.Selector(
        default="Gates", objects=list(PAGES), doc="Which page is open."
    )
    dark = param.Boolean(default=False, doc="Whether the pages are dark.")

    def __init__(self, link: Link | None = None, **params: Any) -> None:
        super().__init__(**{"dark": pn.config.theme == "dark", **params})
        self._link, self._initial_dark = link, self.dark
        self._built: dict[str, Page[Any, Any]] = {}
        with page_design():
            self._stage = pn.Column(margin=0, css_classes=["pg-stage"])
            self._loading_message = pn.pane.HTML("", margin=48, styles={"font-size": "18px"})
        self._show()

    @classmethod
    def from_link(cls, link: Link) -> Self:
        """Make the app as a link asks, with the page open that it is about."""
        usual = str(cls.param.page.default)
        known = {"": usual, **{name.casefold(): name for name in PAGES}}
        page = known.get(link.page.strip().casefold())
        if page is None:
            remark = f"There is no page {quote_briefly(link.page)}; there are {', '.join(PAGES)}."
            link, page = replace(link, remarks=(remark, *link.remarks)), usual
        return cls(link, page=page)

    def __panel__(self) -> pn.Column:
        return self._stage

    @param.depends("page", watch=True)
    def _open(self) -> None:
        for page in self._built.values():
            page.pause()
        document = pn.state.curdoc
        if document is None:
            self._show()
            return
        # It takes a second or so, in which nothing could be seen of the click, and whoever went on
        # clicking would still meet the page before.
        self._loading_message.object = f"Opening {self.page} …"
        self._stage.objects = [self._loading_message]
        document.add_next_tick_callback(self._show)

    def _show(self) -> None:
        page = self._built.get(self.page) or self._build()
        self._stage.objects = [page]
        if len(self._built) > 1:  # The address is still another page's.
            page.write_address()

    def _build(self) -> Page[Any, Any]:
        page = PAGES[self.page](dark=self._initial_dark, nav=self._nav())
        first = not self._built
        self._built[self.page] = page
        page.dark = self.dark
        page.param.watch(self._sync_theme, "dark")
        if self._link is not None:
            usual = self.page == self.param.page.default
            link = self._link if first else self._link.for_other_pages()
            page.open(replace(link, page="" if usual else self.page))
        return page

    def _nav(self) -> pn.widgets.Widget:
        with page_design():
            return field(
                self,
                "page",
                widget=pn.widgets.RadioButtonGroup,
                sizing_mode=None,
                align="center",
                css_classes=["pg-chips", "pg-nav"],
            )

    def _sync_theme(self, event: param.parameterized.Event) -> None:
        self.dark = event.new
        for page in self._built.values():
            page.dark = event.new
