"""Numbers about this process for Prometheus: what it does, and what it refuses."""

from __future__ import annotations

from weakref import WeakSet

from bokeh.server.tornado import BokehTornado
from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector

from playground.serving.current_session import is_prepared
from playground.serving.threads.worker_pool import WorkerPool

registry = CollectorRegistry()
"""What `/metrics` shows. ProcessCollector knows memory, processor time and open files on Linux."""
ProcessCollector(registry=registry)

SLICES = Counter("playground_slices", "Slices of training that have ended.", registry=registry)
FRAMES = Counter("playground_frames", "Frames sent to browsers.", registry=registry)
REFUSALS = Counter(
    "playground_refusals",
    "Requests, messages and uploads that were refused.",
    ["kind"],
    registry=registry,
)
SESSIONS = Gauge("playground_sessions", "Open sessions.", registry=registry)
PREPARED = Gauge(
    "playground_prepared_pages", "Pages that wait for their visitors.", registry=registry
)
TRAINING = Gauge("playground_training_sessions", "Sessions that train.", registry=registry)
WORK = Gauge(
    "playground_work", "Pieces of work in threads that wait or run.", ["pool"], registry=registry
)
GIVEN_UP = Gauge(
    "playground_work_given_up",
    "Pieces of work that missed their deadline since the start.",
    ["pool"],
    registry=registry,
)

servers: WeakSet[BokehTornado] = WeakSet()
"""The servers of this process."""
_training: WeakSet[object] = WeakSet()


def count_training(trains: object, is_training: bool) -> None:
    """Count an object that trains, or that does so no more; it is forgotten when it is deleted."""
    (_training.add if is_training else _training.discard)(trains)


def count_work(name: str, pool: WorkerPool) -> None:
    """Show how much work a pool of threads has, from now on."""
    WORK.labels(name).set_function(lambda: len(pool.pending()))
    GIVEN_UP.labels(name).set_function(lambda: pool.missed_deadlines)


def session_count() -> int:
    """Return the number of open sessions of all servers of this process.

    Those are none that are prepared.
    """
    return sum(
        not is_prepared(session.document)
        for server in servers
        for context in server.applications.values()
        for session in context.sessions
    )


SESSIONS.set_function(session_count)
TRAINING.set_function(lambda: len(_training))
