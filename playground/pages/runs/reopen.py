"""A page that goes on with a run, without a server."""

from __future__ import annotations

from typing import Any, NoReturn

from playground.errors import InputError
from playground.pages.app import PAGES
from playground.pages.page import Page
from playground.runs import Run


def page_from_run(run: Run) -> Page[Any, Any]:
    """Build the page where a run was made, and go on with the run there.

    Raises
    ------
    InputError
        If it can't be gone on with.
    """

    def fail(sentence: str) -> NoReturn:
        raise InputError(sentence)

    page = PAGES[run.page]()
    page.run_session.resume_run(run, lambda: None, fail)
    return page
