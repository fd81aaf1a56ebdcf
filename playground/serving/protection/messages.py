"""Limits on the messages that a browser sends through its websocket, and what becomes of bad ones.

Bokeh takes messages of any number of parts, lets a browser replace the whole document, logs whole
what it could not take, with a traceback, and sends that traceback back. Here a bad message is one
short line of the log and one sentence to its sender. A fault of this program, which a good message
may well bring out, keeps its traceback in the log.
"""

from __future__ import annotations

import asyncio
import logging
import reprlib
import traceback
from collections.abc import Callable
from contextlib import nullcontext
from functools import cache, partial
from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

from bokeh.protocol.exceptions import MessageError, ProtocolError, ValidationError
from bokeh.protocol.message import Message
from bokeh.protocol.messages import error as error_message
from bokeh.protocol.receiver import Receiver
from bokeh.server.connection import ServerConnection
from bokeh.server.protocol_handler import ProtocolHandler
from bokeh.server.session import ServerSession
from bokeh.server.views.ws import WSHandler

from playground.serving.current_session import current_session_id
from playground.serving.document_lock import call_at_once, call_locked
from playground.serving.giving_way import run_giving_way
from playground.serving.page_queue import page_turn
from playground.serving.patches.message_speedups import direct_call
from playground.serving.process.server_metrics import REFUSALS
from playground.serving.protection.changes import refusal_of_changes
from playground.serving.protection.decoding import limit_decoding, max_message_bytes

log = logging.getLogger(__name__)

MAX_SHOWN = 300
"""Characters of a bad message, and of what is wrong with it, that the log shows."""
MAX_TEXT = 2**20
"""Characters of one part of a message that is text; to parse as many takes 20 ms. Files are not."""
MAX_REASON_BYTES = 120
"""Of the reason for which a websocket is closed; the frame that says so has no room for more."""
ANSWER = "The server could not take this message."
REFUSED_KINDS = frozenset({"PUSH-DOC"})
"""Kinds of messages that no browser sends; this one replaces the whole document."""
CHANGES = "PATCH-DOC"
WHOLE_DOCUMENT = "PULL-DOC-REQ"
"""Asks for all of a page, which takes the server as long as a hundred changes."""
PAUSE_FACTOR = 4
"""So many times as long as the last answer took, a session waits for the whole page again."""
MAX_PAUSE = 2.0
"""Seconds that it waits at most."""
APP_MODULES = ("playground.", "bokeh_app_")
"""Beginnings of the names of modules whose errors are faults, and not due to a bad message."""
THIS_PACKAGE = __name__.rpartition(".")[0]


@cache
def limit_messages() -> None:
    """Limit all messages of this process's servers from now on."""
    limit_decoding()
    consume, handle_fragment, on_close = Receiver.consume, WSHandler.on_message, WSHandler.on_close

    async def consume_limited(receiver: Receiver, fragment: str | bytes) -> Message[Any] | None:
        if receiver._current_consumer == receiver._HEADER:
            receiver.size = 0  # type: ignore[attr-defined]
        receiver.size += len(fragment)  # type: ignore[attr-defined]
        if isinstance(fragment, str) and len(fragment) > MAX_TEXT:
            raise ValidationError(f"a text of more than {MAX_TEXT:,} characters")
        if receiver.size > max_message_bytes():  # type: ignore[attr-defined]
            raise ValidationError(f"a message of more than {max_message_bytes():,} bytes")
        try:
            return await consume(receiver, fragment)
        except (MessageError, ProtocolError, ValidationError):
            raise
        except Exception as error:  # Bytes of a stranger fail in whatever part of the parser.
            raise ValidationError(f"no message: {type(error).__name__}") from None

    async def handle_with_session(handler: WSHandler, fragment: str | bytes) -> None:
        if is_given_up(handler):
            return
        if handler.receiver is None:  # A page sends nothing before the server has said that it may.
            close_socket(handler, "a message came before the connection was made")
            return
        session = handler.connection.session.id if handler.connection is not None else ""
        before = current_session_id.set(session)
        try:
            await handle_fragment(handler, fragment)
        finally:
            current_session_id.reset(before)

    def close(handler: WSHandler) -> None:
        if not is_given_up(handler):
            on_close(handler)

    patched: tuple[tuple[type, str, Callable[..., Any]], ...] = (
        (Receiver, "consume", consume_limited),
        (ProtocolHandler, "handle", handle_message),
        (ServerConnection, "error", answer_error),
        (ServerSession, "_handle_pull", answer_giving_way),
        (WSHandler, "on_message", handle_with_session),
        (WSHandler, "on_close", close),
        (WSHandler, "_internal_error", close_socket),
        (WSHandler, "_protocol_error", close_socket),
        (Message, "__repr__", message_text),
    )
    for patched_class, name, patch in patched:
        setattr(patched_class, name, patch)


