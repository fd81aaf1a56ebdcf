"""The card of the trials of `playground sweep`: live, with all trials, and steered from here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Literal

import numpy as np
import panel as pn
import param

from playground.errors import InputError
from playground.pages.compare.comparison import Selection
from playground.pages.compare.parallel_plot import ParallelPlot
from playground.pages.compare.row_filter import filter_tools, matching_rows
from playground.pages.compare.runs_table import RunsTable
from playground.pages.compare.trials.trial_columns import (
    columns_of_trials,
    headings,
    rows,
    words_count,
)
from playground.pages.compare.trials.trial_sentences import (
    progress_html,
    sweep_label,
    trial_html,
)
from playground.pages.controls.buttons import text_button
from playground.pages.controls.live_html import LiveHTML
from playground.pages.controls.parameter_fields import card
from playground.pages.deferred import DeferredColumn
from playground.pages.design import page_design
from playground.pages.part import Part
from playground.pages.runs.person_files import person_files
from playground.pages.shell.latest_task import LatestTask
from playground.runs import Run
from playground.serving.sessions import browser_session
from playground.trials.exchange import WatchedSweep, watched_ids
from playground.trials.progress import SweepProgress
from playground.trials.trial import Trial
from playground.views.live_view import LiveView
from playground.views.theme import Theme

PERIOD = 2000
"""Milliseconds between two looks at the files of sweeps."""
MAX_SWEEPS = 20
"""Sweeps that can be chosen, the newest."""

Command = Literal["pause", "resume", "cancel"]


@dataclass(frozen=True, slots=True)
class Look:
    """What was found at a look.

    Attributes
    ----------
    labels : dict of str to str
        Ids of the sweeps by what they are called.
    id : str
        Of the one that is shown; "" if there is none.
    progress : SweepProgress or None
        How far it is; None if it can't be read.
    problem : str
        Why it can't be read.
    """

    labels: dict[str, str]
    id: str = ""
    progress: SweepProgress | None = None
    problem: str = ""


class TrialsCard(Part):
    """The trials of sweeps that the command `playground sweep` carries out, or has carried out.

    It shows those beside the saved runs of this person, and is hidden while there are none.

    Parameters
    ----------
    theme : callable
        Returns the theme of the page.
    remark : callable
        Shows a sentence to the person.
    open_run : callable
        Opens a run on its page.

    Attributes
    ----------
    selection : Selection
        Places in `SweepProgress.trials`.
    table : RunsTable
    plot : ParallelPlot or None
        None before the first trial.
    """

    only = param.String(
        default="",
        label="Only trials with",
        doc="Words that a trial must have, and conditions: cnn finished, test loss < 0.1",
    )

    def __init__(
        self,
        theme: Callable[[], Theme],
        remark: Callable[[str], None],
        open_run: Callable[[Run], None],
    ) -> None:
        super().__init__()
        self._theme, self._remark = theme, remark
        self._files = person_files()
        self._watched: dict[str, WatchedSweep] = {}
        self._look: Look | None = None
        self._is_showing = False
        self._look_task: LatestTask[Look] = LatestTask(self._show, remark)
        self._send_task: LatestTask[None] = LatestTask(lambda _done: self.look(), remark)
        self._open_task: LatestTask[Run] = LatestTask(open_run, remark)
        self.selection = Selection()
        self.table = RunsTable()
        self.table.on_select = self._on_select
        self.plot: ParallelPlot | None = None
        self._choice = pn.widgets.Select(
            name="Sweep", options={}, sizing_mode="stretch_width", margin=0
        )
        self._choice.param.watch(self._on_choice, "value")
        self._sentence = LiveHTML("", css_classes=["pg-verdict"], margin=0)
        self._buttons = {
            name: text_button(name, act)
            for name, act in (
                ("Pause", lambda: self._send("pause")),
                ("Go on", lambda: self._send("resume")),
                ("Cancel selected", self._cancel_selected),
                ("Cancel all", lambda: self._send("cancel")),
                ("Open the best", self._open_best),
                ("Open selected", self._open_selected),
            )
        }
        self._place = pn.Column(css_classes=["pg-trial-axes"], margin=0)
        opened = card(
            "Trials of <code>playground sweep</code> <small>drag along an axis to select</small>",
            self._choice,
            self._sentence,
            pn.Row(*self._buttons.values(), css_classes=["pg-trial-buttons"], margin=0),
            self._place,
            pn.Column(self.table, css_classes=["pg-trial-table"], margin=0),
            area="trials",
            tools=filter_tools(self, "Only: cnn, test loss < 0.1", self._select_shown),
        )
        self._card = DeferredColumn(
            opened, css_classes=["pg-trials-place"], margin=0, visible=False
        )
        self.selection.param.watch(self._show_selected, "selected")
        self.look()
        self._session = browser_session()
        if self._session is not None:
            pn.state.add_periodic_callback(self._look_if_seen, period=PERIOD)

    def __panel__(self) -> pn.Column:
        return self._card

    @property
    def views(self) -> tuple[LiveView, ...]:
        """The parallel coordinates, once there is a trial."""
        return () if self.plot is None else (self.plot.view,)

    # Looking -------------------------------------------------------------------------------------

    def _on_choice(self, _event: object) -> None:
        if not self._is_showing:
            self.look()

    def look(self) -> None:
        """Read the files of the sweep that is chosen, unless there are none."""
        runs = self._files.runs
        if not (runs / "sweeps").is_dir() or self._look_task.busy:
            return
        chosen = str(self._choice.value or "")
        self._look_task.submit(lambda: self._read(runs, chosen))

    def _look_if_seen(self) -> None:
        if self._session is not None and self._session.is_connected:
            self.look()

    def _read(self, runs: Path, chosen: str) -> Look:
        """Read the sweeps in a worker thread."""
        ids = watched_ids(runs)[:MAX_SWEEPS]
        if not ids:
            return Look({})
        labels, found = {}, Look({})
        for id in ids:
            watched = self._watched.setdefault(id, WatchedSweep(runs, id))
            try:
                label, progress, problem = sweep_label(watched.plan()), None, ""
                if id == (chosen or ids[0]):
                    progress = watched.progress()
            except InputError as error:
                label, progress, problem = f"{id}: can't be read", None, str(error)
            labels[label if label not in labels else f"{label} ({id[:4]})"] = id
            if id == (chosen or ids[0]):
                found = Look(labels, id, progress, problem)
        return found if found.id else Look(labels, ids[0], None, "This sweep was deleted.")

    def _show(self, look: Look) -> None:
        before, self._look = self._look, look
        if dict(self._choice.options) != look.labels or (self._choice.value or "") != look.id:
            self._is_showing = True
            try:
                self._choice.param.update(options=look.labels, value=look.id or None)
            finally:
                self._is_showing = False
        if before is not None and before.id != look.id:
            self.selection.selected = ()
        if look.progress is None:
            self._sentence.object = f"<p>{escape(look.problem)}</p>"
        elif before is None or before.progress != look.progress:
            self._show_progress(look.progress)
        self._show_buttons()
        self._card.visible = bool(look.labels)

    def _show_progress(self, progress: SweepProgress) -> None:
        self._show_sentence()
        self.table.param.update(
            headings=headings(progress), rows=rows(progress), shown=self._matching
        )
        if not progress.trials:
            return
        columns = columns_of_trials(progress)
        if self.plot is not None:
            self.plot.show(columns)
            return
        with page_design():
            self.plot = ParallelPlot(self.selection, columns, self._theme())
            self._place.objects = [self.plot]

    def _show_sentence(self) -> None:
        if (progress := self._progress) is not None:
            chosen = self._selected
            selected = f"<p>Selected: {trial_html(progress, chosen[0])}.</p>" if chosen else ""
            self._sentence.object = progress_html(progress) + selected

    def _show_buttons(self) -> None:
        progress, chosen = self._progress, self._selected
        running = progress is not None and progress.is_running
        paused = progress is not None and progress.paused
        shown = {
            "Pause": running and not paused,
            "Go on": running and paused,
            "Cancel selected": running and any(each.is_open for each in chosen),
            "Cancel all": running,
            "Open the best": progress is not None and progress.best is not None,
            "Open selected": bool(chosen),
        }
        for name, is_shown in shown.items():
            self._buttons[name].visible = is_shown

    @property
    def _progress(self) -> SweepProgress | None:
        return None if self._look is None else self._look.progress

    # Selecting -----------------------------------------------------------------------------------

    @property
    def _selected(self) -> list[Trial]:
        trials = () if self._progress is None else self._progress.trials
        return [trials[place] for place in self.selection.selected if place < len(trials)]

    @property
    def _matching(self) -> list[bool]:
        progress = self._progress
        if progress is None:
            return []
        return matching_rows(self.only, headings(progress), rows(progress), words_count(progress))

    @param.depends("only", watch=True)
    def _filter_rows(self) -> None:
        self.table.shown = self._matching

    def _select_shown(self) -> None:
        self.selection.selected = tuple(np.flatnonzero(self.table.shown).tolist())

    def _on_select(self, selected: tuple[int, ...]) -> None:
        self.selection.selected = selected

    def _show_selected(self, *_events: object) -> None:
        self.table.selected = list(self.selection.selected)
        self._show_sentence()
        self._show_buttons()

    # Steering ------------------------------------------------------------------------------------

    def _send(self, command: Command, trials: Sequence[int | None] = (None,)) -> None:
        watched = self._shown_sweep

        def send() -> None:
            for each in trials:
                watched.send(command, each)

        self._send_task.submit(send)

    def _cancel_selected(self) -> None:
        self._send("cancel", [each.number for each in self._selected if each.is_open])

    def _open_best(self) -> None:
        if self._progress is not None and (best := self._progress.best) is not None:
            self._open(best)

    def _open_selected(self) -> None:
        if self._selected:
            self._open(self._selected[0])

    def _open(self, trial: Trial) -> None:
        watched, store = self._shown_sweep, self._files.store
        self._open_task.submit(lambda: watched.run(store, trial))

    @property
    def _shown_sweep(self) -> WatchedSweep:
        assert self._look is not None, "buttons are shown after a look"
        return self._watched[self._look.id]
