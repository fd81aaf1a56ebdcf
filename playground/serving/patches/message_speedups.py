"""Patches of Bokeh and Panel that make the messages of many training sessions cheaper.

Each names the smallest example that shows the cost. Nothing is patched on import: `patch_messages`
acts where pages are served.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from functools import cache, partial
from struct import pack
from typing import Any
from weakref import WeakKeyDictionary, WeakMethod

import numpy as np
import numpy.typing as npt
import panel as pn
from bokeh.core.serialization import Buffer, BytesRep, NDArrayRep, Serializer
from bokeh.core.types import ID
from bokeh.document import Document
from bokeh.document.events import DocumentPatchedEvent
from bokeh.document.json import PatchJson
from bokeh.document.models import DocumentModelManager
from bokeh.model import Model
from bokeh.protocol.message import Message
from bokeh.protocol.messages.patch_doc import patch_doc
from bokeh.server.connection import ServerConnection
from panel.io import document as panel_document
from panel.io.state import _state
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError, WebSocketProtocol13

from playground.serving.giving_way import give_way
from playground.serving.patches.known_code import KnownCode, is_unchanged
from playground.serving.weak_calls import call_if_alive

Receive = Callable[[object], None]
"""Takes what a component's JavaScript has sent."""

AnyArray = npt.NDArray[Any]
AnyRep = Any
"""What is sent for a value, as JSON can hold it."""

PLAIN_TYPES: dict[np.dtype[Any], Any] = {
    np.dtype(each): np.dtype(each).name for each in (np.uint8, np.int32, np.float32, np.float64)
}
"""Names of the types of arrays that are sent as they are."""

TEXT, BINARY, FINAL = 0x1, 0x2, 0x80
"""Of the first byte of a frame of the websocket protocol (RFC 6455, 5.2)."""

# A component refers to its models: to keep it here would keep both for ever.
_receivers: WeakKeyDictionary[Model, WeakMethod[Receive]] = WeakKeyDictionary()

KNOWN: KnownCode = (
    (DocumentModelManager.synced_references.fget, "bb89fdd70092"),  # type: ignore[attr-defined]
    (Serializer.has_ref, "6b31df528992"),
    (Serializer.get_ref, "82afd21da3fb"),
    (Serializer._encode_ndarray, "897a3b6cef43"),
    (patch_doc.create.__func__, "935344e7cc17"),  # type: ignore[attr-defined]
    (panel_document.write_events, "abb3b4b7d043"),
)


@cache
def patch_messages() -> None:
    """Patch the server's side of Bokeh's protocol, once, if it is as when this was written."""
    if not is_unchanged(KNOWN):
        return
    add_reference = Serializer.add_ref

    def add_giving_way(serializer: Serializer, obj: object, ref: AnyRep) -> None:
        """Note the reference of a model that is about to be encoded; a page has a thousand."""
        give_way()
        add_reference(serializer, obj, ref)

    Serializer.add_ref = add_giving_way  # type: ignore[method-assign, assignment]
    Serializer.register(np.ndarray, encode_array)
    patch_doc.create = classmethod(create_patch)  # type: ignore[method-assign, assignment, arg-type]
    panel_document.write_events = write_events  # type: ignore[assignment]


@cache
def skip_busy_counter() -> None:
    """Have Panel no longer count what is busy, once, in a process that shows no indicator of it.

    Panel makes two lists anew and triggers their watchers at each beginning and each end of each
    callback. Example: of 8 sessions with a periodic callback every 20 ms, `_add_busy_event` and
    `_remove_busy_event` take a fifth of the processor's time.
    """

    def count_nothing(_state_of_panel: _state, _event_id: str) -> None:
        return

    _state._add_busy_event = count_nothing  # type: ignore[method-assign, assignment]
    _state._remove_busy_event = count_nothing  # type: ignore[method-assign, assignment]


def create_patch(
    kind: type[patch_doc], events: list[DocumentPatchedEvent], **metadata: Any
) -> patch_doc:
    """Create a message of changes; stands in for `patch_doc.create`.

    Bokeh makes a table of the references of all models of the document for each message. Example:
    a document of 1,000 models, of which one changes 20 times a second: the table takes ten times as
    long as all else. Here the document is asked about the few models that are met.
    """
    documents = {event.document for event in events}
    if len(documents) != 1:
        raise ValueError("PATCH-DOC message needs events of exactly one document")
    [document] = documents
    give_way()
    serializer = PageSerializer(document.models)
    content = PatchJson(events=serializer.encode(events))
    document.models.flush_synced(lambda model: not serializer.has_ref(model))
    message = kind(kind.create_header(), metadata, content)
    message.add_buffers(*serializer.buffers)
    return message


