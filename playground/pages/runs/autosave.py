"""Work that is saved by itself, and back after whatever has happened to the server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary

import panel as pn
import param

from playground.errors import InputError
from playground.pages.runs.protocols import SupportsRuns
from playground.pages.shell.latest_task import LatestTask, loop_scheduler
from playground.runs import Autosaves, Run
from playground.serving.heartbeat import Heartbeat, workers

PERIOD = 5_000
"""Milliseconds between two looks whether there is something new to save."""
AUTOSAVE_NAME = "Saved by itself"

log = logging.getLogger(__name__)


class Autosave:
    """Saves what is learned on one page: every 5 s, at each pause, and when the session ends.

    Nothing is written before `begin`, nor while nothing has been learned since the last time. All
    is read and written in worker threads.

    Parameters
    ----------
    session : SupportsRuns
    page : str
        One of `playground.runs.PAGES`.
    heartbeat : Heartbeat
        Of that page.
    autosaves : Autosaves
    notify : callable
        Told in a sentence what the person should know: that work is back, or can't be saved.
    """

    def __init__(
        self,
        session: SupportsRuns,
        page: str,
        heartbeat: Heartbeat[Any, Any],
        autosaves: Autosaves,
        notify: Callable[[str], None],
    ) -> None:
        self._session, self._page, self._heartbeat = session, page, heartbeat
        self._autosaves, self._notify = autosaves, notify
        self._key: str | None = None
        self._saved_steps = 0
        self._lock = Lock()
        self._saving: Future[None] | None = None
        self._schedule = loop_scheduler()
        heartbeat.param.watch(self._on_running_changed, "running")
        _start_timer(self)

    def begin(self, key: str, should_restore: Callable[[Run], bool] = lambda run: True) -> None:
        """Bring back what this tab has saved, then save whatever is learned from now on.

        An earlier session of the tab, which does not know yet that nobody looks any more, saves
        its work for the last time and rests.

        Parameters
        ----------
        key : str
            The tab's id.
        should_restore : callable
            Whether a run is to be brought back; not, say, if the address asks for another.
        """
        previous = _active_autosaves.get((key, self._page))
        _active_autosaves[key, self._page] = self

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
        """Save for the last time; another session goes on from there."""
        try:
            self._write()
        finally:
            with self._lock:
                self._key = None
            if self._schedule is not None:
                self._schedule(self._heartbeat.pause)

    def save_if_idle(self) -> None:
        """Save if there is something new, unless the last save is still under way."""
        if self._saving is None or self._saving.done():
            self.save()

    def save(self) -> Future[None]:
        """Save if there is something new, once the save that may be under way is done."""
        self._saving = workers.submit(self._write)
        self._saving.add_done_callback(self._report)
        return self._saving

    def on_session_end(self, _context: object) -> None:
        """Save as the session ends; from then on there is nobody to be told."""
        self._schedule = None
        self._saving = workers.submit(self._write)

    def _restore(self, run: Run, key: str) -> None:
        def on_refused(sentence: str) -> None:
            self._notify(f"Your last work could not be brought back: {sentence}")
            self._start(key)

        def done() -> None:
            self._notify("Your work is back as it was saved last.")
            self._start(key)

        try:
            self._session.resume_run(run, done, on_refused)
        except InputError as error:
            on_refused(str(error))

    def _start(self, key: str) -> None:
        self._key, self._saved_steps = key, self._session.step_count

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
        """Have the person told on the event loop what went wrong in a worker thread."""
        error = saved.exception()
        if error is None:
            return
        if not isinstance(error, InputError):
            log.error("Work could not be saved by itself.", exc_info=error)
        notify_failure = partial(self._notify, f"Your work can't be saved by itself: {error}")
        if self._schedule is None:
            notify_failure()
        else:
            self._schedule(notify_failure)


_active_autosaves: WeakValueDictionary[tuple[str, str], Autosave] = WeakValueDictionary()
"""Who saves the work of a tab on a page: its newest session."""


def _start_timer(autosave: Autosave) -> None:
    """Have it look from time to time, where there is a loop, until the session ends."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    pn.state.add_periodic_callback(autosave.save_if_idle, period=PERIOD)
    if pn.state.curdoc is not None:
        pn.state.on_session_destroyed(autosave.on_session_end)
