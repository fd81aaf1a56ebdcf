"""The app of all pages: one is open at a time, and each is built when it is first opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, ClassVar, NoReturn, Self

import panel as pn
import param
from panel.links import Callback

from playground.errors import InputError
from playground.pages.compare.compare_page import ComparePage
from playground.pages.compare.sweep.own_table import OwnTable
from playground.pages.controls.fields.parameter_fields import field
from playground.pages.design import page_design
from playground.pages.digits.digits_page import DigitsPage
from playground.pages.gates import GatesPage
from playground.pages.links.link import Link, parse_link
from playground.pages.own_data import OwnDataPage, UploadPage
from playground.pages.page import Page
from playground.pages.part import Part
from playground.pages.points import PointsPage
from playground.pages.runs.person_files import links_folder
from playground.pages.site.error_page import message_pane, show_page
from playground.problems.tables.csv.csv_dialect import CsvChoices
from playground.runs import Run, shared_page
from playground.serving.sessions import browser_session, call_giving_way
from playground.settings import quote_briefly

WATCHABLE_PACE = 10.0
"""Epochs a second at which one can follow what a small network learns."""

PAGES: dict[str, Callable[..., Page[Any, Any]]] = {
    "Gates": partial(GatesPage, pace=WATCHABLE_PACE),
    "Points": partial(PointsPage, pace=WATCHABLE_PACE),
    "Digits": DigitsPage,
    "Your data": partial(UploadPage, pace=WATCHABLE_PACE),
    "Compare": ComparePage,
}
"""What makes each page, by title; to add a page, add it here."""

DEFAULT_LINK = (
    "page=Points&shape=arms&classes_count=2&noise=0&features=x,y&hidden=4&pace=5&split=exact"
)
"""The link that an address without any opens, and what its page opens on from another page.

Two arms: as inviting as the spiral, but x and y alone are enough, with few neurons."""
UNNAMED_PAGE = "Gates"
"""The page of a link that names none: the app wrote such links while it opened on that page."""


CLOSE_IN_BROWSER = """
for (const page of stage.children) {
  const view = Bokeh.index.find_one(page)
  if (view === null) continue
  view.el.inert = true
  view.el.style.opacity = "0.5"
}
"""
"""JavaScript that has the open page take no more clicks, from the click that closes it on.

