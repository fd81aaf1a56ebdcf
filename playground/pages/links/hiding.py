"""Leaving cards and controls out of a page, by name, as a teacher may wish.

A card is called as its area in the style sheet: what has the classes `pg-card` and `pg-curves` is
`curves`. A control is called as the setting it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable

import panel as pn

CHROME = ("brand", "nav", "theme", "link")
"""Parts of the header that a page inside another does without."""
HEADER = (*CHROME, "transport")

# Neither a change of visibility nor of classes, as pages make them, brings it back.
_HIDDEN_CSS = ":host { display: none !important; }"


def hideable_names_of(element: pn.viewable.Viewable) -> list[str]:
    """By which names something on the page can be hidden, if it can."""
    classes = [each.removeprefix("pg-") for each in element.css_classes or ()]
    areas = classes if "card" in classes else [each for each in classes if each in HEADER]
    return [*(each.removesuffix("-card") for each in areas if each != "card"), *element.tags]


def hide(element: pn.viewable.Viewable) -> None:
    """Take something out of the page; it goes on working."""
    if _HIDDEN_CSS not in element.stylesheets:
        element.stylesheets = [*element.stylesheets, _HIDDEN_CSS]


def gap_classes(hidden: Iterable[str]) -> list[str]:
    """Classes that tell the style sheet which areas of the page are empty."""
    names = set(hidden)
    sides = ["side"] if {"problem", "training"} <= names else []
    some = ["pg-some"] if names - {*HEADER} else []
    return [*some, *(f"pg-no-{name}" for name in (*sorted(names), *sides) if name.isidentifier())]
