"""Doing something to all there is on a page, and to whatever comes later."""

from __future__ import annotations

from collections.abc import Callable

import panel as pn
import param
from panel.layout.base import ListLike, NamedListLike

Act = Callable[[pn.viewable.Viewable], None]


def attend(shown: pn.viewable.Viewable, act: Act) -> None:
    """Call a function with everything in a layout, and with what is put into it later."""

    def come(event: param.parameterized.Event) -> None:
        before = {id(each) for each in event.old}
        for each in event.new:
            if id(each) not in before:
                attend(each, act)

    for each in shown.select():
        act(each)
        if isinstance(each, ListLike | NamedListLike):
            each.param.watch(come, "objects")
