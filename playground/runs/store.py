"""A folder of named runs, which several processes can use at the same time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_data_path

from playground.errors import InputError
from playground.runs import atomic_files
from playground.runs.format import decode_run, encode_run, open_error, read_record
from playground.runs.ids import checked_id, is_id, new_id
from playground.runs.record import MAX_NAME_LENGTH, RunRecord, clean_name, now
from playground.runs.run import Run

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

    Nothing is cached, so changes by other processes are visible at once. If two processes save
    the same run, the later one wins. Files are written atomically.

    Parameters
    ----------
    folder : Path, optional
        `default_folder()` by default. It is created on the first save.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = default_folder() if folder is None else folder

    def list(self) -> tuple[StoreEntry, ...]:
        """Return all runs and broken files, newest first; only the headers are read.

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
            If the run is too large, or the folder cannot be written to.
        """
        saved = replace(run, saved=now())
        self._write(saved)
        return saved

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
        """Rename a run; raises InputError as `clean_name`, `open` and `save` do."""
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
        atomic_files.remove(self._path(id))

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
        atomic_files.write(self._path(run.id), encode_run(run))

    def _entries(self) -> Iterator[StoreEntry]:
        for entry in atomic_files.list_files(self.folder):
            id = entry.name.removesuffix(atomic_files.SUFFIX)
            if is_id(id) and (listed := _read_entry(Path(entry.path), id)) is not None:
                yield listed


def _read_entry(path: Path, id: str) -> StoreEntry | None:
    """Return the record in a file, or a BrokenFile; None if the file no longer exists."""
    try:
        with path.open("rb") as file:
            file_status = os.fstat(file.fileno())
            saved = datetime.fromtimestamp(file_status.st_mtime, UTC)
            return replace(read_record(file, file_status.st_size), id=id)
    except FileNotFoundError:
        return None
    except InputError as error:
        return BrokenFile(id, saved, str(open_error(id, error)))
    except OSError as error:
        return BrokenFile(id, datetime.fromtimestamp(0, UTC), f"{path.name}: {error.strerror}.")


def default_folder() -> Path:
    """Return the folder named by `PLAYGROUND_RUNS`, or else a folder in the user's data."""
    configured = os.environ.get(FOLDER_VARIABLE)
    if configured:
        return Path(configured).expanduser()
    return user_data_path("playground", appauthor=False) / "runs"
