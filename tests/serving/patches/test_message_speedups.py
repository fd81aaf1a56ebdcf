"""Messages that cost less: the browser gets the same, and answers arrive where they should."""

from __future__ import annotations

import asyncio
import json
import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from bokeh.core.serialization import Serializer
from bokeh.document import Document
from bokeh.document.events import ModelChangedEvent
from bokeh.models import Column, ColumnDataSource, Div
from bokeh.protocol import Protocol
from bokeh.protocol.messages.patch_doc import patch_doc
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application
from tornado.websocket import WebSocketHandler, websocket_connect

from playground.serving.browser.back_pressure import BackPressure
from playground.serving.patches.message_speedups import (
    direct_call,
    patch_messages,
    write_events,
)

original = patch_doc.create.__func__  # type: ignore[attr-defined]


def message_about(document: Document, model: Any, attribute: str, *, by_bokeh: bool = False) -> Any:
    """What a browser is sent about a property that has changed."""
    event = ModelChangedEvent(document, model, attribute, getattr(model, attribute))
    if by_bokeh:
        return original(patch_doc, [event]).content
    return Protocol().create("PATCH-DOC", [event]).content


def test_the_browser_is_sent_what_bokeh_would_send() -> None:
    """While models stay, come, are referred to, and go."""
    patch_messages()
    assert message_of_changes(by_bokeh=False) == message_of_changes(by_bokeh=True)


def message_of_changes(*, by_bokeh: bool) -> str:
    """What a browser is sent about a column whose children change, with its models numbered."""
    document, root = Document(), Column(Div())
    document.add_root(root)
    document.models.flush_synced()
    first, new, messages = root.children[0], Div(text="new"), []
    changes: list[tuple[str, Any]] = [
        ("width", 3),
        ("children", [first, new]),
        ("children", [new, first]),
        ("children", [new]),
        ("children", [new, first]),
    ]
    for name, value in changes:
        setattr(root, name, value)
        messages.append(message_about(document, root, name, by_bokeh=by_bokeh))
    names = {root.id: "root", first.id: "first", new.id: "new"}
    return re.sub("|".join(names), lambda found: names[found[0]], json.dumps(messages))


def test_arrays_are_sent_as_bokeh_sends_them() -> None:
    patch_messages()
    kinds = (np.uint8, np.int32, np.int64, np.uint16, np.float32, np.float64, bool, ">f4")
    rows = [np.arange(6).reshape(2, 3).astype(kind) for kind in kinds]
    strided = [each[:, ::2] for each in rows]
    special = np.array([np.nan, np.inf, -np.inf], np.float32)
    texts, empty = np.array(["a", "b"]), np.zeros((0, 3), np.float32)
    for array in (*rows, *strided, special, texts, empty):
        assert sent([array], Serializer.encode) == sent([array], Serializer._encode_ndarray)
    buffers = Serializer().serialize(rows).buffers
    assert len({each.id for each in buffers}) == len(buffers) > 5
    assert Serializer().encode(np.array(3.5)) == 3.5


def sent(arrays: list[Any], encode: Any) -> list[Any]:
    """What is sent for arrays, with the bytes of their buffers in place."""
    serializer = Serializer()
    found = [encode(serializer, each) for each in arrays]
    numbers = {each.id: each.to_bytes() for each in serializer.buffers}
    for each in found:
        if isinstance(each["array"], dict):
            each["array"] = numbers[each["array"]["data"].id]
    return found


@pytest.fixture
def page() -> SimpleNamespace:
    """A component on a page, and its browser's connection."""
    component, document = BackPressure(), Document()
    root = component.get_root(document)
    document.add_root(root)
    connection = SimpleNamespace(session=SimpleNamespace(document=document))
    return SimpleNamespace(component=component, model=root, connection=connection)


def message(model_id: str, data: object, name: str = "data_event", times: int = 1) -> Any:
    entries = [["model", {"id": model_id}], ["data", data]]
    values = {"type": "map", "entries": entries}
    event = {
        "kind": "MessageSent",
        "msg_type": "bokeh_event",
        "msg_data": {"type": "event", "name": name, "values": values},
    }
    return SimpleNamespace(content={"events": [event] * times})


def test_an_answer_goes_straight_to_its_component(page: SimpleNamespace) -> None:
    call = direct_call(message(page.model.id, 0), page.connection)
    assert call is not None
    assert not page.component.ready
    call()
    assert page.component.ready


@pytest.mark.parametrize(
    "changes",
    [{"model_id": "other"}, {"data": "0"}, {"data": True}, {"name": "dom_event"}, {"times": 2}],
)
def test_all_else_takes_the_usual_way(page: SimpleNamespace, changes: dict[str, Any]) -> None:
    arguments: dict[str, Any] = {"model_id": page.model.id, "data": 0, **changes}
    assert direct_call(message(**arguments), page.connection) is None


@pytest.mark.parametrize("content", [{}, {"events": 3}, {"events": [3]}, {"events": [{}]}, None])
def test_junk_takes_the_usual_way(page: SimpleNamespace, content: object) -> None:
    assert direct_call(SimpleNamespace(content=content), page.connection) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("compression", [None, {}])
def test_all_parts_of_a_message_arrive(
    compression: dict[str, Any] | None,
) -> None:
    """Texts and arrays of sizes that a websocket writes in one, two and eight bytes."""
    document, sizes = Document(), (3, 125, 126, 2**16 - 1, 2**16)
    source = ColumnDataSource({"all": [np.arange(size).astype(np.uint8) for size in sizes]})
    document.add_root(source)
    div = Div(text="ü" * 70_000)
    document.add_root(div)
    events: list[Any] = [
        ModelChangedEvent(document, source, "data", source.data),
        ModelChangedEvent(document, div, "text", div.text),
    ]

    class Socket(WebSocketHandler):
        """Sends the changes as soon as it is open."""

        def get_compression_options(self) -> dict[str, Any] | None:
            return compression

        def open(self, *_: str, **__: str) -> None:
            connection: Any = SimpleNamespace(_socket=self, protocol=Protocol())
            write_events(document, [connection], events)

    async def receive() -> list[str | bytes | None]:
        listening, port = bind_unused_port()
        server = HTTPServer(Application([("/", Socket)]))
        server.add_socket(listening)
        client = await websocket_connect(f"ws://127.0.0.1:{port}/", compression_options=compression)
        fragments = [await client.read_message() for _ in range(3 + 2 * len(sizes))]
        client.close()
        server.stop()
        await server.close_all_connections()
        return fragments

    fragments = asyncio.run(asyncio.wait_for(receive(), 30))
    message = original(patch_doc, events)
    header = json.loads(str(fragments[0]))
    assert (header["msgtype"], header["num_buffers"]) == ("PATCH-DOC", len(sizes))
    content = json.loads(str(fragments[2]))
    assert content["events"][1]["new"] == div.text
    assert [each for each in fragments if isinstance(each, bytes)] == [
        each.to_bytes() for each in message._buffers
    ]
