"""Hiding cards and controls of a page by name, as a link asks with `hide=`.

A card's name is its area in the style sheet: what has the classes `pg-card` and `pg-curves` is
`curves`. A control's name is that of its setting.
"""

from __future__ import annotations

from collections.abc import Iterable

import panel as pn

CHROME = ("brand", "nav", "theme", "link", "help")
"""Parts of the header that a page embedded in another one leaves out."""
HEADER = (*CHROME, "keep", "transport", "welcome", "numbers")
"""All parts of the header, and of the line below it, that can be hidden."""

# Stays in force when a page changes an element's visibility or its classes.
_HIDDEN_CSS = ":host { display: none !important; }"


def hideable_names_of(element: pn.viewable.Viewable) -> list[str]:
    """Names by which an element can be hidden: area, part of the header, tags of settings."""
    classes = [each.removeprefix("pg-") for each in element.css_classes or ()]
    areas = classes if "card" in classes else [each for each in classes if each in HEADER]
    return [*(each.removesuffix("-card") for each in areas if each != "card"), *element.tags]


def hide(element: pn.viewable.Viewable) -> None:
    """Hide an element, which goes on working."""
    if _HIDDEN_CSS not in element.stylesheets:
        element.stylesheets = [*element.stylesheets, _HIDDEN_CSS]


def gap_classes(hidden: Iterable[str]) -> list[str]:
    """Return the CSS classes that mark which areas of the page are empty."""
    names = set(hidden)
    sides = ["side"] if {"problem", "training"} <= names else []
    some = ["pg-some"] if names - {*HEADER} else []
    return [*some, *(f"pg-no-{name}" for name in (*sorted(names), *sides) if name.isidentifier())]
