"""All pages under one roof: one is open at a time, and each is built when first opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn
import param

from playground.pages.fields import field
from playground.pages.gates import GatesPage
from playground.pages.page import Page
from playground.pages.part import Part
from playground.pages.points import PointsPage
from playground.pages.style import dressed

PAGES: dict[str, Callable[..., Page[Any, Any]]] = {"Gates": GatesPage, "Points": PointsPage}
"""To add a page, add it here."""


class House(Part):
    """The app: a choice of pages, and the page that is open."""

    page: param.Selector[str] = param.Selector(
        default="Gates", objects=list(PAGES), doc="Which page is open."
    )
    dark = param.Boolean(default=False, doc="Whether the pages are dark.")

    def __init__(self, **params: Any) -> None:
        super().__init__(**{"dark": pn.config.theme == "dark", **params})
        self._built: dict[str, Page[Any, Any]] = {}
        with dressed():
            self._stage = pn.Column(margin=0, css_classes=["pg-stage"])
        self._open()

    def __panel__(self) -> pn.Column:
        return self._stage

    @param.depends("page", watch=True)
    def _open(self) -> None:
        for page in self._built.values():
            page.rest()
        if self.page not in self._built:
            page = self._built[self.page] = PAGES[self.page](dark=self.dark, nav=self._nav())
            page.param.watch(self._share_theme, "dark")
        self._stage.objects = [self._built[self.page]]

    def _nav(self) -> pn.widgets.Widget:
        with dressed():
            return field(
                self,
                "page",
                widget=pn.widgets.RadioButtonGroup,
                sizing_mode=None,
                align="center",
                css_classes=["pg-chips", "pg-nav"],
            )

    def _share_theme(self, event: param.parameterized.Event) -> None:
        self.dark = event.new
        for page in self._built.values():
            page.dark = event.new
