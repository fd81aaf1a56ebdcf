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
from playground.live import Heartbeat, workers
from playground.pages.errand import Errand, soon
from playground.pages.keep.workplace import Workplace
from playground.runs import Autosaves, Run

EVERY = 5_000
"""Milliseconds between two looks whether there is something new to save."""
NAME = "Saved by itself"

log = logging.getLogger(__name__)


class Autosave:
    """Saves what is learned on one page: every 5 s, at each pause, and when the session ends.

    Nothing is written before `begin`, nor while nothing has been learned since the last time. All
    is read and written in worker threads.

    Parameters
    ----------
    workplace : Workplace
    page : str
        One of `playground.runs.PAGES`.
    heartbeat : Heartbeat
        Of that page.
    autosaves : Autosaves
    say : callable
        Told in a sentence what the person should know: that work is back, or can't be saved.
    """

    def __init__(
        self,
        workplace: Workplace,
        page: str,
        heartbeat: Heartbeat[Any, Any],
        autosaves: Autosaves,
        say: Callable[[str], None],
    ) -> None:
        self._workplace, self._page, self._heartbeat = workplace, page, heartbeat
        self._autosaves, self._say = autosaves, say
        self._key: str | None = None
        self._saved_steps = 0
        self._lock = Lock()
        self._saving: Future[None] | None = None
        self._soon = soon()
        heartbeat.param.watch(self._rest, "running")
        _begin_looking(self)

    def begin(self, key: str, wanted: Callable[[Run], bool] = lambda run: True) -> None:
        """Bring back what this tab has saved, then save whatever is learned from now on.

        An earlier session of the tab, which does not know yet that nobody looks any more, saves
        its work for the last time and rests.

        Parameters
        ----------
        key : str
            The tab's id.
        wanted : callable
            Whether a run is to be brought back; not, say, if the address asks for another.
        """
        before = _owners.get((key, self._page))
        _owners[key, self._page] = self

        def read() -> Run | None:
            if before is not None:
                before.give_way()
            return self._autosaves.open(key, self._page)

        def come_back(run: Run | None) -> None:
            if run is not None and self._workplace.step_count == 0 and wanted(run):
                self._open(run, key)
            else:
                self._start(key)

        def refuse(sentence: str) -> None:
            self._say(sentence)
            self._start(key)

        Errand(come_back, refuse).ask(read)

    def give_way(self) -> None:
        """Save for the last time; another session goes on from there."""
        try:
            self._write()
        finally:
            with self._lock:
                self._key = None
            if self._soon is not None:
                self._soon(self._heartbeat.rest)

    def look(self) -> None:
        """Save if there is something new, unless the last save is still under way."""
        if self._saving is None or self._saving.done():
            self.save()

    def save(self) -> Future[None]:
        """Save if there is something new, once the save that may be under way is done."""
        self._saving = workers.submit(self._write)
        self._saving.add_done_callback(self._report)
        return self._saving

    def end(self, _context: object) -> None:
        """Save as the session ends; from then on there is nobody to be told."""
        self._soon = None
        self._saving = workers.submit(self._write)

    def _open(self, run: Run, key: str) -> None:
        def refuse(sentence: str) -> None:
            self._say(f"Your last work could not be brought back: {sentence}")
            self._start(key)

        def done() -> None:
            self._say("Your work is back as it was saved last.")
            self._start(key)

        try:
            self._workplace.open_run(run, done, refuse)
        except InputError as error:
            refuse(str(error))

    def _start(self, key: str) -> None:
        self._key, self._saved_steps = key, self._workplace.step_count

    def _rest(self, event: param.parameterized.Event) -> None:
        if not event.new:
            self.save()

    def _write(self) -> None:
        with self._lock:
            steps = self._workplace.step_count
            if self._key is not None and steps != self._saved_steps:
                self._autosaves.save(self._key, self._workplace.take_run(NAME))
                self._saved_steps = steps

    def _report(self, saved: Future[None]) -> None:
        """Have the person told on the event loop what went wrong in a worker thread."""
        error = saved.exception()
        if error is None:
            return
        if not isinstance(error, InputError):
            log.error("Work could not be saved by itself.", exc_info=error)
        tell = partial(self._say, f"Your work can't be saved by itself: {error}")
        if self._soon is None:
            tell()
        else:
            self._soon(tell)


_owners: WeakValueDictionary[tuple[str, str], Autosave] = WeakValueDictionary()
"""Who saves the work of a tab on a page: its newest session."""


def _begin_looking(autosave: Autosave) -> None:
    """Have it look from time to time, where there is a loop, until the session ends."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    pn.state.add_periodic_callback(autosave.look, period=EVERY)
    if pn.state.curdoc is not None:
        pn.state.on_session_destroyed(autosave.end)
