"""Programs in processes of their own, started as copies of one that has imported what they need."""

from __future__ import annotations

import multiprocessing
import os
import runpy
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

# To import PyTorch, Panel and the rest takes longer than most of what is done in such a process.
FORKSERVER = multiprocessing.get_context("forkserver")
FORKSERVER.set_forkserver_preload(["tests.support.servers.preloaded"])


class ForkedProgram:
    """`python -m` a module, in a process of its own that starts in a moment.

    Parameters
    ----------
    module, arguments
        As on the command line.
    environment
        All its variables.
    folder
        Where it is started.
    output
        The file that takes all it prints.
    """

    def __init__(
        self,
        module: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        output: Path,
    ) -> None:
        output.touch()
        self._process = FORKSERVER.Process(
            target=_run, args=(module, list(arguments), dict(environment), folder, output)
        )
        self._process.start()

    @property
    def id(self) -> int:
        """The number of the process."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def status(self) -> int | None:
        """What the process ended with, or minus the signal that ended it; None while it runs."""
        return self._process.exitcode

    def wait(self, seconds: float) -> int | None:
        """Wait so many seconds at most for its end, and return its status."""
        self._process.join(seconds)
        return self.status

    def terminate(self, seconds: float) -> bool:
        """Send SIGTERM; return whether the process has ended in so many seconds."""
        self._process.terminate()
        return self.wait(seconds) is not None

    def kill(self) -> None:
        """End the process as `kill -9` does."""
        self._process.kill()
        self._process.join()


def _run(
    module: str, arguments: list[str], environment: dict[str, str], folder: Path, output: Path
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    with output.open("w") as stream:
        for descriptor in (1, 2):
            os.dup2(stream.fileno(), descriptor)
    # As in any program that prints to a file, whatever PYTHONUNBUFFERED was for the forkserver.
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.argv = [module, *arguments]
    sys.orig_argv = [sys.executable, "-m", *sys.argv]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
