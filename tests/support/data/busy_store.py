"""Two processes at work on one folder of runs."""

from __future__ import annotations

import os
import time
import warnings
from multiprocessing.connection import Connection
from pathlib import Path

from playground.runs import RunRecord, Store
from tests.support.data.sample_runs import make_run


def work_on(store: Store, shared: str, contested: str, own: str) -> None:
    """Save, list, open, copy and delete runs, as another process does meanwhile."""
    for turn in range(25):
        for id in (shared, contested, own):
            store.save(make_run(f"turn {turn}", id=id))
        for each in store.list():
            assert isinstance(each, RunRecord), each.reason
            assert len(each.settings) == 3
        store.open(shared)
        copy = store.duplicate(shared)
        for id in (copy.id, contested, own):
            store.delete(id)


def work_and_hang(folder: Path, shared: str, contested: str, own: str, told: Connection) -> None:
    """Work in the folder, say so, and then hang for ever between writing a file and naming it."""
    warnings.simplefilter("error")

    def wait(_file: int) -> None:
        told.send("written, but not in place")
        time.sleep(600)

    store = Store(folder)
    told.send("begins")
    work_on(store, shared, contested, own)
    told.send("has worked")
    os.fsync = wait
    store.rename(shared, "after")
