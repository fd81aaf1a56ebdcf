"""A page's work as runs: taken down to be kept, and gone on with."""

from __future__ import annotations

from playground.errors import InputError
from playground.pages.runs.protocols import OnDone, OnRefused, SavablePage
from playground.pages.shell.latest_task import LatestTask
from playground.runs import Run, RunSummary
from playground.views.run_thumbnail import thumbnail


class RunSession:
    """What is done on a page; see `playground.pages.runs.protocols.SupportsRuns`.

    Parameters
    ----------
    page : Page
        That follows a network already.
    """

    def __init__(self, page: SavablePage) -> None:
        self._page = page
        self._trainer = page.heartbeat.trainer

    @property
    def step_count(self) -> int:
        """Optimiser steps so far."""
        return int(self._trainer.step_count)

    def capture_run(self, name: str) -> Run:
        """Take down the work as it is, from whatever thread."""
        page, trainer = self._page, self._trainer
        with trainer.locked():
            frame, state = trainer.frame(), trainer.state()
            settings, extra = page.settings.values(), page.extra()
        size = sum(each.numel() for each in trainer.model.parameters())
        return Run(
            name=name,
            page=page.title,
            settings=settings,
            curves=frame.curves,
            summary=RunSummary(frame.epoch, frame.step, frame.train, frame.test, size),
            thumbnail=thumbnail(frame),
            state=state,
            extra=extra,
        )

    def resume_run(self, run: Run, on_done: OnDone, on_refused: OnRefused) -> None:
        """Go on with a run; its network is restored off the event loop."""
        page = self._page
        if run.page != page.title:
            raise InputError(f"This run was made on the page {run.page}: open it there.")
        page.pause()
        page.heartbeat.shown_checkpoint = None
        previous = page.settings.values(), page.extra(), self._trainer.state()

        def back(sentence: str) -> None:
            def on_rolled_back(_: object) -> None:
                page.heartbeat.show_present()
                on_refused(sentence)

            settings, extra, state = previous
            page.settings.apply(settings)
            page.restore_extra(extra)
            LatestTask(on_rolled_back, on_refused).submit(lambda: self._trainer.restore(state))

        def on_restored(remarks: tuple[str, ...]) -> None:
            page.heartbeat.show_present()
            page.remark(*remarks)
            on_done()

        try:
            remarks = page.settings.apply(run.settings)
            page.restore_extra(run.extra)
        except InputError as error:
            back(str(error))
            return

        def restore() -> tuple[str, ...]:
            self._trainer.restore(run.state)
            return remarks

        LatestTask(on_restored, back).submit(restore)
