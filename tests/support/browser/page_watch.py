"""Everything that may go wrong in a page without the test that drives it noticing."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

from tests.support.servers.server import LOCAL_HOSTS


class PageWatch:
    """Notes console errors, uncaught exceptions and requests to foreign hosts.

    Parameters
    ----------
    context
        The browser context; every page opened in it is watched.

    Attributes
    ----------
    problems
        What was noted so far, in words. A test that expects one of them removes it.
    """

    def __init__(self, context: BrowserContext) -> None:
        self.problems: list[str] = []
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("request", self._on_request)

    def check(self) -> None:
        """Raise AssertionError with all problems since the last check, if there are any."""
        problems = self.problems.copy()
        self.clear()
        assert not problems, "\n".join(["the page had problems:", *problems])

    def clear(self) -> None:
        """Forget what was noted so far, after a test that has killed the server."""
        self.problems.clear()

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text} ({message.location['url']})")

    def _on_error(self, error: WebError) -> None:
        self.problems.append(f"uncaught: {error.error}")

    def _on_request(self, request: Request) -> None:
        host = urlsplit(request.url).hostname
        # data: and blob: addresses have no host; they are part of the page.
        if host is not None and host not in LOCAL_HOSTS:
            self.problems.append(f"request to a foreign host: {request.url}")
