"""The log of a server: one short line an event, with the session that it is about.

The lines go where those of `panel serve` go: to the standard error, or its --log-file. As JSON, a
line is an object with the time, the level, the logger, the event, the session, and what else is
known.
"""

from __future__ import annotations

import json
import logging
from functools import cache
from typing import Any

from bokeh.util.logconfig import basicConfig
from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError

from playground.serving.current_session import session_label
from playground.serving.settings.server_settings import ServerSettings, server_settings

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
LIBRARIES = ("bokeh", "panel", "tornado")
"""Loggers that may have handlers of their own."""
MAX_MESSAGE = 2000
"""Characters of an event. A traceback may have as many at its beginning and at its end."""
KNOWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "session"}


@cache
def prepare_log() -> None:
    """Have this process log as its settings say, from now on."""
    settings = server_settings()
    basicConfig(format=FORMAT)  # which changes nothing where `panel serve` has done so
    for logger in (logging.getLogger(), *map(logging.getLogger, LIBRARIES)):
        for handler in logger.handlers:
            prepare_handler(handler, settings)
    logging.getLogger("asyncio").addFilter(is_no_departure)
    for name in ("playground", "bokeh"):
        logging.getLogger(name).setLevel(settings.log_level.upper())


def is_no_departure(record: logging.LogRecord) -> bool:
    """Whether a record is about anything else than a browser that left while it was sent to.

    Bokeh looks at no future of what it sends, and asyncio logs a traceback for each.
    """
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, WebSocketClosedError | StreamClosedError)


def prepare_handler(handler: logging.Handler, settings: ServerSettings) -> None:
    """Have a handler shorten what it writes, and write JSON if the settings say so."""
    handler.addFilter(ShortRecords(in_message=settings.log_format == "text"))
    if settings.log_format == "json":
        handler.setFormatter(JsonFormatter())


class ShortRecords(logging.Filter):
    """Shortens events and tracebacks, and adds the session.

    Parameters
    ----------
    in_message : bool
        Whether the session and other fields are written behind the event.
    """

    def __init__(self, *, in_message: bool) -> None:
        super().__init__()
        self._in_message = in_message

    def filter(self, record: logging.LogRecord) -> bool:
        """Change a record; none is dropped."""
        if hasattr(record, "session"):
            return True  # another handler has been here
        session = record.__dict__["session"] = session_label()
        message = one_line(record.getMessage())
        if self._in_message:
            fields = {**extra_fields(record), "session": session}
            message += "".join(
                f" {name}={value!s}" for name, value in fields.items() if value != ""
            )
        record.msg, record.args = without_middle(message), ()
        if record.exc_info:
            text = record.exc_text or logging.Formatter().formatException(record.exc_info)
            record.exc_text = without_middle(text)
        return True


class JsonFormatter(logging.Formatter):
    """Writes each event as one JSON object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        fields: dict[str, Any] = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "event": record.getMessage(),
            **extra_fields(record),
        }
        if session := getattr(record, "session", ""):
            fields["session"] = session
        if record.exc_text or record.exc_info:
            fields["traceback"] = record.exc_text or self.formatException(record.exc_info)  # type: ignore[arg-type]
        return json.dumps(fields, default=str)


def extra_fields(record: logging.LogRecord) -> dict[str, Any]:
    """Return the fields of an event that were given to the logger as `extra`."""
    return {
        name: without_middle(value) if isinstance(value, str) else value
        for name, value in vars(record).items()
        if name not in KNOWN_FIELDS
    }


def one_line(text: str) -> str:
    """Return a text without line ends, so that nobody can forge a line of the log."""
    return " ".join(text.splitlines())


def without_middle(text: str) -> str:
    """Return a text, or its beginning and its end with what was left out between."""
    if len(text) <= 2 * MAX_MESSAGE:
        return text
    left_out = len(text) - 2 * MAX_MESSAGE
    return f"{text[:MAX_MESSAGE]} […{left_out:,} characters…] {text[-MAX_MESSAGE:]}"
