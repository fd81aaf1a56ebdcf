"""The card of the trials of `playground sweep`: live, with all trials, begun and steered here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from html import escape
from pathlib import Path

import numpy as np
import panel as pn
import param

from playground.errors import InputError
from playground.pages.compare.comparison import Comparison
from playground.pages.compare.sweep.problem_choice import ProblemChoice
from playground.pages.compare.table.row_filter import filter_tools, matching_rows
from playground.pages.compare.table.runs_table import RunsTable
from playground.pages.compare.trials.begin_form import BeginForm, may_begin
from playground.pages.compare.trials.look import Look
from playground.pages.compare.trials.trial_buttons import TrialButtons
from playground.pages.compare.trials.trial_columns import headings, words_count
from playground.pages.compare.trials.trial_figures import TrialFigures
from playground.pages.compare.trials.trial_runs import AXES, TrialRuns
from playground.pages.compare.trials.trial_sentences import (
    progress_html,
    sweep_label,
    trial_html,
    with_process,
)
from playground.pages.controls.deferred import DeferredColumn
from playground.pages.controls.fields.parameter_fields import card
from playground.pages.controls.live_html import LiveHTML
from playground.pages.design import page_design
from playground.pages.part import Part
from playground.pages.runs.person_files import person_files
from playground.pages.shell.latest_task import LatestTask
from playground.pages.shell.loop_steps import Step, in_steps
from playground.runs import Run
from playground.serving.sessions import browser_session
from playground.trials.launch import launched_sweep
from playground.trials.progress import SweepProgress
from playground.trials.runner_files import WatchedSweep, watched_ids
from playground.trials.trial import Trial
from playground.views.live_view import LiveView
from playground.views.theme import Theme

PERIOD = 2000
"""Milliseconds between two looks at the files of sweeps."""
MAX_SWEEPS = 20
"""Sweeps that can be chosen, the newest."""


class TrialsCard(Part):
    """The trials of sweeps that the command `playground sweep` carries out, or has carried out.

    It shows those beside the saved runs of this person. Who may begin sweeps gets a form for it;
    for others it is hidden while there are none.

    Parameters
    ----------
    theme : callable
        Returns the theme of the page.
    remark : callable
        Shows a sentence to the person.
    open_run : callable
        Opens a run on its page.
    problem : ProblemChoice
        What the networks of the page learn; a table of one's own can be learned by trials, too.

    Attributes
    ----------
    selection : Comparison
        Places in `SweepProgress.trials` are selected.
    table : RunsTable
    figures : TrialFigures or None
        None before the first trial.
    form : BeginForm or None
        None for who may not begin sweeps.
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
        problem: ProblemChoice,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._files = person_files()
        self._watched: dict[str, WatchedSweep] = {}
        self._look: Look | None = None
        self._shown: SweepProgress | None = None
        self._asked = ""
        self._look_task: LatestTask[Look] = LatestTask(self._show, remark)
        self._prepare_task: LatestTask[TrialFigures] = LatestTask(self._place_figures, remark)
        self.selection = Comparison()
        self.table = RunsTable()
        self.table.on_select = self._on_select
        self.figures: TrialFigures | None = None
        self._choice = pn.widgets.Select(
            name="Sweep", options={}, sizing_mode="stretch_width", margin=0
        )
        self._choice.param.watch(self._on_choice, "value")
        self._sentence = LiveHTML("", css_classes=["pg-verdict"], margin=0)
        self.form = BeginForm(self._files, self._on_begun, problem) if may_begin() else None
        self._buttons = TrialButtons(
            self._files,
            remark,
            open_run,
            self.look,
            may_go_on=self.form is not None,
        )
        self._place = pn.Column(css_classes=["pg-figure-place"], margin=0)
        self._rows = self._rows_layout()
        self._sweep = self._sweep_layout()
        self._card = self._card_layout()
        # Its content is rendered once it becomes visible.
        self._card.visible = self.form is not None
        self.selection.param.watch(self._show_selected, "selected")
        self.look()
        self._session = browser_session()
        if self._session is not None:
            pn.state.add_periodic_callback(self._look_if_seen, period=PERIOD)

    def _rows_layout(self) -> DeferredColumn:
        """Lay out the table of one sweep, with what filters it."""
        return DeferredColumn(
            pn.Row(
                *filter_tools(self, "Only: cnn, test loss < 0.1", self._select_shown),
                css_classes=["pg-trial-buttons"],
                margin=0,
            ),
            pn.Column(self.table, css_classes=["pg-trial-table"], margin=0),
            css_classes=["pg-trial-axes"],
            margin=0,
            visible=False,
        )

    def _sweep_layout(self) -> DeferredColumn:
        """Lay out what is about one sweep."""
        return DeferredColumn(
            self._choice,
            self._sentence,
            self._buttons,
            self._place,
            self._rows,
            css_classes=["pg-trial-axes"],
            margin=0,
            visible=False,
        )

    def _card_layout(self) -> DeferredColumn:
        """Lay out the card, which is seen from the first sweep on, or where one can be begun."""
        opened = card(
            "Sweeps of whole trainings <small>click, or drag along an axis, to select</small>",
            *([] if self.form is None else [self.form]),
            self._sweep,
            area="trials",
        )
        return DeferredColumn(opened, css_classes=["pg-trials-place"], margin=0, visible=False)

    def __panel__(self) -> pn.Column:
        return self._card

    @property
    def views(self) -> tuple[LiveView, ...]:
        """The figures, once there is a trial."""
        return () if self.figures is None else self.figures.views

    # Looking -------------------------------------------------------------------------------------

    def _on_begun(self, id: str) -> None:
        """Show the sweep of a process that has been started."""
        self.look(id)

    def _on_choice(self, _event: object) -> None:
        if (chosen := str(self._choice.value or "")) != self._asked:
            self.look(chosen)

    def look(self, id: str = "") -> None:
        """Read the files of a sweep, by default of the one asked for last, unless there are none.

        What is being read for an earlier call is not shown any more.
        """
        runs = self._files.runs
        if not (runs / "sweeps").is_dir():
            return
        self._asked = asked = id or self._asked
        figures = self.figures
        shown = ("", ()) if figures is None else (figures.plan_id, figures.axes)
        self._look_task.submit(lambda: self._read(runs, asked, *shown))

    def _look_if_seen(self) -> None:
        seen = self._session is not None and self._session.is_connected
        if seen and not self._look_task.busy:
            self.look()

    def _read(self, runs: Path, chosen: str, shown: str, axes: tuple[str, ...]) -> Look:
        """Read the sweeps in a worker thread; `shown` is the id of the one that has figures."""
        ids = watched_ids(runs)[:MAX_SWEEPS]
        if not ids:
            return Look({})
        labels, found = {}, Look({})
        for id in ids:
            watched = self._watched.setdefault(id, WatchedSweep(runs, id))
            try:
                label, progress, problem = sweep_label(watched.plan()), None, ""
                if id == (chosen or ids[0]):
                    progress = with_process(watched.progress(), launched_sweep(runs, id))
            except InputError as error:
                label, progress, problem = f"{id}: can't be read", None, str(error)
            labels[label if label not in labels else f"{label} ({id[:4]})"] = id
            if id == (chosen or ids[0]):
                found = Look(labels, id, progress, problem)
                if progress is not None:
                    names = tuple(each.name for each in progress.plan.space)[:AXES]
                    trials = TrialRuns(progress, axes if progress.plan.id == shown else names)
                    found = replace(found, runs=trials.prepare())
        return found if found.id else Look(labels, ids[0], None, "This sweep was deleted.")

    def _show(self, look: Look) -> None:
        before, self._look, self._asked = self._look, look, look.id
        if dict(self._choice.options) != look.labels or (self._choice.value or "") != look.id:
            self._choice.param.update(options=look.labels, value=look.id or None)
        if before is not None and before.id != look.id:
            self.selection.selected = ()
        in_steps(self._steps_to_show(look))

    def _steps_to_show(self, look: Look) -> Iterator[Step]:
        """Yield what shows a look, until there is a newer one."""
        yield partial(self._show_words, look)
        if look.runs is None or look.progress == self._shown or self._look is not look:
            return
        yield partial(self._show_rows, look.runs)
        if self._look is look:
            self._shown = look.progress
            yield partial(self._show_figures, look.runs)

    def _show_words(self, look: Look) -> None:
        if not look.id:
            self._sentence.object = ""
        elif look.progress is None:
            self._sentence.object = f"<p>{escape(look.problem)}</p>"
        else:
            self._show_sentence()
        self._show_buttons()
        self._sweep.visible = bool(look.labels)
        self._card.visible = bool(look.labels) or self.form is not None

    def _show_rows(self, runs: TrialRuns) -> None:
        self.table.param.update(
            headings=headings(runs.progress), rows=runs.rows, shown=self._matching
        )
        self._rows.visible = True

    def _show_figures(self, runs: TrialRuns) -> None:
        figures = self.figures
        if figures is not None and figures.plan_id == runs.progress.plan.id:
            figures.show(runs)
        elif len(runs):
            with page_design():
                self.figures = figures = TrialFigures(self.selection, runs, self._theme())
            self._prepare_task.submit(figures.prepare)
        else:
            self.figures, self._place.objects = None, []

    def _place_figures(self, figures: TrialFigures) -> None:
        """Show figures that have been prepared, unless others came since."""
        if self.figures is figures:
            place = partial(setattr, self._place, "objects", [figures])
            in_steps([place, *figures.steps()])

    def _show_sentence(self) -> None:
        if (progress := self._progress) is not None:
            chosen = self._selected
            selected = f"<p>Selected: {trial_html(progress, chosen[0])}.</p>" if chosen else ""
            self._sentence.object = progress_html(progress) + selected

    def _show_buttons(self) -> None:
        look = self._look
        watched = None if look is None else self._watched.get(look.id)
        self._buttons.show_for(watched, self._progress, self._selected)

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
        runs = None if self._look is None else self._look.runs
        if runs is None:
            return []
        progress = runs.progress
        return matching_rows(self.only, headings(progress), runs.rows, words_count(progress))

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
