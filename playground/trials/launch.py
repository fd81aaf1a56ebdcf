"""Beginning of sweeps from a page: the command `playground sweep` in a process of its own.

It outlives the page and the server, as one from a terminal does; pages know of it by the files of
its sweep.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock, Thread

from playground.errors import InputError
from playground.runs.store import FOLDER_VARIABLE
from playground.trials.folder import OUTPUT, SweepFolder
from playground.trials.plan import SweepPlan
from playground.trials.runner_files import WatchedSweep, watched_ids

MAX_LETTERS = 300

_launched: dict[tuple[Path, str], Launched] = {}
"""By the folder of the runs, and the id of the sweep."""
_lock = Lock()


class Launched:
    """A process that carries a sweep out.

    Parameters
    ----------
    folder : SweepFolder
    command : list of str
    environment : dict of str to str
    """

    def __init__(
        self, folder: SweepFolder, command: list[str], environment: dict[str, str]
    ) -> None:
        self._output = folder.path / OUTPUT
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                # Not of the group that Ctrl-C in the server's terminal ends.
                start_new_session=True,
            )
        # A process that has ended stays in the system's table until somebody asks.
        Thread(target=self._process.wait, daemon=True).start()

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    @property
    def failure(self) -> str:
        """Its exit status and last line of output, if it has ended with an error; "" if not."""
        status = self._process.poll()
        if not status:
            return ""
        lines: list[str] = []
        with suppress(OSError):
            lines = self._output.read_text(errors="replace").split("\n")
        last = next((each for each in reversed(lines) if each.strip()), "")
        return f"The process has ended with status {status}. {last[:MAX_LETTERS]}".rstrip()


def launch(plan: SweepPlan, runs: Path, scheduler: str = "") -> Launched:
    """Have a process of its own carry a sweep out, or go on with it.

    Parameters
    ----------
    plan : SweepPlan
    runs : Path
        The folder of the store of runs.
    scheduler : str
        Address of a dask scheduler; "" for a cluster on this machine.

    Raises
    ------
    InputError
        If another sweep of these runs is being carried out, or the folder can't be written to.
    """
    with _lock:
        for id in watched_ids(runs):
            known = _launched.get((runs, id))
            if (known is not None and known.is_alive) or WatchedSweep(runs, id).is_running():
                raise InputError(
                    "Another sweep is being carried out, which needs all cores: wait until its "
                    "trials have ended, or cancel them."
                )
        folder = SweepFolder(runs, plan.id)
        environment = {**os.environ, FOLDER_VARIABLE: str(runs)}
        try:
            folder.path.mkdir(parents=True, exist_ok=True)
            folder.save_plan(plan)  # Pages show it before the process has started.
            folder.save_progress({})
            launched = Launched(folder, command_of(plan, folder, scheduler), environment)
        except OSError as error:
            raise InputError(f"The sweep can't be begun in {folder.path}: {error}.") from None
        _launched[runs, plan.id] = launched
        return launched


def launched_sweep(runs: Path, id: str) -> Launched | None:
    """Return the process that this one has begun for a sweep; None if there is none."""
    return _launched.get((runs, id))


def command_of(plan: SweepPlan, folder: SweepFolder, scheduler: str = "") -> list[str]:
    """Return the command line that carries a plan out, which has been saved in a folder."""
    task = plan.new_task()
    fixed = {name: task.setting(name).value_type.text(value) for name, value in plan.fixed.items()}
    return [
        sys.executable,
        "-m",
        "playground",
        "sweep",
        plan.task if plan.table is None else str(folder.table_path),
        *(f"--vary={each.text}" for each in plan.space),
        *(f"--set={name}={text}" for name, text in fixed.items()),
        f"--trials={plan.trials}",
        f"--sampler={plan.sampler}",
        f"--pruner={plan.pruner}",
        f"--metric={plan.metric}",
        f"--seed={plan.seed}",
        *([f"--scheduler={scheduler}"] if scheduler else []),
    ]
