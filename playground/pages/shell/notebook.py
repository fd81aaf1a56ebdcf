"""What a page needs in a notebook, where a kernel and no server is at the other end."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby
from typing import Any

import panel as pn
from bokeh.model import Model
from bokeh.models import ImportedStyleSheet, InlineStyleSheet
from bokeh.models.css import StyleSheet
from bokeh.models.ui import UIElement
from panel.io.notebook import JupyterCommJSBinary, JupyterCommManagerBinary, replace_inline_css
from panel.viewable import Viewable

from playground.serving.early_messages import keep_early_messages

MESSAGE_SENT = "MessageSent"
Message = dict[str, Any]
AnyStyleSheet = StyleSheet | str | dict[str, Any]

PAGE_HEIGHT = "780px"
"""How tall a page is in a wide cell."""


class MainThreadComm(JupyterCommJSBinary):
    """Hears the browser in the thread that runs the cells, one thing after another.

    JupyterLab has a kernel listen to it in threads of their own, so that it hears while a cell
    runs. But two threads that change one Bokeh document take its messages to pieces.
    """

    _on_msg: Callable[[Message], None]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._loop = asyncio.get_running_loop()
        self._early_messages = keep_early_messages(self.manager.kernel)
        self._handle_one, self._on_msg = self._on_msg, self._handle_parts

    def _handle_open(self, comm: Any, msg: Message) -> None:  # noqa: ANN401 (ipykernel's)
        super()._handle_open(comm, msg)
        self._early_messages.release(comm.comm_id, self._handle_msg)

    def _handle_msg(self, msg: Message) -> None:
        self._loop.call_soon_threadsafe(super()._handle_msg, msg)

    def _handle_parts(self, message: Message) -> None:
        for part in split_message(message):
            self._handle_one(part)


def split_message(message: Message) -> Iterator[Message]:
    """Part a message of Bokeh's, so that each word to a component comes by itself.

    Panel tells of changes only when all of a message has been taken in. A component that answers
    a word with a push sends them away untold, if they came in the same message.
    """
    content = message["content"]
    for are_messages, group in groupby(
        content.get("events", ()), lambda each: each["kind"] == MESSAGE_SENT
    ):
        events = list(group)
        for batch in [[each] for each in events] if are_messages else [events]:
            yield {**message, "content": {**content, "events": batch}}


def in_notebook() -> bool:
    """Whether this runs in the kernel of a notebook."""
    shell = sys.modules.get("IPython")
    return shell is not None and hasattr(shell.get_ipython(), "kernel")


def window_styles() -> dict[str, str]:
    """Styles for a page: how tall it is beside its cell, which is not to fill the window."""
    return {"--pg-window": PAGE_HEIGHT} if in_notebook() else {}


def load_extensions() -> None:
    """Have all that pages need loaded by the browser, without anybody calling `pn.extension`."""
    if pn.state.curdoc is not None:
        if "filedropper" not in (pn.state._extensions or ()):
            pn.extension("filedropper")
    elif in_notebook():
        _load_inline()


def share_styles(_view: Viewable, root: Model) -> None:
    """Have the models of a view share their style sheets, before it is first shown.

    Panel would write each sheet into each model that uses it, and have the document look through
    all its models each time: 5 MB and 15 s for a page.
    """
    if root.document is not None:
        return  # it is shown already, and Panel looks after the few models that come later
    inline_sheet = cache(lambda css: InlineStyleSheet(css=css))
    imported_sheet = cache(lambda url: replace_inline_css(ImportedStyleSheet(url=url)))

    def share(sheet: AnyStyleSheet) -> AnyStyleSheet:
        if isinstance(sheet, str):
            return inline_sheet(sheet)
        return imported_sheet(sheet.url) if isinstance(sheet, ImportedStyleSheet) else sheet

    for model in root.select({"type": UIElement}):
        assert isinstance(model, UIElement)
        model.stylesheets = [share(each) for each in model.stylesheets]


@cache
def _load_inline() -> None:
    """Put it into the cell that runs, from here and not from a foreign host; once is enough."""
    pn.extension("filedropper", inline=True)
    JupyterCommManagerBinary.client_comm = MainThreadComm
    Viewable._preprocessing_hooks.append(share_styles)
