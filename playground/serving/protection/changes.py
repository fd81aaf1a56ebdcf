"""Limits on what one message of a browser may change of a page.

Bokeh takes any number of changes in a message, any value for any property, and new models beside
the page. Example: `tags` of each of a page's 700 models, set to 4 MB of zeros in gzip, are 3 GB of
memory for 4 MB that are sent; and a message of 20,000 changes holds up everybody for six seconds.
What BokehJS itself sends are one to four changes in a message, of a few characters each.
"""

from __future__ import annotations

import json
from typing import Any

from bokeh.core.types import ID
from bokeh.document import Document

MAX_CHANGES = 100
"""Changes and events of one message."""
MAX_UNUSED_LENGTH = 200
"""Characters of a value, as JSON, of which nothing on the page takes notice."""
MAX_LENGTH = 100_000
"""Characters of a value that something on the page takes notice of, such as a text that is typed.

Files are uploaded in events.
"""
MAX_PARTS = 20_000
"""Numbers, texts, lists and the like that a value or an event consists of; files are one each."""
LARGE_TYPES = frozenset({"object", "bytes", "ndarray", "typed_array"})
"""Kinds of values that no browser sets: new models, and what may be packed or apart."""


def refusal_of_changes(content: Any, document: Document) -> str:  # noqa: ANN401 (whatever is sent)
    """Return why a browser may not make these changes; "" if it may.

    Parameters
    ----------
    content
        Of a message of changes, as JSON. What is malformed in another way is left to Bokeh.
    document : Document
    """
    events = content.get("events") if isinstance(content, dict) else None
    if not isinstance(events, list):
        return ""
    if len(events) > MAX_CHANGES:
        return f"{len(events):,} changes at once, and {MAX_CHANGES} are the most"
    for event in events:
        if isinstance(event, dict) and (reason := _refusal(event, document)):
            return reason
    return ""


def _refusal(event: dict[str, Any], document: Document) -> str:
    kind, new = event.get("kind"), event.get("new")
    if _has_more_parts(event, MAX_PARTS):
        return f"a change of more than {MAX_PARTS:,} parts"
    if kind == "MessageSent":
        return ""
    if kind != "ModelChanged":
        return "a change that no browser makes"
    if not _is_plain(new):
        return "a value that no browser sets"
    length = len(json.dumps(new))
    if length <= MAX_UNUSED_LENGTH:
        return ""
    most = MAX_LENGTH if _is_noticed(event, document) else MAX_UNUSED_LENGTH
    return f"a value of {length:,} characters, and {most:,} are the most" if length > most else ""


def _has_more_parts(value: object, most: int) -> bool:
    """Whether a value consists of more parts than so many; takes no longer if it has far more."""
    waiting, count = [value], 0
    while waiting:
        each = waiting.pop()
        parts = each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
        count += len(parts)
        if count > most:
            return True
        waiting.extend(parts)
    return False


def _is_plain(value: object) -> bool:
    """Whether a value consists of numbers, texts, lists and mappings, and models of the page."""
    if isinstance(value, dict):
        return value.get("type") not in LARGE_TYPES and all(map(_is_plain, value.values()))
    return all(map(_is_plain, value)) if isinstance(value, list) else True


def _is_noticed(event: dict[str, Any], document: Document) -> bool:
    """Whether anything on the server listens to the property that changes."""
    reference = event.get("model")
    model_id = reference.get("id") if isinstance(reference, dict) else None
    model = document.models.get_by_id(ID(model_id)) if isinstance(model_id, str) else None
    return model is not None and event.get("attr") in model._callbacks
