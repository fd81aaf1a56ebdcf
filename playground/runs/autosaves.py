"""Autosaves: the work of each browser tab, saved so that it survives a server restart."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from playground.errors import InputError
from playground.runs import atomic_files
from playground.runs.format import decode_run, encode_run, open_error
from playground.runs.ids import checked_id
from playground.runs.record import PAGES
from playground.runs.run import Run

MAX_FILES = 200
"""Largest number of autosaves; the oldest beyond it are deleted."""
MAX_AGE_SECONDS = 30 * 24 * 3600.0
"""Age in seconds after which an autosave is deleted."""


class Autosaves:
    """The latest work of browser tabs: one file for each tab and page.

    Parameters
    ----------
    folder : Path
        The folder of the runs. Autosaves are kept in a subfolder and are not listed as runs.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "autosaves"

    def save(self, tab_id: str, run: Run) -> None:
        """Save the work of a tab on one page and overwrite its previous autosave.

        Autosaves older than 30 days are deleted, and so are the oldest beyond 200 files.

        Parameters
        ----------
        tab_id : str
            The tab's id; see `new_id`.
        run : Run

        Raises
        ------
        InputError
            If `tab_id` is not an id, the run is too large, or the folder cannot be written to.
        """
        atomic_files.write(self._path(tab_id, run.page), encode_run(run))
        self._prune()

    def open(self, tab_id: str, page: str) -> Run | None:
        """Return the autosave of a tab on a page; None if there is none.

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
            raise open_error("Your last work", error) from None

    def latest_page(self, tab_id: str) -> str | None:
        """Return the page of a tab's latest autosave; None if there is none.

        Raises
        ------
        InputError
            If `tab_id` is not an id.
        """
        times: dict[float, str] = {}
        for page in PAGES:
            with suppress(OSError):
                times[self._path(tab_id, page).stat().st_mtime] = page
        return times[max(times)] if times else None

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
            if number >= MAX_FILES or age > MAX_AGE_SECONDS:
                atomic_files.remove(Path(path))
