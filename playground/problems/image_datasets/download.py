"""Downloading packed files: in one piece or not at all."""

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

DownloadProgress = Callable[[int, int, str], None]
"""Told about a download: bytes done, bytes in all (0 if unknown), and what it is.

It is called in the thread that downloads. What it raises ends the download.
"""

_TIMEOUT_SECONDS = 8
"""A server that is silent for so long is down."""

_CHUNK = 1 << 16
_MAX_BYTES = 200 << 20
"""No file of any set is nearly as large: a server that sends more sends something else."""


class DownloadError(OSError):
    """A file could not be had from any of its servers; the message says what each did."""


def download_file(
    name: str, mirrors: Sequence[str], md5: str, folder: Path, what: str, progress: DownloadProgress
) -> None:
    """Download a file packed by gzip, check it, and put it unpacked into a folder.

    All is done in memory, and the file appears whole: whatever interrupts this, the next
    attempt starts afresh and nobody ever reads half a file.

    Parameters
    ----------
    name : str
        The file's name at the servers, ending in `.gz`; here that ending goes.
    mirrors : sequence of str
        Addresses that the name is appended to, tried in turn.
    md5 : str
        Checksum of the packed file, hexadecimal.
    folder : Path
        Where to put it; made if need be.
    what : str
        What to call it in `progress`.
    progress : callable
        See `DownloadProgress`.

    Raises
    ------
    DownloadError
        No server sent the right file.
    OSError
        It could not be written.
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
            received.write(chunk)
            progress(received.tell(), total, what)
    return received.getvalue()


def _write(path: Path, content: bytes) -> None:
    """Have the file appear with all of its content, even for another process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".") as temporary:
        new = Path(temporary, path.name)
        new.write_bytes(content)
        os.replace(new, path)
