"""A scheduler of dask.distributed and its workers, as processes that a test may kill."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from tests.support.servers.forked_program import FORKSERVER


def _serve(kind: str, options: dict[str, Any], folder: str, told: Connection) -> None:
    import dask

    # Next to pytest's own files, and not in the folder from which the tests are run.
    dask.config.set({"temporary-directory": folder})
    logging.disable(logging.CRITICAL)
    asyncio.run(_serve_until_closed(kind, options, told))


async def _serve_until_closed(kind: str, options: dict[str, Any], told: Connection) -> None:
    import distributed

    server_class = distributed.Scheduler if kind == "scheduler" else distributed.Worker
    async with server_class(host="127.0.0.1", dashboard=False, **options) as server:
        told.send(server.address)
        await server.finished()


class Cluster:
    """A scheduler and its workers on the loopback interface."""

    def __init__(self, folder: Path, workers: int) -> None:
        self._folder = str(folder)
        self.scheduler, self.address = self._start("scheduler", port=0)
        self.workers: dict[str, BaseProcess] = {}
        started = [self._begin("worker", scheduler_ip=self.address) for _ in range(workers)]
        for process, told in started:
            self.workers[self._address(process, told)] = process

    def kill_worker(self, address: str) -> None:
        """End a worker as `kill -9` does."""
        process = self.workers.pop(address)
        process.kill()
        process.join()

    @contextmanager
    def stopped(self, address: str) -> Iterator[None]:
        """Have a worker hang."""
        pid = self.workers[address].pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def add_worker(self) -> str:
        process, address = self._start("worker", scheduler_ip=self.address)
        self.workers[address] = process
        return address

    def kill_scheduler(self) -> None:
        self.scheduler.kill()
        self.scheduler.join()

    def close(self) -> None:
        for process in (*self.workers.values(), self.scheduler):
            process.kill()
            process.join()

    def _start(self, kind: str, **options: Any) -> tuple[BaseProcess, str]:
        process, told = self._begin(kind, **options)
        return process, self._address(process, told)

    def _begin(self, kind: str, **options: Any) -> tuple[BaseProcess, Connection]:
        if kind == "worker":
            options = {"nthreads": 1, **options}
        ours, theirs = FORKSERVER.Pipe(duplex=False)
        process = FORKSERVER.Process(
            target=_serve, args=(kind, options, self._folder, theirs), daemon=True
        )
        process.start()
        theirs.close()
        return process, ours

    @staticmethod
    def _address(process: BaseProcess, told: Connection) -> str:
        assert told.poll(60), f"{process.name} has not begun"
        return str(told.recv())


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    made = Cluster(folder, workers)
    try:
        yield made
    finally:
        made.close()
