"""Continuing a run from a checkpoint, and returning to the branch that was left."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import panel as pn

from playground.errors import InputError
from playground.pages.controls.deferred import DeferredRow
from playground.pages.part import Part
from playground.pages.runs.run_session import RunSession
from playground.pages.shell.latest_task import LatestTask
from playground.runs import Run
from playground.serving.heartbeat import Heartbeat

BRANCH_NAME = "Other branch"


class Branches(Part):
    """Buttons that branch a run at a checkpoint, and swap the branch with the one set aside.

    Parameters
    ----------
    heartbeat : Heartbeat
        The checkpoint that it shows is where the run branches.
    run_session : callable
        Returns the page's work; called only once the page follows a network.
    """

    def __init__(
        self, heartbeat: Heartbeat[Any, Any], run_session: Callable[[], RunSession]
    ) -> None:
        super().__init__()
        self._heartbeat, self._run_session = heartbeat, run_session
        self._other_branch: Run | None = None
        self._branch_task: LatestTask[Run] = LatestTask(self._on_branched, self._show_failure)
        self._swap_task: LatestTask[Run] = LatestTask(self._swap_in, self._show_failure)
        heartbeat.param.watch(self._show, "shown_checkpoint")
        self._row = DeferredRow(make=self._make_buttons, css_classes=["pg-branches"], margin=0)

    def __panel__(self) -> DeferredRow:
        return self._row

    def _make_buttons(self) -> list[pn.widgets.Button]:
        self._latest_button = _branch_button("Back to now", self._heartbeat.show_present)
        self._continue_button = _branch_button("Continue from here", self._branch_here)
        self._other_button = _branch_button("Other branch", self._request_other)
        return [self._latest_button, self._continue_button, self._other_button]

    def set_aside(self, run: Run) -> None:
        """Offer a run that the page has left as the other branch."""
        self._other_branch = run
        self._show()

    def forget(self) -> None:
        """Offer no other branch, since it is about something else than what is learned now."""
        self._other_branch = None
        self._show()

    def open_run(self, make_run: Callable[[], Run], refuse: Callable[[str], None]) -> None:
        """Have the page continue another run, and offer the one that it leaves.

        Parameters
        ----------
        make_run : callable
            Returns the run; called in a worker thread.
        refuse : callable
            Called with the reason why the run can't be continued; the page is then as it was.
        """
        session = self._run_session()
        capture = session.prepare_capture(BRANCH_NAME)

        def resume(runs: tuple[Run, Run]) -> None:
            left, opened = runs
            try:
                session.resume_run(opened, partial(self._keep_trained, left), refuse)
            except InputError as error:
                refuse(str(error))

        LatestTask(resume, refuse).submit(lambda: (capture(), make_run()))

    def _keep_trained(self, run: Run) -> None:
        if run.summary.step:
            self.set_aside(run)

    def _show(self, *_: object) -> None:
        scrubbing = self._heartbeat.shown_checkpoint is not None
        has_other = self._other_branch is not None
        if not (scrubbing or has_other or len(self._row)):
            return  # no button was ever needed
        self._row.make_content()
        self._continue_button.visible = self._latest_button.visible = scrubbing
        self._other_button.visible = has_other and not scrubbing
        self._row.show_content()

    def _branch_here(self, _event: object) -> None:
        shown_checkpoint = self._heartbeat.shown_checkpoint
        if shown_checkpoint is None:
            return
        self._heartbeat.shown_checkpoint = None
        capture = self._run_session().prepare_capture(BRANCH_NAME)
        trainer = self._heartbeat.trainer

        def branch() -> Run:
            other_branch = capture()
            trainer.branch(shown_checkpoint)
            return other_branch

        self._branch_task.submit(branch)

    def _on_branched(self, other_branch: Run) -> None:
        self._heartbeat.show_present()
        self.set_aside(other_branch)

    def _request_other(self, _event: object) -> None:
        self._heartbeat.pause()
        self._swap_task.submit(self._run_session().prepare_capture(BRANCH_NAME))

    def _swap_in(self, here: Run) -> None:
        other, self._other_branch = self._other_branch, here

        def keep_current(sentence: str) -> None:
            self._other_branch = other
            self._show_failure(sentence)

        if other is not None:
            self._run_session().resume_run(other, self._show, keep_current)

    def _show_failure(self, sentence: str) -> None:
        self._heartbeat.failure = sentence


def _branch_button(name: str, act: Callable[[object], None]) -> pn.widgets.Button:
    button = pn.widgets.Button(name=name, visible=False, margin=0, css_classes=["pg-branch"])
    button.on_click(act)
    return button
