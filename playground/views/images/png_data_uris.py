"""Pictures as PNG data URIs, for tooltips in the browser."""

from __future__ import annotations

import zlib
from base64 import b64encode
from struct import pack

import numpy as np

from playground.training.images.frame import Pixels

SIGNATURE = b"\x89PNG\r\n\x1a\n"
LEVELS = 16


def png_data_uris(pictures: Pixels) -> list[str]:
    """Return data URIs of pictures with opaque ink on transparent paper.

    The browser uses them as masks and colours them. Sixteen levels and a palette (Portable Network
    Graphics, third edition) make each about 300 bytes; a few hundred take a few milliseconds.

    Parameters
    ----------
    pictures : uint8 array of shape (n, h, w)
        w must be even.
    """
    count, height, width = pictures.shape
    levels = pictures >> 4
    rows = np.zeros((count, height, 1 + width // 2), np.uint8)  # each begins with "no filter"
    rows[:, :, 1:] = levels[:, :, ::2] << 4 | levels[:, :, 1::2]
    head = SIGNATURE + png_chunk(b"IHDR", pack(">2I5B", width, height, 4, 3, 0, 0, 0))
    head += png_chunk(b"PLTE", bytes(3 * LEVELS)) + png_chunk(b"tRNS", bytes(range(0, 256, 17)))
    tail = png_chunk(b"IEND", b"")
    return [
        "data:image/png;base64,"
        + b64encode(head + png_chunk(b"IDAT", zlib.compress(each, 1)) + tail).decode()
        for each in rows
    ]


def png_chunk(kind: bytes, content: bytes) -> bytes:
    """Return a chunk of a PNG file, with its length and checksum."""
    return pack(">I", len(content)) + kind + content + pack(">I", zlib.crc32(kind + content))
