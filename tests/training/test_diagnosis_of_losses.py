"""The rules of the diagnosis on losses that are made up."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from playground.training.core.diagnosis import diverged, divergence_cause, goal_reached
from playground.training.core.metrics import Curves, Score
from playground.training.core.notes import Note, Remedy
from playground.training.dense.diagnosis import notes
from playground.training.training import Training
from tests.support.each_case import in_turn
from tests.support.training.diagnosed_frames import (
    EPOCHS,
    FALLING,
    JUMPING,
    frame_of,
    kinds,
)


@pytest.mark.parametrize(
    ("loss", "rate", "expected"),
    [
        (JUMPING, 0.1, ["rate too high"]),
        (JUMPING, 0.01, []),
        (np.where(EPOCHS < 100, 2 * FALLING[0], JUMPING / 2), 0.1, []),  # fell before
        (JUMPING / 20, 0.1, []),  # good enough
        (FALLING + 0.1 * JUMPING, 0.1, []),  # falls
        (np.full(200, 0.7), 0.1, []),  # does not jump
    ],
)
def test_a_rate_that_is_too_high(loss: np.ndarray, rate: float, expected: list[str]) -> None:
    assert kinds(frame_of(loss, rate=rate), Training(optimiser="Adam")) == expected


PLATEAU = 0.5 + 0.3 * np.exp(-EPOCHS / 15)
"""Falls fast at first, and hardly in the end."""


@pytest.mark.parametrize(
    ("loss", "rate", "expected"),
    [
        (0.7 - EPOCHS / 10_000, 1e-4, ["rate too low"]),
        (0.7 - EPOCHS / 100_000, 1e-4, ["rate too low"]),
        (PLATEAU, 1e-4, []),
        (PLATEAU - EPOCHS / 20_000, 1e-4, []),
        (np.where(EPOCHS < 100, 0.9 - EPOCHS / 250, 0.5 - EPOCHS / 10_000), 1e-4, []),
        (0.7 - EPOCHS / 10_000 + 0.001 * (-1.0) ** EPOCHS, 1e-4, []),  # jitters
        (np.full(200, 0.7), 1e-4, []),
        (0.7 - EPOCHS / 10_000, 0.01, []),
        (0.04 - EPOCHS / 100_000, 1e-4, []),  # good enough
        (0.7 - EPOCHS / 300, 1e-4, []),  # fast enough
        (0.7 + EPOCHS / 10_000, 1e-4, []),  # rises
    ],
)
def test_a_rate_that_is_too_low(loss: np.ndarray, rate: float, expected: list[str]) -> None:
    training = Training(optimiser="Adam", learning_rate=rate)
    assert kinds(frame_of(loss, rate=rate), training) == expected


def test_a_rate_that_its_schedule_has_lowered_is_not_too_low() -> None:
    slow = frame_of(0.7 - EPOCHS / 10_000, rate=1e-6)
    for schedule in ("cosine", "one-cycle", "step"):
        assert kinds(slow, Training(learning_rate=1e-4, schedule=schedule, horizon=100)) == []


@in_turn("since, expected", [(0, True), (150, True), (160, True), (161, False), (199, False)])
@in_turn("name", ["comparable_since", "steady_since"])
@pytest.mark.parametrize("kind", ["rate too high", "rate too low", "overfitting"])
def test_nothing_is_compared_with_what_was_before_a_change(
    kind: str, name: str, since: int, expected: bool
) -> None:
    if kind == "overfitting":
        frame = frame_of(FALLING, FALLING + np.maximum(0, EPOCHS - 165) / 20)
        expected |= name == "steady_since"  # the same losses, however they came about
    else:
        loss, rate = (JUMPING, 0.1) if kind == "rate too high" else (0.7 - EPOCHS / 10_000, 1e-4)
        frame = frame_of(loss, rate=rate)
    since_both = {"comparable_since": since, "steady_since": since}
    changes = since_both if name == "comparable_since" else {name: since}
    training = Training(optimiser="Adam", learning_rate=frame.rate)
    assert (kind in kinds(replace(frame, **changes), training)) == expected


def test_too_little_past_says_nothing_of_the_rate() -> None:
    frame = frame_of(JUMPING, rate=0.1)
    short = Curves(*(getattr(frame.curves, name)[:30] for name in Curves.__slots__))
    assert kinds(replace(frame, curves=short)) == []


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        (FALLING + np.maximum(0, EPOCHS - 60) / 100, ["overfitting"]),
        (FALLING + 0.1, []),
        (np.full(200, np.nan), []),
    ],
    ids=["rises", "falls", "no test samples"],
)
def test_overfitting(test: np.ndarray, expected: list[str]) -> None:
    assert kinds(frame_of(FALLING, test)) == expected


@pytest.mark.parametrize(
    ("accuracy", "headline"),
    [
        ((0.5, 0.99, 0.97), ""),
        ((0.5, 0.99, 0.955), "Overfitting: 95.5% right now, it was 99%."),
        ((np.nan,) * 3, "Overfitting: it gets worse on unseen samples."),
    ],
    ids=["hardly one more is wrong", "costs accuracy", "values"],
)
def test_overfitting_is_said_above_the_picture_where_it_costs_something(
    accuracy: tuple[float, float, float], headline: str
) -> None:
    frame = frame_of(FALLING, FALLING + np.maximum(0, EPOCHS - 60) / 100)
    by_epoch = np.repeat(np.array(accuracy, np.float32), (60, 60, len(EPOCHS) - 120))
    curves = replace(frame.curves, test_accuracy=by_epoch)
    (note,) = (
        note
        for note in notes(replace(frame, curves=curves), Training(), None)
        if note.kind == "overfitting"
    )
    assert note.headline == headline


def test_a_test_loss_that_rises_with_the_training_loss_is_no_overfitting() -> None:
    rising = FALLING + np.maximum(0, EPOCHS - 60) / 100
    assert kinds(frame_of(rising, rising)) == []


@pytest.mark.parametrize(
    ("choices", "before", "now", "expected"),
    [
        ({}, Score(0.5, 0.5), Score(0.1, 1.0), None),
        ({"stop_epoch": 9}, Score(0.5, 0.5), Score(0.5, 0.5), "epoch 9"),
        ({"stop_epoch": 8}, Score(0.5, 0.5), Score(0.5, 0.5), None),
        ({"stop_loss": 0.2}, Score(0.3, 0.5), Score(0.2, 0.5), "loss is down to 0.2"),
        ({"stop_loss": 0.2}, Score(0.2, 0.5), Score(0.1, 0.5), None),
        ({"stop_loss": 0.2}, Score(np.nan, np.nan), Score(0.1, 0.5), "loss is down to 0.1"),
        ({"stop_accuracy": 0.9}, Score(0.3, 0.8), Score(0.3, 0.95), "95% of the training set"),
        ({"stop_accuracy": 0.9}, Score(0.3, 0.95), Score(0.3, 0.97), None),
        ({"stop_accuracy": 0.0}, Score(0.3, np.nan), Score(0.3, np.nan), None),
    ],
)
def test_goals(choices: dict[str, float], before: Score, now: Score, expected: str | None) -> None:
    note = goal_reached(Training(**choices), 9, before, now)
    assert (note is None) == (expected is None)
    if note is not None:
        assert str(expected) in note.sentence
        assert (note.kind, note.place, note.severity) == ("goal", "training", "info")


@pytest.mark.parametrize(("rate", "advice"), [(10.0, "0.01"), (0.05, "0.005"), (0.0001, "1e-05")])
def test_divergence_advises_a_lower_rate(rate: float, advice: str) -> None:
    note = diverged(7, Training(learning_rate=rate), "infinite")
    assert isinstance(note, Note)
    assert "after epoch 7: the loss ran off to infinity" in note.sentence
    assert f"is {rate:g}; try about {advice}." in note.sentence


@pytest.mark.parametrize(
    ("loss", "sentence"),
    [
        (np.nan, "the loss became NaN"),
        (np.inf, "the loss ran off to infinity"),
        (-np.inf, "the loss ran off to infinity"),
        (3e8, r"the loss grew beyond 1e\+08"),
        (0.5, "a weight is no longer a finite number"),
    ],
)
def test_divergence_says_what_ran_away(loss: float, sentence: str) -> None:
    assert re.search(sentence, diverged(1, Training(), divergence_cause(loss)).sentence)


# Real training ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("loss", "accuracy", "changes", "expected"),
    [
        (0.4 + 0 * FALLING, 0.75, {}, ["stalled"]),
        (0.4 + 0 * FALLING, 0.95, {}, []),  # noise has its share
        (0.4 + FALLING, 0.75, {}, []),  # by 4 % from the first to the last third of 60 epochs
        (0.4 + 0.2 * FALLING, 0.75, {}, ["stalled"]),  # by 1 %
        (0.4 + 0 * FALLING, 0.75, {"comparable_since": 150}, []),
        (0.4 + 0.05 * (-1.0) ** EPOCHS, 0.75, {}, []),  # jumps
        (np.where(EPOCHS < 150, 0.6, 0.4), 0.75, {}, []),
    ],
)
def test_a_loss_that_falls_no_more(
    loss: np.ndarray, accuracy: float, changes: dict[str, Any], expected: list[str]
) -> None:
    scores = {name: Score(0.4, accuracy) for name in ("train", "test")}
    frame = replace(frame_of(loss), **scores, **changes)
    found = [note for note in notes(frame, Training(), None) if note.kind == "stalled"]
    assert [note.kind for note in found] == expected
    for note in found:
        assert note.headline == "It hardly gets better: only 75% right."
        assert "The training loss, 0.4, has hardly fallen in 59 epochs" in note.sentence
        assert note.remedy == Remedy("Add 6 neurons", (("hidden", (10, 2)),))


@pytest.mark.parametrize(
    ("schedule", "rate", "ended"),
    [
        ("cosine", 0.0003, True),
        ("one-cycle", 0.02, False),  # still on its way
        ("plateau", 0.0003, False),  # which has waited for the loss
        ("constant", 0.03, False),
    ],
)
def test_a_loss_that_falls_no_more_as_its_schedule_has_ended(
    schedule: str, rate: float, ended: bool
) -> None:
    frame = replace(frame_of(0.4 + 0 * FALLING, rate=rate), train=Score(0.4, 0.75))
    training = Training(schedule=schedule, learning_rate=0.03)
    (note,) = [each for each in notes(frame, training, None) if each.kind == "stalled"]
    assert ("lowered the learning rate to 0.0003; a constant one" in note.sentence) == ended
    assert (note.remedy == Remedy("Constant rate", (("schedule", "constant"),))) == ended


@pytest.mark.parametrize(
    ("layers", "remedy"),
    [
        (3, Remedy("Add 6 neurons", (("hidden", (14, 8, 8)),))),
        (4, Remedy("Only two hidden layers", (("hidden", (8, 8)),))),
    ],
)
def test_a_deep_network_whose_loss_falls_no_more_gets_fewer_layers(
    layers: int, remedy: Remedy
) -> None:
    frame = replace(frame_of(0.4 + 0 * FALLING, hidden=(8,) * layers), train=Score(0.4, 0.75))
    (note,) = [note for note in notes(frame, Training(), None) if note.kind == "stalled"]
    assert note.remedy == remedy
    assert ("With fewer layers" in note.sentence) == (layers == 4)


def test_answers_that_differ_may_be_guesses_too() -> None:
    frame = frame_of(FALLING)
    _, counts = np.unique(frame.samples.train.y, return_counts=True)
    shares = counts / counts.sum()
    level = np.full(len(EPOCHS), -(shares * np.log(shares)).sum())
    stuck = frame_of(level)
    half = np.full(len(EPOCHS), 0.5, np.float32)
    stuck = replace(stuck, curves=replace(stuck.curves, train_accuracy=half))
    (note,) = notes(stuck, Training(l2=0.01), None)
    assert "stuck at guessing" in note.sentence
    assert "L2 of 0.01 holds its weights back." in note.sentence
    assert note.remedy == Remedy("L2 to 0", (("l2", 0.0),))
