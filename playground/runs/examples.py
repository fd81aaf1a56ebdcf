"""A folder of run files that everybody can open, and nobody can change: a teacher's examples."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from playground.errors import InputError
from playground.runs import atomic_files
from playground.runs.format import decode_run, open_error
from playground.runs.index import RunIndex
from playground.runs.record import RunRecord
from playground.runs.run import Run
from playground.runs.store import BrokenFile, StoreEntry, index_entries


class Examples:
    """Run files of any names in a folder, in the order of their names.

    The id of an example is made of the name of its file.

    Parameters
    ----------
    folder : Path
        It is never written to.
    index : Path
        The file of the index; see `RunIndex`.
    """

    def __init__(self, folder: Path, index: Path) -> None:
        self.folder, self._index = folder, index

    def list(self) -> tuple[StoreEntry, ...]:
        """Return all examples, and broken files; none if there is no such folder.

        Raises
        ------
        InputError
            If the folder cannot be read.
        """
        return tuple(self._entries())

    def open(self, id: str) -> Run:
        """Read an example.

        Raises
        ------
        InputError
            If there is none with this id, or its file is broken.
        """
        name = self._name(id)
        try:
            return replace(decode_run(self.export(id)), id=id)
        except InputError as error:
            raise open_error(name, error) from None

    def export(self, id: str) -> bytes:
        """Return the bytes of an example's file; raises InputError if there is none."""
        return atomic_files.read(self.folder / self._name(id))

    def __contains__(self, id: str) -> bool:
        return id in self._names()

    def _entries(self) -> Iterator[StoreEntry]:
        files = atomic_files.list_files(self.folder)
        for name, status, entry in sorted(
            index_entries(RunIndex(self._index), files), key=lambda each: each[0]
        ):
            id = _id_of(name)
            if isinstance(entry, RunRecord):
                yield replace(entry, id=id)
            else:
                saved = datetime.fromtimestamp(status.st_mtime, UTC)
                yield BrokenFile(id, saved, str(open_error(name, InputError(entry))))

    def _names(self) -> dict[str, str]:
        return {_id_of(each.name): each.name for each in atomic_files.list_files(self.folder)}

    def _name(self, id: str) -> str:
        try:
            return self._names()[id]
        except KeyError:
            raise InputError("This example is no longer there.") from None


def _id_of(name: str) -> str:
    return hashlib.blake2b(name.encode(errors="surrogateescape"), digest_size=16).hexdigest()
