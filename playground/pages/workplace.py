"""A page's work as runs: taken down to be kept, and gone on with."""

from __future__ import annotations

from playground.errors import InputError
from playground.pages.errand import Errand
from playground.pages.keep.workplace import Ended, Kept, Refused
from playground.runs import Run, Summary
from playground.views.thumbnail import thumbnail


class Work:
    """What is done on a page; see `playground.pages.keep.workplace.Workplace`.

    Parameters
    ----------
    page : Page
        That follows a network already.
    """

    def __init__(self, page: Kept) -> None:
        self._page = page
        self._trainer = page.heartbeat.trainer

    @property
    def step_count(self) -> int:
        """Optimiser steps so far."""
        return int(self._trainer.step_count)

    def take_run(self, name: str) -> Run:
        """Take down the work as it is, from whatever thread."""
        page, trainer = self._page, self._trainer
        with trainer.still():
            frame, state = trainer.frame(), trainer.state()
            settings, extra = page.settings.values(), page.extra()
        size = sum(each.numel() for each in trainer.model.parameters())
        return Run(
            name=name,
            page=page.title,
            settings=settings,
            curves=frame.curves,
            summary=Summary(frame.epoch, frame.step, frame.train, frame.test, size),
            thumbnail=thumbnail(frame),
            state=state,
            extra=extra,
        )

    def open_run(self, run: Run, done: Ended, refused: Refused) -> None:
        """Go on with a run; its network is restored off the event loop."""
        page = self._page
        if run.page != page.title:
            raise InputError(f"This run was made on the page {run.page}: open it there.")
        page.rest()
        page.heartbeat.back = None
        before = page.settings.values(), page.extra(), self._trainer.state()

        def back(sentence: str) -> None:
            def undone(_: object) -> None:
                page.heartbeat.come_back()
                refused(sentence)

            settings, extra, state = before
            page.settings.take(settings)
            page.take_extra(extra)
            Errand(undone, refused).ask(lambda: self._trainer.restore(state))

        def restored(told: tuple[str, ...]) -> None:
            page.heartbeat.come_back()
            page.remark(*told)
            done()

        try:
            told = page.settings.take(run.settings)
            page.take_extra(run.extra)
        except InputError as error:
            back(str(error))
            return

        def restore() -> tuple[str, ...]:
            self._trainer.restore(run.state)
            return told

        Errand(restored, back).ask(restore)