Until the server answers, half a second or so, a click would change the page that is closing. The
element goes with the page; when the page is opened again it gets a new one.
"""


class App(Part):
    """The app: a choice of pages, and the page that is open.

    Parameters
    ----------
    link : Link, optional
        Applied to the first page. With a link, even an empty one, the address bar is kept up to
        date.
    """

    default_link: ClassVar[str] = DEFAULT_LINK
    unnamed_page: ClassVar[str] = UNNAMED_PAGE

    page: param.Selector[str] = param.Selector(
        default="Points", objects=list(PAGES), doc="Which page is open."
    )
    dark = param.Boolean(default=False, doc="Whether the pages are dark.")

    def __init__(self, link: Link | None = None, **params: Any) -> None:
        super().__init__(**{"dark": pn.config.theme == "dark", **params})
        self._link, self._initial_dark = link, self.dark
        self._built: dict[str, Page[Any, Any]] = {}
        self._on_shown: Callable[[Page[Any, Any]], None] | None = None
        self._file_to_open: tuple[bytes, CsvChoices] | None = None
        self._run_to_open: Run | None = None
        self._table_to_compare: tuple[OwnTable, dict[str, Any]] | None = None
        with page_design():
            self._stage = pn.Column(margin=0, css_classes=["pg-stage"])
        self._show()

    @classmethod
    def from_link(cls, link: Link) -> Self:
        """Make the app that a link describes, with the link's page open."""
        default = str(cls.param.page.default)
        opening = parse_link(cls.default_link)
        if link == Link():
            link = opening
        elif is_bare(link) and link.page.casefold() == opening.page.casefold():
            link = replace(link, values={**opening.values, **link.values})
        try:
            page = page_of_link(link, cls.unnamed_page)
        except InputError as error:
            link, page = replace(link, remarks=(str(error), *link.remarks)), default
        return cls(link, page=page)

    def __panel__(self) -> pn.Column:
        return self._stage

    @property
    def open_page(self) -> Page[Any, Any] | None:
        """The page that is open; None while it is being built."""
        return self._built.get(self.page)

    def go_to(self, link: Link, then: Callable[[Page[Any, Any]], None]) -> None:
        """Open the page that a link is about, and call a function with it once it is there.

        Raises
        ------
        InputError
            If there is no such page.
        """
        title = page_of_link(link, self.unnamed_page)
        self._on_shown = then
        if title != self.page:
            self.page = title
        elif self.open_page is not None:
            self._call_on_shown(self.open_page)

    @param.depends("page", watch=True)
    def _open(self) -> None:
        for page in self._built.values():
            page.pause()
        if pn.state.curdoc is None:
            self._show()
            return
        # Building a page takes a second or so. Without the message nothing would show that the
        # click has arrived, and further clicks would reach the page before.
        with page_design():
            self._stage.objects = [message_pane(f"Opening {self.page} …", self.dark)]
        call_giving_way(self._show)

    def open_run(self, run: Run) -> None:
        """Open the page on which a run can go on, and continue the run there."""
        self._run_to_open = run
        self.page = run.page

    def _show(self) -> None:
        show_page(self._stage, self._built_page, self.dark)
        page = self.open_page
        if page is None:
            return
        page.resume()
        if len(self._built) > 1:
            page.write_address()  # The address bar still shows the page before.
        run, self._run_to_open = self._run_to_open, None
        if run is not None and run.page == self.page:
            page.continue_run(run)
        file, self._file_to_open = self._file_to_open, None
        if file is not None and isinstance(page, OwnDataPage):
            page.use_file(*file)
        self._call_on_shown(page)

    def _call_on_shown(self, page: Page[Any, Any]) -> None:
        call, self._on_shown = self._on_shown, None
        if call is not None:
            call(page)

    def _open_as_table(self, data: bytes, choices: CsvChoices) -> None:
        """Open the page about one's own data with a file that was uploaded on another one."""
        self._file_to_open = data, choices
        self.page = OwnDataPage.title

    def _compare_table(self, table: OwnTable, settings: dict[str, Any]) -> None:
        """Open the page Compare with the table of the page about one's own data."""
        self._table_to_compare = table, settings
        self.page = ComparePage.title

    def _built_page(self) -> Page[Any, Any]:
        page = self._built.get(self.page) or self._build()
        table, self._table_to_compare = self._table_to_compare, None
        if table is not None and isinstance(page, ComparePage):
            # Before it is shown: Bokeh's browser side fails on new options of a field that it has
            # received, and not drawn yet.
            page.use_table(*table)
        return page

    def _build(self) -> Page[Any, Any]:
        page = PAGES[self.page](dark=self._initial_dark, nav=self._nav())
        if isinstance(page, ComparePage):
            page.open_elsewhere = self.open_run
        if isinstance(page, OwnDataPage):
            page.offer_comparison(self._compare_table)
        first = not self._built
        self._built[self.page] = page
        page.dark = self.dark
        page.param.watch(self._sync_theme, "dark")
        if isinstance(page, PointsPage):
            page.offer_table(self._open_as_table)
        if self._link is not None:
            link = self._link
            if not first:
                opening = parse_link(DEFAULT_LINK)
                values = opening.values if opening.page == self.page else {}
                link = replace(link.for_other_pages(), values=values)
            page.open(replace(link, page=self.page))
        return page

    def _nav(self) -> pn.widgets.Widget:
        with page_design():
            nav = field(
                self,
                "page",
                widget=pn.widgets.RadioButtonGroup,
                sizing_mode=None,
                align="center",
                css_classes=["pg-chips", "pg-nav"],
            )
        nav.jscallback(args={"stage": self._stage}, value=CLOSE_IN_BROWSER)
        if (session := browser_session()) is not None:
            # Panel keeps a callback as long as its source lives, which its arguments refer to.
            session.on_end.append(partial(_forget_callbacks, nav))
        return nav

    def _sync_theme(self, event: param.parameterized.Event) -> None:
        self.dark = event.new
        for page in self._built.values():
            page.dark = event.new


class CompareApp(App):
    """The app, opened on the page Compare."""

    default_link: ClassVar[str] = "page=Compare"
    unnamed_page: ClassVar[str] = "Compare"


def is_bare(link: Link) -> bool:
    """Whether a link names no setting but the theme, so that its page opens as the app does."""
    return not (link.values.keys() - {"dark"} or link.shared_run)


def page_of_link(link: Link, unnamed: str = UNNAMED_PAGE) -> str:
    """Return the title of the page that a link is about.

    Parameters
    ----------
    link : Link
    unnamed : str
        The page of a link that names none.

    Raises
    ------
    InputError
        If there is no such page.
    """
    known = {"": unnamed, **{name.casefold(): name for name in PAGES}}
    requested = (link.shared_run and shared_page(link.shared_run, links_folder())) or link.page
    page = known.get(requested.strip().casefold())
    if page is None:
        raise InputError(
            f"There is no page {quote_briefly(requested)}; there are {', '.join(PAGES)}."
        )
    return page


def _forget_callbacks(source: pn.widgets.Widget) -> None:
    Callback.registry.pop(source, None)


def page_from_run(run: Run) -> Page[Any, Any]:
    """Make the page on which a run was made, and continue the run there, without a server.

    Raises
    ------
    InputError
        If the run can't be continued.
    """

    def fail(sentence: str) -> NoReturn:
        raise InputError(sentence)

    page = PAGES[run.page]()
    page.run_session.resume_run(run, lambda: None, fail)
    return page
