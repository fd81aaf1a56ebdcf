"""The trials of `playground sweep` on the page Compare, without a cluster and without a browser."""

from __future__ import annotations

import asyncio
import json
import math
import os
import pickle
import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from typer.testing import CliRunner

from playground.cli.commands import app
from playground.errors import InputError
from playground.pages.compare.sweep.problem_choice import ProblemChoice
from playground.pages.compare.trials import trial_columns
from playground.pages.compare.trials.begin_form import SUGGESTED
from playground.pages.compare.trials.look import Look
from playground.pages.compare.trials.trial_runs import TrialRuns
from playground.pages.compare.trials.trial_sentences import progress_html
from playground.pages.compare.trials.trials_card import TrialsCard
from playground.problems.tables.column_choice import ColumnChoices
from playground.problems.tables.csv.csv_dialect import CsvChoices
from playground.problems.tables.table_file import TableFile
from playground.runs import Run, Store
from playground.serving.settings.server_settings import server_settings
from playground.trials.folder import COMMAND_SUFFIX, SweepFolder
from playground.trials.launch import command_of
from playground.trials.plan import SweepPlan, make_plan
from playground.trials.progress import SweepProgress
from playground.trials.runner import SweepRunner
from playground.trials.runner_files import WatchedSweep, watched_ids
from playground.trials.trial import Trial
from playground.trials.trial_table import TrialTable
from playground.trials.work import train_slice
from playground.views.live_view import element_plots
from playground.views.populations.sweep_dots import dots_of, sweep_dots
from playground.views.populations.sweep_heatmap import sweep_heatmap
from playground.views.theme import LIGHT
from tests.populations.test_trials import job, trial
from tests.support.patching import render
from tests.support.widgets import click, text, widget

# Panel 1.9 warns of what Panel 2.0 will call otherwise.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

PLAN = make_plan(
    "gates", ["learning_rate=0.001..1:log", "hidden=[2],[4,4]"], {"stop_epoch": 10}, trials=4
)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path))
    return Store()


class Running:
    """A process that carries a plan out, but for the cluster: slices are trained right here."""

    def __init__(self, plan: SweepPlan, store: Store) -> None:
        self.runner = SweepRunner(plan, store)
        self._trials, self._lock = self.runner._trials, ExitStack()
        self._lock.enter_context(self._trials.locked())
        self._trials.load(anew=False)
        self.runner._files.open()

    def train(self, number: int, epochs: int) -> Trial:
        """Train a trial for so many of its epochs."""
        begun = number in self._trials
        given = self._trials[number] if begun else self._trials.begin(number)
        plan = self.runner.plan
        settings = {**plan.fixed, **given.values, "stop_epoch": epochs}
        work = replace(job(plan.task, settings), run_id=given.run_id)
        result = train_slice(work, 0)
        outcome = "finished" if epochs == given.epochs else "going"
        if outcome == "going":
            self._trials.record(replace(given, status="running"))
        return self._trials.take(number, replace(result, outcome=outcome))

    def exchange(self) -> None:
        """Do once what the loop of the runner does again and again."""
        self.runner._files._reported = -math.inf
        self.runner._files.exchange(self.runner, lambda: self.runner.progress)
        self.runner._end_cancelled()

    def end(self) -> None:
        self._lock.close()


@pytest.fixture
def running(store: Store) -> Iterator[Running]:
    found = Running(PLAN, store)
    yield found
    found.end()


