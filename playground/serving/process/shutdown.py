"""The end of the server: everybody's work is saved, and the process ends within five seconds.

Bokeh stops its event loop at SIGTERM and at Ctrl-C, and then calls the applications' handlers. But
Python waits for all threads before it exits, and a thread that hangs would keep it from doing so;
and taking all its modules apart takes many seconds on a busy machine.
"""

from __future__ import annotations

import atexit
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from time import monotonic
from types import FrameType
from typing import Any, NoReturn

from bokeh.application.handlers.lifecycle import LifecycleHandler
from bokeh.document import Document

from playground.serving.sessions import Callback, open_sessions

SAVE_SECONDS = 3.0
"""Seconds that saving may take at the end of the server."""
LOOP_SECONDS = 1.0
"""Seconds after which an event loop that does not react to SIGTERM is not waited for."""
EXIT_SECONDS = 4.5
"""Seconds after SIGTERM at which the process ends, whatever its threads do."""
SAVING_THREADS = 4

log = logging.getLogger(__name__)


class Shutdown:
    """Saves what is open, once, and sees to it that the process ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._has_begun = threading.Event()
        self._is_terminated = False

    def stop(self) -> None:
        """Save everything; at SIGTERM, end the process then."""
        self.save_all()
        if self._is_terminated:
            atexit._run_exitfuncs()
            _exit_now()

    def save_all(self) -> None:
        """Save the work of all sessions; what takes too long is lost, and logged."""
        with self._lock:
            if self._has_begun.is_set():
                return
            self._has_begun.set()
        prepares = [call for each in open_sessions() for call in each.prepare_last_saves]
        saves = [save for prepare in prepares if (save := _prepare_save(prepare)) is not None]
        if not saves:
            return
        # The pages' own threads may be busy, or hang.
        pool = ThreadPoolExecutor(SAVING_THREADS, thread_name_prefix="last-save")
        futures = [pool.submit(save) for save in saves]
        done, late = wait(futures, SAVE_SECONDS)
        pool.shutdown(wait=False, cancel_futures=True)
        errors = [error for each in done if (error := each.exception()) is not None]
        for error in errors:
            log.error("The work of a session could not be saved: %s", error)
        log.info("Saved the work of %d sessions.", len(done) - len(errors))
        if late:
            log.error("Saving took too long: the latest work of %d sessions is lost.", len(late))

    def watch_signal(self) -> None:
        """End the process soon after SIGTERM; where a server handles it, in the main thread."""
        previous = signal.getsignal(signal.SIGTERM)
        if not callable(previous) or threading.current_thread() is not threading.main_thread():
            return

        def on_signal(number: int, frame: FrameType | None) -> None:
            self._is_terminated = True
            threading.Thread(target=self._end, name="shutdown", daemon=True).start()
            previous(number, frame)

        # The event loop is told of signals by the way, whichever function handles them.
        signal.signal(signal.SIGTERM, on_signal)

    def _end(self) -> None:
        started = monotonic()
        if not self._has_begun.wait(LOOP_SECONDS):
            self.save_all()
        threading.Event().wait(max(0.0, EXIT_SECONDS - (monotonic() - started)))
        log.warning("A thread does not end: the process ends without it.")
        _exit_now()


class ShutdownHandler(LifecycleHandler):
    """Has an application of Bokeh's save everything when its server stops."""

    def __init__(self) -> None:
        super().__init__()
        self._shutdown = Shutdown()
        self._on_server_unloaded = lambda _context: self._shutdown.stop()
        self._shutdown.watch_signal()


def save_at_shutdown(document: Document) -> None:
    """Have the application that a document belongs to save everything when its server stops."""
    # Bokeh declares contexts that have none of what a server's contexts have.
    context: Any = document.session_context
    application = context.server_context.application_context.application
    if not any(isinstance(each, ShutdownHandler) for each in application.handlers):
        application.add(ShutdownHandler())


def _exit_now() -> NoReturn:
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(0)


def _prepare_save(prepare: Callable[[], Callback | None]) -> Callback | None:
    try:
        return prepare()
    except Exception:  # The other sessions must be saved.
        log.exception("The work of a session could not be saved.")
        return None
