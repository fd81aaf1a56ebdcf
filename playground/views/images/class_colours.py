"""Colours of more classes than a theme has."""

from __future__ import annotations

from playground.views.theme import Theme

EXTRA_COLOURS = {
    "light": ("#590a30", "#b6e27e", "#9f638a", "#3337ad"),
    "dark": ("#e1ec8d", "#ad67a0", "#b16011", "#6f987f"),
}
"""By theme: told apart from its six and from each other with every common colour vision."""


def class_colours(theme: Theme, k: int) -> list[str]:
    """Colours of k classes; past ten they begin again."""
    all_ = (*theme.classes, *EXTRA_COLOURS[theme.name])
    return [all_[number % len(all_)] for number in range(k)]
