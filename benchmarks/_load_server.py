"""`playground serve`, with an address that tells for how long the event loop was held."""

from __future__ import annotations

from asyncio import events
from time import perf_counter, thread_time

from tornado.web import RequestHandler

from playground.cli.commands import app
from playground.pages.routes import ROUTES

held_ms: list[float] = []
"""Milliseconds that each callback of the event loop took since the last report."""
cpu_ms: list[float] = []
"""Milliseconds of the processor that each took, whatever else the machine was doing."""


class LoopReport(RequestHandler):
    """Tells how long the callbacks took, and begins anew."""

    def get(self) -> None:
        """Answer."""
        times = sorted(held_ms) or [0.0]
        most_cpu = max(cpu_ms, default=0.0)
        held_ms.clear()
        cpu_ms.clear()
        self.write(
            {
                "max": times[-1],
                "max_cpu": most_cpu,
                "p99": times[int(0.99 * (len(times) - 1))],
                "over_30": sum(each > 30 for each in times),
                "callbacks": len(times),
            }
        )


def time_callbacks() -> None:
    """Time all callbacks of all event loops from now on."""
    run = events.Handle._run  # type: ignore[attr-defined]

    def run_timed(handle: events.Handle) -> None:
        started, cpu_started = perf_counter(), thread_time()
        run(handle)
        held_ms.append(1000 * (perf_counter() - started))
        cpu_ms.append(1000 * (thread_time() - cpu_started))

    events.Handle._run = run_timed  # type: ignore[attr-defined]


if __name__ == "__main__":
    time_callbacks()
    ROUTES.append((r"/loop", LoopReport))  # type: ignore[arg-type]
    app(prog_name="load")
