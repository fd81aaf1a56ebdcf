"""Tests that all pass but for their fixtures; run by test_browser_fixtures.py only."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

HERE = Path(__file__).parent
FOREIGN = "http://foreign.invalid/"


@pytest.fixture(scope="module")
def address(serve: Callable[..., str]) -> str:
    return serve(HERE / "quiet_app.py", HERE / "broken_app.py")


@pytest.fixture
def hello(address: str, page: Page) -> Page:
    page.goto(f"{address}/quiet_app")
    page.get_by_text("hello").wait_for()
    return page


def test_nothing(hello: Page) -> None:
    hello.get_by_text("hello").click()


def test_console(hello: Page) -> None:
    with hello.expect_console_message():
        hello.evaluate("console.error('on purpose')")


def test_exception(hello: Page) -> None:
    with hello.expect_event("pageerror"):
        hello.evaluate("void setTimeout(() => { throw new Error('on purpose') })")


def test_foreign(hello: Page) -> None:
    answer = {"body": "", "headers": {"Access-Control-Allow-Origin": "*"}}
    hello.route(f"{FOREIGN}**", lambda route: route.fulfill(**answer))
    hello.evaluate(f"fetch('{FOREIGN}').then(answer => answer.status)")


def test_server(address: str) -> None:
    with urllib.request.urlopen(f"{address}/broken_app") as answer:
        assert answer.status == 200
