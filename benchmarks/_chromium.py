"""The browser that the benchmarks drive."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import _root  # noqa: F401 (makes `tests` importable)
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browser.chromium_finder import MISSING_MESSAGE, find_chromium

VIEWPORT = {"width": 1440, "height": 900}
WINDOW_MS = 1500
"""Milliseconds after which a new window has loaded what Chromium's own address bar shows.

That takes up to 0.75 s of a processor, in other processes. A person's window is open already.
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser; exit with a message if none is installed."""
    path = find_chromium()
    if path is None:
        sys.exit(MISSING_MESSAGE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


def open_window(browser: Browser) -> Page:
    """Open a window with an empty cache; close its `context` at the end."""
    page = browser.new_context(viewport=VIEWPORT).new_page()  # type: ignore[arg-type]
    page.goto("about:blank")
    page.wait_for_timeout(WINDOW_MS)
    return page
