"""Patches of Bokeh and Panel: of the browser's side in `.js` files beside, of Python's side here.

Each names the upstream change it is about, or the smallest example that shows what is wrong.
Nothing is patched on import: `BokehPatches` acts in the browser that shows it, `patch_notebook`
when a notebook makes its first page, and `patch_server` when a page is served.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from bokeh.document import Document
from bokeh.model import Model
from bokeh.models import ImportedStyleSheet, InlineStyleSheet
from bokeh.models.css import StyleSheet
from bokeh.models.ui import UIElement
from panel.io import document as panel_document
from panel.io.notebook import JupyterCommJSBinary, JupyterCommManagerBinary, replace_inline_css
from panel.viewable import Viewable

from playground.serving.browser.browser_component import BrowserComponent
from playground.serving.patches.browser_changes import check_changes
from playground.serving.patches.component_memory import patch_component_memory
from playground.serving.patches.component_speedups import patch_components
from playground.serving.patches.construction_speedups import patch_construction
from playground.serving.patches.early_messages import keep_early_messages
from playground.serving.patches.message_speedups import patch_messages
from playground.serving.patches.model_defaults import keep_defaults
from playground.serving.patches.parameter_reads import patch_parameter_reads
from playground.serving.patches.shared_style_sheets import patch_style_sheets
from playground.serving.patches.value_checks import patch_checks
from playground.serving.patches.value_containers import patch_containers

HERE = Path(__file__)
SCRIPTS = ("layout_patches.js", "filepond_patches.js", "finer_pictures.js", "bokeh_patches.js")
FILLED_LATER = "pg-later"
"""Tag of columns that the browser fills when what is seen of the page has been painted."""
MESSAGE_SENT = "MessageSent"
"""Kind of a Bokeh event that carries a message to one component, not a change of the document."""

Message = dict[str, Any]
AnyStyleSheet = StyleSheet | str | dict[str, Any]


class BokehPatches(BrowserComponent):
    """An invisible component that patches BokehJS and Panel in the browser; see the `.js` files."""

    _esm = "\n".join(HERE.with_name(name).read_text() for name in SCRIPTS)

    def __init__(self, **params: Any) -> None:
        super().__init__(width=0, height=0, margin=0, **params)


@cache
def patch_server() -> None:
    """Patch Panel in a server's process, once."""
    check_changes()
    patch_messages()
    keep_defaults()
    patch_containers()
    patch_checks()
    patch_style_sheets()
    patch_components()
    patch_construction()
    patch_component_memory()
    patch_parameter_reads()
    send_once = panel_document._dispatch_msgs

    async def send_all(document: Document) -> None:
        """Send a document's messages, and those that were scheduled at the very end of sending.

        Panel marks a document that is sending. A message that is scheduled when the last one has
        been written, but the mark has not been removed yet, waits until the next message is sent:
        what a page shows in the end may be missing. Example: `schedule_write_events`, then in one
        callback of the event loop `set_result` on the future of its write, and
        `schedule_write_events` again.
        """
        await send_once(document)
        sending, waiting = panel_document._WRITE_BLOCK, panel_document._WRITE_MSGS
        while document in waiting and document not in sending:
            sending[document] = True
            await send_once(document)

    panel_document._dispatch_msgs = send_all


@cache
def patch_notebook() -> None:
    """Patch Panel and Bokeh in a notebook's kernel, once."""
    check_changes()
    keep_defaults()
    patch_components()
    JupyterCommManagerBinary.client_comm = MainThreadComm
    Viewable._preprocessing_hooks.append(share_style_sheets)


class MainThreadComm(JupyterCommJSBinary):
    """A comm that handles the browser's messages on the event loop of the cells, in order.

    Since https://github.com/jupyterlab/jupyterlab/pull/17363 JupyterLab sends comm messages to
    subshells, which are threads (https://github.com/ipython/ipykernel/pull/1249), so that they are
    handled while a cell runs. But a Bokeh document is not thread-safe: two threads that change one
    document corrupt its messages.
    """

    _on_msg: Callable[[Message], None]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Loaded wherever a kernel runs, and not a dependency elsewhere.
        ipython = sys.modules["IPython"]
        self._loop = asyncio.get_running_loop()
        self._early_messages = keep_early_messages(ipython.get_ipython().kernel)
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
    """Split a message from the browser: each event for a component becomes a message of its own.

    Panel runs the watchers of changed properties only after it has applied all events of a
    message. A component that answers one of them with a push discards the changes that came with
    it, unseen by any watcher. Example: a JSComponent whose `_handle_msg` calls
    `pn.io.push_notebook`, and JavaScript that sets a property and calls `model.send_msg` at once.
    """
    content = message["content"]
    for are_messages, group in groupby(
        content.get("events", ()), lambda each: each["kind"] == MESSAGE_SENT
    ):
        events = list(group)
        for batch in [[each] for each in events] if are_messages else [events]:
            yield {**message, "content": {**content, "events": batch}}


def share_style_sheets(_view: Viewable, root: Model) -> None:
    """Let all models of a view share their style sheets, before a notebook first shows it.

    Panel writes each style sheet into each model that uses it, and has the document search all its
    models for each of them. Example: the output of a cell with `pn.Row(*[pn.widgets.Button() for
    _ in range(100)])` holds the same CSS a hundred times. A page took 5 MB and 15 s.
    """
    if root.document is not None:
        return  # It is shown already, and Panel handles the few models that come later.
    inline_sheet = cache(lambda css: InlineStyleSheet(css=css))
    imported_sheet = cache(lambda url: replace_inline_css(ImportedStyleSheet(url=url)))

    def share(sheet: AnyStyleSheet) -> AnyStyleSheet:
        if isinstance(sheet, str):
            return inline_sheet(sheet)
        return imported_sheet(sheet.url) if isinstance(sheet, ImportedStyleSheet) else sheet

    for model in root.select({"type": UIElement}):
        assert isinstance(model, UIElement)
        model.stylesheets = [share(each) for each in model.stylesheets]


def disable_debounce(widget: Any) -> None:  # noqa: ANN401 (no widget declares what is set here)
    """Have a widget's changes take effect at once.

    Panel waits for 50 ms after each change that the browser sends, in case another one follows,
    unless the property is among the widget's private `_priority_changes`. Example: a callback of
    `pn.widgets.Toggle` that prints the time runs 50 ms after the click.
    """
    widget._priority_changes = ["active", "value"]
