"""The form that begins a sweep of whole trainings, in a process of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import panel as pn
import param

from playground.errors import InputError
from playground.pages.compare.sweep.own_table import OwnTable
from playground.pages.compare.sweep.problem_choice import OWN_TABLE, ProblemChoice
from playground.pages.controls.buttons import text_button
from playground.pages.controls.fields.number_field import NumberField
from playground.pages.controls.fields.parameter_fields import collapsed_card, field, group
from playground.pages.controls.message import Message
from playground.pages.part import Part
from playground.pages.runs.person_files import PersonFiles
from playground.pages.shell.latest_task import LatestTask
from playground.serving.identity.person import is_at_machine
from playground.serving.settings.server_settings import server_settings
from playground.trials.choices import (
    PRUNERS,
    SAMPLERS,
    TABLE_TASK,
    TASK_NAMES,
    TRIAL_METRICS,
)
from playground.trials.launch import launch
from playground.trials.plan import MAX_TRIALS, USUAL_TRIALS, SweepPlan, make_plan, read_settings
from playground.trials.tasks import make_task
from playground.trials.trial_table import TrialTable

SUGGESTED = {
    "gates": "learning_rate=0.001..1:log; hidden=[2],[4],[8]",
    "points": "learning_rate=0.001..0.3:log; activation=tanh,ReLU",
    "digits": "learning_rate=0.0001..0.1:log; model=mlp,cnn",
    OWN_TABLE: "learning_rate=0.001..0.3:log; hidden=[4],[8],[8,8]",
}
"""What varies to begin with."""
SEPARATOR = ";"
ABOUT = (
    "<p>Whole trainings, on all cores of this machine, by a process that goes on when the page is "
    "closed. The same as <code>playground sweep</code> in a terminal. They learn a table of your "
    "own, too, once you have pressed “Compare settings” on the page Your data.</p>"
)


def may_begin() -> bool:
    """Return whether the person of this session may begin sweeps: see `begin_sweeps`."""
    setting = server_settings().begin_sweeps
    return is_at_machine() if setting == "auto" else setting == "yes"


class BeginForm(Part):
    """What a sweep trains, what varies, and how it searches; with the button that begins it.

    Parameters
    ----------
    files : PersonFiles
    on_begun : callable
        Given the id of a sweep whose process has been started.
    problem : ProblemChoice
        Holds the table that trials can learn, if there is one.
    """

    task: param.Selector[str] = param.Selector(
        default=TASK_NAMES[0], objects=list(TASK_NAMES), label="Train", doc="What trials train."
    )
    vary = param.String(
        default=SUGGESTED[TASK_NAMES[0]],
        label="Vary",
        doc="Settings and their values, such as learning_rate=0.001..1:log; hidden=[2],[8,8].",
    )
    others = param.String(
        default="", label="Set", doc="Values of other settings, such as stop_epoch=20; noise=0.1."
    )
    trials = param.Integer(
        default=USUAL_TRIALS,
        bounds=(1, MAX_TRIALS),
        doc="How many trainings; a grid has one for each combination.",
    )
    sampler: param.Selector[str] = param.Selector(
        default="random",
        objects=list(SAMPLERS),
        label="Search",
        doc="Every combination, at random, or with Optuna where it was good.",
    )
    pruner: param.Selector[str] = param.Selector(
        default=PRUNERS[0],
        objects=list(PRUNERS),
        label="End bad trials early",
        doc="Which of Optuna's rules ends trials that look worse than others.",
    )
    metric: param.Selector[str] = param.Selector(
        default=next(iter(TRIAL_METRICS)),
        objects=list(TRIAL_METRICS),
        label="Compare by",
        doc="What the best trial is best at.",
    )
    scheduler = param.String(
        default="",
        label="Scheduler",
        doc="Address of a dask scheduler, tcp://…; empty for the cores of this machine. Whoever "
        "reaches a scheduler can run any code on its workers.",
    )

    def __init__(
        self, files: PersonFiles, on_begun: Callable[[str], None], problem: ProblemChoice
    ) -> None:
        super().__init__()
        self._files, self._problem = files, problem
        self._message = Message()
        self._task: LatestTask[str] = LatestTask(self._on_begun, self._refuse)
        self._tell = on_begun
        self._button = text_button("Begin the sweep", self.begin)
        self._trials = NumberField(self, "trials", "Trials")
        # A scheduler runs code on whoever connects to it, too.
        scheduler = [field(self, "scheduler", css_classes=["pg-whole-row"])]
        self._fold = collapsed_card(
            "Begin a sweep …",
            pn.pane.HTML(ABOUT, css_classes=["pg-about"], margin=0),
            group(
                field(self, "task"),
                self._trials,
                field(self, "vary", css_classes=["pg-whole-row"]),
                field(self, "others", css_classes=["pg-whole-row"]),
                field(self, "sampler"),
                field(self, "pruner"),
                field(self, "metric"),
                *(scheduler if is_at_machine() else []),
            ),
            self._button,
            self._message,
        )
        problem.param.watch(self._offer_table, "table")

    def __panel__(self) -> pn.Card:
        return self._fold

    def begin(self) -> None:
        """Check what is to be done, and start the process."""
        self._message.say("")
        self._button.disabled = True
        vary, others = (
            [each.strip() for each in text.split(SEPARATOR) if each.strip()]
            for text in (self.vary, self.others)
        )
        task, sampler, pruner, metric = self.task, self.sampler, self.pruner, self.metric
        trials = None if sampler == "grid" else self.trials
        scheduler, files = self.scheduler.strip(), self._files
        own: OwnTable | None = self._problem.table if task == OWN_TABLE else None

        def work() -> str:
            table = None if own is None else trial_table(own)
            chosen = {} if own is None or table is None else choices_of(own, table, vary)
            plan = make_plan(
                task if table is None else TABLE_TASK, vary, {**chosen, **read_settings(others)},
                trials=trials, sampler=sampler, pruner=pruner, metric=metric, table=table,
            )  # fmt: skip
            begin_sweep(plan, files, scheduler)
            return plan.id

        self._task.submit(work)

    def _on_begun(self, id: str) -> None:
        self._button.disabled = False
        self._fold.collapsed = True
        self._tell(id)

    def _refuse(self, sentence: str) -> None:
        self._button.disabled = False
        self._message.say(sentence)

    def _offer_table(self, *_events: object) -> None:
        """Offer the table that was brought to the page, and choose it."""
        self.param["task"].objects = [*TASK_NAMES, OWN_TABLE]
        self.task = OWN_TABLE

    @param.depends("task", watch=True)
    def _suggest(self) -> None:
        """Suggest what varies, unless a person has written something else."""
        if self.vary in SUGGESTED.values():
            self.vary = SUGGESTED[self.task]

    @param.depends("sampler", watch=True)
    def _show_trials(self) -> None:
        self._trials.__panel__().visible = self.sampler != "grid"


def trial_table(table: OwnTable) -> TrialTable:
    """Return a table of the page as trials learn it; InputError if no file holds it."""
    if table.packed is None:
        raise InputError("This table was given in Python, and not read from a file: a sweep can't.")
    return TrialTable(table.packed)


def choices_of(own: OwnTable, table: TrialTable, vary: Sequence[str]) -> dict[str, Any]:
    """Return what was chosen about a table, such as the split, but for what varies."""
    usual = make_task(TABLE_TASK, table).values()
    varied = {each.partition("=")[0].strip() for each in vary}
    return {
        name: value
        for name, value in own.choices.items()
        if name not in varied and value != usual[name]
    }


def begin_sweep(plan: SweepPlan, files: PersonFiles, scheduler: str = "") -> None:
    """Have a process carry a sweep out; called in a worker thread.

    Raises
    ------
    InputError
        If another one is under way, or so many runs are more than the person may save.
    """
    usage = files.store.usage()
    if usage is not None and usage.bytes >= usage.max_bytes:
        raise InputError("Your space on this server is full: delete runs first.")
    if usage is not None and usage.runs + plan.trials > usage.max_runs:
        raise InputError(
            f"Each trial becomes a saved run: you have {usage.runs:,}, {plan.trials:,} more would "
            f"be too many, {usage.max_runs:,} are possible. Make fewer trials, or delete runs."
        )
    launch(plan, files.runs, scheduler)
