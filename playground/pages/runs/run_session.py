"""A page's work as runs: captured to be saved, and resumed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from playground.errors import InputError
from playground.pages.shell.latest_task import LatestTask
from playground.runs import Run, RunSummary
from playground.serving.heartbeat import Heartbeat
from playground.settings import Settings
from playground.training.core.state.state import State
from playground.views.run_thumbnail import thumbnail

OnDone = Callable[[], None]
OnRefused = Callable[[str], None]
Extra = Mapping[str, Any]
"""What a run of a page holds beside its settings, as JSON can hold it."""


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

    Attributes
    ----------
    page : str
    heartbeat : Heartbeat
    settings : Settings
    trainer : BaseTrainer
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
    ) -> None:
        self.page, self.heartbeat, self.settings = page, heartbeat, settings
        self.trainer = heartbeat.trainer
        self._remark, self._extra, self._restore_extra = remark, extra, restore_extra

    @property
    def step_count(self) -> int:
        """Optimiser steps so far; cheap, to tell whether there is anything new to save."""
        return int(self.trainer.step_count)

    def capture_run(self, name: str) -> Run:
        """Copy the work as it is into a run; may be called in any thread."""
        trainer = self.trainer
        with trainer.locked():
            frame, state = trainer.frame(), trainer.state()
            settings, extra = self.settings.values(), self._extra()
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
        settings, extra = self.settings.values(), self._extra()

        def restore(state: State) -> None:
            roll_back = partial(self._roll_back, settings, extra, state, on_refused)
            self._restore(run, on_done, roll_back)

        # In a worker too: a slice that has not ended keeps others from the network.
        LatestTask(restore, on_refused).submit(self.trainer.state)

    def _restore(self, run: Run, on_done: OnDone, roll_back: OnRefused) -> None:
        def on_restored(remarks: tuple[str, ...]) -> None:
            self.heartbeat.show_present()
            self._remark(*remarks)
            on_done()

        try:
            remarks = self.settings.apply(run.settings)
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
        state: State,
        on_refused: OnRefused,
        sentence: str,
    ) -> None:
        """Restore what was there before, then say why."""

        def on_rolled_back(_: object) -> None:
            self.heartbeat.show_present()
            on_refused(sentence)

        self.settings.apply(settings)
        self._restore_extra(extra)
        LatestTask(on_rolled_back, on_refused).submit(lambda: self.trainer.restore(state))
