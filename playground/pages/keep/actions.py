"""What can be done with runs, to be called in a worker thread."""

from __future__ import annotations

from dataclasses import dataclass, replace

from playground.pages.keep.rows import Row, row
from playground.pages.keep.wording import suggested_name
from playground.pages.keep.workplace import Workplace
from playground.runs import Listed, Run, Store, tidy

MOST_ROWS = 200
UNNAMED = "Unnamed"


@dataclass(frozen=True, slots=True, eq=False)
class Done:
    """What has come of an action.

    Attributes
    ----------
    said : str
        A sentence for the person.
    chosen : str
        Id of the run that is chosen from then on; "" for none.
    opened : Run or None
        What the page is to go on with.
    """

    said: str
    chosen: str = ""
    opened: Run | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """The folder of runs at one moment: all of them, and the newest as rows."""

    listed: tuple[Listed, ...]
    rows: list[Row]


class Actions:
    """A page and a folder of runs. All methods raise `InputError` where they can't do it.

    Parameters
    ----------
    workplace : Workplace
    store : Store
    """

    def __init__(self, workplace: Workplace, store: Store) -> None:
        self._workplace, self._store = workplace, store

    def look(self) -> Seen:
        """See what is in the folder."""
        listed = self._store.list()
        return Seen(listed, [row(each) for each in listed[:MOST_ROWS]])

    def save(self, name: str) -> Done:
        """Save the page's work as a new run; without a name, under one that says what it is."""
        run = self._workplace.take_run(tidy(name) if name else UNNAMED)
        run = self._store.save(run if name else replace(run, name=tidy(suggested_name(run))))
        return Done(f"Saved as “{run.name}”.", run.id)

    def open(self, id: str) -> Done:
        """Read a run for the page to go on with."""
        run = self._store.open(id)
        return Done(f"“{run.name}” is open.", id, run)

    def rename(self, id: str, name: str) -> Done:
        """Give a run another name."""
        return Done(f"Now called “{self._store.rename(id, name).name}”.", id)

    def duplicate(self, id: str) -> Done:
        """Copy a run."""
        run = self._store.duplicate(id)
        return Done(f"Copied as “{run.name}”.", run.id)

    def delete(self, id: str) -> Done:
        """Delete a run for good."""
        self._store.delete(id)
        return Done("Deleted.")

    def adopt(self, data: bytes, name: str) -> Done:
        """Take in a file that somebody has sent."""
        run = self._store.adopt(data, name)
        return Done(f"“{run.name}” is among your runs now.", run.id)

    def content(self, id: str) -> bytes:
        """Read the file of a run."""
        return self._store.export(id)
