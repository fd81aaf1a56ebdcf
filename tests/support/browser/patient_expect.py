"""Playwright's `expect`, waiting without what makes its looks dear.

At each look that fails, Playwright describes the whole page as a screen reader sees it, for the
message of an error that may never come. On a page with a thousand shadow roots that takes the
browser half a second, while the page is to show what is waited for.
"""

from __future__ import annotations

from collections.abc import Callable
from re import Pattern
from time import monotonic
from typing import Any, cast, overload

from playwright.sync_api import Error, Locator, LocatorAssertions, Page, PageAssertions
from playwright.sync_api import expect as playwright_expect

SECONDS = 20
"""How long a person would wait for anything to show."""
LOOK_MS = 40
"""Least milliseconds between two looks at a page that something is waited for on."""
LONGEST_PAUSE_MS = 200
"""Most milliseconds between two looks that take no time themselves."""

playwright_expect.set_options(timeout=SECONDS * 1000)


def is_after(page: Page, condition: Callable[[], bool], seconds: float) -> bool:
    """Return whether something holds within some seconds, and no later than it does."""
    started = monotonic()
    while (begin := monotonic()) < started + seconds:
        if condition():
            return True
        # At most half of the time, and less often the longer it takes: looks take the browser
        # from making what is waited for.
        look_ms, waited_ms = (1000 * (monotonic() - each) for each in (begin, started))
        page.wait_for_timeout(max(LOOK_MS, look_ms, min(waited_ms / 5, LONGEST_PAUSE_MS)))
    return condition()


def _matches(text: str | None, expected: str | Pattern[str]) -> bool:
    if isinstance(expected, str):
        return text == expected
    return text is not None and expected.search(text) is not None


def _has_text(locator: Locator, text: object) -> bool:
    # A list is about several elements, which Playwright does not describe.
    return not isinstance(text, str | Pattern) or locator.filter(has_text=text).count() > 0


def _has_attribute(locator: Locator, name: str, value: str | Pattern[str]) -> bool:
    return locator.count() > 0 and _matches(locator.get_attribute(name), value)


LOOKS: dict[str, Callable[..., bool]] = {
    "to_be_visible": lambda locator: locator.is_visible(),
    "not_to_be_visible": lambda locator: locator.is_hidden(),
    "to_be_hidden": lambda locator: locator.is_hidden(),
    "to_be_enabled": lambda locator: locator.count() > 0 and locator.is_enabled(),
    "to_be_disabled": lambda locator: locator.count() > 0 and locator.is_disabled(),
    "to_be_checked": lambda locator: locator.count() > 0 and locator.is_checked(),
    "to_contain_text": _has_text,
    "not_to_contain_text": lambda locator, text: locator.filter(has_text=text).count() == 0,
    "to_have_text": _has_text,
    "to_have_value": lambda locator, value: (
        locator.count() > 0 and _matches(locator.input_value(), value)
    ),
    "to_have_class": lambda locator, value: _has_attribute(locator, "class", value),
    "to_have_attribute": _has_attribute,
    "to_have_count": lambda locator, count: locator.count() == count,
    "to_have_url": lambda page, url: _matches(page.url, url),
}
"""For assertions of Playwright, a look that tells about whether they hold by now."""


class PatientAssertions:
    """The assertions of Playwright, each made when it holds as far as a cheap look can tell.

    Parameters
    ----------
    actual : Locator or Page
        What they are about.
    """

    def __init__(self, actual: Locator | Page) -> None:
        self._actual = actual

    def __getattr__(self, name: str) -> Callable[..., None]:
        assertion: Callable[..., None] = getattr(playwright_expect(cast(Any, self._actual)), name)
        look = LOOKS.get(name)
        if look is None:
            return assertion

        def holds(*expected: object) -> bool:
            try:
                return look(self._actual, *expected)
            except Error:  # Several elements, for now: Playwright waits, or says so.
                return True

        def assert_later(*expected: object, timeout: float = SECONDS * 1000) -> None:
            actual = self._actual
            page = actual if isinstance(actual, Page) else actual.page
            begin = monotonic()
            is_after(page, lambda: holds(*expected), timeout / 1000)
            assertion(*expected, timeout=max(1, timeout - 1000 * (monotonic() - begin)))

        return assert_later


@overload
def expect(actual: Locator) -> LocatorAssertions: ...
@overload
def expect(actual: Page) -> PageAssertions: ...
def expect(actual: Locator | Page) -> LocatorAssertions | PageAssertions:
    """Return assertions about a part of a page, or about a page."""
    return cast(LocatorAssertions, PatientAssertions(actual))
