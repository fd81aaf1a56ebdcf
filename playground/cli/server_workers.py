"""Several processes that serve the same pages at one port: `playground serve --workers`.

Tornado makes them, and starts one anew that ends by itself. The system hands each connection to one
of them. A page and its websocket may come to different ones: the token in the page, which all of
them sign with the same secret, is enough to make its session, and work is saved in a folder that
all share.
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
from tornado.process import fork_processes

from playground.errors import InputError
from playground.serving.settings.operator_warnings import workers_fault
from playground.serving.settings.server_settings import ServerSettings

MAX_RESTARTS = 20
"""How often workers are started again, all together, before all are ended."""


def become_worker(settings: ServerSettings) -> int:
    """Make copies of this process, and return in each of them, with the port that all share.

    This process itself stays until it is asked to end, and never returns. It must not have started
    a thread, which copies would lack.

    Raises
    ------
    InputError
        If the settings don't allow several processes, the port is taken, or workers end again and
        again.
    """
    if sentence := workers_fault(settings):
        raise InputError(sentence)
    # It stays open in the process that makes the workers, so that nobody else can have the port.
    reserved = reserve_port(settings.host, settings.port)
    port: int = reserved.getsockname()[1]
    if not settings.secret_key:
        settings.secret_key = secrets.token_hex(32)
        typer.echo("secret_key is not set: a restart of all ends every session.")
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    typer.echo(f"Playground is running at http://{shown}:{port} in {settings.workers} workers.")
    sys.stdout.flush()  # Or each copy would print it too.
    # Workers read one end until this process has closed the other one, or has gone.
    read_end, write_end = os.pipe()

    def end_all(*_signal: object) -> None:
        with suppress(OSError):
            os.close(write_end)

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, end_all)
    try:
        fork_processes(settings.workers, MAX_RESTARTS)
    except RuntimeError:  # Tornado has given up.
        raise InputError(
            f"Workers have ended {MAX_RESTARTS + 1} times. The lines above tell why."
        ) from None
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that ends the workers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # until the server has a handler
    os.close(write_end)
    threading.Thread(target=_end_with_pipe, args=[read_end], name="end-watch", daemon=True).start()
    return port


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


def _end_with_pipe(read_end: int) -> None:
    os.read(read_end, 1)
    os.kill(os.getpid(), signal.SIGTERM)
