"""The files of a sweep: its plan, its trials, and the latest checkpoint of those that go on.

They lie beside the runs of a store, in `sweeps/<id>`. Each change of a trial is one more line, so
that a process that is killed loses none before it.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from playground.errors import InputError
from playground.runs import atomic_files
from playground.runs.ids import new_id
from playground.trials.plan import SweepPlan
from playground.trials.trial import Trial
from playground.trials.trial_table import PACKED_SUFFIX, TrialTable

PLAN, TRIALS, LOCK = "plan.json", "trials.jsonl", "lock.sqlite3"
TABLE = f"table{PACKED_SUFFIX}"
PROGRESS, OUTPUT = "progress.json", "output.txt"
COMMAND_SUFFIX = ".command.json"
LOCK_SECONDS = 0.2
"""How long a process waits for the lock, which another one may hold for a moment to look at it."""


class SweepFolder:
    """The files of one sweep.

    Parameters
    ----------
    runs : Path
        The folder of the store of runs.
    id : str
        See `SweepPlan.id`.
    """

    def __init__(self, runs: Path, id: str) -> None:
        self.path = runs / "sweeps" / id

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from carrying out the same sweep; a killed one keeps nobody.

        Raises
        ------
        InputError
            If another one does, or the folder can't be written to.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(
                self.path / LOCK, timeout=LOCK_SECONDS, isolation_level=None
            )
        except (OSError, sqlite3.Error) as error:
            raise InputError(f"{self.path} can't be written to: {error}.") from None
        try:
            try:
                connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.Error:
                raise InputError(
                    "This sweep is being carried out already, by another process: wait until it "
                    "has ended, or stop it."
                ) from None
            yield
        finally:
            connection.close()

    def is_locked(self) -> bool:
        """Whether some process carries the sweep out."""
        path = self.path / LOCK
        if not path.exists():
            return False
        try:
            # To read takes the lock for a moment, or fails where it is held.
            with closing(
                sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=0)
            ) as lock:
                lock.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            return "locked" in str(error)
        except sqlite3.Error:
            return False
        return False

    def clear(self) -> None:
        """Forget all trials, but not the runs that they became."""
        for path in self.path.glob("*"):
            if path.name != LOCK:
                with suppress(OSError):
                    path.unlink()

    def remove(self) -> None:
        """Delete everything but the runs."""
        shutil.rmtree(self.path, ignore_errors=True)

    def save_plan(self, plan: SweepPlan) -> None:
        """Write what the sweep does, to be read by people and by `plan`; its table beside it."""
        if plan.table is not None:
            atomic_files.write(self.table_path, plan.table.to_bytes())
        atomic_files.write(self.path / PLAN, json.dumps(plan.as_json(), indent=1).encode())

    def plan(self) -> SweepPlan:
        """Read what the sweep does.

        Raises
        ------
        InputError
            If the file can't be read, or is no possible plan.
        """
        try:
            values = json.loads((self.path / PLAN).read_text())
            table = self.table_path.read_bytes() if "table" in values else None
        except (OSError, ValueError, TypeError, RecursionError) as error:
            raise InputError(f"The plan in {self.path} can't be read: {error}.") from None
        if not isinstance(values, dict):
            raise InputError(f"The plan in {self.path} can't be read: it is no JSON object.")
        return SweepPlan.from_json(values, TrialTable.from_bytes(table) if table else None)

    @property
    def table_path(self) -> Path:
        """Where the table is kept that is learned, if it is one of a person's own."""
        return self.path / TABLE

    def plan_version(self) -> object:
        """Return what changes whenever the plan is written anew; None if there is none."""
        return _file_version(self.path / PLAN)

    def begun(self) -> float:
        """Return when the plan was written, as seconds since 1970; OSError if there is none."""
        return (self.path / PLAN).stat().st_mtime

    def trials(self) -> tuple[Trial, ...]:
        """Return all trials as they were last, by number; see `TrialsReader`."""
        return self.reader().read()

    def reader(self) -> TrialsReader:
        """Return what reads the trials, again and again."""
        return TrialsReader(self.path / TRIALS)

    def record(self, trial: Trial) -> None:
        """Write how a trial is now.

        Raises
        ------
        InputError
            If that can't be written.
        """
        try:
            with (self.path / TRIALS).open("a") as file:
                if not file.tell():
                    # A file of its own content from the first line on: `TrialsReader` can tell
                    # that it was begun anew.
                    file.write(json.dumps({"file": new_id()}))
                # First the end of a line that a killed process has not finished.
                file.write(f"\n{json.dumps(trial.as_json())}\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise InputError(f"Trials can't be saved in {self.path}: {error.strerror}.") from None

    def save_progress(self, progress: Mapping[str, Any]) -> None:
        """Write what those who watch the sweep are told besides its trials."""
        with suppress(OSError, InputError):  # Nothing is lost if they are not told.
            atomic_files.write(self.path / PROGRESS, json.dumps(progress).encode())

    def progress(self) -> object:
        """Read what `save_progress` has written last; None if that can't be read."""
        with suppress(OSError, ValueError, RecursionError):
            return json.loads((self.path / PROGRESS).read_text())
        return None

    def add_command(self, command: Mapping[str, Any]) -> None:
        """Ask the process that carries the sweep out for something.

        Raises
        ------
        InputError
            If that can't be written.
        """
        # A file for each, so that none is lost between those that write and the one that reads;
        # their names are in the order of time.
        name = f"{time.time_ns():020}-{new_id()}{COMMAND_SUFFIX}"
        atomic_files.write(self.path / name, json.dumps(command).encode())

    def take_commands(self) -> tuple[dict[str, Any], ...]:
        """Return what was asked for since the last call, in the order of time."""
        found = []
        for path in sorted(self.path.glob(f"*{COMMAND_SUFFIX}")):
            with suppress(OSError, ValueError, RecursionError):
                text = path.read_bytes()
                path.unlink()
                command = json.loads(text)
                if isinstance(command, dict):
                    found.append(command)
        return tuple(found)

    def save_checkpoint(self, number: int, data: bytes) -> None:
        """Write the file of a run that a trial goes on from."""
        atomic_files.write(self._checkpoint(number), data)

    def checkpoint(self, number: int) -> bytes:
        """Return the latest checkpoint of a trial; empty if there is none."""
        path = self._checkpoint(number)
        return atomic_files.read(path) if path.exists() else b""

    def delete_checkpoint(self, number: int) -> None:
        """Delete the checkpoint of a trial that has ended."""
        atomic_files.remove(self._checkpoint(number))

    def _checkpoint(self, number: int) -> Path:
        return self.path / f"{number}{atomic_files.SUFFIX}"


class TrialsReader:
    """Reads the trials of a sweep, which get more: of a file that has grown only what is new.

    Parameters
    ----------
    path : Path
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._forget()

    def _forget(self, file: tuple[int, bytes] = (-1, b"")) -> None:
        """Begin with a file, known by its number on the disk and its first line.

        The number alone would not do: a file that is begun anew often gets that of the old one.
        """
        self._file, self._offset = file, 0
        self._found: dict[int, Trial] = {}

    def read(self) -> tuple[Trial, ...]:
        """Return all trials as they are now, by number.

        A line that a killed process has not finished is left out.

        Raises
        ------
        InputError
            If the file can't be read.
        """
        try:
            with self._path.open("rb") as file:
                found = os.fstat(file.fileno())
                now = (found.st_ino, file.readline())
                if now != self._file or found.st_size < self._offset:
                    self._forget(now)
                file.seek(self._offset)
                whole = file.read().rpartition(b"\n")[0]
        except FileNotFoundError:
            self._forget()
            return ()
        except OSError as error:
            raise InputError(f"The trials in {self._path.parent} can't be read: {error}.") from None
        self._offset += len(whole)
        for line in whole.split(b"\n"):
            with suppress(ValueError, RecursionError):  # includes InputError
                trial = Trial.from_json(json.loads(line))
                self._found[trial.number] = trial
        return tuple(self._found[number] for number in sorted(self._found))


def _file_version(path: Path) -> object:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
