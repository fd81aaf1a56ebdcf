"""The address of a page, and what a link has hidden of it."""

from __future__ import annotations

from typing import Any

from playground.pages.page import Page

HIDDEN_CSS = "display: none !important"


def query(page: Page[Any, Any]) -> str:
    """What the address bar says, once it has been written."""
    page.write_address()
    return str(bar(page).query)


def bar(page: Page[Any, Any]) -> Any:
    (found,) = page.__panel__().select(lambda each: type(each).__name__ == "AddressBar")
    return found


def hidden_names(page: Any) -> set[str]:
    """Classes and tags of all that is hidden."""
    found = page.__panel__().select(
        lambda each: any(HIDDEN_CSS in str(s) for s in each.stylesheets)
    )
    return {name for each in found for name in (*each.css_classes, *each.tags)}
