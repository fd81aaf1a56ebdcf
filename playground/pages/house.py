"""All pages under one roof: one is open at a time, and each is built when first opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn
import param

from playground.pages.digits.page import DigitsPage
from playground.pages.fields import field
from playground.pages.gates import GatesPage
from playground.pages.page import Page
from playground.pages.part import Part
from playground.pages.points import PointsPage
from playground.pages.style import dressed

PAGES: dict[str, Callable[..., Page[Any, Any]]] = {
    "Gates": GatesPage,
    "Points": PointsPage,
    "Digits": DigitsPage,
}
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
            self._opening = pn.pane.HTML("", margin=48, styles={"font-size": "18px"})
        self._show()

    def __panel__(self) -> pn.Column:
        return self._stage

    @param.depends("page", watch=True)
    def _open(self) -> None:
        for page in self._built.values():
            page.rest()
        document = pn.state.curdoc
        if self.page in self._built or document is None:
            self._show()
            return
        # Building takes a second or so, in which nothing could be seen of the click.
        self._opening.object = f"Opening {self.page} …"
        self._stage.objects = [self._opening]
        document.add_next_tick_callback(self._show)

    def _show(self) -> None:
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
