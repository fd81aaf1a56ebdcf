"""Views whose coordinates are pixels, and which keep their last results."""

from __future__ import annotations

from functools import partial

from playground.views.images.layout.pixel_figure import DEFAULT_SIZE, follow_size
from playground.views.images.memo import Memo
from playground.views.live_view import (
    AltFunction,
    ColumnsFunction,
    DrawFunction,
    LiveView,
    PropertiesFunction,
    ViewData,
)
from playground.views.theme import Theme


def pixel_view(
    draw: DrawFunction,
    columns: ColumnsFunction,
    data: ViewData,
    theme: Theme,
    *,
    properties: PropertiesFunction,
    alt: str | AltFunction,
    **choices: object,
) -> LiveView:
    """Return a view with the choice `size` in pixels, which follows the browser.

    Parameters
    ----------
    draw, columns : callable
        As of `LiveView`, with the view's `Memo` before all other arguments.
    data, theme, properties, alt, **choices
        As of `LiveView`.
    """
    memo = Memo()
    return follow_size(
        LiveView(
            partial(draw, memo),
            partial(columns, memo),
            data,
            theme,
            properties=properties,
            alt=alt,
            size=DEFAULT_SIZE,
            **choices,
        )
    )
