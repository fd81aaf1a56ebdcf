"""The buttons below a sweep: they pause and cancel it, go on with it, and open its trials."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import panel as pn

from playground.pages.compare.trials.begin_form import begin_sweep
from playground.pages.compare.trials.trial_sentences import can_go_on
from playground.pages.controls.buttons import text_button
from playground.pages.part import Part
from playground.pages.runs.person_files import PersonFiles
from playground.pages.shell.latest_task import LatestTask
from playground.runs import Run
from playground.trials.progress import SweepProgress
from playground.trials.runner_files import WatchedSweep
from playground.trials.trial import Trial

Command = Literal["pause", "resume", "cancel"]


class TrialButtons(Part):
    """Those of the buttons that are of use for the sweep and the trials of `show_for`.

    Parameters
    ----------
    files : PersonFiles
    remark : callable
        Shows a sentence to the person.
    open_run : callable
        Opens a run on its page.
    on_sent : callable
        Called once the process of the sweep has been told something.
    may_go_on : bool
        Whether the person may have a sweep carried out.
    """

    def __init__(
        self,
        files: PersonFiles,
        remark: Callable[[str], None],
        open_run: Callable[[Run], None],
        on_sent: Callable[[], None],
        *,
        may_go_on: bool,
    ) -> None:
        super().__init__()
        self._files, self._may_go_on = files, may_go_on
        self._watched: WatchedSweep | None = None
        self._progress: SweepProgress | None = None
        self._chosen: Sequence[Trial] = ()
        self._send_task: LatestTask[None] = LatestTask(lambda _done: on_sent(), remark)
        self._open_task: LatestTask[Run] = LatestTask(open_run, remark)
        self._buttons = {
            name: text_button(name, act)
            for name, act in (
                ("Pause", lambda: self.send("pause")),
                ("Go on", lambda: self.send("resume")),
                ("Cancel selected", self._cancel_selected),
                ("Cancel all", lambda: self.send("cancel")),
                ("Open the best", self._open_best),
                ("Open selected", self._open_selected),
                ("Go on here", self._go_on),
            )
        }
        self._row = pn.Row(*self._buttons.values(), css_classes=["pg-trial-buttons"], margin=0)

    def __panel__(self) -> pn.Row:
        return self._row

    def show_for(
        self,
        watched: WatchedSweep | None,
        progress: SweepProgress | None,
        chosen: Sequence[Trial],
    ) -> None:
        """Show the buttons of a sweep, and of the trials of it that are selected."""
        self._watched, self._progress, self._chosen = watched, progress, chosen
        running = progress is not None and progress.is_running
        paused = progress is not None and progress.paused
        shown = {
            "Pause": running and not paused,
            "Go on": running and paused,
            "Cancel selected": running and any(each.is_open for each in chosen),
            "Cancel all": running,
            "Open the best": progress is not None and progress.best is not None,
            "Open selected": bool(chosen),
            "Go on here": self._may_go_on and progress is not None and can_go_on(progress),
        }
        for name, is_shown in shown.items():
            self._buttons[name].visible = is_shown

    def send(self, command: Command, trials: Sequence[int | None] = (None,)) -> None:
        """Have the process that carries the sweep out do something."""
        watched = self._watched
        assert watched is not None, "buttons are seen once there is a sweep"

        def work() -> None:
            for each in trials:
                watched.send(command, each)

        self._send_task.submit(work)

    def _cancel_selected(self) -> None:
        self.send("cancel", [each.number for each in self._chosen if each.is_open])

    def _go_on(self) -> None:
        """Have a process carry on with the sweep that is shown."""
        if (progress := self._progress) is not None:
            plan, files = progress.plan, self._files
            self._send_task.submit(lambda: begin_sweep(plan, files))

    def _open_best(self) -> None:
        if self._progress is not None and (best := self._progress.best) is not None:
            self._open(best)

    def _open_selected(self) -> None:
        if self._chosen:
            self._open(self._chosen[0])

    def _open(self, trial: Trial) -> None:
        watched, store = self._watched, self._files.store
        assert watched is not None, "buttons are seen once there is a sweep"
        self._open_task.submit(lambda: watched.run(store, trial))
