"""An index of a folder of runs, so that listing it reads only files that are new or have changed.

The files are the truth: whatever the index says of a file holds only as long as the file has the
same time, size and number. An index that is missing, damaged or can't be written costs time, and
nothing else.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from playground.runs.record import RunRecord
from playground.runs.record_json import from_json, to_json
from playground.unreadable_files import set_aside

FILE_NAME = ".index.sqlite3"
LOCK_SECONDS = 1.0
"""Seconds to wait for another process that writes the index."""

_CREATE = """
CREATE TABLE IF NOT EXISTS runs (name TEXT PRIMARY KEY, version TEXT NOT NULL, entry TEXT NOT NULL)
"""

log = logging.getLogger(__name__)

Entry = RunRecord | str
"""What a file holds: a record, or a sentence that says why it can't be opened."""


@dataclass(frozen=True, slots=True)
class IndexedFile:
    """A file as it was when it was read.

    Attributes
    ----------
    version : str
        See `file_version`.
    entry : RunRecord or str
    """

    version: str
    entry: Entry


def file_version(status: os.stat_result) -> str:
    """Return what differs between two contents of a file, such as its time and size."""
    return f"{status.st_mtime_ns} {status.st_size} {status.st_ino}"


class RunIndex:
    """The index of one folder.

    Parameters
    ----------
    path : Path
        The file of the index.

    Attributes
    ----------
    remark : str
        A sentence about a damaged index that was found; "" if there was none.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.remark = ""

    def look_up(
        self, versions: Mapping[str, str], read: Callable[[str], IndexedFile | None]
    ) -> dict[str, Entry]:
        """Return what each file holds.

        Parameters
        ----------
        versions : mapping of str to str
            The `file_version` of each file, by its name.
        read : callable
            Reads the file of a name, of which the index does not know this version; None if it is
            gone.
        """
        if not versions and not self._path.exists():
            return {}
        known = dict(self._load(versions))
        fresh = {}
        for name in versions.keys() - known.keys():
            if (file := read(name)) is not None:
                fresh[name] = file
        self._save(fresh, versions)
        return known | {name: file.entry for name, file in fresh.items()}

    def _load(self, versions: Mapping[str, str]) -> Iterator[tuple[str, Entry]]:
        rows: list[tuple[str, str, str]] = []

        def select(connection: sqlite3.Connection) -> None:
            rows.extend(connection.execute("SELECT name, version, entry FROM runs"))

        if self._path.exists():
            self._with_connection(select)
        for name, version, text in rows:
            if versions.get(name) == version and (entry := _decode(text)) is not None:
                yield name, entry

    def _save(self, fresh: Mapping[str, IndexedFile], names: Collection[str]) -> None:
        rows = [(name, file.version, _encode(file.entry)) for name, file in fresh.items()]

        def replace(connection: sqlite3.Connection) -> None:
            connection.execute(_CREATE)
            connection.executemany("REPLACE INTO runs VALUES (?, ?, ?)", rows)
            present = json.dumps(list(names))
            connection.execute(
                "DELETE FROM runs WHERE name NOT IN (SELECT value FROM json_each(?))", [present]
            )

        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
        self._with_connection(replace)

    def _with_connection(self, work: Callable[[sqlite3.Connection], None]) -> None:
        try:
            with closing(sqlite3.connect(self._path, timeout=LOCK_SECONDS)) as connection:
                connection.execute("PRAGMA synchronous = OFF")
                with connection:
                    work(connection)
        except sqlite3.OperationalError as error:  # locked, read-only, a full disk, another table
            log.warning("The index %s can't be used: %s", self._path, error)
        except sqlite3.DatabaseError as error:
            name = set_aside(self._path, error)
            self.remark = (
                f"The index of the runs was damaged. It is kept as {name}, and a new one is made;"
                " no run is lost."
            )


def _encode(entry: Entry) -> str:
    return json.dumps(entry if isinstance(entry, str) else to_json(entry))


def _decode(text: str) -> Entry | None:
    """Return an entry of the index; None if it can't be read."""
    try:
        values = json.loads(text)
        return values if isinstance(values, str) else from_json(values)
    except (ValueError, TypeError, AttributeError, RecursionError):  # includes InputError
        return None
