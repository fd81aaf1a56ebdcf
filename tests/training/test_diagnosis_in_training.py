"""What the diagnosis says of networks that really train."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground.number_text import format_percent
from playground.problems import Gates, Points, PointSet
from playground.training.core.notes import Remedy
from playground.training.dense.edits import ParameterRef, SetValue
from playground.training.dense.frame import Frame
from tests.support.training.dense_training import make_trainer, xor_trainer

AT_MINUS_8 = (0, 0.0), (1, 0.0), (None, -8.0)
"""Weights of a unit with two inputs, and its bias."""


def kinds_of_notes(frames: list[Frame]) -> set[str]:
    return {note.kind for frame in frames for note in frame.notes}


@pytest.mark.parametrize(
    ("shape", "seed"), [("two Gaussians", 0), ("blobs", 1), ("moons", 2), ("plane", 3)]
)
def test_training_with_the_defaults_is_left_in_peace(shape: str, seed: int) -> None:
    points = Points(shape=shape, noise=0.0, seed=seed)
    trainer = make_trainer(points, hidden=[8, 4], seed=seed)
    assert kinds_of_notes([trainer.train(epochs) for epochs in (0, 10, 50, 100)]) == set()


@pytest.mark.parametrize("gate", ["AND", "XOR"])
def test_gates_with_the_defaults_are_left_in_peace(gate: str) -> None:
    trainer = make_trainer(Gates(gate=gate), hidden=[4], batch_size=4, learning_rate=0.05)
    assert kinds_of_notes([trainer.train(epochs) for epochs in (0, 10, 50, 200)]) == set()


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "ReLU"])
def test_zeros_to_start_with_are_noticed(activation: str) -> None:
    trainer = xor_trainer(initialiser="zero", activation=activation)
    found_notes = {"symmetric", "dead"} if activation == "ReLU" else {"symmetric"}
    assert kinds_of_notes([trainer.train(50)]) == found_notes


def test_a_tiny_rate_is_noticed() -> None:
    assert kinds_of_notes([make_trainer(optimiser="SGD", learning_rate=1e-4).train(60)]) == {
        "rate too low"
    }


def test_a_huge_rate_is_noticed() -> None:
    trainer = make_trainer(Points(shape="circle", noise=0.2), hidden=[8, 4], learning_rate=1.0)
    assert "rate too high" in kinds_of_notes([trainer.train(60)])


def test_dead_relus_are_noticed() -> None:
    trainer = make_trainer(Points(shape="circle"), activation="ReLU", learning_rate=5.0)
    assert "dead" in kinds_of_notes([trainer.train(30)])


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "softplus", "GELU", "SiLU", "ELU"])
def test_a_smooth_unit_that_is_far_out_is_not_dead(activation: str) -> None:
    trainer = make_trainer(hidden=[4], activation=activation)
    for edit in (SetValue(ParameterRef(0, 0, source), value) for source, value in AT_MINUS_8):
        trainer.edit(edit)
    assert trainer.frame().layers[0].dead == 0
    assert "dead" not in kinds_of_notes([trainer.frame()])


def test_what_depends_on_a_change_is_told_by_real_training() -> None:
    trainer = make_trainer(Points(train_ratio=0.9), hidden=[8])
    trainer.train(50)
    trainer.problem.train_ratio = 0.1
    frame = trainer.train(3)
    assert (frame.comparable_since, frame.steady_since, frame.samples_since) == (50, 50, 50)
    trainer.training.learning_rate = 0.5
    frame = trainer.train(3)
    assert (frame.comparable_since, frame.steady_since) == (50, 53)
    trainer.training.loss = "squared error"
    frame = trainer.train(3)
    assert (frame.comparable_since, frame.steady_since) == (56, 56)
    trainer.branch(20)
    frame = trainer.frame()
    assert (frame.epoch, frame.comparable_since, frame.steady_since) == (20, 21, 21)
    trainer.reset()
    frame = trainer.frame()
    assert (frame.comparable_since, frame.steady_since) == (0, 0)


def test_what_was_comparable_is_so_after_a_restore() -> None:
    trainer = make_trainer(hidden=[4])
    trainer.train(5)
    trainer.training.loss = "squared error"
    trainer.train(2)
    trainer.training.learning_rate = 0.2
    trainer.train(1)
    other = make_trainer(hidden=[4], loss="squared error", learning_rate=0.2)
    other.restore(trainer.state())
    frame = other.train(1)
    assert (frame.comparable_since, frame.steady_since) == (5, 7)


def test_deep_sigmoids_stand_still_with_plain_descent_and_not_with_adam() -> None:
    deep = {"hidden": [4] * 8, "activation": "sigmoid"}
    still = make_trainer(**deep, optimiser="SGD", learning_rate=0.5).train(50)
    assert "vanishing" in kinds_of_notes([still])
    assert still.layers[0].movement < 1e-3
    moving = make_trainer(**deep).train(50)
    assert "vanishing" not in kinds_of_notes([moving])
    assert moving.layers[0].movement > 0.01


def test_the_majority_and_guesses_are_noticed() -> None:
    points = PointSet()
    rng = np.random.default_rng(0)
    points.add(rng.uniform(-5, 5, (200, 2)), np.arange(200) % 10 == 0)
    trainer = make_trainer(Points(own=points, shape="your own"), hidden=[4], learning_rate=0.003)
    assert kinds_of_notes([trainer.train(30)]) & {"one class", "guessing"}
    assert "guessing" in kinds_of_notes([make_trainer(hidden=[4], l2=1.0).train(40)])


def test_who_is_stuck_at_guessing_is_told_what_helps() -> None:
    parity = Gates(gate="parity", inputs_count=4)
    frame = make_trainer(parity, hidden=[6], batch_size=4, learning_rate=0.05).train(150)
    found_notes = [note for note in frame.notes if note.kind == "guessing"]
    assert found_notes[0].remedy == Remedy("Batches of 16", (("batch_size", 16),))
    right = format_percent(frame.train.accuracy)
    assert found_notes[0].headline == f"It is guessing: only {right} right."


@pytest.mark.parametrize(
    "choices",
    [
        {"optimiser": "SGD", "learning_rate": 3.0, "l2": 1.0},
        {"optimiser": "SGD", "learning_rate": 10.0, "l2": 0.5, "loss": "squared error"},
        {"optimiser": "momentum", "learning_rate": 10.0, "activation": "ReLU", "l2": 0.5},
    ],
)
def test_the_last_good_weights_are_good(choices: dict[str, Any]) -> None:
    trainer = make_trainer(Points(), **choices)
    first = trainer.frame().train.loss
    frame = trainer.train(60)
    assert "diverged" in kinds_of_notes([frame])
    assert frame.train.loss < 2 * first + 0.1
    assert frame.curves.train_loss[-1] == pytest.approx(frame.train.loss)
    assert frame.curves.epoch[-1] == frame.epoch
    found_notes = [note.sentence for note in frame.notes if note.kind == "diverged"]
    trainer.training.learning_rate = 0.01
    again = [note.sentence for note in trainer.frame().notes if note.kind == "diverged"]
    assert again == found_notes  # the learning rate is that of then


def test_overfitting_is_noticed() -> None:
    points = Points(shape="circle", noise=0.5, count=60)
    trainer = make_trainer(points, hidden=[16, 16])
    assert "overfitting" in kinds_of_notes([trainer.train(200)])
