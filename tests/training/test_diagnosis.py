"""The rules of the diagnosis on frames that are made up: units, layers and answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from playground.number_text import format_percent
from playground.problems.problem import Samples, Split
from playground.training.core.metrics import Curves, Score
from playground.training.core.notes import Remedy
from playground.training.dense.constant_answers import guess_loss
from playground.training.dense.diagnosis import notes
from playground.training.dense.frame import Frame
from playground.training.images.frame_notes import frame_notes
from playground.training.training import Training
from tests.support.training.diagnosed_frames import (
    FALLING,
    frame_of,
    kinds,
    with_layer,
    with_movements,
)
from tests.support.training.image_frames import make_image_frame

NOTHING = Samples(np.zeros((0, 2)), np.zeros(0))


def test_a_healthy_frame_has_no_notes() -> None:
    assert kinds(frame_of(FALLING)) == []


def test_the_problems_own_remark_comes_first() -> None:
    (note,) = notes(frame_of(FALLING), Training(), "Odd data.")
    assert (note.kind, note.place, note.sentence) == ("data", "data", "Odd data.")


@pytest.mark.parametrize(("batch", "expected"), [(20, []), (21, ["batch"])])
def test_a_batch_larger_than_the_data(batch: int, expected: list[str]) -> None:
    frame = frame_of(FALLING, samples=(20, 10))
    assert kinds(frame, Training(batch_size=batch)) == expected


@pytest.mark.parametrize(
    ("hidden", "weight", "bias", "after", "expected"),
    [
        ((4, 2), 0.0, 0.0, 0.0, ["symmetric"]),
        ((4, 2), 0.3, 0.1, 0.5, ["symmetric"]),
        ((4,), 0.3, 0.1, 0.5, ["symmetric"]),
        ((4, 2), 0.0, None, 0.0, []),  # different biases make different outputs
        ((4, 2), 0.3, 0.1, None, []),  # different weights behind make different gradients
        ((4, 2), None, 0.1, 0.5, []),
        ((4, 2), 1e-12, 1e-12, 1e-12, ["symmetric"]),
        ((1,), 0.0, 0.0, 0.0, []),  # a single neuron is like no other
    ],
)
def test_neurons_that_are_all_alike(
    hidden: tuple[int, ...],
    weight: float | None,
    bias: float | None,
    after: float | None,
    expected: list[str],
) -> None:
    frame = frame_of(FALLING, hidden=hidden)
    for index, name, value in ((0, "weight", weight), (0, "bias", bias), (1, "weight", after)):
        if value is not None:
            old = getattr(frame.layers[index], name)
            frame = with_layer(frame, index, **{name: np.full_like(old, value)})
    assert kinds(frame) == expected


def test_no_hidden_layer_is_never_alike() -> None:
    alone = frame_of(FALLING, hidden=())
    assert kinds(with_layer(alone, 0, weight=np.zeros((1, 2), np.float32))) == []


@pytest.mark.parametrize(
    ("dead", "loss", "expected"),
    [((1, 0), 0.5, "info"), ((1, 1), 0.5, "warning"), ((4, 2), 0.5, "warning"), ((4, 2), 0.01, "")],
)
def test_dead_neurons(dead: tuple[int, int], loss: float, expected: str) -> None:
    frame = replace(frame_of(FALLING, hidden=(4, 2)), train=Score(loss, 0.5))
    for index, count in enumerate(dead):
        frame = with_layer(frame, index, dead=count)
    found = [note for note in notes(frame, Training(), None) if note.kind == "dead"]
    assert [note.severity for note in found] == [expected] * bool(expected)
    if dead == (1, 1):
        assert found[0].sentence.startswith("1 of 2 neurons in hidden layer 2")
        assert "only if the layers before change" in found[0].sentence
    elif found:
        assert "can't learn any more" in found[0].sentence


@pytest.mark.parametrize(
    ("share", "loss", "activation", "expected"),
    [
        (0.95, 0.5, "tanh", ["saturated"]),
        (0.85, 0.5, "tanh", []),
        (0.95, 0.01, "tanh", []),
        (0.95, 0.5, "step", []),
        (0.95, 0.5, "ReLU", []),  # sparse, which is no fault
        (0.95, 0.5, "softplus", ["saturated"]),
    ],
)
def test_saturation(share: float, loss: float, activation: str, expected: list[str]) -> None:
    frame = frame_of(FALLING, activation=activation)
    frame = replace(with_layer(frame, 1, saturated=share), train=Score(loss, 0.5))
    assert kinds(frame) == expected


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (with_movements(1e-5, 0.1), ["vanishing"]),
        (with_movements(0.0, 0.01), ["vanishing"]),
        # as with Adam, whose steps don't shrink with the gradient
        (with_movements(0.05, 0.1), []),
        (with_movements(1e-5, 1e-4), []),  # nothing moves: the rate
        (with_movements(np.nan, np.nan), []),  # nothing to compare with
        (with_movements(1e-5, 0.1, hidden=(4, 4)), []),
        (with_layer(with_movements(1e-5, 0.1), 1, dead=4), ["dead"]),  # which is the cause
        (with_layer(with_movements(1e-5, 0.1), 0, frozen=np.ones((4, 3), bool)), []),
        (replace(with_movements(1e-5, 0.1), train=Score(0.01, 1.0)), []),
        (
            with_layer(with_movements(1e-5, 0.1), 0, weight_gradient=np.ones((4, 2), np.float32)),
            [],
        ),
    ],
)
def test_a_layer_that_stands_still(frame: Frame, expected: list[str]) -> None:
    assert kinds(frame) == expected


@pytest.mark.parametrize(("weight", "expected"), [(0.009, []), (0.011, ["vanishing"])])
@pytest.mark.parametrize("penalty", ["l1", "l2"])
def test_where_a_penalty_holds_weights_back_it_is_the_cause(
    penalty: str, weight: float, expected: list[str]
) -> None:
    frame = with_movements(1e-5, 0.1)
    weights = np.random.default_rng(0).uniform(-1, 1, (4, 4)).astype(np.float32)
    frame = with_layer(frame, 1, weight=weight * weights / np.abs(weights).max())
    assert kinds(frame, Training(**{penalty: 0.001})) == expected
    assert kinds(frame) == ["vanishing"]
    guessing = with_layer(frame, -1, deviation=np.zeros(1, np.float32))
    found = notes(guessing, Training(**{penalty: 0.001}), None)
    assert any(f"{penalty.upper()} of 0.001 holds" in note.sentence for note in found) == (
        not expected
    )


def test_tiny_weights_are_not_alike() -> None:
    frame = frame_of(FALLING, hidden=(4, 2))
    for index in range(2):
        layer = frame.layers[index]
        tiny = {"weight": 1e-12 * layer.weight, "bias": 1e-12 * layer.bias}
        frame = with_layer(frame, index, **tiny)
    assert "symmetric" not in kinds(frame)


@pytest.mark.parametrize(
    ("rate", "label"), [(0.029, "Use Xavier"), (0.031, "Learning rate to 0.01")]
)
def test_a_high_rate_is_what_saturates(rate: float, label: str) -> None:
    frame = with_layer(frame_of(FALLING + 0.5, rate=rate), 1, saturated=0.95)
    (note,) = notes(frame, Training(optimiser="Adam"), None)
    assert (note.kind, note.remedy and note.remedy.label) == ("saturated", label)


@pytest.mark.parametrize(
    ("rare", "weights", "label"),
    [(10, "none", "Balance the classes"), (11, "none", "Add 6 neurons"),
     (10, "balanced", "Add 6 neurons")],
)  # fmt: skip
def test_one_answer_where_a_class_is_rare(rare: int, weights: str, label: str) -> None:
    labels = np.array([0] * (40 - rare) + [1] * rare)
    train = Samples(np.zeros((40, 2), np.float32), labels)
    frame = frame_of(FALLING, classes=2, confusion=np.array([[40 - rare, 0], [rare, 0]]))
    frame = replace(frame, samples=Split(train, NOTHING))
    (note,) = notes(frame, Training(class_weights=weights, batch_size=40), None)
    assert (note.kind, note.remedy and note.remedy.label) == ("one class", label)


@pytest.mark.parametrize(
    ("activation", "optimiser", "advice"),
    [
        ("sigmoid", "SGD", "Fewer layers, ReLU, Adam or another initialisation"),
        ("tanh", "Adam", "Fewer layers, ReLU or another initialisation"),
        ("ReLU", "SGD", "Fewer layers, Adam or another initialisation"),
        ("GELU", "AdamW", "Fewer layers or another initialisation"),
    ],
)
def test_nobody_is_advised_to_take_what_is_there(
    activation: str, optimiser: str, advice: str
) -> None:
    frame = with_movements(1e-5, 0.1, activation=activation)
    (note,) = notes(frame, Training(optimiser=optimiser), None)
    assert advice in note.sentence


@pytest.mark.parametrize(
    ("confusion", "expected"),
    [
        ([[30, 0], [10, 0]], ["one class"]),
        ([[0, 30], [0, 10]], ["one class"]),
        ([[0, 3, 0], [0, 3, 0], [0, 0, 0]], ["one class"]),
        ([[30, 0], [9, 1]], []),
        ([[40, 0], [0, 0]], []),  # only one class is there
        ([[0, 0], [0, 0]], []),
    ],
)
def test_one_answer_for_all(confusion: list[list[int]], expected: list[str]) -> None:
    frame = frame_of(FALLING, classes=3, confusion=np.array(confusion))
    assert kinds(frame) == expected
    image_frame = make_image_frame(
        classes=tuple("abc"), confusion=np.array(confusion), curves=frame.curves
    )
    found = frame_notes(image_frame, Training(l2=0.01), None)
    assert [note.kind for note in found] == expected
    assert [note.remedy for note in found] == [Remedy("L2 to 0", (("l2", 0.0),))] * len(expected)
    early = Curves(*(getattr(frame.curves, name)[:20] for name in Curves.__slots__))
    assert kinds(replace(frame, curves=early)) == []
    if expected:
        right = max(map(sum, confusion)) if confusion[0][0] else sum(confusion[1])
        total = sum(map(sum, confusion))
        share = format_percent(right / total)
        assert f"{share} right is what that alone gives" in found[0].sentence


@pytest.mark.parametrize(
    ("deviation", "regression", "changes", "expected"),
    [
        (0.01, False, {}, ["guessing"]),
        (0.5, False, {}, []),
        (0.01, True, {}, ["guessing"]),
        (0.5, True, {}, []),
        (0.01, False, {"comparable_since": 190}, []),  # too early to say
        (0.01, False, {"samples": Split(Samples(np.zeros((20, 2)), np.zeros(20)), NOTHING)}, []),
    ],
)
def test_the_same_answer_whatever_the_input(
    deviation: float, regression: bool, changes: dict[str, Any], expected: list[str]
) -> None:
    frame = replace(frame_of(0.693 + 0 * FALLING, classes=3, regression=regression), **changes)
    outputs = len(frame.layers[-1].bias)
    frame = with_layer(frame, -1, deviation=np.full(outputs, deviation, np.float32))
    assert kinds(frame) == expected
    for off in (0.0, 0.2) if expected else ():
        y = frame.samples.train.y
        mean = np.full(outputs, y.mean() + off * y.std(), np.float32)
        told = replace(frame, train=Score((1 + off) * guess_loss(frame), 0.5))
        (note,) = notes(with_layer(told, -1, mean=mean), Training(), None)
        assert ("one that is off" in note.sentence) == (off > 0)
        assert ("about the mean" in note.sentence) == (regression and not off)
        assert ("shares of the classes" in note.sentence) == (not regression and not off)
        assert f"a training loss of {told.train.loss:.3g}" in note.sentence
        layers = [replace(each, frozen=np.ones_like(each.frozen)) for each in told.layers]
        assert kinds(replace(told, layers=(*layers[:-1], told.layers[-1]))) == expected
        assert kinds(replace(told, layers=tuple(layers))) == []  # as was wanted


@pytest.mark.parametrize(
    ("optimiser", "max_norm", "expected"),
    [
        ("SGD", 1e-4, True),
        ("SGD", None, False),
        ("SGD", 1e5, False),  # which leaves the gradient as it is
        ("Adam", 1e-4, False),  # whose steps do not depend on its size
    ],
)
def test_clipping_that_holds_learning_back(
    optimiser: str, max_norm: float | None, expected: bool
) -> None:
    frame = with_layer(frame_of(0.693 + 0 * FALLING), -1, deviation=np.zeros(1, np.float32))
    training = Training(optimiser=optimiser, max_norm=max_norm)
    (note,) = [each for each in notes(frame, training, None) if each.kind == "guessing"]
    assert ("Clipping the gradient to 0.0001 holds" in note.sentence) == expected
    assert (note.remedy == Remedy("Do not clip", (("max_norm", None),))) == expected
