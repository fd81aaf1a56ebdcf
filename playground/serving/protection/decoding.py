"""Limits on what the values in a browser's message are decoded to.

Bokeh unpacks gzipped bytes of any size for any property, makes arrays of any type of element, and
prints whole what a property can't take. Example: the 3 kB of `{"type": "bytes", "data": ...}` with
2 MB of zeros in gzip, as the value of a text field, became 18 MB of log.
"""

from __future__ import annotations

import base64
import reprlib
import zlib
from functools import cache
from typing import Any

from bokeh.core.serialization import DeserializationError, Deserializer

from playground.serving.settings.server_settings import server_settings

DTYPES = frozenset(
    {"uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64", "bool", "object"}
)
"""Types of elements that BokehJS sends. Those of text allow arrays of any size from little."""
GZIP = 16 + zlib.MAX_WBITS


class Bytes(bytes):
    """Bytes that are not printed whole where an error names them."""

    def __repr__(self) -> str:
        return f"<{len(self):,} bytes>"

    __str__ = __repr__


@cache
def limit_decoding() -> None:
    """Limit what all messages of this process's servers are decoded to from now on."""
    decode_bytes, decode_array = Deserializer._decode_bytes, Deserializer._decode_ndarray

    def decode_limited_bytes(deserializer: Deserializer, value: dict[str, Any]) -> object:
        data = value["data"]
        if isinstance(data, str):
            spare = max_message_bytes() - getattr(deserializer, "unpacked", 0)
            unpacked = unpack(data, spare)
            deserializer.unpacked = (  # type: ignore[attr-defined]
                max_message_bytes() - spare + len(unpacked)
            )
            return Bytes(unpacked)
        decoded = decode_bytes(deserializer, value)  # type: ignore[arg-type]
        return Bytes(decoded) if isinstance(decoded, bytes) else decoded

    def decode_limited_array(deserializer: Deserializer, value: dict[str, Any]) -> object:
        if value.get("dtype") not in DTYPES:
            raise DeserializationError(f"an array of {reprlib.repr(value.get('dtype'))}")
        return decode_array(deserializer, value)  # type: ignore[arg-type]

    Deserializer._decode_bytes = decode_limited_bytes  # type: ignore[method-assign, assignment]
    Deserializer._decode_ndarray = decode_limited_array  # type: ignore[method-assign, assignment]


def max_message_bytes() -> int:
    """Return how many bytes one message may have, packed as well as unpacked."""
    return server_settings().max_message_mb * 2**20


def unpack(data: str, limit: int) -> bytes:
    """Unpack bytes in the text of a message: gzip in base64.

    Parameters
    ----------
    data : str
    limit : int
        Largest number of bytes that come out.

    Raises
    ------
    DeserializationError
        If it is no such text, or more would come out.
    """
    unpacker = zlib.decompressobj(GZIP)
    try:
        unpacked = unpacker.decompress(base64.b64decode(data), max(limit, 0) + 1)
    except (ValueError, zlib.error) as error:
        raise DeserializationError(f"bytes that can't be unpacked: {error}") from None
    if len(unpacked) > limit:
        raise DeserializationError(f"packed bytes that become more than {limit:,}")
    if not unpacker.eof or unpacker.unused_data:
        raise DeserializationError("bytes that can't be unpacked: they end too early or too late")
    return unpacked
