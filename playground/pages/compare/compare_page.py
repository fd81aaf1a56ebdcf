"""The page Compare: networks that differ in one or two settings, side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import panel as pn

from playground.errors import InputError
from playground.export.snapshot import sweep_snapshot
from playground.networks.architecture import Architecture
from playground.number_text import MISSING, format_loss
from playground.pages.checkpoints.branches import Branches
from playground.pages.checkpoints.checkpoint_bar import CheckpointBar
from playground.pages.compare.comparison import Comparison
from playground.pages.compare.figures.figure_cards import (
    DotsCard,
    HeatmapCard,
    ParallelCard,
    SweepCurvesCard,
    WallCard,
)
from playground.pages.compare.opened_run import prepare_opening
from playground.pages.compare.selection_card import SelectionCard
from playground.pages.compare.sweep.own_table import OwnTable, read_own_table
from playground.pages.compare.sweep.problem_choice import ProblemChoice, ProblemChoiceSetting
from playground.pages.compare.sweep.sweep_card import SweepCard
from playground.pages.compare.sweep.sweep_setting import SweepSetting
from playground.pages.compare.table.table_card import TableCard
from playground.pages.compare.trials.trials_card import TrialsCard
from playground.pages.controls.notes import Notes
from playground.pages.design import page_design
from playground.pages.links.link import Link
from playground.pages.links.split_setting import SplitSetting
from playground.pages.page import Page
from playground.pages.part import Part
from playground.pages.runs.run_session import RunData
from playground.pages.shell.headline import Headline, sweep_success
from playground.pages.shell.latest_task import LatestTask
from playground.pages.shell.part_updates import OFTEN, SELDOM, SOMETIMES
from playground.pages.shell.transport import LabelledNumbers, Transport
from playground.pages.shell.welcome import Experiment, Welcome
from playground.problems.tables.table_problem import TableProblem
from playground.runs import Run
from playground.serving.giving_way import give_way
from playground.serving.heartbeat import Heartbeat
from playground.settings import Owner
from playground.training.core.notes import Note
from playground.training.sweeps import (
    SweepFrame,
    SweepTrainer,
    metric_values,
    metrics_of,
    read_sweep,
)
from playground.training.sweeps.settings import STOPS
from playground.training.sweeps.variables import FEATURES_NAME, NOISE
from playground.training.training import Training
from playground.views.populations.places import places_of

USUAL_EPOCHS = 300
WIDE = "pg-wide"
MAX_BESIDE = 8
"""Tiles in a row up to which the heatmap stands beside the wall, and not below it."""
NO_OTHER_PAGE = "There is no other page here to open it on: open Compare in the app."
FIRST_SWEEP = "width: 1..6; seed: 1..8"
OF_THE_PROBLEM = {FEATURES_NAME, NOISE}
"""What can vary only where the problem has it."""


class ComparePage(Page[SweepTrainer, SweepFrame]):
    """Watch networks that differ in one or two settings learn the same, side by side.

    Settings are keyword arguments, and afterwards attributes. `vary` says what varies.

    Parameters
    ----------
    data, target, regression, test_data : optional
        A table to learn in place of a task: see `TableProblem`.

    Attributes
    ----------
    open_elsewhere : callable or None
        Opens the run of a selected network on the page of its kind; None where there is none.

    Examples
    --------
    >>> ComparePage(task="spiral", vary="learning_rate: 0.001..1; seed: 1..4", hidden=[8, 8])
    """

    title: ClassVar[str] = "Compare"
    _transport: Transport
    presets: ClassVar[dict[str, Any]] = {
        "hidden": [4],
        "features": ["x", "y", "sin x", "sin y"],
        "stop_epoch": USUAL_EPOCHS,
    }
    experiments = (
        Experiment(
            "XOR: how many neurons?",
            {"task": "XOR", "vary": "width: 1..6; seed: 1..16", "stop_epoch": 300, "hidden": [4],
             "learning_rate": 0.03, "optimiser": "Adam", "batch_size": 10, "noise": 0.0},
        ),
        Experiment(
            "Spiral: which rate?",
            {"task": "spiral", "vary": "learning_rate: 0.001..1:7; seed: 1..4", "stop_epoch": 100,
             "hidden": [8, 8], "optimiser": "Adam", "batch_size": 10, "noise": 0.05},
        ),
    )  # fmt: skip

    def __init__(
        self,
        *,
        dark: bool | None = None,
        nav: pn.viewable.Viewable | None = None,
        **choices: Any,
    ) -> None:
        super().__init__(dark=dark, nav=nav)
        self.open_elsewhere: Callable[[Run], None] | None = None
        names = ("data", "target", "regression", "test_data")
        data = {name: choices.pop(name) for name in names if name in choices}
        self._task = ProblemChoice()
        self._learned_table: OwnTable | None = None
        self.trainer = SweepTrainer(
            self._task.problem,
            Architecture(hidden=self.presets["hidden"], features=self.presets["features"]),
            Training(stop_epoch=USUAL_EPOCHS),
            read_sweep(FIRST_SWEEP),
        )
        give_way()
        self._comparison = Comparison()
        self._open_task: LatestTask[Run] = LatestTask(self._open_run, self.remark)
        heartbeat: Heartbeat[SweepTrainer, SweepFrame] = Heartbeat(
            self.trainer, self.update, self.back_pressure
        )
        with page_design():
            self._build(heartbeat)
        self._task.param.watch(self._on_task, list(self._task.param))
        if data:
            self._task.use_table(OwnTable(TableProblem(**data)))
        self.choose(choices)
        for owner in (self._task, self.trainer.architecture, self.trainer.training):
            owner.param.watch(self._on_setting_changed, list(owner.param))
        self.trainer.param.watch(self._on_sweep, "sweep")
        self.trainer.param.watch(self._on_setting_changed, ["sweep", "goal"])
        if choices or data:
            heartbeat.frame = self.trainer.frame()
            self._show_all(heartbeat.frame)
        self.begin(heartbeat)

    def _build(self, heartbeat: Heartbeat[SweepTrainer, SweepFrame]) -> None:
        frame, theme, comparison = heartbeat.frame, self.theme, self._comparison
        self._transport = Transport(heartbeat, header_numbers)
        self._sweep_card = SweepCard(self._task, self.trainer)
        self._wall = WallCard(comparison, frame, theme)
        self._heatmap = HeatmapCard(comparison, frame, theme)
        self._dots = DotsCard(comparison, frame, theme)
        self._curves = SweepCurvesCard(comparison, frame, theme)
        self._parallel = ParallelCard(comparison, frame, theme)
        self._table = TableCard(comparison, frame)
        self._selection = SelectionCard(comparison, frame, self._open_selected)
        self._trials = TrialsCard(lambda: self.theme, self.remark, self._open_run, self._task)
        self.branches = Branches(heartbeat, lambda: self.run_session)
        self._checkpoint_bar = CheckpointBar(heartbeat, self.branches, pins=False)
        self._main = main = pn.Column(
            pn.Column(self._sweep_card, css_classes=["pg-side"], margin=0),
            self._selection,
            self._wall,
            self._heatmap,
            pn.Column(self._checkpoint_bar, css_classes=["pg-card", "pg-time"], margin=0),
            self._dots,
            self._curves,
            self._parallel,
            self._table,
            self._trials,
            css_classes=["pg-main", "pg-sweep"],
            margin=0,
        )
        self._welcome = Welcome(
            "Change one thing, and watch <b>all of them</b> learn.",
            self.experiments,
            self._start_experiment,
            watching="Watch which of them <b>learn</b>, and how soon.",
            is_set=self._is_set,
            is_running=lambda: heartbeat.running,
            headline=self._headline,
        )
        self.compose(self._transport, main, self._welcome, self._transport.numbers)

    def _headline(self, frame: SweepFrame) -> Headline | None:
        """Say how many have learned once training has stopped as it was meant to."""
        note = self.trainer.paused_by
        if frame.learned_epoch is not None or note is None or note.kind != "goal":
            return sweep_success(frame)
        learned = f"<b>{int(frame.runs.learned.sum())} of {len(frame.sweep)}</b>"
        return Headline(f"{learned} have learned by epoch {frame.epoch:,}.")

    def _start_experiment(self, settings: Mapping[str, Any]) -> None:
        """Train the networks of an experiment from the first step."""
        self.choose(settings)
        self.trainer.reset()
        self.heartbeat.running = True

    def _is_set(self, settings: Mapping[str, Any]) -> bool:
        """Return whether an experiment is what is on the page."""
        others = {name: value for name, value in settings.items() if name != "vary"}
        return self.trainer.sweep == read_sweep(settings["vary"]) and all(
            getattr(self, name) == value for name, value in others.items()
        )

    def _on_task(self, *_events: object) -> None:
        """Learn the problem; with a table come other inputs than with all other tasks."""
        before, self._learned_table = self._learned_table, self._task.own_table
        problem, trainer = self._task.problem, self.trainer
        if (table := self._learned_table) is not before:
            usual = self.presets["features"] if table is None else problem.inputs
            if not {*problem.features, *usual} >= {*trainer.architecture.features}:
                trainer.architecture.features = [*usual]
            if any(axis.name in OF_THE_PROBLEM for axis in trainer.sweep.axes):
                trainer.sweep = read_sweep(FIRST_SWEEP)
        trainer.problem = problem

    def use_table(self, table: OwnTable, settings: Mapping[str, Any]) -> None:
        """Learn a table from the first step, with these settings of network and training."""
        self.pause()
        self._persistence.restores = False
        self._task.use_table(table)
        # When one network stops says nothing about many.
        self.choose({name: value for name, value in settings.items() if name not in STOPS})
        self.trainer.reset()
        self.heartbeat.show_present()

    def _on_sweep(self, *_events: object) -> None:
        self._comparison.selected = ()

    # What a page defines -------------------------------------------------------------------------

    @property
    def owners(self) -> tuple[Owner, ...]:
        """The problem, what varies, network, training, and the metric that is shown."""
        hidden = {"problem": None, "architecture": None, "training": None, "sweep": None}
        return (
            ProblemChoiceSetting(self._task),
            (self._task, {"task": None}),
            SplitSetting(self._task, lambda: self._task.points),
            (self.trainer.architecture, {"seed": "weight_seed"}),
            self.trainer.training,
            SweepSetting(self.trainer),
            (self.trainer, hidden),
            (self._comparison, {"metric": "figure"}),
        )

    @property
    def update_intervals(self) -> tuple[tuple[Part, int], ...]:
        """The parts of the page; the wall is updated most often."""
        return (
            (self._transport, OFTEN),
            (self._welcome, SOMETIMES),
            (self._wall, 1),
            (self._heatmap, OFTEN),
            (self._selection, OFTEN),
            (self._dots, OFTEN),
            (self._curves, SOMETIMES),
            (self._parallel, SOMETIMES),
            (self._checkpoint_bar, SOMETIMES),
            (self._sweep_card, SELDOM),
            (self._table, SELDOM),
            (self._trials, SELDOM),
        )

    @property
    def note_panes(self) -> tuple[Notes, ...]:
        """The place that shows notes."""
        return (self._sweep_card.notes,)

    def structure(self, frame: SweepFrame) -> object:
        """What varies."""
        return frame.sweep

    def notes(self, frame: SweepFrame) -> tuple[Note, ...]:
        """None: what happens to a run is shown with it."""
        return ()

    def extra(self) -> dict[str, Any]:
        """The table that is learned, if it was read from a file."""
        table = self._task.own_table
        return {} if table is None else table.pack()

    @property
    def run_data(self) -> RunData:
        """The table, on which the inputs depend."""
        return RunData(
            lambda: self._task.table,
            lambda extra: read_own_table(extra, self._task.table),
            self._task.use_table,
            ("task", "features", "vary"),
        )

    def snapshot(self) -> str:
        """Return wall, heatmap and table as one HTML file that needs no server."""
        return sweep_snapshot(
            self.trainer, self._comparison.metric, self._comparison.moment, self.theme
        )

    def open(self, link: Link) -> None:
        """Apply a link; one that asks for the impossible is refused with a sentence."""
        try:
            super().open(link)
        except InputError as error:
            self.fail(str(error))

    def update(self, frame: SweepFrame) -> None:
        """Show a frame; a wide wall gets the whole width."""
        self._arrange(frame)
        super().update(frame)

    def _arrange(self, frame: SweepFrame) -> None:
        self._comparison.offer(metrics_of(frame))
        others = [each for each in self._main.css_classes if each != WIDE]
        wide = [WIDE] if places_of(frame.sweep).across > MAX_BESIDE else []
        if [*others, *wide] != self._main.css_classes:
            self._main.css_classes = [*others, *wide]

    def _show_all(self, frame: SweepFrame) -> None:
        self._arrange(frame)
        for part, _interval in self.update_intervals:
            part.update(frame)

    # Opening one network -------------------------------------------------------------------------

    def network(self, run: int) -> Run:
        """Return one of the networks as a run, as it is: see `playground.pages.app.page_from_run`.

        Raises
        ------
        InputError
            If there is no such network, or it learns a table that no file holds.
        """
        return self._prepare_opening(self.trainer.frame(), run)()

    def _open_selected(self, run: int) -> None:
        if self.open_elsewhere is None:
            self.remark(NO_OTHER_PAGE)
            return
        self.heartbeat.pause()
        try:
            self._open_task.submit(self._prepare_opening(self.heartbeat.frame, run))
        except InputError as error:
            self.remark(str(error))

    def _prepare_opening(self, frame: SweepFrame, run: int) -> Callable[[], Run]:
        return prepare_opening(self.trainer, frame, run, self._task.own_table)

    def _open_run(self, run: Run) -> None:
        if self.open_elsewhere is None:
            self.remark(NO_OTHER_PAGE)
        else:
            self.heartbeat.pause()
            self.open_elsewhere(run)


def header_numbers(frame: SweepFrame) -> LabelledNumbers:
    """Return the epoch, how many have learned, and the best test loss."""
    losses = metric_values(frame, "test loss")
    known = losses[losses == losses]
    return (
        ("epoch", f"{frame.epoch:,}"),
        ("have learned", f"{int(frame.runs.learned.sum())} of {len(frame.sweep)}"),
        ("best test loss", format_loss(float(known.min())) if len(known) else MISSING),
    )
