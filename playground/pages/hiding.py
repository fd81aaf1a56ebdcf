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
_AWAY = ":host { display: none !important; }"


def names_of(shown: pn.viewable.Viewable) -> list[str]:
    """By which names something on the page can be hidden, if it can."""
    classes = [each.removeprefix("pg-") for each in shown.css_classes or ()]
    areas = classes if "card" in classes else [each for each in classes if each in HEADER]
    return [*(each.removesuffix("-card") for each in areas if each != "card"), *shown.tags]


def hide(shown: pn.viewable.Viewable) -> None:
    """Take something out of the page; it goes on working."""
    if _AWAY not in shown.stylesheets:
        shown.stylesheets = [*shown.stylesheets, _AWAY]


def gaps(hidden: Iterable[str]) -> list[str]:
    """Classes that tell the style sheet which areas of the page are empty."""
    names = set(hidden)
    sides = ["side"] if {"problem", "training"} <= names else []
    some = ["pg-some"] if names - {*HEADER} else []
    return [*some, *(f"pg-no-{name}" for name in (*sorted(names), *sides) if name.isidentifier())]
