"""Buttons that make a file when they are clicked, and download it.

Which files there are: `EXPORTS` in `playground/export/formats.py`.
"""

from __future__ import annotations

from functools import partial
from html import escape
from io import BytesIO

from playground.export.formats import AnyTrainer, ExportFormat
from playground.pages.controls.async_download import AsyncDownload
from playground.pages.controls.live_html import LiveHTML
from playground.pages.shell.worker_result import worker_result
from playground.serving.threads.thread_pools import export_workers


def export_button(
    export_format: ExportFormat, name: str, trainer: AnyTrainer, message_pane: LiveHTML
) -> AsyncDownload:
    """Make a button that exports a trainer to a file.

    Parameters
    ----------
    export_format : ExportFormat
    name : str
        Of the file, without its suffix.
    trainer : BaseTrainer
    message_pane : LiveHTML
        Shows that the file is being made, or why it can't be.
    """
    filename = f"{name}{export_format.suffix}"

    async def content() -> BytesIO | None:
        show_message(message_pane, f"{filename} is being made …")
        exported = await worker_result(
            partial(export_format.make, trainer),
            partial(show_message, message_pane, wrong=True),
            export_workers,
            f"{filename} could not be made",
        )
        if exported is None:
            return None
        show_message(message_pane, "")
        return BytesIO(exported.encode() if isinstance(exported, str) else exported)

    return AsyncDownload(
        callback=content, filename=filename, label=export_format.label, margin=0, height=32
    )


def show_message(message_pane: LiveHTML, sentence: str, *, wrong: bool = False) -> None:
    """Show a sentence, `wrong` if it is an error; "" shows nothing."""
    kind = "pg-refused" if wrong else "pg-idle"
    text = f'<p class="{kind}">{escape(sentence)}</p>' if sentence else ""
    message_pane.param.update(object=text, visible=bool(text))
