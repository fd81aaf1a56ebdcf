"""Sweeps on a scheduler and workers that are processes: what survives which end."""

from __future__ import annotations

import gc
import math
import os
import random
import re
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
from torch import nn
from typer.testing import CliRunner

from playground.cli.commands import app
from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.pages.compare.sweep.own_table import OwnTable
from playground.pages.compare.sweep.problem_choice import OWN_TABLE, ProblemChoice
from playground.pages.compare.trials.trials_card import TrialsCard
from playground.pages.points import PointsPage
from playground.problems.gates import Gates
from playground.problems.points.points import Points as PointsProblem
from playground.problems.tables.table_problem import TableProblem
from playground.runs import Run, Store
from playground.serving import dense_trainer as place_module
from playground.training.dense.trainer import Trainer
from playground.training.remote import trainer as remote_trainer_module
from playground.training.remote import workers as workers_module
from playground.training.remote.connection import connected
from playground.training.remote.trainer import RemoteTrainer
from playground.training.remote.versions import versions
from playground.training.remote.workers import (
    LostWorkerError,
    RemoteSession,
    RemoteWorkers,
    remote_workers,
)
from playground.training.training import Training
from playground.trials import runner, work
from playground.trials.choices import TRIAL_SLICE_SECONDS
from playground.trials.launch import launched_sweep
from playground.trials.plan import SweepPlan, make_plan
from playground.trials.progress import SweepProgress
from playground.trials.runner import SweepRunner
from playground.trials.runner_files import WatchedSweep, watched_ids
from playground.trials.trial_table import TrialTable
from playground.views.theme import LIGHT
from tests.support.servers.cluster_processes import Cluster
from tests.support.servers.cluster_processes import cluster as started_cluster
from tests.support.training import remote_training
from tests.support.training.remote_training import (
    CHANGES,
    UnsendablePoints,
    compare,
    wait_for_worker,
)
from tests.support.widgets import click, text, widget

pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no forkserver")

MAX_LOST_SECONDS = 5.0


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with started_cluster(tmp_path_factory.mktemp("dask")) as made:
        yield made
        remote_workers(made.address).close()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs")


def gates(epochs: int, trials: int, **others: Any) -> SweepPlan:
    settings = {"hidden": [3], "stop_epoch": epochs}
    return make_plan("gates", ["learning_rate=0.01..0.3:log"], settings, trials=trials, **others)


def runner_of(plan: SweepPlan, store: Store, processes: Cluster, **others: Any) -> SweepRunner:
    return SweepRunner(plan, store, **{"scheduler": processes.address, "timeout": 1.0, **others})


def check_against_trainers(progress: SweepProgress, store: Store) -> None:
    """Compare each run of `gates` with a trainer that is made by hand and trained alone."""
    for trial in progress.trials:
        run = store.open(trial.run_id)
        rate = trial.values["learning_rate"]
        alone = Trainer(
            Gates(gate="XOR"), Architecture(hidden=[3]), Training(learning_rate=rate, batch_size=4)
        )
        frame = alone.train(trial.epochs)
        assert (run.summary.epoch, trial.scores) == (trial.epochs, (frame.train, frame.test))
        for name, weights in alone.state(checkpoints=False).tensors.items():
            if name.startswith("network"):
                np.testing.assert_array_equal(run.state.tensors[name], weights, name)


