"""How much the files of one person, and those of all persons, may take.

Checked by `Store.save` and `Autosaves.save` before they write.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from playground.errors import InputError

MEASURED_FOR = 60.0
"""Seconds after which the size of all persons' files is measured again."""
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Usage:
    """What a person has saved, and may save.

    Attributes
    ----------
    runs, max_runs : int
    bytes, max_bytes : int
    """

    runs: int
    max_runs: int
    bytes: int
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Quota:
    """The limits for the files of one person.

    Attributes
    ----------
    folder : Path
        All files of the person.
    everybody : Path
        The folder of which `folder` is a part.
    max_runs : int
    max_bytes : int
    max_total_bytes : int
        Of the files of all persons.
    """

    folder: Path
    everybody: Path
    max_runs: int
    max_bytes: int
    max_total_bytes: int

    def check_space(self, path: Path, size: int) -> None:
        """Raise InputError if a file of this size is too much; it may replace one at `path`."""
        more = size - _size(path)
        if more <= 0:
            return
        used = folder_size(self.folder)
        if used + more > self.max_bytes:
            raise InputError(
                f"Your space on this server is full: {used / MB:.1f} of {self.max_bytes / MB:,.0f}"
                f" MB are taken, and this needs {more / MB:.1f} MB more. Delete runs, or download"
                " them first."
            )
        total = _measured_total(self.everybody)
        if total + more > self.max_total_bytes:
            raise InputError(
                "The space for the work of all people on this server is full:"
                f" {self.max_total_bytes / MB:,.0f} MB. Download what you want to keep, and tell"
                " whoever runs the server."
            )
        _add_to_total(self.everybody, more)

    def check_runs(self, count: int) -> None:
        """Raise InputError if a person with this many runs can't save another."""
        if count >= self.max_runs:
            raise InputError(
                f"You have {count:,} saved runs, and {self.max_runs:,} is the most: delete one"
                " first. What is on the page is not lost."
            )

    def usage(self, runs: int) -> Usage:
        """Return what the person has saved, which is this many runs among other things."""
        return Usage(runs, self.max_runs, folder_size(self.folder), self.max_bytes)


def folder_size(folder: Path) -> int:
    """Return the bytes of all files below a folder; 0 if it does not exist."""
    return sum(_sizes(folder))


_totals: dict[Path, tuple[float, int]] = {}
"""When the size of a folder was measured, and the size, with what was added since."""
_totals_lock = Lock()


def _measured_total(folder: Path) -> int:
    with _totals_lock:
        measured_at, total = _totals.get(folder, (-MEASURED_FOR, 0))
        if time.monotonic() - measured_at >= MEASURED_FOR:
            total = folder_size(folder)
            _totals[folder] = time.monotonic(), total
        return total


def _add_to_total(folder: Path, more: int) -> None:
    with _totals_lock:
        measured_at, total = _totals[folder]
        _totals[folder] = measured_at, total + more


def _sizes(folder: Path | str) -> Iterator[int]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    yield from _sizes(entry.path)
                elif entry.is_file(follow_symlinks=False):
                    yield entry.stat(follow_symlinks=False).st_size
    except OSError:  # It was deleted meanwhile.
        return


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
