"""How much the files of one person, and those of all persons, may take.

Checked wherever `Store` and `Autosaves` write, with all others kept from writing meanwhile.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playground.errors import InputError

MEASURED_FOR = 60.0
"""Seconds after which the size of all persons' files is measured again."""
LOCK_SECONDS = 10.0
"""How long a file waits for others to be written; each takes milliseconds."""
MB = 1_000_000

log = logging.getLogger(__name__)


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

    @contextmanager
    def room_for(
        self, path: Path, size: int, count_runs: Callable[[], int] | None = None
    ) -> Iterator[None]:
        """Check that a file is not too much, and keep all others out until it is written.

        Parameters
        ----------
        path : Path
            A file that is there is replaced.
        size : int
            In bytes.
        count_runs : callable, optional
            Returns how many runs the person has, if the file is a run.

        Raises
        ------
        InputError
            If it is too much, or others write for too long.
        """
        with _locked_total(self.everybody) as total:
            if count_runs is not None and not path.exists():
                self._check_runs(count_runs())
            more = size - _size(path)
            if more > 0:
                self._check_space(more, total)
            yield
            total.add(more)

    def _check_space(self, more: int, total: _Total) -> None:
        used = folder_size(self.folder)
        if used + more > self.max_bytes:
            raise InputError(
                f"Your space on this server is full: {used / MB:.1f} of {self.max_bytes / MB:,.0f}"
                f" MB are taken, and this needs {more / MB:.1f} MB more. Delete runs, or download"
                " them first."
            )
        if total.bytes() + more > self.max_total_bytes:
            raise InputError(
                "The space for the work of all people on this server is full:"
                f" {self.max_total_bytes / MB:,.0f} MB. Download what you want to keep, and tell"
                " whoever runs the server."
            )

    def _check_runs(self, count: int) -> None:
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


@contextmanager
def _locked_total(folder: Path) -> Iterator[_Total]:
    """Lock the size of a folder for this thread, in all processes; a killed one keeps nobody out.

    Raises
    ------
    InputError
        If others keep it for too long, or it can't be written.
    """
    # Beside the folder, in which it would count.
    path = folder.with_name(f".{folder.name}.sqlite3")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None)
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS total "
                "(id INTEGER PRIMARY KEY, measured REAL NOT NULL, bytes INTEGER NOT NULL)"
            )
            yield _Total(folder, connection)
            connection.execute("COMMIT")
        finally:
            connection.close()
    except (OSError, sqlite3.Error) as error:
        log.warning("%s can't be locked: %s", path, error)
        raise InputError(
            "Nothing can be saved at the moment: others are saving. Try again soon."
        ) from None


@dataclass(frozen=True, slots=True)
class _Total:
    """The size of all files below a folder, as all processes know it: locked by this one.

    Attributes
    ----------
    folder : Path
    connection : sqlite3.Connection
    """

    folder: Path
    connection: sqlite3.Connection

    def bytes(self) -> int:
        """Return the size: as it was measured, with what was added since."""
        row = self.connection.execute("SELECT measured, bytes FROM total").fetchone()
        now = time.time()
        if row is not None and 0 <= now - row[0] < MEASURED_FOR:
            return int(row[1])
        size = folder_size(self.folder)
        self.connection.execute("INSERT OR REPLACE INTO total VALUES (0, ?, ?)", (now, size))
        return size

    def add(self, more: int) -> None:
        """Note that a file was written."""
        self.connection.execute("UPDATE total SET bytes = bytes + ?", (more,))


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
