"""Frames: pictures of a moment, true and never to change again."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from sklearn import metrics
from torch import nn

from playground.export.report import report
from playground.export.report.formatting import describe_score
from playground.networks.architecture import Architecture
from playground.networks.dense.activations import ACTIVATIONS
from playground.number_text import format_loss, format_percent
from playground.pages.shell.transport import header_numbers
from playground.problems import Gates, Points, Problem
from playground.problems.tables.table_problem import TableProblem
from playground.training.dense.diagnosis import notes
from playground.training.dense.frame import Frame
from playground.training.dense.trainer import Trainer
from playground.training.dense.training_data import GRID_SIDE, MAP_STRIDE, PLACES
from tests.support.training.dense_training import make_trainer, weights

PROBLEMS = {
    "a gate": Gates(inputs_count=3, noise=0.1),
    "two classes": Points(shape="moons", count=60),
    "four classes": Points(shape="blobs", classes_count=4, count=60),
    "values": Points(shape="plane", count=60),
}
each_problem = pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS)


def arrays(thing: Any) -> list[np.ndarray]:
    """Find all arrays in a frame, wherever they are."""
    if isinstance(thing, np.ndarray):
        return [thing]
    if is_dataclass(thing):
        parts = [getattr(thing, field.name) for field in fields(thing)]
    elif isinstance(thing, dict):
        parts = list(thing.values())
    else:
        parts = list(thing) if isinstance(thing, tuple) else []
    return [array for part in parts for array in arrays(part)]


def numbers(frame: Frame) -> list[float]:
    return [frame.epoch, frame.step, frame.rate, frame.train.loss, frame.test.loss]


@each_problem
def test_a_frame_never_changes(problem: Problem) -> None:
    trainer = make_trainer(problem)
    trainer.set_probe("origin", np.zeros((1, len(problem.inputs)), np.float32))
    trainer.enlarge((0, 1))
    trainer.train(3)
    frame = trainer.frame()
    seen, before = [array.copy() for array in arrays(frame)], numbers(frame)
    assert len(seen) > 30
    now = trainer.train(3)
    repainted = trainer.repainted(frame, trainer.settings())
    np.testing.assert_allclose(repainted.field, now.field, atol=1e-6)
    np.testing.assert_allclose(repainted.enlarged.map, now.enlarged.map, atol=1e-6)
    np.testing.assert_array_equal(repainted.probe_outputs["origin"], now.probe_outputs["origin"])
    assert repainted.layers is frame.layers
    assert numbers(repainted) == before
    trainer.architecture.hidden = [6, 6]
    trainer.train(3)
    trainer.reset()
    trainer.frame()
    for array, kept in zip(arrays(frame), seen, strict=True):
        np.testing.assert_array_equal(array, kept)
    assert numbers(frame) == before


@each_problem
def test_shapes_and_kinds(problem: Problem) -> None:
    frame = make_trainer(problem, hidden=[5, 3]).train(2)
    side, outputs = GRID_SIDE // MAP_STRIDE, len(problem.classes) or 1
    assert frame.field.shape == (GRID_SIDE, GRID_SIDE, outputs)
    assert frame.feature_maps.shape == (len(frame.plan.features), side, side)
    for layer, plan in zip(frame.layers, frame.plan.layers, strict=True):
        assert layer.weight.shape == layer.weight_gradient.shape == (plan.units, plan.fan_in)
        assert layer.bias.shape == layer.bias_gradient.shape == (plan.units,)
        assert layer.maps.shape == (plan.units, side, side)
        assert layer.mean.shape == layer.deviation.shape == (plan.units,)
        assert layer.frozen.shape == (plan.units, plan.fan_in + 1)
    assert frame.confusion.shape == (len(problem.classes),) * 2
    assert {array.dtype for array in [*arrays(frame.layers), frame.field]} == {
        np.dtype(np.float32),
        np.dtype(np.bool_),
    }
    assert frame.regression == (not problem.classes)


@each_problem
def test_the_field_and_the_maps_are_what_the_network_says_there(problem: Problem) -> None:
    trainer = make_trainer(problem, hidden=[5, 3], activation="GELU")
    frame = trainer.train(2)
    grid = frame.plane.grid(GRID_SIDE)
    said = trainer.predict(grid).reshape(GRID_SIDE, GRID_SIDE, -1)
    np.testing.assert_allclose(frame.field, said, atol=1e-6)

    def mean(values):
        return np.mean([values[row::MAP_STRIDE, column::MAP_STRIDE] for row, column in PLACES], 0)

    inside = (
        trainer.model[:2](torch.tensor(grid)).detach().numpy().reshape(GRID_SIDE, GRID_SIDE, -1)
    )
    for unit in range(5):
        np.testing.assert_allclose(frame.layers[0].maps[unit], mean(inside[..., unit]), atol=1e-5)
    for index, name in enumerate(frame.plan.features):
        inputs = problem.features[name](torch.tensor(grid)).numpy().reshape(GRID_SIDE, GRID_SIDE)
        np.testing.assert_allclose(frame.feature_maps[index], mean(inputs), atol=1e-5)

    assert frame.enlarged is None
    trainer.enlarge((0, 2))
    enlarged = trainer.frame().enlarged
    assert enlarged[:2] == (0, 2)
    np.testing.assert_allclose(enlarged.map, inside[..., 2], atol=1e-5)
    trainer.enlarge((-1, 0))
    name = frame.plan.features[0]
    first = problem.features[name](torch.tensor(grid)).numpy().reshape(GRID_SIDE, GRID_SIDE)
    np.testing.assert_array_equal(trainer.frame().enlarged.map, first)
    trainer.enlarge((0, 5))
    assert trainer.frame().enlarged is None, "there is no such unit"


def test_weights_and_gradients_are_those_of_the_last_step() -> None:
    trainer = make_trainer(optimiser="SGD", learning_rate=0.5)
    trainer.train(2)
    before = weights(trainer)
    frame = trainer.step()
    rows = [
        np.concatenate([part.ravel() for part in pair])
        for pair in (
            [array for layer in frame.layers for array in (layer.weight, layer.bias)],
            [
                array
                for layer in frame.layers
                for array in (layer.weight_gradient, layer.bias_gradient)
            ],
        )
    ]
    np.testing.assert_array_equal(rows[0], weights(trainer).numpy())
    np.testing.assert_allclose(rows[0], before.numpy() - 0.5 * rows[1], atol=1e-6)
    norms = [layer.gradient_norm for layer in frame.layers]
    assert np.hypot.reduce(norms) == pytest.approx(np.linalg.norm(rows[1]), rel=1e-5)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_statistics_over_the_training_samples(activation: str) -> None:
    trainer = make_trainer(activation=activation, hidden=[5])
    frame = trainer.train(3)
    x = torch.tensor(frame.samples.train.x)
    linear, function = trainer.model[:2]
    before = linear(x).detach().requires_grad_()
    answer = function(before)
    (slope,) = torch.autograd.grad(answer.sum(), before)
    layer = frame.layers[0]
    np.testing.assert_allclose(layer.mean, answer.mean(0).detach(), atol=1e-5)
    np.testing.assert_allclose(layer.deviation, answer.std(0, correction=0).detach(), atol=1e-5)
    faint = slope.abs() < 0.009
    assert layer.saturated == pytest.approx(faint.float().mean().item())
    assert layer.dead == faint.all(0).sum()
    assert (frame.layers[1].saturated, frame.layers[1].dead) == (0, 0)


def test_a_leaky_unit_is_not_dead() -> None:
    trainer = make_trainer(activation="leaky ReLU", hidden=[3])
    for parameter in trainer.model[0].parameters():
        parameter.data.fill_(-10)
    trainer.problem.shape = "your own"
    trainer.problem.own.add([[1, 1], [2, 2], [3, 1], [1, 3]], [0, 1, 0, 1])
    assert trainer.frame().layers[0].dead == 0
    trainer.architecture.activation = "ReLU"
    assert trainer.frame().layers[0].dead == 3


def table(task: str) -> TableProblem:
    """A table with columns of different size, with test rows of its own where it has classes."""
    rng = np.random.default_rng(0)
    x = rng.normal([5.0, 3e4], [2.0, 1e3], (90, 2))
    score = (x[:, 0] - 5) / 2 + (x[:, 1] - 3e4) / 1e3
    if task == "values":
        return TableProblem((x, 1e5 + 300 * score))
    y = np.digitize(score, [-0.7, 0.7])
    return TableProblem((x[:60], y[:60]), test_data=(x[60:], y[60:]))


def own_module() -> Trainer:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(2, 5), nn.BatchNorm1d(5), nn.Tanh(), nn.Linear(5, 1))
    return Trainer(PROBLEMS["two classes"], Architecture(features=["x", "y"]), module=module)


MOMENTS = {
    **{name: partial(make_trainer, problem) for name, problem in PROBLEMS.items()},
    "a gate without test rows": lambda: make_trainer(Gates(gate="AND"), batch_size=3),
    "classes of a table": lambda: make_trainer(table("classes"), features=["x1", "x2"]),
    "values of a table": lambda: make_trainer(table("values"), features=["x1", "x2"]),
    "a module": own_module,
}


@pytest.mark.parametrize("name", MOMENTS)
def test_all_numbers_are_of_one_moment_and_of_the_same_samples(name: str) -> None:
    trainer = MOMENTS[name]()
    problem = trainer.problem
    # In the middle of an epoch, at the end of the second one, and in the middle of another.
    for steps in (1, 2 * trainer.steps_per_epoch - 1, trainer.steps_per_epoch + 1):
        trainer.advance(steps=steps)
        frame = trainer.frame()
        curves, header = frame.curves, dict(header_numbers(frame))
        done = pytest.approx(frame.step / trainer.steps_per_epoch)
        assert (frame.epochs_done, curves.epoch[-1]) == (done, done)
        assert (np.diff(curves.epoch) > 0).all()
        assert notes(frame, trainer.training, problem.remark) == frame.notes
        is_table = isinstance(problem, TableProblem)
        parts = problem.split_data() if is_table else (frame.samples.train, frame.samples.test)
        said_of_scores = []
        for number, part in enumerate(parts):
            kind, score = ("train", "test")[number], (frame.train, frame.test)[number]
            last = [getattr(curves, f"{kind}_{each}")[-1] for each in ("loss", "accuracy")]
            np.testing.assert_equal(last, np.float32([score.loss, score.accuracy]))
            if not len(part):
                continue
            said_of_scores.append(describe_score(score))
            assert header.get(f"{kind} loss", format_loss(score.loss)) == format_loss(score.loss)
            answers = trainer.predict(part.x)
            if frame.regression:
                scale = problem.preprocessing.targets.scale[0] if is_table else 1
                missed = metrics.mean_squared_error(part.y, answers) / scale**2
                assert score.loss == pytest.approx(missed, rel=1e-3)
                error = metrics.mean_absolute_error(part.y, answers)
                assert frame.errors[number].mean_absolute == pytest.approx(error, rel=1e-3)
                continue
            said, everyone = answers.argmax(1), np.arange(len(frame.classes))
            own = answers[np.arange(len(part)), part.y]
            assert score.loss == pytest.approx(-np.log(own).mean(), rel=1e-3)
            assert score.accuracy == pytest.approx(metrics.accuracy_score(part.y, said))
            if number or not len(parts[1]):
                expected = metrics.confusion_matrix(part.y, said, labels=everyone)
                np.testing.assert_array_equal(frame.confusion, expected)
                share = format_percent(frame.confusion.trace() / frame.confusion.sum())
                assert header[f"{kind} accuracy"] == share
    text = report(trainer).markdown
    assert (f"{frame.part:.0%} of another. On" in text) == (frame.part > 0)
    assert all(each in text for each in said_of_scores)


def test_a_module_that_was_changed_by_hand_is_scored_as_it_is_now() -> None:
    trainer = own_module()
    before = trainer.train(2).train.loss
    with torch.no_grad():
        trainer.model[0].weight.mul_(-3)
    frame = trainer.frame()
    train = frame.samples.train
    own = trainer.predict(train.x)[np.arange(len(train)), train.y]
    assert frame.train.loss == pytest.approx(-np.log(own).mean(), rel=1e-4)
    assert frame.train.loss > before
    assert frame.curves.epoch.tolist() == [0, 1, 2]
    assert frame.curves.train_loss[-1] == np.float32(frame.train.loss)
