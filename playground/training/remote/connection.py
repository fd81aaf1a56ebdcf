"""The connection to dask.distributed: a cluster on this machine, or a scheduler elsewhere.

Whoever reaches a scheduler can run any code on its workers. That of this machine listens on the
loopback interface only.
"""

from __future__ import annotations

import importlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from playground.errors import InputError
from playground.settings import quote_briefly

if TYPE_CHECKING:
    from types import ModuleType

    from distributed import Client

CONNECT_SECONDS = 10.0
WORKER_TTL_SECONDS = 30.0
"""Seconds without a report after which a worker that was started here is started anew."""
LOGGERS_OF_SERVERS = ("bokeh", "tornado", "tornado.application")


@contextmanager
def connected(
    scheduler: str | None = None,
    workers: int | None = None,
    *,
    timeout: float = CONNECT_SECONDS,
) -> Iterator[Client]:
    """Connect to a scheduler, or start one with workers for as long as the context lasts.

    Parameters
    ----------
    scheduler : str, optional
        Its address, such as tcp://10.0.0.5:8786; by default a cluster is started here.
    workers : int, optional
        Processes of that cluster; by default one for each core.
    timeout : float
        Seconds within which the scheduler has to answer.

    Raises
    ------
    InputError
        If dask.distributed is not installed, or no scheduler answers.
    """
    try:
        distributed = import_distributed()
        from distributed.utils import silence_logging_cmgr
    except ImportError:
        raise InputError(
            "Training on workers needs dask.distributed: pip install 'neural-playground[sweep]'."
        ) from None
    if scheduler is None:
        with (
            _local_cluster(distributed, workers) as cluster,
            distributed.Client(cluster, set_as_default=False) as client,
        ):
            yield client
        return
    # Its own log would tell the same again, with pages of tracebacks.
    with silence_logging_cmgr(logging.CRITICAL), _client(distributed, scheduler, timeout) as client:
        yield client


def import_distributed() -> ModuleType:
    """Import dask.distributed, and let Bokeh and Tornado log as before.

    When it is imported it sets up their logs too: what a server says of requests would be lost.

    Raises
    ------
    ImportError
        If it is not installed.
    """
    loggers = [logging.getLogger(name) for name in LOGGERS_OF_SERVERS]
    before = [(each.level, each.propagate, [*each.handlers]) for each in loggers]
    distributed = importlib.import_module("distributed")
    for logger, (level, propagate, handlers) in zip(loggers, before, strict=True):
        logger.setLevel(level)
        logger.propagate = propagate
        logger.handlers[:] = handlers
    return distributed


@contextmanager
def _client(distributed: Any, scheduler: str, timeout: float) -> Iterator[Client]:  # noqa: ANN401
    client = distributed.Client.__new__(distributed.Client)
    try:
        client.__init__(scheduler, timeout=timeout, set_as_default=False)
    except (OSError, ValueError, TypeError, ImportError) as error:
        _close(client)
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise InputError(
            f"No scheduler answers at {quote_briefly(scheduler)}: start one with `dask scheduler`, "
            f"and give the address that it prints, such as tcp://10.0.0.5:8786. ({reason})"
        ) from None
    try:
        _check_scheduler(client, distributed.__version__)
        yield client
    finally:
        _close(client)


def _close(client: Client) -> None:
    """Close a connection, also one that was never made, and whatever the scheduler answers.

    Left open, it would be closed when it is collected as garbage, with a lock of dask in whatever
    thread that is: in that of the next connection, which then does not begin, as has been seen.
    """
    # A scheduler that is dead can't be told that this client leaves; without an address that can
    # be read there is nothing to close.
    with suppress(TimeoutError, OSError, AttributeError, ValueError):
        client.close(timeout=2)
    client.status = "closed"


def _local_cluster(distributed: Any, workers: int | None) -> Any:  # noqa: ANN401
    try:
        return distributed.LocalCluster(
            n_workers=workers or os.cpu_count() or 1,
            threads_per_worker=1,
            host="127.0.0.1",
            # Not the usual port, which another cluster may have, and no dashboard at it.
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False, "worker_ttl": WORKER_TTL_SECONDS},
            silence_logs=logging.CRITICAL,
        )
    except (RuntimeError, OSError) as error:
        raise InputError(
            f"No workers can be started on this machine: {str(error).rstrip('.')}. A script that "
            "starts some must do so under `if __name__ == '__main__':`, since they import it."
        ) from error


def _check_scheduler(client: Client, own: str) -> None:
    # `Client.get_versions` would wait for a worker that hangs.
    versions: Any = client.sync(client.scheduler.versions)
    theirs = versions["packages"].get("distributed")
    if theirs != own:
        raise InputError(
            f"The scheduler has distributed {theirs}, and this machine {own}: install the same "
            "version on both."
        )
