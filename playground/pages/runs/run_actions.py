"""Actions on saved runs, to be called in a worker thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from playground.pages.runs.run_description import suggested_name
from playground.pages.runs.run_list import Row, row
from playground.pages.runs.run_session import RunSession
from playground.runs import Run, Store, StoreEntry, clean_name

MAX_ROWS = 200
"""Runs that are listed, the newest first."""
UNNAMED = "Unnamed"
"""Name of a run until its summary is known, from which a better one is made."""


@dataclass(frozen=True, slots=True, eq=False)
class ActionResult:
    """The result of an action.

    Attributes
    ----------
    message : str
        A sentence for the person.
    chosen : str
        Id of the run that is selected afterwards; "" for none.
    run_to_open : Run or None
        The run that the page is to continue.
    """

    message: str
    chosen: str = ""
    run_to_open: Run | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RunListing:
    """The contents of the folder of runs: every entry, and the newest `MAX_ROWS` as rows."""

    records: tuple[StoreEntry, ...]
    rows: list[Row]


class RunActions:
    """What can be done with a page's work and a folder of runs.

    Except for `prepare_save`, all methods read or write files, and raise `InputError` with a sentence where they fail.

    Parameters
    ----------
    session : RunSession
    store : Store
    """

    def __init__(self, session: RunSession, store: Store) -> None:
        self._session, self._store = session, store

    def listing(self) -> RunListing:
        """List the folder."""
        records = self._store.list()
        return RunListing(records, [row(each) for each in records[:MAX_ROWS]])

    def prepare_save(self, name: str) -> Callable[[], ActionResult]:
        """Return a function that saves the page's work as a new run; call this on the event loop.

        Without a name the run is saved under one made of its settings.
        """
        capture = self._session.prepare_capture(UNNAMED)

        def save() -> ActionResult:
            run = capture()
            run = self._store.save(replace(run, name=clean_name(name or suggested_name(run))))
            return ActionResult(f"Saved as “{run.name}”.", run.id)

        return save

    def open(self, id: str) -> ActionResult:
        """Read a run that the page is to continue."""
        run = self._store.open(id)
        return ActionResult(f"“{run.name}” is open.", id, run)

    def rename(self, id: str, name: str) -> ActionResult:
        """Give a run another name."""
        return ActionResult(f"Now called “{self._store.rename(id, name).name}”.", id)

    def duplicate(self, id: str) -> ActionResult:
        """Copy a run."""
        run = self._store.duplicate(id)
        return ActionResult(f"Copied as “{run.name}”.", run.id)

    def delete(self, id: str) -> ActionResult:
        """Delete a run permanently."""
        self._store.delete(id)
        return ActionResult("Deleted.")

    def import_run(self, data: bytes, name: str) -> ActionResult:
        """Add a run from the content of an uploaded file, called `name` there."""
        run = self._store.import_run(data, name)
        return ActionResult(f"Imported as “{run.name}”.", run.id)

    def content(self, id: str) -> bytes:
        """Read a run's file."""
        return self._store.export(id)
