"""What is asked of a sweep while it is carried out, from here or by those who watch it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Event
from typing import Literal

from playground.errors import InputError

Command = Literal["pause", "resume", "stop", "cancel"]


class Steering:
    """Pauses, stops and cancels trials; its methods may be called from any thread.

    Parameters
    ----------
    trials : int
        How many trials the sweep has.
    """

    def __init__(self, trials: int) -> None:
        self._trial_count = trials
        self._to_cancel: SimpleQueue[int] = SimpleQueue()
        self._paused, self._stopped, self._cancel_all = Event(), Event(), Event()
        self._inbox: SimpleQueue[int | None] = SimpleQueue()
        """Numbers of trials that are back from a worker; None wakes the loop."""

    def pause(self) -> None:
        """Let workers finish their slices, and give them no others."""
        self._paused.set()
        self._inbox.put(None)

    def resume(self) -> None:
        """Go on."""
        self._paused.clear()
        self._inbox.put(None)

    def stop(self) -> None:
        """Have `run` return, once the slices under way are back; a later one goes on from there.

        Before `run`, that one returns at once.
        """
        self._stopped.set()
        self._inbox.put(None)

    def cancel(self, number: int | None = None) -> None:
        """End a trial for good, or all that have begun, after which `run` returns.

        What they have learned is kept as runs.

        Raises
        ------
        InputError
            If there is no such trial.
        """
        if number is None:
            self._cancel_all.set()
        elif 0 <= number < self._trial_count:
            self._to_cancel.put(number)
        else:
            raise InputError(f"There is no trial {number}: there are {self._trial_count}, from 0.")
        self._inbox.put(None)

    def carry_out(self, command: Command, trial: int | None) -> None:
        """Do one of these by name; `trial` is the one that is cancelled, or None for all."""
        match command:
            case "pause":
                self.pause()
            case "resume":
                self.resume()
            case "stop":
                self.stop()
            case "cancel":
                self.cancel(trial)

    def _take_cancelled(self) -> Iterator[int]:
        """Yield the trials that are to be cancelled."""
        with suppress(Empty):
            while True:
                yield self._to_cancel.get_nowait()

    def _forget_requests(self) -> None:
        """Forget all that was asked of a run that has ended: the next is to go on."""
        self._to_cancel = SimpleQueue()
        for request in (self._paused, self._stopped, self._cancel_all):
            request.clear()
