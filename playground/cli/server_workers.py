"""Several processes that serve the same pages at one port: `playground serve --workers`.

Tornado makes them, and starts one anew that ends by itself. `playground/serving/workers` says which
of them serves a page. The token in the page, which all of them sign with the same secret, is enough
to make its session in another one, and work is saved in a folder that all share.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import sys
import threading
from contextlib import suppress

import typer
from tornado.netutil import bind_sockets
from tornado.process import fork_processes

from playground.errors import InputError
from playground.serving.settings.operator_warnings import workers_fault
from playground.serving.settings.server_settings import ServerSettings
from playground.serving.workers.worker_group import WorkerGroup, use_worker_group

MAX_RESTARTS = 20
"""How often workers are started again, all together, before all are ended."""


def become_worker(settings: ServerSettings) -> WorkerGroup:
    """Make copies of this process, and return in each of them, with what all share.

    This process itself stays until it is asked to end, and never returns. It must not have started
    a thread, which copies would lack.

    Raises
    ------
    InputError
        If the settings or the system don't allow several processes, the port is taken, or workers
        end again and again.
    """
    if sentence := workers_fault(settings):
        raise InputError(sentence)
    if not hasattr(os, "fork"):
        raise InputError("This system can't copy a process: workers must be 1.")
    sockets = listen(settings.host, settings.port)
    group = WorkerGroup(sockets, settings.workers, settings.max_sessions)
    if not settings.secret_key:
        settings.secret_key = secrets.token_hex(32)
        typer.echo("secret_key is not set: a restart of all ends every session.")
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    typer.echo(
        f"Playground is running at http://{shown}:{group.port} in {settings.workers} workers."
    )
    sys.stdout.flush()  # Or each copy would print it too.
    # Workers read one end until this process has closed the other one, or has gone.
    read_end, write_end = os.pipe()

    def end_all(*_signal: object) -> None:
        with suppress(OSError):
            os.close(write_end)

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, end_all)
    try:
        group.become(fork_processes(settings.workers, MAX_RESTARTS))
    except RuntimeError:  # Tornado has given up.
        raise InputError(
            f"Workers have ended {MAX_RESTARTS + 1} times. The lines above tell why."
        ) from None
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that ends the workers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # until the server has a handler
    os.close(write_end)
    threading.Thread(target=_end_with_pipe, args=[read_end], name="end-watch", daemon=True).start()
    use_worker_group(group)
    return group


def listen(host: str, port: int) -> list[socket.socket]:
    """Return sockets that listen at a port for all workers.

    Raises
    ------
    InputError
        If something else listens there.
    """
    try:
        return bind_sockets(port, host)
    except OSError as error:
        raise InputError(
            f"Port {port} of {host} can't be listened on: {error.strerror}."
            " Another one can be chosen with --port."
        ) from None


def _end_with_pipe(read_end: int) -> None:
    os.read(read_end, 1)
    os.kill(os.getpid(), signal.SIGTERM)
