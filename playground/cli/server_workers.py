"""Several processes that serve the same pages at one port: `playground serve --workers`.

The system hands each connection to one of them. A page and its websocket may come to different
ones: the token in the page, which all of them sign with the same secret, is enough to make its
session, and work is saved in a folder that all share.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from time import monotonic

import typer

from playground.errors import InputError
from playground.serving.settings.server_settings import ServerSettings, variable_of
from playground.training.remote.address import LOCAL

WORKER_PORT = "PLAYGROUND_WORKER_PORT"
"""Variable that makes a process a worker, and tells it the port that all share."""
LOOK_SECONDS = 0.2
"""Seconds between two looks whether all workers run."""
STEADY_SECONDS = 30.0
"""Seconds that a worker runs at least if nothing is wrong with how it was started."""
MAX_EARLY_ENDS = 3
"""How often in a row a worker may end earlier than that before all are ended."""
STOP_SECONDS = 6.0
"""Seconds that workers have to save everything and end, once they were asked to."""


class Worker:
    """One of the processes, started anew whenever it ends."""

    def __init__(self, number: int, environment: Mapping[str, str]) -> None:
        self.number = number
        self._environment = environment
        self._early_ends = 0
        self.start()

    def start(self) -> None:
        """Start the process with the command line of this one."""
        self._started_at = monotonic()
        self.process = subprocess.Popen(
            [sys.executable, *sys.orig_argv[1:]],
            stdin=subprocess.PIPE,  # closed by the end of this process: see `end_with_parent`
            env=self._environment,
            start_new_session=True,  # Ctrl-C is for this process alone, which ends the workers
        )

    def keep_running(self) -> None:
        """Start the process again if it has ended.

        Raises
        ------
        InputError
            If it ended soon after its start, again and again.
        """
        if (status := self.process.poll()) is None:
            return
        close_pipe(self.process)
        has_run = monotonic() - self._started_at
        self._early_ends = self._early_ends + 1 if has_run < STEADY_SECONDS else 0
        if self._early_ends == MAX_EARLY_ENDS:
            raise InputError(
                f"Worker {self.number} ended {MAX_EARLY_ENDS} times within {STEADY_SECONDS:.0f} s"
                f" of its start, the last time with status {status}. The lines above tell why."
            )
        typer.echo(f"Worker {self.number} ended with status {status} and is started again.")
        self.start()


def run_workers(settings: ServerSettings) -> None:
    """Run the workers until this process is asked to end, and end with all of them.

    Raises
    ------
    InputError
        If the settings don't allow several processes, the port is taken, or a worker can't run.
    """
    if settings.has_class:
        raise InputError(
            f"workers is {settings.workers}, and class_password is set: a lesson is kept in the"
            " memory of one process. Leave one of them out."
        )
    if settings.train_on == LOCAL:
        raise InputError(
            f"workers is {settings.workers}, and train_on is local: each of them would start "
            "workers of its own. Start a scheduler with `dask scheduler`, and give its address."
        )
    stopping = threading.Event()
    with reserve_port(settings.host, settings.port) as reserved:
        port = reserved.getsockname()[1]
        environment = {**os.environ, WORKER_PORT: str(port)}
        if not settings.secret_key:
            environment[variable_of("secret_key")] = secrets.token_hex(32)
            typer.echo("secret_key is not set: a restart of all ends every session.")
        shown = f"[{settings.host}]" if ":" in settings.host else settings.host
        typer.echo(f"Playground is running at http://{shown}:{port} in {settings.workers} workers.")
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda *_: stopping.set())
        workers = [Worker(number + 1, environment) for number in range(settings.workers)]
        try:
            while not stopping.wait(LOOK_SECONDS):
                for worker in workers:
                    worker.keep_running()
        finally:
            end_all([worker.process for worker in workers])


def reserve_port(host: str, port: int) -> socket.socket:
    """Return a socket that keeps a port for the workers, and itself takes no connection.

    Raises
    ------
    InputError
        If something else listens there, or the system can't share a port.
    """
    if not hasattr(socket, "SO_REUSEPORT"):
        raise InputError("This system can't share a port: workers must be 1.")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, *_, address = found[0]
        # Without sharing first, or the workers of another server would not be noticed.
        with socket.socket(family, socket.SOCK_STREAM) as alone:
            alone.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            alone.bind(address)
        reserved = socket.socket(family, socket.SOCK_STREAM)
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        reserved.bind(address)
    except OSError as error:
        raise InputError(
            f"Port {port} of {host} can't be listened on: {error.strerror}."
            " Another one can be chosen with --port."
        ) from None
    return reserved


def end_all(processes: list[subprocess.Popen[bytes]]) -> None:
    """Ask processes to save everything and end, and kill those that don't in time."""
    for process in processes:
        process.terminate()
    deadline = monotonic() + STOP_SECONDS
    for process in processes:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - monotonic()))
        process.kill()
        process.wait()
        close_pipe(process)


def close_pipe(process: subprocess.Popen[bytes]) -> None:
    """Close the pipe by which a process notices that this one has gone."""
    if process.stdin is not None:
        process.stdin.close()


def port_of_worker(environment: Mapping[str, str]) -> int | None:
    """Return the port that this process shares, if it is a worker."""
    text = environment.get(WORKER_PORT)
    return None if text is None else int(text)


def end_with_parent() -> None:
    """End this worker like at SIGTERM once the process has gone that started it."""

    def wait_for_parent() -> None:
        while os.read(0, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait_for_parent, name="parent-watch", daemon=True).start()
