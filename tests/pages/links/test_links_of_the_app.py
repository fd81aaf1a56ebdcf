"""Links to the app of all pages."""

from __future__ import annotations

import pytest

from playground.pages.app import App
from playground.pages.links.link import (
    parse_link,
)
from tests.support.data.link_pages import bar, hidden_names, query
from tests.support.data.saved_work import notice_html

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

OPENING = "shape=arms&noise=0&classes_count=2&split=exact&features=x,y&hidden=4&pace=5"
"""What the app opens on, as its address."""


def test_the_app_opens_the_page_that_the_link_is_about() -> None:
    app = App.from_link(parse_link("page=points&shape=spiral&hide=curves&dark=true"))
    assert app.page == "Points"
    assert app.dark
    page = app._built["Points"]
    assert query(page) == "page=Points&dark=true&shape=spiral&hide=curves"


def test_other_pages_of_the_app_carry_on_what_is_hidden() -> None:
    app = App.from_link(parse_link("gate=OR&hide=curves,gate&embed=1&dark=true"))
    app.page = "Points"
    page = app._built["Points"]
    opening = f"page=Points&dark=true&{OPENING}&hide=curves,gate&embed=1"
    assert bar(page).query == opening, "it opens on what the app opens on"
    assert {"pg-curves", "pg-brand"} <= hidden_names(page)
    assert notice_html(page) == ""
    app.page = "Gates"
    assert bar(app._built["Gates"]).query == (
        "page=Gates&dark=true&gate=OR&hide=curves,gate&embed=1"
    )


@pytest.mark.parametrize("asked", ["utm_source=x", "page=points"])
def test_an_address_without_settings_shows_two_arms_and_few_neurons(asked: str) -> None:
    app = App.from_link(parse_link(asked))
    points = app._built["Points"]
    assert (app.page, points.shape, points.pace) == ("Points", "arms", 5)
    assert query(points) == f"page=Points&{OPENING}"


@pytest.mark.parametrize("asked", ["gate=OR", "hidden=3", "dark=true", "embed", "hide=curves"])
def test_a_link_without_a_page_is_about_gates_as_ever(
    asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(App, "_show", lambda app: None)  # no page is built
    assert App.from_link(parse_link(asked)).page == "Gates"


def test_a_missing_page_is_reported() -> None:
    app = App.from_link(parse_link("page=<b>Chess"))
    assert app.page == "Points"
    said = notice_html(app._built["Points"])
    pages = "Gates, Points, Digits, Your data, Compare"
    assert f"There is no page “&lt;b&gt;Chess”; there are {pages}." in said


def test_an_app_without_a_link_has_no_address() -> None:
    app = App()
    app._built["Points"].problem.shape = "spiral"
    assert bar(app._built["Points"]).query is None
