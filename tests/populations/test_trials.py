"""Sweeps of trials without a cluster: their plans, and what a worker computes."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import ParameterGrid

from playground.cli.sweep_text import bar_text, table_lines
from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.pages.app import page_from_run
from playground.problems.gates import Gates
from playground.problems.image_datasets import ImageDataset
from playground.problems.points.points import Points
from playground.runs import Run
from playground.runs.format import decode_run, encode_run
from playground.training.core.base_trainer import BaseTrainer
from playground.training.core.metrics import Score
from playground.training.dense.trainer import Trainer
from playground.training.images import ImageTrainer, default_training
from playground.training.remote.versions import versions
from playground.training.training import Training
from playground.trials import work
from playground.trials.design import designed_values
from playground.trials.folder import SweepFolder
from playground.trials.plan import SweepPlan, make_plan, rungs
from playground.trials.progress import SweepProgress
from playground.trials.space import read_dimension
from playground.trials.tasks import TASKS, make_task
from playground.trials.trial import Trial
from playground.trials.work import Job, SliceResult, train_slice
from tests.support.each_case import in_turn
from tests.support.servers.server import ROOT
from tests.support.training.image_trainers import BarImages

RATE = "learning_rate=1e-4..1e-1:log"

REFUSED: dict[str, tuple[str, list[str], dict[str, Any], str]] = {
    "an unknown task": ("digit", [RATE], {}, "Did you mean digits?"),
    "an unknown setting": ("digits", ["lerning_rate=1,2"], {}, "Did you mean learning_rate?"),
    "an unknown fixed setting": (
        "gates",
        [RATE],
        {"settings": {"hiden": "4"}},
        "Did you mean hidden?",
    ),
    "an unknown value": ("digits", ["model=mlp,cn"], {}, "can't be “cn”"),
    "a value out of bounds": ("gates", ["learning_rate=1e-9,1"], {}, "can't be “1e-9”"),
    "no number": ("gates", ["learning_rate=nan..1"], {}, "can't be “nan”"),
    "a half neuron": ("gates", ["batch_size=1.5,2"], {}, "can't be “1.5”"),
    "nothing": ("digits", [], {}, "Nothing varies"),
    "no values": ("digits", ["learning_rate"], {}, "Say which values"),
    "an empty list": ("digits", ["model="], {}, "missing"),
    "a missing value": ("digits", ["model=mlp,,cnn"], {}, "missing"),
    "a range that ends before it begins": ("gates", ["learning_rate=1..0.1"], {}, "is empty"),
    "a logarithm of zero": ("gates", ["l2=0..1:log"], {}, "can't begin at 0"),
    "an unknown option": ("gates", [f"{RATE}:big"], {}, "not “big”"),
    "a range of one value": ("gates", [f"{RATE}:1"], {}, "2 to 1,000 values"),
    "a value twice": ("gates", ["hidden=[4],[4]"], {}, "twice"),
    "a setting twice": ("gates", [RATE, "learning_rate=0.1,1"], {}, "varied twice"),
    "a fixed setting": ("gates", [RATE], {"settings": {"learning_rate": 1}}, "varied as well"),
    "an infinite grid": ("gates", [RATE], {"sampler": "grid"}, "would be infinite"),
    "part of a grid": ("gates", ["hidden=[1],[2],[3]"], {"sampler": "grid", "trials": 2}, "has 3"),
    "no trials": ("gates", [RATE], {"trials": 0}, "1 to 10,000 trials"),
    "too many trials": ("gates", [RATE], {"trials": 10_001}, "1 to 10,000 trials"),
    "endless trials": ("gates", ["stop_epoch=none,10"], {}, "never end"),
    "no effect": ("digits", ["momentum=0,0.9"], {}, "it has no effect with model mlp"),
    "no own network": ("digits", ["own_kernel=3,5"], {}, "it has no effect with model mlp"),
    "a page's own table": ("gates", ["gate=XOR,custom"], {}, "a gate that has a name"),
    "a page's own points": ("points", ["shape=circle,your own"], {}, "a shape with a name"),
    "an unknown feature": ("points", ["features=x,[x,z]"], {}, "no feature “z”"),
    "an unknown sampler": ("gates", [RATE], {"sampler": "tp"}, "Did you mean tpe?"),
    "an unknown pruner": ("gates", [RATE], {"pruner": "medium"}, "Did you mean median?"),
    "an unknown metric": ("gates", [RATE], {"metric": "loss"}, "test loss"),
    "too long a text": ("gates", [RATE + "0" * 3000], {}, "too long"),
}


@in_turn("case", REFUSED)
def test_impossible_sweeps_are_refused_with_a_sentence(case: str) -> None:
    task, vary, others, sentence = REFUSED[case]
    with pytest.raises(InputError, match=re.escape(sentence)):
        make_plan(task, vary, **others)


FUZZED = {name: make_task(name) for name in TASKS}


@pytest.mark.fuzz
@given(st.sampled_from(list(TASKS)), st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_a_dimension_or_refused(task: str, name: str, values: str) -> None:
    known = FUZZED[task]
    for text in (f"{name}={values}", f"learning_rate={values}", f"{name}{values}"):
        try:
            read = read_dimension(text, known)
        except InputError:
            continue
        assert read_dimension(read.text, known) == read


def test_a_plan_is_the_same_when_read_again() -> None:
    plan = make_plan(
        "gates", ["hidden=[4],[8,8],[]", "max_norm=none,1", RATE], {"noise": "0.1"}, trials=3
    )
    assert SweepPlan.from_json(plan.as_json()) == plan
    assert [each.count for each in plan.space] == [3, 2, math.inf]
    more = make_plan("gates", [each.text for each in plan.space], {"noise": 0.1}, trials=5)
    assert more.id == plan.id
    assert make_plan("gates", [RATE], {"noise": 0.2}).id != make_plan("gates", [RATE]).id


def test_designs_are_whole_different_and_go_on() -> None:
    grid = make_plan("gates", ["batch_size=1..3", "gate=XOR,AND"], sampler="grid")
    values = designed_values(grid)
    known = ParameterGrid({"gate": ["XOR", "AND"], "batch_size": [1, 2, 3]})
    assert values == [*known]
    assert len(values) == grid.trials == 6
    assert len({tuple(sorted(each.items())) for each in values}) == 6
    shuffled = make_plan("gates", ["batch_size=1..3", "gate=XOR,AND"], trials=50, seed=3)
    assert shuffled.trials == 6, "there are no more that differ"
    assert designed_values(shuffled) != values
    assert sorted(map(str, designed_values(shuffled))) == sorted(map(str, values))
    drawn = designed_values(make_plan("gates", [RATE, "batch_size=1..30:log"], trials=200))
    rates = np.array([each["learning_rate"] for each in drawn])
    assert 1e-4 <= rates.min() < 2e-4
    assert 0.05 < rates.max() <= 0.1
    assert 0.35 < (rates < 10**-2.5).mean() < 0.65, "equal factors are equally likely"
    sizes = {each["batch_size"] for each in drawn}
    assert {1, 2, 3} <= sizes <= {*range(1, 31)}
    first = designed_values(make_plan("gates", [RATE, "batch_size=1..30:log"], trials=20))
    assert first == drawn[:20], "more trials begin with the same ones"
    vary = ["batch_size=1..2000:log", "gate=XOR,AND"]
    few, more = (designed_values(make_plan("gates", vary, trials=count)) for count in (50, 100))
    assert more[:50] == few
    assert len({tuple(sorted(each.items())) for each in more}) == 100
    halves = np.array([each["batch_size"] <= 45 for each in few]).mean()
    assert 0.3 < halves < 0.7, "equal factors are equally likely"


def job(task: str, settings: dict[str, Any], seconds: float = 60.0) -> Job:
    return Job(
        run_id=f"{abs(hash((task, str(settings)))):032x}"[-32:],
        name="a trial",
        task=task,
        settings=settings,
        metric="test loss",
        seconds=seconds,
        versions=versions(),
    )


def train_in_slices(work_to_do: Job, *, moving: bool) -> tuple[SliceResult, int]:
    """Train a trial slice by slice; `moving` as if each was on another worker."""
    result = SliceResult(outcome="going")
    while result.outcome == "going":
        if moving:
            work._kept_trainers.clear()
        result = train_slice(work_to_do, result.slices, result.checkpoint if moving else b"")
    return result, result.slices


def same_training(run: Run, trainer: BaseTrainer[Any, Any, Any]) -> None:
    """Compare weights, scores and curves of a run with those of a trainer."""
    frame, state = trainer.frame(), trainer.state(checkpoints=False)
    assert (run.summary.train, run.summary.test) == (frame.train, frame.test)
    assert run.summary.epoch == frame.epoch
    np.testing.assert_array_equal(run.curves.test_loss, frame.curves.test_loss)
    weights = [name for name in state.tensors if name.startswith("network")]
    assert weights
    for name in weights:
        np.testing.assert_array_equal(run.state.tensors[name], state.tensors[name], name)


@pytest.fixture
def small_digits(monkeypatch: pytest.MonkeyPatch) -> BarImages:
    """Pictures of bars in the place of MNIST."""
    bars = BarImages(120, 40)
    monkeypatch.setattr(ImageDataset, "load", lambda *_args: bars.given)
    return bars


CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "gates": (
        "gates",
        {"gate": "AND", "hidden": [3], "learning_rate": 0.1, "weight_seed": 5, "stop_epoch": 40},
    ),
    "points": (
        "points",
        {"shape": "moons", "count": 61, "optimiser": "momentum", "dropout": 0.2,
         "stop_epoch": 6},
    ),
    "digits": (
        "digits",
        {"model": "softmax", "learning_rate": 0.01, "batch_size": 30, "weight_seed": 2,
         "stop_epoch": 2},
    ),
}  # fmt: skip


def train_without_trials(case: str, bars: BarImages) -> BaseTrainer[Any, Any, Any]:
    """Return a trainer that a notebook would make for the settings of a case, trained."""
    if case == "gates":
        trainer = Trainer(
            Gates(gate="AND"),
            Architecture(hidden=[3], seed=5),
            Training(learning_rate=0.1, batch_size=4),
        )
        trainer.train(40)
        return trainer
    if case == "points":
        network = Architecture(features=["x", "y", "sin x", "sin y"], hidden=[8, 4], dropout=0.2)
        training = Training(optimiser="momentum", learning_rate=0.02, l2=0.001)
        trainer = Trainer(Points(shape="moons", count=61, noise=0.05), network, training)
        trainer.train(6)
        return trainer
    images = ImageTrainer(
        bars, "softmax", default_training(learning_rate=0.01, batch_size=30), seed=2, threads=1
    )
    images.train(2)
    return images


@pytest.mark.parametrize("case", list(CASES))
def test_a_trial_is_a_trainer_alone(case: str, small_digits: BarImages) -> None:
    task, settings = CASES[case]
    expected = train_without_trials(case, small_digits)
    whole = train_slice(job(task, settings), 0)
    assert (whole.outcome, whole.slices) == ("finished", 1)
    same_training(decode_run(whole.checkpoint), expected)
    for moving in (False, True):
        brief = job(task, settings, seconds=0.001)
        result, slices = train_in_slices(brief, moving=moving)
        assert slices > 1
        assert result.outcome == "finished"
        assert result.reports == whole.reports
        same_training(decode_run(result.checkpoint), expected)


@pytest.mark.filterwarnings("ignore:Widget.name is deprecated")
@pytest.mark.parametrize("case", list(CASES))
def test_a_trial_opens_on_its_page_and_goes_on(case: str, small_digits: BarImages) -> None:
    task, settings = CASES[case]
    result = train_slice(job(task, {**settings, "stop_epoch": 2}), 0)
    page = page_from_run(decode_run(result.checkpoint))
    assert (page.trainer.epoch, page.trainer.scores) == (2, result.scores)
    longer = train_slice(job(task, {**settings, "stop_epoch": 3}), 0)
    page.trainer.training.stop_epoch = 3
    page.trainer.train(1)
    # To the bit where tensors lie alike in memory; what is read from a file may lie otherwise.
    for score, expected in zip(page.trainer.scores, longer.scores, strict=True):
        assert (score.loss, score.accuracy) == pytest.approx((expected.loss, expected.accuracy))


def test_dropout_of_pytorch_is_drawn_for_each_trial_alone(small_digits: BarImages) -> None:
    own = {"own_channels": [4], "own_hidden": [16], "own_dropout": 0.4}
    settings = {"model": "own", **own, "batch_size": 40, "stop_epoch": 1}
    whole = decode_run(train_slice(job("digits", settings), 0).checkpoint)
    moved, slices = train_in_slices(job("digits", settings, seconds=0.001), moving=True)
    assert slices > 1
    weights = decode_run(moved.checkpoint).state.tensors
    for name, expected in whole.state.tensors.items():
        if name.startswith("network"):
            np.testing.assert_allclose(weights[name], expected, rtol=1e-5, atol=1e-6)


def test_reports_are_the_figures_at_the_rungs() -> None:
    result = train_slice(job("gates", {"stop_epoch": 30}), 0)
    curves = decode_run(result.checkpoint).curves
    at = [float(curves.test_loss[curves.epoch == epoch][0]) for epoch in rungs(30)]
    np.testing.assert_allclose(result.reports, at, rtol=1e-6)
    assert rungs(3) == (1, 2, 3)
    assert rungs(100)[-1] == 100


def test_a_worker_says_what_it_lacks(small_digits: BarImages) -> None:
    plain = job("gates", {"stop_epoch": 30})
    assert train_slice(plain, 7).outcome == "missing", "its trainer is not kept here"
    other = replace(plain, versions={**versions(), "torch": "1.0"})
    refused = train_slice(other, 0)
    assert refused.outcome == "refused"
    assert "and the sweep was begun with 1.0" in refused.message
    other_run = encode_run(replace(decode_run(train_slice(plain, 0).checkpoint), extra={}))
    failed = train_slice(plain, 1, other_run)
    assert (failed.outcome, failed.message) == ("failed", "This is not the checkpoint of a trial.")
    failed = train_slice(job("gates", {"gate": "custom"}), 0)
    assert (failed.outcome, "has a name" in failed.message) == ("failed", True)
    layers = {"model": "own", "own_padded": False, "own_channels": [8] * 4, "own_kernel": 9}
    failed = train_slice(job("digits", layers), 0)
    assert (failed.outcome, failed.message[-1]) == ("failed", "."), "layers that do not fit"


def test_a_diverged_trial_ends_with_its_last_good_weights() -> None:
    settings = {"optimiser": "SGD", "learning_rate": 10.0, "shape": "plane", "activation": "ReLU"}
    result = train_slice(job("points", settings), 0)
    assert result.outcome == "diverged"
    assert result.message.startswith("Training diverged")
    assert np.isfinite(decode_run(result.checkpoint).summary.train.loss)


def test_clusters_and_optuna_are_imported_only_when_asked_for() -> None:
    imported = {
        name
        for path in (ROOT / "playground").rglob("*.py")
        for name in re.findall(r"^(?:import|from) (\w+)", path.read_text(), re.MULTILINE)
    }
    assert "torch" in imported
    assert not {"dask", "distributed", "optuna"} & imported


def trial(number: int, loss: float, **others: Any) -> Trial:
    given = {"values": {"learning_rate": 0.01 * (number + 1)}, "status": "finished", "epoch": 9.0}
    scores = (Score(loss, 0.5), Score(loss, 0.5))
    return Trial(
        number=number, run_id=f"{number:032x}", epochs=10, scores=scores, **{**given, **others}
    )


def test_trials_are_kept_as_they_were_last(tmp_path: Path) -> None:
    folder = SweepFolder(tmp_path, "sweep")
    assert folder.trials() == ()
    with folder.locked():
        begun, done = trial(0, math.nan, status="running"), trial(0, 0.25)
        for each in (begun, trial(1, 0.5), done):
            folder.record(each)
        with pytest.raises(InputError, match="being carried out already"), folder.locked():
            pass
    path = folder.path / "trials.jsonl"
    path.write_text(path.read_text() + '{"number": 2, "val')
    assert [(each.number, each.scores[1].loss) for each in folder.trials()] == [(0, 0.25), (1, 0.5)]
    folder.record(trial(2, 0.75))
    assert len(folder.trials()) == 3, "a line that was not finished spoils no other"
    folder.save_checkpoint(1, b"data")
    assert folder.checkpoint(1) == b"data"
    folder.clear()
    assert (folder.trials(), folder.checkpoint(1)) == ((), b"")


def test_the_best_is_first_and_the_table_says_it() -> None:
    plan = make_plan("gates", [RATE], trials=5)
    progress = SweepProgress(
        plan,
        (
            trial(0, 0.5),
            trial(1, math.nan, status="diverged"),
            trial(2, 0.25),
            trial(3, 0.1, status="running", epoch=5.0),
        ),
        workers=2,
        seconds_left=61.0,
    )
    assert [each.number for each in progress.ranking] == [3, 2, 0, 1]
    assert progress.best == progress.trials[2]
    assert (progress.ended, progress.share) == (3, 0.7)
    assert bar_text(progress) == "3 of 5 trials, best test loss 0.25, 2 workers, 61 s left"
    lines = list(table_lines(progress))
    assert lines[0].split()[:3] == ["trial", "learning_rate", "epochs"]
    assert [line.split()[0] for line in lines[1:]] == ["3", "2", "0", "1"]
    accuracy = replace(plan, metric="test accuracy")
    assert not accuracy.lower_is_better
