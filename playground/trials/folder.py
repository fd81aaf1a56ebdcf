"""The files of a sweep: its plan, its trials, and the latest checkpoint of those that go on.

They lie beside the runs of a store, in `sweeps/<id>`. Each change of a trial is one more line, so
that a process that is killed loses none before it.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playground.errors import InputError
from playground.runs import atomic_files
from playground.trials.plan import SweepPlan
from playground.trials.trial import Trial

PLAN, TRIALS, LOCK = "plan.json", "trials.jsonl", "lock.sqlite3"


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
            connection = sqlite3.connect(self.path / LOCK, timeout=0, isolation_level=None)
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
        """Write what the sweep does, to be read by people and by `read_plan`."""
        atomic_files.write(self.path / PLAN, json.dumps(plan.as_json(), indent=1).encode())

    def trials(self) -> tuple[Trial, ...]:
        """Return all trials as they were last, by number.

        A line that a killed process has not finished is left out.

        Raises
        ------
        InputError
            If the file can't be read.
        """
        found: dict[int, Trial] = {}
        try:
            lines = (self.path / TRIALS).read_text().split("\n")
        except FileNotFoundError:
            return ()
        except (OSError, ValueError) as error:
            raise InputError(f"The trials in {self.path} can't be read: {error}.") from None
        for line in lines:
            with suppress(ValueError, RecursionError):  # includes InputError
                trial = Trial.from_json(json.loads(line))
                found[trial.number] = trial
        return tuple(found[number] for number in sorted(found))

    def record(self, trial: Trial) -> None:
        """Write how a trial is now.

        Raises
        ------
        InputError
            If that can't be written.
        """
        try:
            with (self.path / TRIALS).open("a") as file:
                # First the end of a line that a killed process has not finished.
                file.write(f"\n{json.dumps(trial.as_json())}\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise InputError(f"Trials can't be saved in {self.path}: {error.strerror}.") from None

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
