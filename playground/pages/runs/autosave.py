"""Saves a page's work automatically, and restores it after a reload or a crash of the server."""

from __future__ import annotations

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
from playground.pages.shell.latest_task import LatestTask
from playground.runs import Autosaves, Run
from playground.serving.heartbeat import Heartbeat
from playground.serving.sessions import browser_session, loop_scheduler
from playground.serving.threads.thread_pools import workers

PERIOD = 5_000
"""Milliseconds between two checks whether there is something new to save."""
AUTOSAVE_NAME = "Autosave"

CONTINUED_ELSEWHERE = (
    "The work of this tab goes on in another process of the server, and is saved there. Reload the"
    " page to see it."
)

log = logging.getLogger(__name__)


class Autosave:
    """Saves the work of one page.

    That is every 5 s, at each pause, when the connection is lost, when the session ends and when
    the server stops. Nothing is written before `begin`, nor if no step has been taken since the
    last save. Files are read and written in worker threads.

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
    on_saved : callable
        Called on the event loop after each save: with "", or with a sentence that says why it
        failed.
    """

    def __init__(
        self,
        session: RunSession,
        page: str,
        heartbeat: Heartbeat[Any, Any],
        autosaves: Autosaves,
        notify: Callable[[str], None],
        on_saved: Callable[[str], None] = lambda problem: None,
    ) -> None:
        self._session, self._page, self._heartbeat = session, page, heartbeat
        self._autosaves, self._notify, self._on_saved = autosaves, notify, on_saved
        self._key: str | None = None
        self._on_begun: Callable[[], None] = lambda: None
        self._saved_steps = 0
        self._version: int | None = None
        self._lock = Lock()
        self._saving: Future[None] | None = None
        self._schedule = loop_scheduler()
        heartbeat.param.watch(self._on_running_changed, "running")
        self._watch_session()

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
        hand_over = None if previous is None else previous.prepare_hand_over()

        def read() -> Run | None:
            if hand_over is not None:
                hand_over()
            run = self._autosaves.open(key, self._page)
            self._version = self._autosaves.claim(key, self._page)
            return run

        def restore(run: Run | None) -> None:
            if run is not None and self._session.step_count == 0 and should_restore(run):
                self._restore(run, key)
            else:
                self._start(key)

        def on_refused(sentence: str) -> None:
            self._notify(sentence)
            self._start(key)

        LatestTask(restore, on_refused).submit(read)

    def prepare_hand_over(self) -> Callable[[], None]:
        """Return a function that saves for the last time and pauses, in a worker thread.

        Another session of the tab takes over.
        """
        save = self.prepare_save()

        def hand_over() -> None:
            try:
                if save is not None:
                    save()
            finally:
                with self._lock:
                    self._key = None
                if self._schedule is not None:
                    self._schedule(self._heartbeat.pause)

        return hand_over

    def prepare_save(self) -> Callable[[], None] | None:
        """Return a function that saves, in whatever thread; None if there is nothing new.

        Called on the event loop, where the settings are copied.
        """
        if self._key is None or self._session.step_count == self._saved_steps:
            return None
        return partial(self._write, self._session.prepare_capture(AUTOSAVE_NAME))

    def save_if_idle(self) -> None:
        """Save if there is something new, unless the last save is still running."""
        if self._saving is None or self._saving.done():
            self.save()

    def save(self) -> Future[None] | None:
        """Save, after a save that may be running; None if there is nothing new."""
        save = self.prepare_save()
        if save is None:
            return None
        self._saving = workers.submit(save)
        self._saving.add_done_callback(self._report)
        return self._saving

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

    def _write(self, capture: Callable[[], Run]) -> None:
        with self._lock:
            steps = self._session.step_count
            if self._key is None or steps == self._saved_steps:
                return
            version = self._autosaves.version(self._key, self._page)
            if None not in (version, self._version) and version != self._version:
                self._stop_saving()
                return
            self._autosaves.save(self._key, capture())
            self._saved_steps = steps
            self._version = self._autosaves.version(self._key, self._page)

    def _stop_saving(self) -> None:
        """Leave the work of the tab to its session in another process, which has begun since."""
        self._key = None
        for call in (self._heartbeat.pause, partial(self._notify, CONTINUED_ELSEWHERE)):
            call() if self._schedule is None else self._schedule(call)

    def _report(self, saved: Future[None]) -> None:
        """Show on the event loop why a save in a worker thread failed."""
        error = saved.exception()
        if error is not None and not isinstance(error, InputError):
            log.error("Autosave failed.", exc_info=error)
        report = partial(self._show_saved, "" if error is None else str(error))
        if self._schedule is None:
            report()
        else:
            self._schedule(report)

    def _show_saved(self, problem: str) -> None:
        if problem:
            self._notify(f"Autosave failed: {problem}")
        self._on_saved(problem)

    def _watch_session(self) -> None:
        """Check for something new every `PERIOD`, and when the connection or the session ends."""
        if (session := browser_session()) is not None:
            session.on_lost.append(self._save_what_is_new)
            session.on_end.append(self._save_what_is_new)
            session.prepare_last_saves.append(self.prepare_save)
        if self._schedule is not None:
            pn.state.add_periodic_callback(self.save_if_idle, period=PERIOD)

    def _save_what_is_new(self) -> None:
        self.save()


_active_autosaves: WeakValueDictionary[tuple[Path, str, str], Autosave] = WeakValueDictionary()
"""The autosave of the newest session, by folder, tab and page."""
