"""Watching a layout for all elements, present and future."""

from __future__ import annotations

from collections.abc import Callable

import panel as pn
import param
from panel.layout.base import ListLike, NamedListLike

Callback = Callable[[pn.viewable.Viewable], None]


def watch_layout(layout: pn.viewable.Viewable, callback: Callback) -> None:
    """Call a function with each element in a layout, and with each that is added later."""

    def on_objects_changed(event: param.parameterized.Event) -> None:
        before = {id(each) for each in event.old}
        for each in event.new:
            if id(each) not in before:
                watch_layout(each, callback)

    for each in layout.select():
        callback(each)
        if isinstance(each, ListLike | NamedListLike):
            each.param.watch(on_objects_changed, "objects")
