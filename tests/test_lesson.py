"""A problem as tensors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from playground.problems import FEATURES, Gates, Points, PointSet, Problem, Samples, Split
from playground.training.lesson import SIDE, Lesson, Subject, chosen, look, prepare


def lesson_of(problem: Problem, *wished: str) -> Lesson:
    return prepare(look(problem, wished), problem.features)


def test_features_come_in_the_problems_order() -> None:
    assert chosen(Points(), ["xy", "nonsense", "x"]) == ("x", "xy")


@pytest.mark.parametrize("wished", [[], ["nonsense"]])
def test_without_a_feature_that_there_is_the_inputs_serve(wished: list[str]) -> None:
    assert chosen(Points(), wished) == ("x", "y")
    assert chosen(Gates(inputs_count=3), wished) == ("A", "B", "C")


def test_tensors_hold_the_samples_features() -> None:
    points = Points(shape="blobs", classes_count=3, count=40)
    lesson, split = lesson_of(points, "x", "xy"), points.samples()
    for part, samples in ((lesson.train, split.train), (lesson.test, split.test)):
        expected = np.stack([samples.x[:, 0], samples.x[:, 0] * samples.x[:, 1]])
        np.testing.assert_array_equal(part.inputs[0], expected)
        np.testing.assert_array_equal(part.labels, samples.y)
    assert torch.equal(lesson.both, torch.cat([lesson.train.inputs, lesson.test.inputs], 2))
    assert lesson.outputs == 3


@pytest.mark.parametrize(
    ("problem", "outputs"),
    [(Gates(), 1), (Points(shape="plane"), 1), (Points(shape="arms", classes_count=6), 6)],
    ids=["two classes", "a value", "six classes"],
)
def test_outputs_follow_from_the_classes(problem: Problem, outputs: int) -> None:
    assert lesson_of(problem).outputs == outputs


def test_the_grid_covers_the_plane_from_below() -> None:
    grid = lesson_of(Points(), "x", "y").grid[0].reshape(2, SIDE, SIDE)
    assert (grid[0].diff(dim=1) > 0).all()
    assert (grid[1].diff(dim=0) > 0).all()
    assert grid.amin().item() == pytest.approx(-6 + 6 / SIDE)
    assert grid.amax().item() == pytest.approx(6 - 6 / SIDE)


def test_rows_of_any_kind_of_number_are_expanded() -> None:
    lesson = lesson_of(Points(), *FEATURES)
    exact = np.array([[1.0, 2.0], [0.5, -3.0]])
    exact.flags.writeable = False
    expanded = lesson.expand(exact)
    assert expanded.shape == (1, len(FEATURES), 2)
    assert expanded.dtype == torch.float32
    assert torch.equal(expanded, lesson.expand(exact.tolist()))


def test_what_learning_is_judged_by() -> None:
    points = Points(count=20)
    assert lesson_of(points).reference.inputs.shape == (1, 2, len(points.samples().test))
    own = Points(own=PointSet.copy_of(Samples(np.zeros((1, 2), np.float32), np.array([0]))))
    own.shape = "your own"
    lesson = lesson_of(own)
    assert len(lesson.test) == 0
    assert lesson.reference is lesson.train


def test_a_subject_is_equal_for_as_long_as_nothing_changes() -> None:
    points = Points()
    before = look(points, ["x"])
    assert look(points, ["x"]) == before
    assert hash(look(points, ["x"])) == hash(before)
    assert look(points, ["y"]) != before
    points.noise = 0.3
    assert look(points, ["x"]) != before


def labelled(subject: Subject, y: np.ndarray) -> Subject:
    samples = Samples(subject.split.train.x[: len(y)], y)
    return replace(subject, split=Split(samples, samples))


def test_what_does_not_fit_together_is_noticed() -> None:
    """As when another thread is in the middle of changing the problem."""
    subject, four = look(Points(), ["x"]), look(Gates(inputs_count=4), [])
    for broken in (
        labelled(subject, np.array([0, 2])),
        labelled(subject, np.array([-1, 0])),
        labelled(subject, np.array([0.5, 0.5], np.float32)),
        replace(subject, classes=()),
        replace(subject, inputs=("x",)),
        replace(subject, plane=four.plane),
        replace(four, inputs=("A", "B")),
        replace(four, plane=replace(four.plane, axes=(0, 4))),
    ):
        with pytest.raises(ValueError, match=r"were announced|are"):
            prepare(broken, Points().features)
    prepare(subject, Points().features)
