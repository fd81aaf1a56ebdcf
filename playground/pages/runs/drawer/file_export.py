"""Buttons that make a file when they are clicked, and download it.

Which files there are: `files_tab.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape
from io import BytesIO

from playground.pages.controls.async_download import AsyncDownload
from playground.pages.controls.live_html import LiveHTML
from playground.pages.shell.worker_result import worker_result
from playground.serving.threads.thread_pools import export_workers


@dataclass(frozen=True, slots=True)
class FileExport:
    """A file that can be exported.

    Attributes
    ----------
    label : str
        Text on its button.
    filename : str
        Name that the browser saves it under.
    make : callable
        Returns its content; called in a worker thread. May raise InputError.
    """

    label: str
    filename: str
    make: Callable[[], str | bytes]


def export_button(export: FileExport, message_pane: LiveHTML) -> AsyncDownload:
    """Make a button that exports a file.

    Parameters
    ----------
    export : FileExport
    message_pane : LiveHTML
        Shows that the file is being made, or why it can't be.
    """

    async def content() -> BytesIO | None:
        show_message(message_pane, f"{export.filename} is being made …")
        exported = await worker_result(
            export.make,
            partial(show_message, message_pane, wrong=True),
            export_workers,
            f"{export.filename} could not be made",
        )
        if exported is None:
            return None
        show_message(message_pane, "")
        return BytesIO(exported.encode() if isinstance(exported, str) else exported)

    return AsyncDownload(
        callback=content, filename=export.filename, label=export.label, margin=0, height=32
    )


def show_message(message_pane: LiveHTML, sentence: str, *, wrong: bool = False) -> None:
    """Show a sentence, `wrong` if it is an error; "" shows nothing."""
    kind = "pg-refused" if wrong else "pg-idle"
    text = f'<p class="{kind}">{escape(sentence)}</p>' if sentence else ""
    message_pane.param.update(object=text, visible=bool(text))
