"""A page that stays open from test to test: opening one is most of what a browser test takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar, cast

from playwright.sync_api import BrowserContext, Page

TIMEOUT_MS = 20_000
"""How long Playwright waits for what it is to click or to read."""


class Restorable(Protocol):
    """What is shown in a browser page, and can be made ready for the next test."""

    page: Page

    def restore(self) -> None:
        """Make it as it was when it was opened, or raise AssertionError."""


T = TypeVar("T", bound=Restorable)


class KeptPage:
    """A browser page that tests use one after the other, opened anew when a test has failed.

    Parameters
    ----------
    context
        The browser context in which it is opened.
    """

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._kept: Restorable | None = None

    def borrow(self, open_in: Callable[[Page], T]) -> T:
        """Return what the page shows; open it first if it is not open.

        Parameters
        ----------
        open_in
            Opens it in an empty browser page; the same for all tests of a module.
        """
        if self._kept is None:
            page = self._context.new_page()
            page.set_default_timeout(TIMEOUT_MS)
            try:
                self._kept = open_in(page)
            except BaseException:
                page.close()
                raise
        self._kept.page.bring_to_front()
        return cast(T, self._kept)

    def give_back(self, *, failed: bool) -> None:
        """Restore the page for the next test; close it if its test failed, or if that fails."""
        try:
            if self._kept is not None and not failed:
                self._kept.restore()
        except BaseException:
            failed = True
            raise
        finally:
            if failed:
                self.close()

    def close(self) -> None:
        """Close the page, if it is open."""
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.page.close()
