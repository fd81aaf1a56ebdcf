"""Pages that are opened by links."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from playground.pages.gates import GatesPage
from playground.pages.lab import Lab
from playground.pages.links.link import Link
from playground.pages.points import PointsPage
from tests.support.data.link_pages import bar
from tests.support.data.shared_pages import lending_fixture

lent_gates, lent_points = lending_fixture(GatesPage), lending_fixture(PointsPage)


@pytest.fixture
def new_gates() -> GatesPage:
    """Return a page that can be opened with any link."""
    return GatesPage()


@pytest.fixture(scope="module")
def open_page() -> Callable[[type[Lab[Any]]], Lab[Any]]:
    """Return a function that gives a page that was opened with an empty link."""

    @cache
    def open_once(kind: type[Lab[Any]]) -> Lab[Any]:
        page = kind()
        page.open(Link())
        return page

    return open_once


@pytest.fixture
def gates(open_page: Callable[[type[Lab[Any]]], Any]) -> GatesPage:
    """Return a page that was opened with an empty link, all settings as usual."""
    page: GatesPage = open_page(GatesPage)
    page.settings.apply(page.settings.defaults)
    bar(page).query = None
    return page


@pytest.fixture
def points(open_page: Callable[[type[Lab[Any]]], Any]) -> PointsPage:
    """Return a page that was opened with an empty link, all settings as usual."""
    page: PointsPage = open_page(PointsPage)
    page.settings.apply(page.settings.defaults)
    return page
