"""Atomic file access, safe with concurrent writers and when a writer is killed."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from playground.errors import InputError
from playground.runs.ids import new_id

MAX_BYTES = 200_000_000
"""Largest size of a file."""
SUFFIX = ".safetensors"
"""Suffix of the files of runs."""
PARTIAL_SUFFIX = ".part"
"""Suffix of files that are being written."""
STALE_SECONDS = 3600.0
"""Age in seconds after which a partial file counts as abandoned."""

log = logging.getLogger(__name__)


def write(path: Path, data: bytes) -> None:
    """Write a file atomically: on failure, an existing file stays unchanged.

    Raises
    ------
    InputError
        If the folder cannot be written to, or the disk is full.
    """
    part = path.with_name(f".{new_id()}{PARTIAL_SUFFIX}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        log.warning("%s can't be written: %s", path, error)
        raise InputError(f"Nothing can be saved: {error.strerror}.") from None
    finally:
        with suppress(OSError):
            part.unlink()


def read(path: Path) -> bytes:
    """Read a whole file of at most `MAX_BYTES` bytes.

    Raises
    ------
    InputError
        If the file does not exist, is too large, or cannot be read.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError(
            "This run is no longer there; it may have been deleted elsewhere."
        ) from None
    except OSError as error:
        log.warning("%s can't be read: %s", path, error)
        raise InputError(f"This run cannot be read: {error.strerror}.") from None
    if len(data) > MAX_BYTES:
        raise InputError(f"{path.name} is too large; {MAX_BYTES // 1_000_000} MB is the most.")
    return data


def remove(path: Path) -> None:
    """Delete a file; one that does not exist is no error.

    Raises
    ------
    InputError
        If the file cannot be deleted.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        log.warning("%s can't be deleted: %s", path, error)
        raise InputError(f"This run cannot be deleted: {error.strerror}.") from None


def list_files(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Yield the files of runs in a folder; none if the folder does not exist.

    Raises
    ------
    InputError
        If the folder cannot be read.
    """
    try:
        with os.scandir(folder) as entries:
            yield from (each for each in entries if each.name.endswith(SUFFIX) and each.is_file())
    except FileNotFoundError:
        return
    except OSError as error:
        log.warning("%s can't be read: %s", folder, error)
        raise InputError(f"The folder of runs cannot be read: {error.strerror}.") from None


def delete_partial_files(folder: Path) -> None:
    """Delete partial files older than `STALE_SECONDS`, left by writers that were killed."""
    oldest = time.time() - STALE_SECONDS
    for path in folder.glob(f".*{PARTIAL_SUFFIX}"):
        with suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()
