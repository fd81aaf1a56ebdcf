"""The browser that the benchmarks drive."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import _root  # noqa: F401 (makes `tests` importable)
from playwright.sync_api import Browser, sync_playwright

from tests.support.browser.chromium_finder import MISSING_MESSAGE, find_chromium


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