def is_given_up(handler: WSHandler) -> bool:
    """Whether a ping has found that nobody is there, while messages were still waiting.

    Bokeh then takes the session away from the connection, and fails when these come and at its end.
    """
    return handler.connection is not None and handler.connection._session is None


async def handle_message(
    handler: ProtocolHandler, message: Message[Any], connection: ServerConnection
) -> Message[Any] | None:
    """Do what a message asks for; stands in for Bokeh's own method."""
    handle = handler._handlers.get(message.msgtype)
    if handle is None or message.msgtype in REFUSED_KINDS:
        REFUSALS.labels("message").inc()
        log.warning("message refused", extra={"kind": message.msgtype, "reason": "its kind"})
        return connection.error(message, "")
    try:
        if message.msgtype == CHANGES:
            if reason := refusal_of_changes(message.content, connection.session.document):
                raise ValidationError(reason)
        elif message.msgtype == WHOLE_DOCUMENT:
            return await answer_whole(handle, message, connection)
        if (call := direct_call(message, connection)) is not None:
            if not call_at_once(connection.session, call):
                await call_locked(connection.session, call)
            return None  # Nobody waits for an answer to an answer.
        answer: Message[Any] = await handle(message, connection)
    except Exception as error:  # A fault of the app, or a message that can't be decoded.
        if is_fault_of_app(error):
            log.exception("error while a message was handled", extra={"shown": repr(message)})
        else:
            reason = f"{type(error).__name__}: {beginning(str(error))}"
            REFUSALS.labels("message").inc()
            log.warning("message refused", extra={"reason": reason, "shown": repr(message)})
            log.debug("where it was refused", exc_info=True)
        return connection.error(message, "")
    return answer


async def answer_whole(
    handle: Callable[..., Any], message: Message[Any], connection: ServerConnection
) -> Message[Any]:
    """Answer one who asks for the whole page; who asks again waits for others, and for a while.

    So does who does it by many connections, of which each browser has one.
    """
    session = connection.session
    async with _one_at_a_time.setdefault(session, asyncio.Lock()):
        await asyncio.sleep(_free_at.get(session, 0.0) - monotonic())
        async with page_turn() if session in _free_at else nullcontext():
            start = monotonic()
            answer: Message[Any] = await handle(message, connection)
            end = monotonic()
        _free_at[session] = end + min(MAX_PAUSE, PAUSE_FACTOR * (end - start))
    return answer


async def answer_giving_way(
    session: ServerSession, message: Message[Any], connection: ServerConnection
) -> Message[Any]:
    """Answer with the whole page, and let others go first in the midst of it.

    Stands in for Bokeh's own method, which takes 30 ms for a page that a browser comes back to.
    """
    number = message.header["msgid"]
    write = partial(connection.protocol.create, "PULL-DOC-REPLY", number, session.document)
    locked: Any = session.with_document_locked
    answer: Message[Any] = await locked(run_giving_way, write)
    return answer


_one_at_a_time: WeakKeyDictionary[ServerSession, asyncio.Lock] = WeakKeyDictionary()
_free_at: WeakKeyDictionary[ServerSession, float] = WeakKeyDictionary()
"""When a session may be asked for the whole page again."""


def is_fault_of_app(error: BaseException) -> bool:
    """Whether an error was raised in code of the app, rather than while a message was decoded."""
    names = (
        str(frame.f_globals.get("__name__", ""))
        for frame, _line in traceback.walk_tb(error.__traceback__)
    )
    return any(name.startswith(APP_MODULES) and not name.startswith(THIS_PACKAGE) for name in names)


def answer_error(_connection: ServerConnection, message: Message[Any], _text: str) -> Message[Any]:
    """Answer a browser that its message was refused, but not where and by what code."""
    header = error_message.create_header(message.header.get("msgid"))
    return error_message(header, {}, {"text": ANSWER, "traceback": None})


def close_socket(handler: WSHandler, reason: str) -> None:
    """Close the websocket of a browser that sends what is no message."""
    REFUSALS.labels("socket").inc()
    log.warning("websocket closed", extra={"reason": beginning(reason)})
    handler.close(1008, reason.encode()[:MAX_REASON_BYTES].decode(errors="ignore"))


def message_text(message: Message[Any]) -> str:
    """Return a message as it is printed: its kind, and the beginning of what it holds."""
    return f"{message.msgtype} {beginning(reprlib.repr(message.content))}"


def beginning(text: str) -> str:
    """Return a text; of a long one `MAX_SHOWN` characters, and how many more there are."""
    if len(text) <= MAX_SHOWN:
        return text
    return f"{text[:MAX_SHOWN]}… and {len(text) - MAX_SHOWN:,} characters more"
