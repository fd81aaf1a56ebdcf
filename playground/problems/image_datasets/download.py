"""Download of gzip-compressed files, with checksums, mirrors and progress."""

from __future__ import annotations

import gzip
import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from http.client import HTTPException
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

from playground.deadlines import check_deadline

DownloadProgress = Callable[[int, int, str], None]
"""Called during a download with bytes received, bytes in total (0 if unknown), and a name.

It is called in the thread of the download. An exception that it raises ends the download.
"""

_TIMEOUT_SECONDS = 8
"""A server that sends nothing for so long counts as down."""

_CHUNK = 1 << 16
_MAX_BYTES = 200 << 20
"""More than the size of any file; a download stops there, and its checksum then fails."""


class DownloadError(OSError):
    """No server sent the file; the message gives the reason for each server."""


def download_file(
    name: str, mirrors: Sequence[str], md5: str, folder: Path, what: str, progress: DownloadProgress
) -> None:
    """Download a gzip-compressed file, check it, and write it decompressed into a folder.

    The file is written atomically: after an interruption there is no partial file, and the next
    attempt starts again.

    Parameters
    ----------
    name : str
        The file's name on the servers, ending in `.gz`; it is written without that ending.
    mirrors : sequence of str
        URLs to which the name is appended, tried in order.
    md5 : str
        Checksum of the compressed file, hexadecimal.
    folder : Path
        The folder to write to; created if it does not exist.
    what : str
        Name of the file passed to `progress`.
    progress : callable
        See `DownloadProgress`.

    Raises
    ------
    DownloadError
        If no server sends the right file.
    OSError
        If the file can't be written.
    """
    failures = []
    for mirror in mirrors:
        host = urlsplit(mirror).netloc
        try:
            compressed = _download(mirror + name, what, progress)
        except (OSError, HTTPException) as error:
            failures.append(f"{host}: {getattr(error, 'reason', None) or error}")
            continue
        if hashlib.md5(compressed, usedforsecurity=False).hexdigest() == md5:
            _write(folder / name.removesuffix(".gz"), gzip.decompress(compressed))
            return
        failures.append(f"{host} sent something else, or not all of it")
    raise DownloadError("; ".join(failures))


def _download(address: str, what: str, progress: DownloadProgress) -> bytes:
    received = BytesIO()
    with urlopen(address, timeout=_TIMEOUT_SECONDS) as answer:
        total = answer.length or 0
        while received.tell() < _MAX_BYTES and (chunk := answer.read(_CHUNK)):
            check_deadline()
            received.write(chunk)
            progress(received.tell(), total, what)
    return received.getvalue()


def _write(path: Path, content: bytes) -> None:
    """Write a file atomically: other processes see all of its content or no file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".") as temporary:
        new = Path(temporary, path.name)
        new.write_bytes(content)
        os.replace(new, path)
