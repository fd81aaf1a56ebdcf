"""A folder of named runs, which several processes can use at the same time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_data_path

from playground.errors import InputError
from playground.runs import atomic_files
from playground.runs.format import decode_run, encode_run, open_error, read_record
from playground.runs.ids import checked_id, is_id, new_id
from playground.runs.index import FILE_NAME, IndexedFile, RunIndex, file_version
from playground.runs.quota import Quota, Usage
from playground.runs.record import MAX_NAME_LENGTH, RunRecord, clean_name, now
from playground.runs.run import Run

SHARE_SUFFIX = ".share"
"""Suffix of the file beside a run that makes a link to it valid; see `Shares`."""
FOLDER_VARIABLE = "PLAYGROUND_RUNS"
"""Environment variable that names the folder of runs."""


@dataclass(frozen=True, slots=True)
class BrokenFile:
    """A file in the folder of runs that cannot be opened.

    Attributes
    ----------
    id : str
        Id with which the file can be deleted.
    saved : datetime
        Time of the last modification, in UTC.
    reason : str
        A sentence that says why.
    """

    id: str
    saved: datetime
    reason: str


StoreEntry = RunRecord | BrokenFile
"""One item of the list of runs."""


class Store:
    """A folder of runs, one file each.

    Changes by other processes are visible at once. If two processes save the same run, the later
    one wins. Files are written atomically.

    Parameters
    ----------
    folder : Path, optional
        `default_folder()` by default. It is created on the first save.
    quota : Quota, optional
        How much may be saved; without one there is no limit.

    Attributes
    ----------
    remark : str
        What the last call of `list` has to say besides its result; "" if nothing.
    """

    def __init__(self, folder: Path | None = None, quota: Quota | None = None) -> None:
        self.folder = default_folder() if folder is None else folder
        self._quota = quota
        self.remark = ""

    def list(self) -> tuple[StoreEntry, ...]:
        """Return all runs and broken files, newest first.

        Only the headers of files are read that are new or have changed; see `RunIndex`.

        Raises
        ------
        InputError
            If the folder cannot be read.
        """
        atomic_files.delete_partial_files(self.folder)
        found = sorted(self._entries(), key=lambda each: each.saved, reverse=True)
        return tuple(found)

    def save(self, run: Run) -> Run:
        """Save a run, replacing one with the same id, and return it with its time of saving.

        Raises
        ------
        InputError
            If the run is too large or too many, or the folder cannot be written to.
        """
        saved = replace(run, saved=now())
        self._write(saved)
        return saved

    def usage(self) -> Usage | None:
        """Return how much is saved; None if there is no limit."""
        if self._quota is None:
            return None
        return self._quota.usage(self._count())

    def open(self, id: str) -> Run:
        """Read the run with an id.

        Raises
        ------
        InputError
            If there is no such run, or its file is broken.
        """
        data = self.export(id)
        try:
            return replace(decode_run(data), id=id)  # the file may have been renamed
        except InputError as error:
            raise open_error(id, error) from None

    def rename(self, id: str, name: str) -> Run:
        """Rename a run; raises InputError as `clean_name`, `open` and `save` do.

        A longer name takes more space, which may be full.
        """
        renamed = replace(self.open(id), name=clean_name(name))
        self._write(renamed)
        return renamed

    def duplicate(self, id: str) -> Run:
        """Copy a run and append “copy” to its name; raises InputError as `open` and `save` do."""
        run = self.open(id)
        name = f"{run.name[: MAX_NAME_LENGTH - 5].rstrip()} copy"
        return self.save(replace(run, id=new_id(), name=name, created=now()))

    def delete(self, id: str) -> None:
        """Delete a run or a broken file; one that does not exist is no error.

        Raises
        ------
        InputError
            If `id` is not an id, or the file cannot be deleted.
        """
        path = self._path(id)
        atomic_files.remove(path)
        atomic_files.remove(path.with_suffix(SHARE_SUFFIX))

    def export(self, id: str) -> bytes:
        """Return the bytes of a run's file, for `import_run` of another store.

        Raises
        ------
        InputError
            If there is no run with this id.
        """
        return atomic_files.read(self._path(id))

    def import_run(self, data: bytes, name: str) -> Run:
        """Save the content of a run's file as a new run.

        Parameters
        ----------
        data : bytes
            The content of the file.
        name : str
            The name of the file, for error messages.

        Raises
        ------
        InputError
            If it is not a complete file of a run in a supported version, or `save` raises it.
        """
        try:
            run = decode_run(data)
        except InputError as error:
            raise open_error(name, error) from None
        return self.save(replace(run, id=new_id()))

    def _path(self, id: str) -> Path:
        return self.folder / f"{checked_id(id)}{atomic_files.SUFFIX}"

    def _write(self, run: Run) -> None:
        path, data = self._path(run.id), encode_run(run)
        quota = self._quota
        with nullcontext() if quota is None else quota.room_for(path, len(data), self._count):
            atomic_files.write(path, data)

    def _count(self) -> int:
        return sum(1 for _ in self._files())

    def _files(self) -> Iterator[os.DirEntry[str]]:
        for entry in atomic_files.list_files(self.folder):
            if is_id(entry.name.removesuffix(atomic_files.SUFFIX)):
                yield entry

    def _entries(self) -> Iterator[StoreEntry]:
        index = RunIndex(self.folder / FILE_NAME)
        for name, status, entry in index_entries(index, self._files()):
            id = name.removesuffix(atomic_files.SUFFIX)
            if isinstance(entry, RunRecord):
                yield replace(entry, id=id)
            else:
                saved = datetime.fromtimestamp(status.st_mtime, UTC)
                yield BrokenFile(id, saved, str(open_error(id, InputError(entry))))
        self.remark = index.remark


def index_entries(
    index: RunIndex, files: Iterable[os.DirEntry[str]]
) -> Iterator[tuple[str, os.stat_result, RunRecord | str]]:
    """Yield name, status and content of files, read only where the index does not know them.

    The content is a record, or a sentence that says why it can't be read.
    """
    paths, statuses = {}, {}
    for file in files:
        with suppress(FileNotFoundError):
            statuses[file.name], paths[file.name] = file.stat(), Path(file.path)
    versions = {name: file_version(status) for name, status in statuses.items()}
    found = index.look_up(versions, lambda name: _read_file(paths[name]))
    for name, entry in found.items():
        yield name, statuses[name], entry


def _read_file(path: Path) -> IndexedFile | None:
    """Read the record in a file; None if the file no longer exists."""
    version = ""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            version = file_version(status)
            return IndexedFile(version, read_record(file, status.st_size))
    except FileNotFoundError:
        return None
    except InputError as error:
        return IndexedFile(version, str(error))
    except OSError as error:
        # Not with its version: it is tried again next time.
        return IndexedFile("", f"{error.strerror}.")


def default_folder() -> Path:
    """Return the folder named by `PLAYGROUND_RUNS`, or else a folder in the user's data."""
    configured = os.environ.get(FOLDER_VARIABLE)
    if configured:
        return Path(configured).expanduser()
    return user_data_path("playground", appauthor=False) / "runs"
