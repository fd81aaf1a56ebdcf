"""Messages from the server to the browser: none stays behind."""

from __future__ import annotations

import asyncio
from typing import Any
from unittest.mock import Mock

import pytest
from bokeh.document import Document
from panel.io import document as panel_document

from playground.serving.patches.bokeh_patches import patch_server
from tests.support.servers.socket_client import wait_until


async def messages_sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Send a message, and schedule the next one just when the first has been written."""
    loop, sent, writes = asyncio.get_running_loop(), [], []

    def write(_connection: object, *, msg: list[str]) -> list[asyncio.Future[None]]:
        sent.extend(msg)
        writes.append(loop.create_future())
        return writes[-1:]

    monkeypatch.setattr(panel_document, "dispatch_django", write)
    document, connection = Document(), Mock(_socket=object())
    connection.protocol.create = lambda _kind, events: events

    def schedule(event: Any) -> None:
        panel_document.schedule_write_events(document, [connection], [event])

    def end_first_write() -> None:
        writes[0].set_result(None)
        schedule("second")

    schedule("first")
    await wait_until(lambda: writes)
    loop.call_soon(end_first_write)
    await wait_until(lambda: len(sent) > 1)
    return sent


def test_a_message_scheduled_at_the_end_of_sending_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panel_document, "_dispatch_msgs", panel_document._dispatch_msgs)
    patch_server.__wrapped__()
    assert asyncio.run(messages_sent(monkeypatch)) == ["first", "second"]
