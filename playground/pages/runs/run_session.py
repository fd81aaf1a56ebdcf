"""A page's work as runs: captured to be saved, and resumed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn

from playground.errors import InputError
from playground.pages.shell.latest_task import LatestTask
from playground.runs import Run, RunSummary
from playground.serving.heartbeat import Heartbeat
from playground.settings import Settings
from playground.training.core.state.state import State
from playground.views.run_thumbnail import thumbnail

Extra = Mapping[str, Any]
"""What a run of a page holds beside its settings, as JSON can hold it."""
OnDone = Callable[[], None]
OnRefused = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RunData:
    """What the settings of a page depend on, such as a table, which runs hold in `extra`.

    Attributes
    ----------
    present : callable
        Returns what the page has now.
    read : callable
        Reads it from what a run holds, in a worker thread; None if the run holds none. Raises
        InputError if that is not valid.
    restore : callable
        Has the page use it.
    settings : tuple of str
        Names of the settings whose values depend on it.
    """

    present: Callable[[], Any]
    read: Callable[[Extra], Any]
    restore: Callable[[Any], None]
    settings: tuple[str, ...]


NO_DATA = RunData(lambda: None, lambda _extra: None, lambda _data: None, ())
"""Of a page whose settings depend on nothing else."""


class RunSession:
    """The work of one page that follows a network.

    Parameters
    ----------
    page : str
        One of `playground.runs.PAGES`.
    heartbeat : Heartbeat
    settings : Settings
    remark : callable
        Shows sentences to the person.
    extra, restore_extra : callable
        Return, and take back, what the page's runs hold beside settings; see `Page.extra`.
    data : RunData
        What is restored before the settings.

    Attributes
    ----------
    page : str
    heartbeat : Heartbeat
    settings : Settings
    trainer : BaseTrainer
    data : RunData
    """

    def __init__(
        self,
        page: str,
        heartbeat: Heartbeat[Any, Any],
        settings: Settings,
        *,
        remark: Callable[..., None],
        extra: Callable[[], dict[str, Any]],
        restore_extra: Callable[[Extra], None],
        data: RunData = NO_DATA,
    ) -> None:
        self.page, self.heartbeat, self.settings = page, heartbeat, settings
        self.trainer, self.data = heartbeat.trainer, data
        self._remark, self._extra, self._restore_extra = remark, extra, restore_extra

    @property
    def step_count(self) -> int:
        """Optimiser steps so far; cheap, to tell whether there is anything new to save."""
        return int(self.trainer.step_count)

    def prepare_capture(self, name: str) -> Callable[[], Run]:
        """Copy the settings, and return a function that copies the rest of the work into a run.

        Called on the event loop, where all changes are made; the function may be called in any
        thread, which without the copy could see half of a change.
        """
        trainer = self.trainer
        try:
            requested = trainer.settings()
            settings, extra = self.settings.values(), self._extra()
        except Exception as error:  # A user's own problem may raise any exception.
            return partial(_raise, error)

        def capture() -> Run:
            with trainer.locked(requested):
                frame, state = trainer.frame(requested), trainer.state(settings=requested)
            size = sum(each.numel() for each in trainer.model.parameters())
            return Run(
                name=name,
                page=self.page,
                settings=settings,
                curves=frame.curves,
                summary=RunSummary(frame.epoch, frame.step, frame.train, frame.test, size),
                thumbnail=thumbnail(frame),
                state=state,
                extra=extra,
            )

        return capture

    def resume_run(self, run: Run, on_done: OnDone, on_refused: OnRefused) -> None:
        """Continue a run. Called on the event loop; the network is restored in a worker thread.

        Parameters
        ----------
        run : Run
        on_done : callable
            Called once the page continues the run.
        on_refused : callable
            Given a sentence that says why it can't; everything is then as it was before.

        Raises
        ------
        InputError
            If the run was made on another page; nothing has changed then.
        """
        if run.page != self.page:
            raise InputError(f"This run was made on the page {run.page}: open it there.")
        self.heartbeat.pause()
        self.heartbeat.shown_checkpoint = None
        settings, extra, present = self.settings.values(), self._extra(), self.data.present()

        def restore(found: tuple[State, Any]) -> None:
            state, data = found
            roll_back = partial(self._roll_back, settings, extra, present, state, on_refused)
            self._restore(run, data, on_done, roll_back)

        # In a worker too: a slice that has not ended keeps others from the network.
        LatestTask(restore, on_refused).submit(
            lambda: (self.trainer.state(), self.data.read(run.extra))
        )

    def _restore(self, run: Run, data: object, on_done: OnDone, roll_back: OnRefused) -> None:
        def on_restored(remarks: tuple[str, ...]) -> None:
            self.heartbeat.show_present()
            self._remark(*remarks)
            on_done()

        try:
            if data is not None:
                self.data.restore(data)
            remarks = self.settings.apply_all(run.settings)
            self._restore_extra(run.extra)
        except InputError as error:
            roll_back(str(error))
            return

        def restore() -> tuple[str, ...]:
            self.trainer.restore(run.state)
            return remarks

        LatestTask(on_restored, roll_back).submit(restore)

    def _roll_back(
        self,
        settings: Mapping[str, Any],
        extra: Extra,
        data: object,
        state: State,
        on_refused: OnRefused,
        sentence: str,
    ) -> None:
        """Restore what was there before, then say why."""

        def on_rolled_back(_: object) -> None:
            self.heartbeat.show_present()
            on_refused(sentence)

        if data is not None:
            self.data.restore(data)
        self.settings.apply(settings)
        self._restore_extra(extra)
        LatestTask(on_rolled_back, on_refused).submit(lambda: self.trainer.restore(state))


def _raise(error: Exception) -> NoReturn:
    raise error
