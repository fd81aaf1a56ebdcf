"""Scripts and style sheets, compressed once and sent so to all: a quarter of the bytes.

Tornado's own option compresses each file anew for each visitor, on the event loop, which takes
0.1 s of the processor for the scripts of a page. Here each file is compressed once, in another
thread, into a folder that goes with the process; until then it is sent as it is.
"""

from __future__ import annotations

import asyncio
import atexit
import gzip
import logging
import shutil
import tempfile
from functools import cache
from pathlib import Path

from tornado.web import StaticFileHandler

log = logging.getLogger(__name__)

SUFFIXES = frozenset({".css", ".js"})
MIN_BYTES = 1000
"""Below which a file is hardly smaller for it."""
ENCODING = "gzip"

FileState = tuple[str, int, int]
"""A file's path, size and time of change: a file that is changed is compressed anew."""


class CompressedFiles:
    """Files and their compressed copies.

    Parameters
    ----------
    folder : Path
        Of the copies.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._copies: dict[FileState, Path | None] = {}

    def copy_of(self, path: Path) -> Path | None:
        """Return the compressed copy of a file; None if there is none, or none yet.

        Call on the event loop.
        """
        if path.suffix not in SUFFIXES:
            return None
        found = path.stat()
        state = str(path), found.st_size, found.st_mtime_ns
        if found.st_size >= MIN_BYTES and state not in self._copies:
            self._copies[state] = None
            # A handler finds out from the suffix of what kind a file is.
            copy = self._folder / f"{len(self._copies)}{path.suffix}"
            asyncio.get_running_loop().run_in_executor(None, self._compress, path, state, copy)
        return self._copies.get(state)

    def _compress(self, path: Path, state: FileState, copy: Path) -> None:
        try:
            with path.open("rb") as source, gzip.open(copy, "wb") as target:
                shutil.copyfileobj(source, target)
        except OSError as error:  # The disk is full: it is sent as it is.
            log.warning("%s can't be compressed: %s", path.name, error)
        else:
            self._copies[state] = copy


@cache
def send_compressed_files() -> None:
    """Have all handlers of files of this process send compressed copies from now on."""
    folder = Path(tempfile.mkdtemp(prefix="playground-compressed-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    send_copies(CompressedFiles(folder))


def send_copies(files: CompressedFiles) -> None:
    """Have Tornado's handler of files send compressed copies to who accepts them."""
    set_headers = StaticFileHandler.set_headers

    def choose_copy(handler: StaticFileHandler) -> None:
        path = Path(str(handler.absolute_path))
        if path.suffix in SUFFIXES:
            handler.set_header("Vary", "Accept-Encoding")
        accepted = handler.request.headers.get("Accept-Encoding", "")
        if ENCODING in accepted and (copy := files.copy_of(path)) is not None:
            handler.absolute_path = str(copy)
            handler._stat_result = copy.stat()  # that of the file itself was asked for before
            handler.modified = handler.get_modified_time()
            handler.set_header("Content-Encoding", ENCODING)
        set_headers(handler)

    StaticFileHandler.set_headers = choose_copy  # type: ignore[method-assign, assignment]
