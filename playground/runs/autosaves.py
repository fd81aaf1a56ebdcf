"""Autosaves: the work of each browser tab, saved so that it survives a server restart."""

from __future__ import annotations

import os
import time
from contextlib import nullcontext, suppress
from pathlib import Path

from playground.errors import InputError
from playground.runs import atomic_files
from playground.runs.format import decode_run, encode_run, open_error
from playground.runs.ids import checked_id
from playground.runs.quota import Quota
from playground.runs.record import PAGES
from playground.runs.run import Run
from playground.unreadable_files import set_aside

MAX_FILES = 200
"""Largest number of autosaves of a person where nothing else is said."""
MAX_AGE_SECONDS = 30 * 24 * 3600.0
"""Age in seconds after which an autosave is deleted."""


class Autosaves:
    """The latest work of browser tabs: one file for each tab and page.

    Parameters
    ----------
    folder : Path
        The folder of the runs. Autosaves are kept in a subfolder and are not listed as runs.
    quota : Quota, optional
        How much may be saved; without one there is no limit.
    max_files : int
        Largest number of autosaves; the oldest beyond it are deleted.
    """

    def __init__(
        self, folder: Path, quota: Quota | None = None, max_files: int = MAX_FILES
    ) -> None:
        self.folder = folder / "autosaves"
        self._quota, self._max_files = quota, max_files

    def save(self, tab_id: str, run: Run) -> None:
        """Save the work of a tab on one page and overwrite its previous autosave.

        Autosaves older than 30 days are deleted, and so are the oldest beyond `max_files`.

        Parameters
        ----------
        tab_id : str
            The tab's id; see `new_id`.
        run : Run

        Raises
        ------
        InputError
            If `tab_id` is not an id, the run is too large, the quota is full, or the folder cannot
            be written to.
        """
        path, data = self._path(tab_id, run.page), encode_run(run)
        with nullcontext() if self._quota is None else self._quota.room_for(path, len(data)):
            atomic_files.write(path, data)
        self._prune()

    def open(self, tab_id: str, page: str) -> Run | None:
        """Return the autosave of a tab on a page; None if there is none.

        A file that is broken is set aside, so that the next save does not replace it.

        Raises
        ------
        InputError
            If `tab_id` is not an id, there is no such page, or the file is broken.
        """
        path = self._path(tab_id, page)
        if not path.exists():
            return None
        try:
            return decode_run(atomic_files.read(path))
        except InputError as error:
            if not path.exists():  # It was deleted meanwhile.
                return None
            name = set_aside(path, error)
            raise InputError(
                f"{open_error('Your last work', error)} The file is kept as {name}."
            ) from None

    def version(self, tab_id: str, page: str) -> int | None:
        """Return a number that differs after each save and each claim; None without an autosave.

        Raises
        ------
        InputError
            If `tab_id` is not an id, or there is no such page.
        """
        with suppress(OSError):
            return self._path(tab_id, page).stat().st_mtime_ns
        return None

    def claim(self, tab_id: str, page: str) -> int | None:
        """Have whoever saved last learn that another one saves from now on; return the `version`.

        It may be another process: the file itself tells.

        Raises
        ------
        InputError
            If `tab_id` is not an id, or there is no such page.
        """
        before = self.version(tab_id, page)
        if before is not None:
            moment = max(time.time_ns(), before + 1)
            with suppress(OSError):  # Where nothing can be written, nobody saves either.
                os.utime(self._path(tab_id, page), ns=(moment, moment))
        return self.version(tab_id, page)

    def delete(self, tab_id: str, page: str) -> None:
        """Delete the autosave of a tab on a page.

        Raises
        ------
        InputError
            If `tab_id` is not an id, there is no such page, or the file cannot be deleted.
        """
        atomic_files.remove(self._path(tab_id, page))

    def _path(self, tab_id: str, page: str) -> Path:
        if page not in PAGES:
            raise InputError(f"There is no page “{page:.40}”; there are {', '.join(PAGES)}.")
        return self.folder / f"{checked_id(tab_id)}-{page.lower()}{atomic_files.SUFFIX}"

    def _prune(self) -> None:
        atomic_files.delete_partial_files(self.folder)
        ages: list[tuple[float, str]] = []
        for entry in atomic_files.list_files(self.folder):
            with suppress(OSError):
                ages.append((time.time() - entry.stat().st_mtime, entry.path))
        ages.sort()
        for number, (age, path) in enumerate(ages):
            if number >= self._max_files or age > MAX_AGE_SECONDS:
                atomic_files.remove(Path(path))
