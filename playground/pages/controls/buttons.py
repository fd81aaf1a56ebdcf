"""Buttons with an icon and a name.

Screen readers and tests find a button by its name, which `HelpSentences` also shows where it is
pointed at. (Bokeh's own tooltips cover neighbouring buttons and receive their clicks.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn

from playground.pages.controls.icons import icon


def button(
    picture: str, name: str, action: Callable[[object], None], *, kind: str = "", **settings: Any
) -> pn.widgets.Button:
    """Make a button with an icon.

    Parameters
    ----------
    picture : str
        Name of an icon in `playground.pages.controls.icons`, or SVG.
    name : str
    action : callable
        Called with the event of each click.
    kind : str
        Further CSS classes, separated by spaces.
    **settings
        Parameters of the widget.
    """
    options = {"width": 38, "icon_size": "20px", "margin": 0, **settings}
    classes = ["pg-icon", *kind.split()]
    target = pn.widgets.Button(name=name, icon=_svg(picture), css_classes=classes, **options)
    target.on_click(action)
    return target


def worded_button(
    word: str, picture: str, name: str, action: Callable[[object], None], kind: str
) -> pn.widgets.Button:
    """Make a button with an icon and a word beside it; see `button`."""
    target = button(picture, name, action, kind=f"pg-worded {kind}", width=None)
    target.styles = {**target.styles, "--pg-word": f'"{word}"'}
    return target


def text_button(name: str, action: Callable[[], None]) -> pn.widgets.Button:
    """Make a button that shows its name."""
    target = pn.widgets.Button(name=name, margin=0)
    target.on_click(lambda _event: action())
    return target


def relabel(target: pn.widgets.Button, picture: str, name: str) -> None:
    """Give a button another icon and name."""
    target.param.update(icon=_svg(picture), name=name)


def _svg(picture: str) -> str:
    return picture if picture.startswith("<svg") else icon(picture)
