"""Buttons that show a picture and are called by a name.

The name is what screen readers and tests find the button by, and what appears below it while it
is pointed at. (Bokeh's own tooltips lie over the neighbours and take their clicks.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn

from playground.pages.controls.icons import icon

HIDE_TOOLTIP_SCRIPT = """
const {el} = Bokeh.index.find_one(cb_obj.origin ?? cb_obj)
el.dataset.clicked = ""
el.addEventListener("pointerleave", () => delete el.dataset.clicked, {once: true})
"""
"""Whoever has clicked knows what the button does, and wants to see what comes of it."""


def button(
    picture: str, name: str, action: Callable[[object], None], *, kind: str = "", **settings: Any
) -> pn.widgets.Button:
    """A button with one of the page's icons.

    Parameters
    ----------
    picture : str
        A name in `playground.pages.controls.icons`, or SVG.
    name : str
    action : callable
        Given the event of each click.
    kind : str
        A further CSS class.
    """
    options = {"width": 38, "icon_size": "20px", "margin": 0, **settings}
    target = pn.widgets.Button(css_classes=["pg-icon", *kind.split()], **options)
    relabel(target, picture, name)
    target.on_click(action)
    target.js_on_click(code=HIDE_TOOLTIP_SCRIPT)
    return target


def relabel(target: pn.widgets.Button, picture: str, name: str) -> None:
    """Give a button another icon and name."""
    svg = picture if picture.startswith("<svg") else icon(picture)
    target.param.update(icon=svg, name=name, styles={"--pg-tip": f'"{name}"'})
