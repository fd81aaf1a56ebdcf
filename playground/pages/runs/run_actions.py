"""What can be done with runs, to be called in a worker thread."""

from __future__ import annotations

from dataclasses import dataclass, replace

from playground.pages.runs.protocols import SupportsRuns
from playground.pages.runs.run_description import suggested_name
from playground.pages.runs.run_rows import Row, row
from playground.runs import Run, Store, StoreEntry, clean_name

MAX_ROWS = 200
UNNAMED = "Unnamed"


@dataclass(frozen=True, slots=True, eq=False)
class ActionResult:
    """What has come of an action.

    Attributes
    ----------
    message : str
        A sentence for the person.
    chosen : str
        Id of the run that is chosen from then on; "" for none.
    run_to_open : Run or None
        What the page is to go on with.
    """

    message: str
    chosen: str = ""
    run_to_open: Run | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RunListing:
    """The folder of runs at one moment: all of them, and the newest as rows."""

    records: tuple[StoreEntry, ...]
    rows: list[Row]


class RunActions:
    """A page and a folder of runs. All methods raise `InputError` where they can't do it.

    Parameters
    ----------
    session : SupportsRuns
    store : Store
    """

    def __init__(self, session: SupportsRuns, store: Store) -> None:
        self._session, self._store = session, store

    def listing(self) -> RunListing:
        """See what is in the folder."""
        records = self._store.list()
        return RunListing(records, [row(each) for each in records[:MAX_ROWS]])

    def save(self, name: str) -> ActionResult:
        """Save the page's work as a new run; without a name, under one that says what it is."""
        run = self._session.capture_run(clean_name(name) if name else UNNAMED)
        run = self._store.save(run if name else replace(run, name=clean_name(suggested_name(run))))
        return ActionResult(f"Saved as “{run.name}”.", run.id)

    def open(self, id: str) -> ActionResult:
        """Read a run for the page to go on with."""
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
        """Delete a run for good."""
        self._store.delete(id)
        return ActionResult("Deleted.")

    def import_run(self, data: bytes, name: str) -> ActionResult:
        """Take in a file that somebody has sent."""
        run = self._store.import_run(data, name)
        return ActionResult(f"“{run.name}” is among your runs now.", run.id)

    def content(self, id: str) -> bytes:
        """Read the file of a run."""
        return self._store.export(id)
