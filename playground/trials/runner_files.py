"""How a sweep that is carried out, and those who watch it, know of each other: by files.

The process that carries a sweep out is `playground sweep`, or whatever calls `SweepRunner.run`; a
page of another process watches it. In the folder of the sweep the one writes how far it is, and the
other what is to be done.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import cast, get_args

from playground.errors import InputError
from playground.runs import Run, Store
from playground.runs.format import decode_run
from playground.trials.folder import SweepFolder
from playground.trials.plan import SweepPlan
from playground.trials.progress import SweepProgress
from playground.trials.steering import Command, Steering
from playground.trials.trial import Trial

REPORT_SECONDS = 1.0
"""Seconds between two reports of how far a sweep is."""

log = logging.getLogger(__name__)


class RunnerFiles:
    """The side of the process that carries a sweep out.

    Parameters
    ----------
    folder : SweepFolder
    """

    def __init__(self, folder: SweepFolder) -> None:
        self._folder, self._reported = folder, -math.inf

    def open(self) -> None:
        """Begin; what was to be done with an earlier run counts no more."""
        self._folder.take_commands()
        self._folder.save_progress({})

    def fail(self, sentence: str) -> None:
        """Say why an earlier end came."""
        self._folder.save_progress({"failure": sentence})

    def exchange(
        self,
        steering: Steering,
        progress_now: Callable[[], SweepProgress],
    ) -> None:
        """Do what those who watch have asked for, and tell them how far the sweep is.

        Parameters
        ----------
        steering : Steering
            Does what they ask for.
        progress_now : callable
            Returns how far the sweep is.
        """
        for each in self._folder.take_commands():
            match each:
                case {"command": str(name), "trial": int() | None as trial} if name in get_args(
                    Command
                ):
                    with suppress(InputError):  # A trial that there is not.
                        steering.carry_out(cast("Command", name), trial)
                case _:
                    log.warning("A sweep was told something that it does not understand: %s", each)
        if monotonic() - self._reported >= REPORT_SECONDS:
            self._reported = monotonic()
            progress = progress_now()
            left = progress.seconds_left
            self._folder.save_progress(
                {
                    "workers": progress.workers,
                    "paused": progress.paused,
                    "seconds_left": None if math.isnan(left) else left,
                    "remark": progress.remark,
                }
            )


class WatchedSweep:
    """A sweep that some process carries out, or has carried out. Its methods read files.

    Parameters
    ----------
    runs : Path
        The folder of the store of runs.
    id : str
        See `watched_ids`.

    Attributes
    ----------
    id : str
    """

    def __init__(self, runs: Path, id: str) -> None:
        self.id = id
        self._folder = SweepFolder(runs, id)
        self._reader = self._folder.reader()
        self._plan: SweepPlan | None = None
        self._plan_version: object = None

    def plan(self) -> SweepPlan:
        """Read what it does; InputError if that can't be read."""
        version = self._folder.plan_version()
        if self._plan is None or version != self._plan_version:  # It may have more trials now.
            self._plan, self._plan_version = self._folder.plan(), version
        return self._plan

    def progress(self) -> SweepProgress:
        """Read how far it is.

        Raises
        ------
        InputError
            If its files can't be read.
        """
        plan = self.plan()
        trials = tuple(each for each in self._reader.read() if each.number < plan.trials)
        found = SweepProgress(plan, trials)
        if not self._folder.is_locked():
            match self._folder.progress():
                case {"failure": str(sentence)}:
                    return replace(found, remark=sentence)
            return found
        match self._folder.progress():
            case {
                "workers": int(workers),
                "paused": bool(paused),
                "seconds_left": int() | float() | None as left,
                "remark": str(remark),
            }:
                return replace(
                    found,
                    workers=workers,
                    paused=paused,
                    seconds_left=math.nan if left is None else float(left),
                    remark=remark,
                    is_running=True,
                )
        return replace(found, is_running=True)

    def is_running(self) -> bool:
        """Whether some process carries it out."""
        return self._folder.is_locked()

    def run(self, store: Store, trial: Trial) -> Run:
        """Read a trial as a run: as it was kept in the store, or as its last checkpoint.

        Raises
        ------
        InputError
            If there is none, or it can't be read.
        """
        if not trial.is_open:
            return store.open(trial.run_id)
        if data := self._folder.checkpoint(trial.number):
            run = decode_run(data)
            return replace(run, extra={**run.extra, **self.plan().run_extra})
        raise InputError(
            f"Trial {trial.number} has no checkpoint yet: there is one after some seconds."
        )

    def send(self, command: Command, trial: int | None = None) -> None:
        """Have the process that carries it out do something.

        Parameters
        ----------
        command : str
            "pause", "resume", "stop" or "cancel".
        trial : int, optional
            Which one is cancelled; by default all.

        Raises
        ------
        InputError
            If no process carries it out, or the folder can't be written to.
        """
        assert command in get_args(Command), command
        if not self._folder.is_locked():
            raise InputError(
                "No process carries this sweep out at present. The same `playground sweep` goes "
                "on with it."
            )
        self._folder.add_command({"command": command, "trial": trial})


def watched_ids(runs: Path) -> tuple[str, ...]:
    """Return the ids of all sweeps beside the runs of a store, the newest first."""
    found: list[tuple[float, str]] = []
    with suppress(OSError):
        for path in (runs / "sweeps").iterdir():
            with suppress(OSError):
                found.append((SweepFolder(runs, path.name).begun(), path.name))
    return tuple(id for _begun, id in sorted(found, reverse=True))