class PageSerializer(Serializer):
    """A serializer that refers to the models which the browser has.

    Parameters
    ----------
    models : DocumentModelManager
        Those of the browser's page.
    """

    def __init__(self, models: DocumentModelManager) -> None:
        super().__init__()
        self._of_page = models

    def has_ref(self, obj: Any) -> bool:  # noqa: ANN401 (Bokeh's)
        """Whether the browser has an object, or gets it with this message."""
        return self.get_ref(obj) is not None

    def get_ref(self, obj: Any) -> Any:  # noqa: ANN401 (Bokeh's)
        """Return what stands for an object that the browser has; None for others."""
        found = self._references.get(id(obj))
        if found is None and isinstance(obj, Model):
            models = self._of_page
            if models._models.get(obj.id) is obj and obj not in models._new_models:
                return obj.ref
        return found


def encode_array(array: AnyArray, serializer: Serializer) -> AnyRep:
    """Encode an array; those of a plain type of numbers without Bokeh's search for others.

    Bokeh also asks for each array, in the environment and three files, what ids of objects look
    like. Example: that is half of what it takes to encode a data source with 20 columns.
    """
    if array.ndim == 0:
        return serializer.encode(array.item())
    kind = PLAIN_TYPES.get(array.dtype)
    if kind is None or not serializer._deferred or not array.flags.c_contiguous:
        return serializer._encode_ndarray(array)
    # Within its message a buffer has an id of its own; ids of models are others.
    buffer = Buffer(ID(f"buffer{len(serializer._buffers)}"), array.data)
    serializer._buffers.append(buffer)
    data = BytesRep(type="bytes", data=buffer)
    return NDArrayRep(
        type="ndarray", array=data, shape=list(array.shape), dtype=kind, order=sys.byteorder
    )


def write_events(
    document: Document, connections: list[ServerConnection], events: list[DocumentPatchedEvent]
) -> None:
    """Send changes to all connections of a document; stands in for a function of Panel's.

    Panel and Tornado send each part of a message by itself: a system call and a task for each.
    Example: a data source with 20 columns of NumPy is a message of 43 parts.
    """
    unfinished = panel_document._WRITE_FUTURES.pop(document, [])
    for connection in connections:
        websocket = getattr(connection._socket, "ws_connection", None)
        if websocket is None or websocket.is_closing():
            continue
        message = connection.protocol.create("PATCH-DOC", events)
        if isinstance(websocket, WebSocketProtocol13) and websocket._compressor is None:
            try:
                written = websocket.stream.write(b"".join(websocket_frames(message)))
            except StreamClosedError:
                raise WebSocketClosedError from None
            if not written.done() or written.exception() is not None:
                unfinished.append(written)
        else:
            unfinished += panel_document.dispatch_tornado(connection, msg=message)
    if not unfinished:
        return
    panel_document._WRITE_FUTURES[document] = unfinished
    if pn.state._unblocked(document):
        panel_document._dispatch_write_task(document, panel_document._run_write_futures, document)
    else:
        later: Any = partial(panel_document._run_write_futures, document)
        document.add_next_tick_callback(later)


def websocket_frames(message: Message[Any]) -> Iterator[bytes]:
    """Yield heads and contents of the frames that a message of Bokeh's consists of."""
    for text in (message.header_json, message.metadata_json, message.content_json):
        yield from websocket_frame(TEXT, text.encode())
    for buffer in message._buffers:
        yield from websocket_frame(TEXT, json.dumps(buffer.ref).encode())
        yield from websocket_frame(BINARY, buffer.to_bytes())


def websocket_frame(kind: int, content: bytes) -> tuple[bytes, bytes]:
    """Return head and content of a frame from a server, which masks nothing (RFC 6455, 5.2)."""
    size = len(content)
    if size < 126:
        head = pack("!BB", FINAL | kind, size)
    elif size < 2**16:
        head = pack("!BBH", FINAL | kind, 126, size)
    else:
        head = pack("!BBQ", FINAL | kind, 127, size)
    return head, content


def receive_directly(model: Model, receive: Receive) -> None:
    """Have the numbers that a component's JavaScript sends go straight to one of its methods."""
    _receivers[model] = WeakMethod(receive)


def direct_call(message: Message[Any], connection: ServerConnection) -> Callable[[], None] | None:
    """Return what a message to a component of `receive_directly` calls; None for all others.

    Bokeh and Panel take a dozen steps, among them two watchers and a search through all models,
    from a message to the component that it is for; the answers to frames are nine of ten messages.
    """
    events = message.content.get("events") if isinstance(message.content, dict) else None
    if not _receivers or not isinstance(events, list) or len(events) != 1:
        return None
    try:
        event = events[0]
        if event["kind"] != "MessageSent" or event["msg_data"]["name"] != "data_event":
            return None
        values = dict(event["msg_data"]["values"]["entries"])
        model = connection.session.document.models.get_by_id(values["model"]["id"])
        number = values["data"]
    except (KeyError, TypeError, ValueError):
        return None  # Bokeh says what is wrong with it.
    receiver = None if model is None else _receivers.get(model)
    if receiver is None or type(number) is not int:
        return None
    return partial(call_if_alive, receiver, number)