def test_a_killed_worker_loses_little_and_the_sweep_finishes(
    processes: Cluster, store: Store
) -> None:
    # Long enough that the second trial is under way when its worker ends.
    sweep = runner_of(gates(1_500, 3), store, processes, slice_seconds=0.3)
    checkpoints: dict[int, tuple[float, float]] = {}
    lost: list[float] = []
    both_have_one = threading.Event()

    def watch(progress: SweepProgress) -> None:
        for each in progress.trials:
            epoch, since = checkpoints.get(each.number, (0.0, math.nan))
            assert each.epoch >= epoch, f"trial {each.number} began anew"
            if each.epoch > epoch:
                since = time.monotonic()
            checkpoints[each.number] = (each.epoch, since)
        if progress.trials[-1].number >= 1 and progress.trials[1].epoch:
            both_have_one.set()

    def kill() -> None:
        assert both_have_one.wait(60)
        threading.Event().wait(random.uniform(0, 0.3))
        victim = sweep._last_worker[1]
        processes.kill_worker(victim)
        now = time.monotonic()
        for number, worker in list(sweep._last_worker.items()):
            if worker == victim and number in sweep._pending:
                lost.append(now - checkpoints[number][1])

    killer = threading.Thread(target=kill)
    killer.start()
    progress = sweep.run(watch)
    killer.join()
    processes.add_worker()
    assert lost
    assert max(lost) <= MAX_LOST_SECONDS
    assert TRIAL_SLICE_SECONDS <= MAX_LOST_SECONDS / 2, (
        "a slice that is usual, and time to take it back"
    )
    assert [each.status for each in progress.trials] == ["finished"] * 3
    assert progress.ended == progress.share * 3 == 3
    assert {each.id for each in store.list()} == {each.run_id for each in progress.trials}
    check_against_trainers(progress, store)


def test_a_worker_that_hangs_is_left_alone_until_it_answers(
    processes: Cluster, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "SILENT_SECONDS", 2.0)
    monkeypatch.setattr(runner, "WORKERS_SECONDS", 0.2)
    monkeypatch.setattr(workers_module, "SILENT_SECONDS", 2.0)
    monkeypatch.setattr(workers_module, "LOOK_SECONDS", 0.2)
    monkeypatch.setattr(workers_module, "CALL_SECONDS", 0.5)
    workers = RemoteWorkers(processes.address)
    remote, alone = (
        RemoteTrainer(*remote_training.settings(), workers=workers),
        Trainer(*remote_training.settings()),
    )
    wait_for_worker(remote)
    remote.train(3)
    hung = remote.worker
    assert hung is not None
    said: set[str] = set()
    with processes.stopped(hung):
        remote.advance(steps=1)
        assert remote.place_note is not None
        assert f"The worker {hung} was lost at epoch 3: training" in remote.place_note.sentence
        wait_for_worker(remote)
        assert remote.worker not in (None, hung)
        remote.train(2)
        sweep = runner_of(gates(60, 2), store, processes, slice_seconds=0.05)
        progress = sweep.run(lambda progress: said.add(progress.remark))
    assert [each.status for each in progress.trials] == ["finished"] * 2
    assert f"The worker {hung} does not answer: others go on with its trials." in said
    assert not progress.remark
    check_against_trainers(progress, store)
    alone.advance(steps=remote.step_count)
    compare(remote, alone, "after the loss")
    client = workers._connected()
    wait_for(lambda: sweep._known.look(client) or hung in sweep._known.answering)
    workers.close()


