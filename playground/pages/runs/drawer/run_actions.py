"""Actions on saved runs, to be called in a worker thread."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from playground.errors import InputError
from playground.pages.runs.drawer.run_list import Row, row
from playground.pages.runs.run_description import suggested_name, usage_text
from playground.pages.runs.run_session import RunSession
from playground.runs import Examples, Run, Shares, Store, StoreEntry, clean_name

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
    """The saved runs and the examples.

    Attributes
    ----------
    records : tuple of StoreEntry
        All of them.
    rows : list of Row
        The newest `MAX_ROWS` of the saved runs, and as many examples.
    examples : collection of str
        Ids of the examples, which can't be changed.
    tokens : mapping of str to str
        Tokens of the links to runs that are shared, by the run's id.
    usage : str
        How much is saved, and how much may be; "" if there is no limit.
    remark : str
        What is wrong with the folder; "" if nothing.
    """

    records: tuple[StoreEntry, ...]
    rows: list[Row]
    examples: Collection[str]
    tokens: Mapping[str, str]
    usage: str
    remark: str


class RunActions:
    """What can be done with a page's work and a folder of runs.

    Except for `prepare_save`, all methods read or write files, and raise `InputError` with a
    sentence where they fail.

    Parameters
    ----------
    session : RunSession
    store : Store
    examples : Examples, optional
    shares : Shares, optional
        The links to runs of the store; without them runs can't be shared.
    """

    def __init__(
        self,
        session: RunSession,
        store: Store,
        examples: Examples | None = None,
        shares: Shares | None = None,
    ) -> None:
        self._session, self._store = session, store
        self._examples, self._shares = examples, shares

    def list_runs(self) -> RunListing:
        """List the saved runs and the examples."""
        own, remark = self._store.list(), self._store.remark
        examples: tuple[StoreEntry, ...] = ()
        if self._examples is not None:
            try:
                examples = self._examples.list()
            except InputError as error:
                remark = f"The examples can't be shown: {error}"
        tokens = {} if self._shares is None else self._shares.tokens()
        return RunListing(
            (*own, *examples),
            [row(each, "Shared" if each.id in tokens else "") for each in own[:MAX_ROWS]]
            + [row(each, "Example") for each in examples[:MAX_ROWS]],
            frozenset(each.id for each in examples),
            tokens,
            usage_text(self._store.usage()),
            remark,
        )

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
        if (examples := self._examples) is not None and id in examples:
            run = examples.open(id)
            return ActionResult(f"A copy of the example “{run.name}” is open.", id, run)
        run = self._store.open(id)
        return ActionResult(f"“{run.name}” is open.", id, run)

    def rename(self, id: str, name: str) -> ActionResult:
        """Give a run another name."""
        self._refuse_example(id)
        return ActionResult(f"Now called “{self._store.rename(id, name).name}”.", id)

    def duplicate(self, id: str) -> ActionResult:
        """Copy a run; the copy of an example is one of the saved runs."""
        if (examples := self._examples) is not None and id in examples:
            run = self._store.import_run(examples.export(id), "This example")
            return ActionResult(f"Copied as “{run.name}” to your runs.", run.id)
        run = self._store.duplicate(id)
        return ActionResult(f"Copied as “{run.name}”.", run.id)

    def delete(self, id: str) -> ActionResult:
        """Delete a run permanently."""
        self._refuse_example(id)
        self._store.delete(id)
        return ActionResult("Deleted.")

    def import_run(self, data: bytes, name: str) -> ActionResult:
        """Add a run from the content of an uploaded file, called `name` there."""
        run = self._store.import_run(data, name)
        return ActionResult(f"Imported as “{run.name}”.", run.id)

    def content(self, id: str) -> bytes:
        """Read a run's file."""
        if (examples := self._examples) is not None and id in examples:
            return examples.export(id)
        return self._store.export(id)

    def share(self, id: str) -> ActionResult:
        """Make a link to a run, which anybody who has it can open a copy of."""
        self._refuse_example(id)
        run = self._store.open(id)
        self._require_shares().share(id, run.page)
        return ActionResult(
            f"“{run.name}” is shared: whoever has its link can open a copy of it. Copy the link"
            " below.",
            id,
        )

    def stop_sharing(self, id: str) -> ActionResult:
        """Make the link to a run invalid for good."""
        self._require_shares().stop(id)
        return ActionResult("Not shared any more: the link does not work from now on.", id)

    def _refuse_example(self, id: str) -> None:
        if self._examples is not None and id in self._examples:
            raise InputError("This is an example for everybody: duplicate it to get one to change.")

    def _require_shares(self) -> Shares:
        if self._shares is None:
            raise InputError("Runs can be shared only where several people use one server.")
        return self._shares
