"""A folder of named runs, which several processes may use at the same time."""

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


@dataclass(frozen=True, slots=True)
class BrokenFile:
    """A file in the folder of runs that cannot be opened.

    Attributes
    ----------
    id : str
        What it can be deleted by.
    saved : datetime
        When it was written, in UTC.
    reason : str
        A sentence.
    """

    id: str
    saved: datetime
    reason: str


StoreEntry = RunRecord | BrokenFile


class Store:
    """Runs in a folder, each a file of its own.

    Nothing is kept in memory, so that whatever another process does is seen at once. Of two who
    save the same run the later one counts. Nobody ever sees half a file.

    Parameters
    ----------
    folder : Path, optional
        Made when first needed; `default_folder()` if left out.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = default_folder() if folder is None else folder

    def list(self) -> tuple[StoreEntry, ...]:
        """All runs, the one that was saved last first; only headers are read for it.

        Raises
        ------
        InputError
            If the folder cannot be read.
        """
        atomic_files.delete_partial_files(self.folder)
        found = sorted(self._entries(), key=lambda each: each.saved, reverse=True)
        return tuple(found)

    def save(self, run: Run) -> Run:
        """Write a run in place of what has its id, and return it with its time of saving.

        Raises
        ------
        InputError
            If it is too large, or the folder cannot be written to.
        """
        saved = replace(run, saved=now())
        self._write(saved)
        return saved

    def open(self, id: str) -> Run:
        """Read a run.

        Raises
        ------
        InputError
            If there is none with this id, or its file is broken.
        """
        data = self.export(id)
        try:
            return replace(decode_run(data), id=id)  # the file may have been copied by hand
        except InputError as error:
            raise open_error(id, error) from None

    def rename(self, id: str, name: str) -> Run:
        """Give a run another name. Raises as `clean_name`, `open` and `save` do."""
        renamed = replace(self.open(id), name=clean_name(name))
        self._write(renamed)
        return renamed

    def duplicate(self, id: str) -> Run:
        """Copy a run, with “copy” behind its name. Raises as `open` and `save` do."""
        run = self.open(id)
        name = f"{run.name[: MAX_NAME_LENGTH - 5].rstrip()} copy"
        return self.save(replace(run, id=new_id(), name=name, created=now()))

    def delete(self, id: str) -> None:
        """Delete a run or a broken file; that it is gone already does not matter.

        Raises
        ------
        InputError
            If it is no id, or the file cannot be deleted.
        """
        atomic_files.remove(self._path(id))

    def export(self, id: str) -> bytes:
        """The content of a run's file, for `import_run` somewhere else.

        Raises
        ------
        InputError
            If there is none with this id.
        """
        return atomic_files.read(self._path(id))

    def import_run(self, data: bytes, name: str) -> Run:
        """Add the run in an uploaded file to the store, as a new run.

        Parameters
        ----------
        data : bytes
            Its content.
        name : str
            What it was called, for the sentence that says what is wrong with it.

        Raises
        ------
        InputError
            If it is not the whole file of a run in a version known here, or `save` raises it.
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
    """What is in a file; None if it has just been deleted."""
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
    """Where runs are kept: the folder that `PLAYGROUND_RUNS` names, or else one for this person."""
    configured = os.environ.get(FOLDER_VARIABLE)
    if configured:
        return Path(configured).expanduser()
    return user_data_path("playground", appauthor=False) / "runs"