def test_a_worker_trains_a_network_as_its_page_would(
    processes: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote = RemoteTrainer(*remote_training.settings(), workers=RemoteWorkers(processes.address))
    alone = Trainer(*remote_training.settings())
    reached: list[int] = []
    advance = RemoteSession.advance

    def note(self: RemoteSession, *budget: float) -> Any:
        progress = advance(self, *budget)
        reached.append(progress.steps)
        return progress

    monkeypatch.setattr(RemoteSession, "advance", note)
    monkeypatch.setattr(remote_trainer_module, "MAX_CALL_SECONDS", 0.003)  # several for each budget
    monkeypatch.setattr(remote_trainer_module, "REPORT_SECONDS", 0.0)
    wait_for_worker(remote)
    paused = set[str]()
    for case, change in CHANGES.items():
        for trainer in (remote, alone):
            change(trainer)
            trainer.train(4)
            paused.add(trainer.paused_by.kind if trainer.paused_by else "")
            trainer.advance(60.0, steps=2)  # with which the worker makes the frame
        progress = [(each.epoch, each.step_count, each.scores) for each in (remote, alone)]
        assert progress[0] == progress[1], case
        assert reached[-1] == alone.step_count, "the worker took them"
        assert remote.steps_to_epoch_end == alone.steps_to_epoch_end, case
        compare(remote, alone, case)
        assert remote.place_note is None
    assert paused == {"", "diverged", "goal"}


@pytest.mark.filterwarnings("ignore:Widget.name is deprecated")
def test_a_page_outlives_the_worker_that_trains_it(processes: Cluster) -> None:
    page = PointsPage("spiral", count=60, hidden=[4], batch_size=10, train_on=processes.address)
    remote, alone = page.trainer, Trainer(page.problem, page.architecture, page.training)
    assert isinstance(remote, RemoteTrainer)
    wait_for_worker(remote)
    victim = remote.worker
    killer = threading.Timer(random.uniform(0, 0.3), processes.kill_worker, [victim])
    reached = remote.epoch
    killer.start()
    while remote.worker == victim:
        reached = max(reached, remote.epoch)
        remote.advance(0.05)
    assert remote.place_note is not None
    page.update(remote.frame())
    told = page._training.notes._pane.object
    assert f"The worker {victim} was lost at epoch" in told
    wait_for_worker(remote)
    assert remote.worker in processes.workers
    remote.train(reached + 20 - remote.epoch)
    alone.train(reached + 20)
    compare(remote, alone, "after the loss")
    assert page.predict([[0.0, 0.0]]).shape == (1, 2)
    processes.add_worker()


@pytest.mark.filterwarnings("ignore:Widget.name is deprecated")
def test_where_no_worker_can_train_a_network_its_page_does(
    processes: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sentence_of(workers: RemoteWorkers, problem: type[PointsProblem] = PointsProblem) -> str:
        trainer = RemoteTrainer(*remote_training.settings(problem), workers=workers)
        wait_for(lambda: trainer.advance(steps=1) and trainer.place_note)
        alone = Trainer(*remote_training.settings())
        alone.advance(steps=trainer.step_count)
        compare(trainer, alone, "here")
        assert trainer.trains_here
        assert trainer.place_note is not None
        return trainer.place_note.sentence

    for address in ("tcp://127.0.0.1:9", "tls://127.0.0.1:9"):
        sentence = sentence_of(RemoteWorkers(address, timeout=0.5))
        assert sentence.startswith(f"No scheduler answers at “{address}”")
        assert sentence.endswith("The process that serves this page trains it meanwhile.")
    workers = RemoteWorkers(processes.address)
    sentence = sentence_of(workers, UnsendablePoints)
    assert sentence.startswith("Workers can't train this (TypeError: cannot pickle")
    lost: list[str] = []

    def answer_the_second_time(session: RemoteSession) -> str:
        if lost:
            return ""
        lost.append(session.worker)
        raise LostWorkerError(session.worker)

    with monkeypatch.context() as patch:
        patch.setattr(RemoteSession, "differences", answer_the_second_time)
        assert workers.begin_session().result(30).worker not in lost
    assert lost
    monkeypatch.setattr(workers_module, "versions", lambda: {**versions(), "torch": "1.0"})
    assert "this process 1.0: install the same version." in sentence_of(workers)
    workers.close()
    monkeypatch.setattr(place_module, "server_settings", lambda: Mock(train_on="local"))
    note = place_module.place_note(Trainer(*remote_training.settings()))
    assert note is not None
    assert "The process that serves this page trains it: the workers (local) are" in note.sentence
    for wrong, choices in (("should be local", {}), ("leave out", {"model": nn.Linear(2, 1)})):
        place = "here" if not choices else processes.address
        with pytest.raises(InputError, match=wrong):
            PointsPage("spiral", train_on=place, **choices)


def test_an_interrupted_sweep_goes_on_without_repeating(
    processes: Cluster, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = runner_of(gates(200, 4), store, processes, slice_seconds=0.05)
    first.run(lambda progress: first.stop() if progress.ended else None)
    begun = sum(each.epoch for each in first.progress.trials)
    # A runner that was stopped goes on, too.
    half = first.run(lambda _progress: first.stop())
    assert sum(each.epoch for each in half.trials) > begun
    done = [each for each in half.trials if not each.is_open]
    assert 1 <= len(done) < 4
    assert (store.folder / "sweeps" / first.plan.id / "plan.json").exists()
    handed_out: list[int] = []
    submit = SweepRunner._submit

    def note(self: SweepRunner, number: int, *, send: bool = False) -> None:
        handed_out.append(number)
        submit(self, number, send=send)

    def go_on(progress: SweepProgress) -> None:
        for each in progress.trials:
            assert each.epoch >= epochs.get(each.number, 0), "a trial began anew"

    monkeypatch.setattr(SweepRunner, "_submit", note)
    second = runner_of(gates(200, 5), store, processes, slice_seconds=0.05)
    epochs = {each.number: each.epoch for each in half.trials}
    progress = second.run(go_on)
    assert not {each.number for each in done} & {*handed_out}
    assert [progress.trials[each.number] for each in done] == done
    assert [each.status for each in progress.trials] == ["finished"] * 5
    check_against_trainers(progress, store)
    handed_out.clear()
    assert runner_of(gates(200, 5), store, processes).run().trials == progress.trials
    assert not handed_out
    assert runner_of(gates(20, 1), store, processes).run(anew=True).ended == 1


def test_a_sweep_is_paused_resumed_and_cancelled(processes: Cluster, store: Store) -> None:
    plan = gates(100_000, 3)
    sweep = runner_of(plan, store, processes, slice_seconds=0.05)
    with pytest.raises(InputError, match="no trial 3"):
        sweep.cancel(3)
    changed = threading.Event()
    thread = threading.Thread(target=sweep.run, args=(lambda _progress: changed.set(),))
    thread.start()
    try:
        wait_for(lambda: len(sweep.progress.trials) == 2 and sweep.progress.trials[1].epoch > 0)
        sweep.pause()
        wait_for(lambda: not sweep._pending)
        paused = sweep.progress
        assert paused.paused
        assert [each.status for each in paused.trials] == ["running"] * 2
        # By files, as from another process.
        watched = WatchedSweep(store.folder, plan.id)
        wait_for(lambda: watched.progress().paused)
        wait_for(lambda: watched.progress().trials == sweep.progress.trials)
        seen = watched.progress()
        assert (seen.is_running, seen.workers) == (True, 2)
        checkpoint = watched.run(store, seen.trials[1])
        assert checkpoint.summary.epoch == seen.trials[1].epoch
        watched.send("resume")
        wait_for(lambda: sweep.progress.trials[0].epoch > paused.trials[0].epoch)
        watched.send("cancel", 0)
        wait_for(lambda: len(sweep.progress.trials) == 3 and sweep.progress.trials[2].epoch > 0)
        assert sweep.progress.trials[0].status == "cancelled"
        watched.send("cancel")
        thread.join(60)
        assert not watched.progress().is_running
        with pytest.raises(InputError, match="No process carries this sweep out"):
            watched.send("resume")
    finally:
        sweep.stop()
        thread.join(60)
    assert not thread.is_alive()
    assert [each.status for each in sweep.progress.trials] == ["cancelled"] * 3
    kept = {each.id for each in store.list()}
    assert kept == {each.run_id for each in sweep.progress.trials}, "what they learned is kept"


def wait_for(condition: Any) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_what_is_impossible_together_fails_alone(processes: Cluster, store: Store) -> None:
    varied = ["inputs_count=2,3", "features=[A,B],[A,B,C]"]
    progress = runner_of(make_plan("gates", varied, {"stop_epoch": 2}), store, processes).run()
    ended = {
        (each.values["inputs_count"], len(each.values["features"])): each.status
        for each in progress.trials
    }
    assert ended == {(2, 2): "finished", (2, 3): "failed", (3, 2): "finished", (3, 3): "finished"}
    assert [each.message for each in progress.trials if each.status == "failed"] == [
        "There is no feature “C”; there are A, B."
    ]


def test_optuna_prunes_on_a_cluster(processes: Cluster, store: Store) -> None:
    pytest.importorskip("optuna")
    plan = make_plan(
        "gates",
        ["learning_rate=0.00001,0.01,0.02,0.03,0.04,0.05,0.06,0.07"],
        {"stop_epoch": 20},
        pruner="median",
        sampler="tpe",
        trials=8,
    )
    progress = runner_of(plan, store, processes).run()
    assert {each.status for each in progress.trials} <= {"finished", "pruned"}
    assert progress.ended == 8


def test_a_worker_with_other_versions_is_named(
    processes: Cluster, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in ("torch", "python"):
        with monkeypatch.context() as patch:
            patch.setattr(work, "versions", partial(dict, versions(), **{package: "1.0"}))
            with pytest.raises(InputError, match=rf"worker has {package} .* with 1\.0: install"):
                runner_of(gates(50, 2), store, processes).run()
    assert runner_of(gates(50, 2), store, processes).run().ended == 2, "and goes on afterwards"


def test_a_scheduler_with_another_version_is_named(
    processes: Cluster, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("distributed.__version__", "1.0")
    with pytest.raises(InputError, match=r"this machine 1\.0: install the same"):
        runner_of(gates(50, 2), store, processes).run()


def test_other_pictures_are_refused(processes: Cluster, store: Store) -> None:
    sweep = runner_of(gates(5, 1), store, processes)
    sweep.run()
    sweep._trials.record(replace(sweep.progress.trials[0], data="of other pictures"))
    with pytest.raises(InputError, match="A worker has other pictures"):
        sweep._check_data(work.SliceResult(outcome="going", data="those of the worker"))


def half_open_clients() -> list[Any]:
    kind = sys.modules["distributed"].Client
    found = [each for each in gc.get_objects() if type(each) is kind]
    return [each for each in found if each.status not in ("running", "closed")]


def test_a_scheduler_that_is_not_there_or_alone_is_reported(
    processes: Cluster, store: Store, tmp_path: Path
) -> None:
    for address in ("tcp://127.0.0.1:9", "127.0.0.1:nine", "ftp://127.0.0.1:9"):
        sweep = runner_of(gates(50, 2), store, processes, scheduler=address)
        with pytest.raises(InputError, match="No scheduler answers at") as refused:
            sweep.run()
        # One left open is closed in whatever thread collects it: in that of the next connection.
        assert half_open_clients() == []
        # Those who watch it are told, too.
        watched = WatchedSweep(store.folder, sweep.plan.id).progress()
        assert (watched.remark, watched.is_running) == (str(refused.value), False)
    with started_cluster(tmp_path, workers=0) as alone:
        sweep = runner_of(gates(50, 2), store, alone, patience=0.3)
        with pytest.raises(InputError, match="has had no workers for 0 seconds: start some"):
            sweep.run()


def test_a_dead_scheduler_is_reported_and_results_are_kept(
    processes: Cluster, store: Store, tmp_path: Path
) -> None:
    with started_cluster(tmp_path, workers=1) as dying:
        sweep = runner_of(gates(150, 3), store, dying, slice_seconds=0.01)

        def kill(progress: SweepProgress) -> None:
            if progress.ended == 1 and len(progress.trials) == 2 and progress.trials[1].epoch:
                dying.kill_scheduler()

        with pytest.raises(InputError, match=r"does not answer any more\. 1 of 3 trials"):
            sweep.run(kill)
    assert len(store.list()) == 1
    progress = runner_of(gates(150, 3), store, processes).run()
    assert progress.trials[0] == sweep.progress.trials[0]
    check_against_trainers(progress, store)


def csv_file(folder: Path) -> Path:
    """Write a table with two columns of numbers and two classes."""
    path = folder / "leaves.csv"
    rows = [f"{each % 7},{each % 5},{'oak' if each % 7 > 3 else 'elm'}" for each in range(40)]
    path.write_text("\n".join(["length,width,kind", *rows]))
    return path


def test_the_command_sweeps_and_resumes(
    processes: Cluster, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYGROUND_RUNS", str(store.folder))
    # A table of one's own, which each worker is sent once.
    command = ["sweep", str(csv_file(store.folder.parent)), "--target", "kind",
               "--vary", "learning_rate=0.01..0.3:log", "--vary", "features=width,[length,width]",
               "--set", "stop_epoch=20", "--trials", "3",
               "--scheduler", processes.address]  # fmt: skip
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert "“kind” is learned from length, width." in done.stderr
    assert lines[0].split()[:4] == ["trial", "learning_rate", "features", "epochs"]
    assert len(lines) == 5
    assert sorted(line.split()[0] for line in lines[1:4]) == ["0", "1", "2"]
    losses = [float(re.split("  +", line)[4]) for line in lines[1:4]]
    assert losses == sorted(losses)
    assert lines[4].startswith("Best: learning_rate ")
    best = lines[1].split()[-1]
    assert lines[4].endswith(f"run {best}.")
    run = store.open(best)
    assert " + ".join(run.settings["features"]) == re.split("  +", lines[1])[2]
    assert run.extra["table"]["target"] == "kind"
    assert "100%" in done.stderr
    again = CliRunner().invoke(app, command)
    assert again.stdout == done.stdout, "nothing was trained anew"
    monkeypatch.setattr(SweepRunner, "_loop", Mock(side_effect=KeyboardInterrupt))
    stopped = CliRunner().invoke(app, [*command, "--anew"])
    assert (stopped.exit_code, "goes on from here" in stopped.stderr) == (130, True)
    wrong = CliRunner().invoke(app, ["sweep", "gates", "--vary", "learning_rte=1,2"])
    assert (wrong.exit_code, "Did you mean learning_rate?" in wrong.stderr) == (1, True)
    unset = CliRunner().invoke(app, ["sweep", "gates", "--vary", "gate=XOR,AND", "--set", "noise"])
    assert "given as name=value" in unset.stderr


@pytest.mark.filterwarnings("ignore:Widget.name is deprecated")
def test_a_sweep_is_begun_from_the_page_by_a_process_that_outlives_it(
    processes: Cluster, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYGROUND_RUNS", str(store.folder))
    opened: list[Run] = []
    problem = ProblemChoice()
    card = TrialsCard(lambda: LIGHT, lambda _sentence: None, opened.append, problem)
    form = card.form
    assert form is not None
    table, _sentence = TrialTable.open(csv_file(store.folder.parent))
    problem.use_table(OwnTable(TableProblem(table.data, train_ratio=0.5), table.packed))
    assert form.task == OWN_TABLE
    form.param.update(vary="hidden=[2],[3]", others="stop_epoch=3", scheduler=processes.address)
    click(form, "Begin the sweep")
    (id,) = watched_ids(store.folder)
    launched = launched_sweep(store.folder, id)
    assert launched is not None
    assert os.getsid(launched._process.pid) != os.getsid(0)
    assert "The process that carries it out is starting." in text(card)
    assert not widget(card, "Go on here").visible
    click(form, "Begin the sweep")
    assert "Another sweep is being carried out" in text(form)
    assert launched._process.wait(timeout=300) == 0
    card.look()
    assert "All <b>2</b> trials have ended.</p><p>The best: " in text(card)
    click(card, "Open the best")
    assert (opened[0].page, opened[0].summary.epoch) == ("Your data", 3)
    assert (opened[0].extra["table"], opened[0].settings["train_ratio"]) == (table.packed, 0.5)
    launched._output.write_text("Traceback\n\nSegmentation fault\n")
    launched._process.returncode = -11
    assert launched.failure == "The process has ended with status -11. Segmentation fault"


def test_workers_that_do_not_start_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("distributed.LocalCluster", Mock(side_effect=RuntimeError("Nanny failed")))
    with pytest.raises(InputError, match="on this machine: Nanny failed"), connected():
        pass


def test_this_machine_is_a_cluster_by_default() -> None:
    with connected(None, 1) as client:
        assert list(client.nthreads().values()) == [1]
        assert all(each.startswith("tcp://127.0.0.1:") for each in client.nthreads())
