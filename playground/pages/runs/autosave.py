"""Saves a page's work automatically, and restores it after a reload or a crash of the server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary

import panel as pn
import param

from playground.errors import InputError
from playground.pages.runs.run_session import RunSession
from playground.pages.shell.latest_task import LatestTask, loop_scheduler
from playground.runs import Autosaves, Run
from playground.serving.heartbeat import Heartbeat
from playground.serving.workers import workers

PERIOD = 5_000
"""Milliseconds between two checks whether there is something new to save."""
AUTOSAVE_NAME = "Autosave"

log = logging.getLogger(__name__)


class Autosave:
    """Saves the work of one page: every 5 s, at each pause, and when the session ends.

    Nothing is written before `begin`, nor if no step has been taken since the last save. Files are
    read and written in worker threads.

    Parameters
    ----------
    session : RunSession
    page : str
        One of `playground.runs.PAGES`.
    heartbeat : Heartbeat
        Of that page.
    autosaves : Autosaves
    notify : callable
        Shows a sentence to the person: that work was restored, or can't be saved.
    """

    def __init__(
        self,
        session: RunSession,
        page: str,
        heartbeat: Heartbeat[Any, Any],
        autosaves: Autosaves,
        notify: Callable[[str], None],
    ) -> None:
        self._session, self._page, self._heartbeat = session, page, heartbeat
        self._autosaves, self._notify = autosaves, notify
        self._key: str | None = None
        self._on_begun: Callable[[], None] = lambda: None
        self._saved_steps = 0
        self._lock = Lock()
        self._saving: Future[None] | None = None
        self._schedule = loop_scheduler()
        heartbeat.param.watch(self._on_running_changed, "running")
        _start_timer(self)

    def begin(
        self,
        key: str,
        should_restore: Callable[[Run], bool] = lambda run: True,
        on_begun: Callable[[], None] = lambda: None,
    ) -> None:
        """Restore what this tab has saved, then save from now on.

        An earlier session of the tab that has not ended yet saves for the last time and stops.

        Parameters
        ----------
        key : str
            The tab's id.
        should_restore : callable
            Whether to restore a run; not, for example, if the address asks for another one.
        on_begun : callable
            Called when the work is restored, or is known not to be.
        """
        self._on_begun = on_begun
        # With the folder: another person may claim to have the same tab.
        tab = self._autosaves.folder, key, self._page
        previous = _active_autosaves.get(tab)
        _active_autosaves[tab] = self

        def read() -> Run | None:
            if previous is not None:
                previous.hand_over()
            return self._autosaves.open(key, self._page)

        def restore(run: Run | None) -> None:
            if run is not None and self._session.step_count == 0 and should_restore(run):
                self._restore(run, key)
            else:
                self._start(key)

        def on_refused(sentence: str) -> None:
            self._notify(sentence)
            self._start(key)

        LatestTask(restore, on_refused).submit(read)

    def hand_over(self) -> None:
        """Save for the last time and pause; another session of the tab takes over."""
        try:
            self._write()
        finally:
            with self._lock:
                self._key = None
            if self._schedule is not None:
                self._schedule(self._heartbeat.pause)

    def save_if_idle(self) -> None:
        """Save if there is something new, unless the last save is still running."""
        if self._saving is None or self._saving.done():
            self.save()

    def save(self) -> Future[None]:
        """Save if there is something new, after a save that may be running."""
        self._saving = workers.submit(self._write)
        self._saving.add_done_callback(self._report)
        return self._saving

    def on_session_end(self, _context: object) -> None:
        """Save as the session ends; no message can be shown any more."""
        self._schedule = None
        self._saving = workers.submit(self._write)

    def _restore(self, run: Run, key: str) -> None:
        def on_refused(sentence: str) -> None:
            self._notify(f"Your last work could not be restored: {sentence}")
            self._start(key)

        def done() -> None:
            self._notify("Your work was restored from the last autosave.")
            self._start(key)

        try:
            self._session.resume_run(run, done, on_refused)
        except InputError as error:
            on_refused(str(error))

    def _start(self, key: str) -> None:
        self._key, self._saved_steps = key, self._session.step_count
        self._on_begun()

    def _on_running_changed(self, event: param.parameterized.Event) -> None:
        if not event.new:
            self.save()

    def _write(self) -> None:
        with self._lock:
            steps = self._session.step_count
            if self._key is not None and steps != self._saved_steps:
                self._autosaves.save(self._key, self._session.capture_run(AUTOSAVE_NAME))
                self._saved_steps = steps

    def _report(self, saved: Future[None]) -> None:
        """Show on the event loop why a save in a worker thread failed."""
        error = saved.exception()
        if error is None:
            return
        if not isinstance(error, InputError):
            log.error("Autosave failed.", exc_info=error)
        notify_failure = partial(self._notify, f"Autosave failed: {error}")
        if self._schedule is None:
            notify_failure()
        else:
            self._schedule(notify_failure)


_active_autosaves: WeakValueDictionary[tuple[Path, str, str], Autosave] = WeakValueDictionary()
"""The autosave of the newest session, by folder, tab and page."""


def _start_timer(autosave: Autosave) -> None:
    """Check for something new every `PERIOD`, where an event loop runs, until the session ends."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    pn.state.add_periodic_callback(autosave.save_if_idle, period=PERIOD)
    if pn.state.curdoc is not None:
        pn.state.on_session_destroyed(autosave.on_session_end)