def test_trials_are_shown_live_steered_and_opened(running: Running, store: Store) -> None:
    opened: list[Run] = []
    remarks: list[str] = []
    card = TrialsCard(lambda: LIGHT, remarks.append, opened.append, ProblemChoice())
    assert card.__panel__().visible
    assert "<b>0 of 4</b> trials have ended, on 0 workers." in text(card)
    done, going = running.train(0, 10), running.train(1, 4)
    running.exchange()
    card.look()
    assert "<b>1 of 4</b> trials have ended, on 0 workers, " in text(card)
    assert f"Best so far: trial 0, <b>{done.description}</b>, finished at epoch 10" in text(card)
    assert card.table.headings[:5] == ["trial", "learning_rate", "hidden", "result", "epoch"]
    assert [row[3:5] for row in card.table.rows] == [["finished", 10], ["running", 4]]
    assert card.table.rows[0][5] == pytest.approx(done.scores[1].loss, rel=1e-3)
    figures = card.figures
    assert figures is not None
    assert [each.name for each in figures.lines.view.frame.columns][:3] == [
        "learning_rate", "hidden", "epoch",
    ]  # fmt: skip
    # One selection for the table and all figures, each of which has every trial.
    heatmap, curves, *dots = figures._figures
    assert len(card.views) == 5
    spot = dots_of(dots[1].views[0].frame, "test loss", "last", 1)
    assert spot.values.tolist() == pytest.approx([done.scores[1].loss, going.scores[1].loss])
    dots[1].comparison.select(dots[1]._run_at(dots[1].views[0], 1)(spot.x[1], spot.y[1]))
    assert card.table.selected == [1]
    assert {view.choices["selected"] for view in card.views} == {(1,)}
    cells = heatmap.views[0].frame.cells
    heatmap._select((cells.places.column[cells.of_run[0]] + 0.5, cells.of_run[0] // 6 + 0.5))
    assert card.table.selected == np.flatnonzero(cells.of_run == cells.of_run[0]).tolist()
    drawn = curves.views[0].frame.curves("test accuracy")
    assert (drawn.metric, drawn.epochs[:, 0].tolist()) == ("test loss", [*range(1, 11)])
    assert drawn.values[:, 0].tolist() == pytest.approx(done.reports)
    card.selection.selected = ()
    assert not widget(card, "Cancel selected").visible
    click(card, "Pause")
    running.exchange()
    card.look()
    assert ", paused." in text(card)
    assert (widget(card, "Pause").visible, widget(card, "Go on").visible) == (False, True)
    click(card, "Go on")
    running.exchange()
    card.only = "running, epoch < 5"
    assert card.table.shown == [False, True]
    click(card, "Select these")
    assert card.table.selected == [1]
    assert f"Selected: trial 1, <b>{going.description}</b>, running at epoch 4" in text(card)
    click(card, "Open selected")
    click(card, "Open the best")
    assert [(each.id, each.summary.epoch) for each in opened] == [
        (going.run_id, 4), (done.run_id, 10),
    ]  # fmt: skip
    click(card, "Cancel selected")
    running.exchange()
    card.look()
    assert not running.runner.progress.paused
    assert not running.runner._stopped.is_set()
    assert [row[3] for row in card.table.rows] == ["finished", "cancelled"]
    click(card, "Cancel all")
    running.exchange()
    assert running.runner._stopped.is_set()
    assert "The cluster on this machine has had no workers" in str(running.runner._no_workers())
    running.end()
    card.look()
    assert "the same <code>playground sweep</code> goes on with it" in text(card)
    assert not widget(card, "Cancel all").visible
    card._buttons.send("pause")
    assert remarks == [
        "No process carries this sweep out at present. The same `playground sweep` goes on with it."
    ]


def test_several_sweeps_can_be_chosen_and_a_damaged_one_says_so(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_settings(), "begin_sweeps", "no")
    card = TrialsCard(lambda: LIGHT, lambda _sentence: None, lambda _run: None, ProblemChoice())
    assert not card.__panel__().visible
    other = make_plan("points", ["shape=circle,moons", "batch_size=1,10,100"], sampler="grid")
    for number, plan in enumerate((PLAN, other)):
        folder = SweepFolder(store.folder, plan.id)
        folder.path.mkdir(parents=True)
        folder.save_plan(plan)
        os.utime(folder.path / "plan.json", (1000 + number, 1000 + number))
    broken = SweepFolder(store.folder, "broken")
    broken.path.mkdir()
    (broken.path / "plan.json").write_text('{"task": "gates", "vary": [], "extra": 1}')
    os.utime(broken.path / "plan.json", (1, 1))
    assert watched_ids(store.folder) == (other.id, PLAN.id, "broken")
    card.look()
    choice = widget(card, "Sweep")
    assert list(choice.options) == [
        "points: shape=circle,moons; batch_size=1,10,100",
        "gates: learning_rate=0.001..1:log; hidden=2,[4,4]",
        "broken: can't be read",
    ]
    assert (choice.value, card.table.headings[1]) == (other.id, "shape")
    choice.value = PLAN.id
    assert "<b>0 of 4</b> trials have ended" in text(card)
    assert card.table.headings[1] == "learning_rate"
    asyncio.run(choose_while_files_are_read(card, other.id))
    choice.value = "broken"
    assert "This is no plan of a sweep" in text(card)
    shutil.rmtree(broken.path)
    card.look()
    assert "This sweep was deleted." in text(card)


async def choose_while_files_are_read(card: TrialsCard, id: str) -> None:
    choice, before = widget(card, "Sweep"), card._asked
    reads, go_on = card._read, threading.Event()

    def read(*asked: Any) -> Look:
        assert go_on.wait(60)
        return reads(*asked)

    with patch.object(card, "_read", read):
        card.look()  # as every two seconds
        choice.value = id
        choice.value = before
        choice.value = id
        go_on.set()
        while card._look_task.busy:
            await asyncio.sleep(0.01)
    assert card._look is not None
    assert (choice.value, card._look.id) == (id, id)


def test_trials_have_axes_of_their_space_and_no_metric_where_they_failed() -> None:
    plan = make_plan("points", ["shape=circle,moons", "batch_size=1,10,100", "l2=0..0.1"])
    values = {"shape": "moons", "batch_size": 10, "l2": 0.05}
    trials = (
        trial(0, 0.5, values=values),
        trial(1, 0.1, values={**values, "shape": "circle"}, status="diverged"),
        trial(2, 0.2, values={**values, "batch_size": 100}, status="running", epoch=3.0),
    )
    progress = SweepProgress(plan, trials, seconds_left=600, is_running=True, workers=1)
    found = trial_columns.columns_of_trials(progress)
    shape, batch, l2, _epoch, loss, *_ = found.columns
    assert (shape.values.tolist(), shape.labels[1.0]) == ([1, 0, 1], "moons")
    assert (batch.is_log, batch.bounds) == (True, (1.0, 100.0))
    assert (l2.is_log, l2.bounds) == (False, (0.0, 0.1))
    np.testing.assert_array_equal(loss.values, [0.5, np.nan, 0.2])
    assert found.failed.tolist() == [False, True, False]
    cells = TrialRuns(progress, ("l2", "shape")).cells
    assert (len(cells), cells.places.y_labels) == (12, {0.5: "circle", 1.5: "moons"})
    assert cells.of_run.tolist() == [9, 3, 9]  # a value between two parts belongs to the upper
    assert cells.names[9] == "<b>l2 0.05 to 0.0667</b><br><b>shape moons</b>"
    heatmap = sweep_heatmap(TrialRuns(progress, ("l2", "shape")), LIGHT)
    words = element_plots(render(heatmap))[1].handles["source"].data["text"]
    assert [word for word in words if word] == ["✕", "0.350\n0.200–\n0.500"]
    assert "on 1 worker, 10 min left." in progress_html(progress)
    few = make_plan("points", ["batch_size=1..3:log", "l2=0..0.1"])
    drawn = tuple(
        trial(number, 0.5, values={"batch_size": size, "l2": 0.05})
        for number, size in enumerate((3, 1, 2))
    )
    cells = TrialRuns(SweepProgress(few, drawn), ("batch_size",)).cells
    assert cells.places.x_labels == {0.5: "1", 1.5: "2", 2.5: "3"}, "no part without a number"
    assert cells.of_run.tolist() == [2, 0, 1]
    ends = tuple(replace(each, values={"batch_size": 3, "l2": 0.05}) for each in drawn[:2])
    for shown in (drawn + ends, ends):
        dots = element_plots(render(sweep_dots(TrialRuns(SweepProgress(few, shown), ()), LIGHT, 0)))
        across = dots[2].handles["source"].data["x"]
        assert len({*across.tolist()}) == len(shown)
        drawn_range = dots[0].handles["x_range"]
        assert drawn_range.start < across.min()
        assert across.max() < drawn_range.end


def test_only_what_is_new_of_the_trials_is_read(tmp_path: Path) -> None:
    folder = SweepFolder(tmp_path, "sweep")
    with folder.locked():
        folder.record(trial(0, 0.5))
    reader = folder.reader()
    assert [each.number for each in reader.read()] == [0]
    path = folder.path / "trials.jsonl"
    old = path.read_text()
    path.write_text(old.replace("0.5", "0.7"))  # as long as before, and not read again
    half = json.dumps(trial(1, 0.25).as_json())
    with path.open("a") as file:
        file.write(f"\n{half[:40]}")
    assert [each.scores[1].loss for each in reader.read()] == [0.5]
    with path.open("a") as file:
        file.write(f"{half[40:]}\n")
    assert [each.scores[1].loss for each in reader.read()] == [0.5, 0.25]
    folder.clear()
    assert reader.read() == ()
    for number in (4, 5):
        folder.record(trial(number, 0.1))
    assert [each.number for each in reader.read()] == [4, 5]
    # Begun anew, in the same place of the disk and by now longer than it was.
    path.write_text("")
    for number in (6, 7, 8):
        folder.record(trial(number, 0.1))
    assert [each.number for each in reader.read()] == [6, 7, 8]


def test_nonsense_in_the_files_of_a_sweep_is_no_command_and_no_progress(
    running: Running, store: Store
) -> None:
    watched = WatchedSweep(store.folder, PLAN.id)
    running.train(0, 3)
    folder = running.runner._trials.folder
    for place, line in enumerate(
        ("[", "3", '{"command": "dance"}', '{"command": "cancel", "trial": 99}', "\x00")
    ):
        (folder.path / f"{place}{COMMAND_SUFFIX}").write_text(line)
        running.exchange()
    commands = [{"command": name, "trial": None} for name in ("pause", "resume", "cancel")]
    for each in commands:
        folder.add_command(each)
    assert [*folder.take_commands()] == commands
    assert folder.take_commands() == ()
    (folder.path / "progress.json").write_text('{"workers": "many"}')
    assert watched.progress().is_running
    assert [each.status for each in watched.progress().trials] == ["running"]
    running.train(1, 1)
    folder.delete_checkpoint(1)
    with pytest.raises(InputError, match="Trial 1 has no checkpoint yet"):
        watched.run(store, watched.progress().trials[1])


def test_what_the_command_refuses_is_refused_on_the_page_in_the_same_words(store: Store) -> None:
    card = TrialsCard(lambda: LIGHT, lambda _sentence: None, lambda _run: None, ProblemChoice())
    form = card.form
    assert form is not None
    for change, sentence in (
        ({"vary": "learning_rat=1,2"}, "no setting “learning_rat” of Gates. Did you mean learn"),
        ({"vary": ""}, "Nothing varies: give at least one setting"),
        ({"others": "noise"}, "A setting is given as name=value, not “noise”."),
        ({"sampler": "grid"}, "A grid over learning_rate=0.001..1:log would be infinite"),
    ):
        form.param.update(**{"vary": SUGGESTED["gates"], "others": "", "sampler": "random"})
        form.param.update(**change)
        click(form, "Begin the sweep")
        assert sentence in unescape(text(form))
    assert watched_ids(store.folder) == ()
    form.task = "digits"
    assert form.vary == SUGGESTED["digits"]
    assert not form._trials.__panel__().visible


def test_the_command_of_a_plan_makes_the_same_plan(tmp_path: Path) -> None:
    plan = make_plan(
        "gates",
        ["learning_rate=1e-4..0.1:log", "hidden=[],[3,4]", "activation=tanh,ReLU", "l2=0..0.1"],
        {"stop_epoch": 7, "features": ["A", "B"], "noise": "0.125"},
        trials=9, sampler="tpe", pruner="median", metric="training accuracy", seed=3,
    )  # fmt: skip
    rows = TableFile(
        b"a;b\n1;2\n2;4\n3;6\n",
        CsvChoices(";", "."),
        ColumnChoices("b", ("a",), (), regression=True),
    )
    table, widths = TrialTable(rows.pack()), ["hidden=[2],[3]"]
    for metric, sentence in (
        ("test loss", "There is no test loss: all 3 rows are learned from."),
        ("training accuracy", "There is no training accuracy of “b”, which holds values"),
    ):
        with pytest.raises(InputError, match=sentence):
            make_plan("table", widths, table=table, metric=metric)
    with pytest.raises(InputError, match="too large for a sweep: 2 MB of it, compressed"):
        TrialTable({"digest": "0" * 64})
    own = make_plan("table", widths, {"seed": 4}, table=table, metric="training loss")
    sent = pickle.loads(pickle.dumps(table))
    assert (sent, vars(sent)) == (table, {"packed": table.packed}), "workers read the columns again"
    given: list[SweepPlan] = []

    class Runner:
        def __init__(self, plan: SweepPlan, *_: object, **options: object) -> None:
            given.append(plan)
            assert options["scheduler"] == "tcp://h:1"
            raise InputError("This is as far as it goes.")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("playground.trials.runner.SweepRunner", Runner)
        for each in (plan, own):
            folder = SweepFolder(tmp_path, each.id)
            folder.path.mkdir(parents=True)
            folder.save_plan(each)
            assert folder.plan() == each
            result = CliRunner().invoke(app, command_of(each, folder, "tcp://h:1")[3:])
            assert "This is as far as it goes." in result.output
    assert given == [plan, own]
    (folder.path / "table.json").unlink()
    with pytest.raises(InputError, match="can't be read"):
        folder.plan()
    for wrong, sentence in (
        (["no.csv"], "no.csv can't be read: No such file"),
        (["gates", "--target", "y"], "there is none with gates"),
    ):
        result = CliRunner().invoke(app, ["sweep", *wrong, "--vary", "hidden=[2],[3]"])
        assert sentence in result.output.replace("\n", " ")
