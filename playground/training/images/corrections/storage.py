"""Storage of corrections: a NumPy file, and a ZIP archive for download."""

from __future__ import annotations

import csv
import io
import logging
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from PIL import Image
from platformdirs import user_data_path

from playground.errors import InputError
from playground.problems.tables.csv.formula_cells import safe_cell
from playground.training.images.corrections.correction import Correction
from playground.unreadable_files import set_aside

MAX_FILE_BYTES = 8_000_000
"""Largest file that is read, packed and unpacked; the most corrections take a fifth of it."""

LOCK_SECONDS = 10.0
"""How long a session waits for others that write; each takes milliseconds."""

log = logging.getLogger(__name__)


def default_path() -> Path:
    """Return the path of the user's own file; it need not exist."""
    return user_data_path("playground", appauthor=False) / "corrections.npz"


def read(path: Path) -> tuple[Correction, ...]:
    """Read corrections from a file.

    A file whose content is damaged is set aside, so that later corrections do not replace it.

    Raises
    ------
    InputError
        If they can't be read.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise ValueError("it is too large")
        with zipfile.ZipFile(path) as archived:
            if sum(each.file_size for each in archived.infolist()) > MAX_FILE_BYTES:
                raise ValueError("it is too large")
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            columns = [file[name] for name in ("pictures", "labels", "meanings", "when")]
        return tuple(
            Correction(picture, int(label), str(class_name), float(when))
            for picture, label, class_name, when in zip(*columns, strict=True)
        )
    except OSError as error:
        log.warning("%s can't be read: %s", path, error)
        raise InputError(f"Your corrections can't be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(
            "Your corrections can't be read, because their file is damaged. It is kept as"
            f" {set_aside(path, error)}; new corrections begin a new one."
        ) from error


def add(path: Path, correction: Correction) -> None:
    """Add a correction to a file, which other sessions may have changed."""
    with _locked(path):
        _write(path, [*read_if_exists(path), correction])


def remove(path: Path, correction: Correction) -> None:
    """Remove a correction from a file, which other sessions may have changed."""
    with _locked(path):
        _write(path, [each for each in read_if_exists(path) if not _same(each, correction)])


def archive(corrections: Sequence[Correction]) -> bytes:
    """Return corrections as a ZIP file: 0001-7.png (number and label) and so on, and labels.csv."""
    archive_file, table = io.BytesIO(), io.StringIO()
    rows = csv.writer(table)
    rows.writerow(["file", "label", "meaning", "when"])
    with zipfile.ZipFile(archive_file, "w", zipfile.ZIP_DEFLATED) as file:
        for number, each in enumerate(corrections, start=1):
            name = f"{number:04}-{each.label}.png"
            png = io.BytesIO()
            Image.fromarray(each.picture).save(png, "PNG")
            file.writestr(name, png.getvalue())
            when = datetime.fromtimestamp(each.when, UTC).isoformat(timespec="seconds")
            rows.writerow([name, each.label, safe_cell(each.class_name), when])
        file.writestr("labels.csv", table.getvalue())
    return archive_file.getvalue()


def read_if_exists(path: Path) -> tuple[Correction, ...]:
    """Read corrections from a file; none if it does not exist. Raises InputError as `read` does."""
    return read(path) if path.exists() else ()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep other sessions, in all processes of a server, from a file while it is changed."""
    lock = FileLock(path.with_name(f".{path.name}.lock"), timeout=LOCK_SECONDS)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise InputError(
            "Corrections can't be saved at the moment: others are saving. Try again soon."
        ) from None
    except OSError as error:
        raise _not_saved(path, error) from error
    try:
        yield
    finally:
        lock.release()


def _same(one: Correction, other: Correction) -> bool:
    return one.when == other.when and np.array_equal(one.picture, other.picture)


def _write(path: Path, corrections: Sequence[Correction]) -> None:
    """Replace a file atomically: after a crash it is the old or the new one, complete."""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez_compressed(
                    file,
                    pictures=np.array([each.picture for each in corrections], np.uint8),
                    labels=np.array([each.label for each in corrections], np.int64),
                    meanings=np.array([each.class_name for each in corrections], np.str_),
                    when=np.array([each.when for each in corrections], np.float64),
                )
            os.replace(temporary, path)
        finally:
            Path(temporary).unlink(missing_ok=True)
    except OSError as error:
        raise _not_saved(path, error) from error


def _not_saved(path: Path, error: OSError) -> InputError:
    log.warning("Corrections can't be kept in %s: %s", path, error)
    return InputError(f"Corrections can't be saved: {error.strerror}.")
