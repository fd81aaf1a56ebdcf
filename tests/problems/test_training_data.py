"""A problem as tensors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from playground.problems import FEATURES, Gates, Points, Problem, Samples, Split
from playground.training.dense.training_data import (
    GRID_SIDE,
    ProblemSpec,
    TrainingData,
    available_features,
    problem_spec,
    training_data,
)
from tests.support.data.point_sets import point_set_of


def data_of(problem: Problem, *requested: str) -> TrainingData:
    return training_data(problem_spec(problem, requested), problem.features)


def test_features_come_in_the_problems_order() -> None:
    assert available_features(Points(), ["xy", "nonsense", "x"]) == ("x", "xy")


@pytest.mark.parametrize("requested", [[], ["nonsense"]])
def test_without_a_feature_that_there_is_the_inputs_serve(requested: list[str]) -> None:
    assert available_features(Points(), requested) == ("x", "y")
    assert available_features(Gates(inputs_count=3), requested) == ("A", "B", "C")


def test_tensors_hold_the_samples_features() -> None:
    points = Points(shape="blobs", classes_count=3, count=40)
    data, split = data_of(points, "x", "xy"), points.samples()
    for part, samples in ((data.train, split.train), (data.test, split.test)):
        expected = np.stack([samples.x[:, 0], samples.x[:, 0] * samples.x[:, 1]])
        np.testing.assert_array_equal(part.inputs[0], expected)
        np.testing.assert_array_equal(part.labels, samples.y)
    assert torch.equal(data.all_inputs, torch.cat([data.train.inputs, data.test.inputs], 2))
    assert data.outputs == 3


@pytest.mark.parametrize(
    ("problem", "outputs"),
    [(Gates(), 1), (Points(shape="plane"), 1), (Points(shape="arms", classes_count=6), 6)],
    ids=["two classes", "a value", "six classes"],
)
def test_outputs_follow_from_the_classes(problem: Problem, outputs: int) -> None:
    assert data_of(problem).outputs == outputs


def test_the_grid_covers_the_plane_from_below() -> None:
    grid = data_of(Points(), "x", "y").grid[0].reshape(2, GRID_SIDE, GRID_SIDE)
    assert (grid[0].diff(dim=1) > 0).all()
    assert (grid[1].diff(dim=0) > 0).all()
    assert grid.amin().item() == pytest.approx(-6 + 6 / GRID_SIDE)
    assert grid.amax().item() == pytest.approx(6 - 6 / GRID_SIDE)


def test_rows_of_any_kind_of_number_are_expanded() -> None:
    data = data_of(Points(), *FEATURES)
    exact = np.array([[1.0, 2.0], [0.5, -3.0]])
    exact.flags.writeable = False
    expanded = data.compute_features(exact)
    assert expanded.shape == (1, len(FEATURES), 2)
    assert expanded.dtype == torch.float32
    assert torch.equal(expanded, data.compute_features(exact.tolist()))


def test_what_learning_is_judged_by() -> None:
    points = Points(count=20)
    assert data_of(points).reference.inputs.shape == (1, 2, len(points.samples().test))
    own = Points(own=point_set_of(Samples(np.zeros((1, 2), np.float32), np.array([0]))))
    own.shape = "your own"
    data = data_of(own)
    assert len(data.test) == 0
    assert data.reference is data.train


def test_a_spec_is_equal_for_as_long_as_nothing_changes() -> None:
    points = Points()
    before = problem_spec(points, ["x"])
    assert problem_spec(points, ["x"]) == before
    assert hash(problem_spec(points, ["x"])) == hash(before)
    assert problem_spec(points, ["y"]) != before
    points.noise = 0.3
    assert problem_spec(points, ["x"]) != before


def with_labels(spec: ProblemSpec, y: np.ndarray) -> ProblemSpec:
    samples = Samples(spec.split.train.x[: len(y)], y)
    return replace(spec, split=Split(samples, samples))


def test_what_does_not_fit_together_is_noticed() -> None:
    """As when another thread is in the middle of changing the problem."""
    spec, four = problem_spec(Points(), ["x"]), problem_spec(Gates(inputs_count=4), [])
    for broken in (
        with_labels(spec, np.array([0, 2])),
        with_labels(spec, np.array([-1, 0])),
        with_labels(spec, np.array([0.5, 0.5], np.float32)),
        replace(spec, classes=()),
        replace(spec, inputs=("x",)),
        replace(spec, plane=four.plane),
        replace(four, inputs=("A", "B")),
        replace(four, plane=replace(four.plane, axes=(0, 4))),
    ):
        with pytest.raises(ValueError, match=r"were announced|are"):
            training_data(broken, Points().features)
    training_data(spec, Points().features)
