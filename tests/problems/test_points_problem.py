from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.random import default_rng
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

from playground.problems import CLOUDS, FEATURES, OWN, Points, PointSet
from tests.support.each_case import in_turn

CLASSED = [
    (name, classes)
    for name, cloud in CLOUDS.items()
    if cloud.classes
    for classes in range(cloud.classes[0], cloud.classes[1] + 1)
]
VALUED = [name for name, cloud in CLOUDS.items() if not cloud.classes]


@in_turn("noise", [0.0, 0.1, 0.5])
@in_turn("name, classes", [*CLASSED, *((name, 2) for name in VALUED)])
def test_clouds_stay_in_the_plane_and_repeat(name, classes, noise):
    x, y = CLOUDS[name](default_rng(3), 200, noise, classes)
    again = CLOUDS[name](default_rng(3), 200, noise, classes)
    assert x.shape == (200, 2)
    assert y.shape == (200,)
    assert np.abs(x).max() <= 6
    np.testing.assert_array_equal(x, again[0])
    np.testing.assert_array_equal(y, again[1])
    assert not np.array_equal(x, CLOUDS[name](default_rng(4), 200, noise, classes)[0])
    if name in VALUED:
        assert np.abs(y).max() <= 1


@in_turn("name, classes", CLASSED)
@in_turn("noise", [0.0, 0.1])
def test_clouds_are_balanced(name, classes, noise):
    _, y = CLOUDS[name](default_rng(0), 1200, noise, classes)
    sizes = np.bincount(y, minlength=classes)
    assert len(sizes) == classes
    assert sizes.min() > 0.75 * 1200 / classes


@in_turn("name, classes", CLASSED)
def test_clean_clouds_can_be_learned(name, classes):
    train = CLOUDS[name](default_rng(1), 1000, 0.0, classes)
    test = CLOUDS[name](default_rng(2), 500, 0.0, classes)
    assert KNeighborsClassifier(15).fit(*train).score(*test) > 0.9


@in_turn("name", VALUED)
def test_clean_values_can_be_learned(name):
    train = CLOUDS[name](default_rng(1), 1000, 0.0)
    test = CLOUDS[name](default_rng(2), 500, 0.0)
    assert KNeighborsRegressor(5).fit(*train).score(*test) > 0.9


@in_turn("name", CLOUDS)
def test_noise_makes_clouds_harder(name):
    def score(noise):
        neighbours = KNeighborsRegressor(15) if name in VALUED else KNeighborsClassifier(15)
        x, y = CLOUDS[name](default_rng(1), 1000, noise, classes=6)
        return neighbours.fit(x[::2], y[::2]).score(x[1::2], y[1::2])

    assert score(0.5) < score(0.0)


@in_turn("name", CLOUDS)
def test_every_cloud_describes_itself(name):
    cloud = CLOUDS[name]
    assert cloud.about.endswith(".")
    assert "\n" not in cloud.about
    assert cloud.kind == ("regression" if name in VALUED else "classification")


def test_labels_follow_the_functions_they_are_named_after():
    x, y = CLOUDS["above |x|"](default_rng(0), 500, 0.0)
    np.testing.assert_array_equal(y, x[:, 1] > abs(x[:, 0]) - 2.5)
    x, y = CLOUDS["plane"](default_rng(0), 500, 0.0)
    np.testing.assert_allclose(y, (x[:, 0] + x[:, 1]) / 12)


def test_features_compute_what_they_are_called():
    a, b = 0.7, -1.9
    wanted = {
        "x": a, "y": b, "x²": a * a, "y²": b * b, "xy": a * b,
        "sin x": np.sin(a), "sin y": np.sin(b), "cos x": np.cos(a), "cos y": np.cos(b),
    }  # fmt: skip
    points = torch.tensor([[a, b]] * 3, dtype=torch.float64)
    found = {name: feature(points) for name, feature in FEATURES.items()}
    assert list(found) == list(wanted)
    for name, values in found.items():
        np.testing.assert_allclose(values, [wanted[name]] * 3)


@in_turn("shape", CLOUDS)
@in_turn("ratio", [0.1, 0.5, 0.9])
def test_samples_are_split_in_the_ratio(shape, ratio):
    problem = Points(shape=shape, train_ratio=ratio, classes_count=4)
    split = problem.samples()
    assert len(split.train) + len(split.test) == 250
    assert abs(len(split.train) - 250 * ratio) <= 0.5
    assert split.train.x.dtype == np.float32
    assert split.train.y.dtype == (np.int64 if problem.classes else np.float32)
    for number in range(len(problem.classes)):  # each class is split in the ratio too
        size = (problem.snapshot().y == number).sum()
        assert (split.train.y == number).sum() == pytest.approx(size * ratio, abs=9)


def test_samples_come_in_mixed_order():
    assert len(set(Points(shape="two Gaussians").samples().train.y[:20])) == 2


def test_classes_are_those_the_shape_allows():
    assert Points(shape="circle", classes_count=5).classes == ("0", "1")
    assert Points(shape="arms", classes_count=5).classes == ("0", "1", "2", "3", "4")
    assert Points(shape="plane").classes == ()


def test_samples_are_kept_until_something_changes():
    problem = Points()
    first = problem.samples()
    problem.classes_count = 3  # the circle has two all the same
    assert problem.samples() is first
    for name, value in [("noise", 0.2), ("count", 100), ("seed", 5), ("train_ratio", 0.7)]:
        before = problem.samples()
        setattr(problem, name, value)
        assert problem.samples() is not before
        assert problem.samples() is problem.samples()
    np.testing.assert_array_equal(Points().samples().test.x, first.test.x)


def test_regenerate_gives_other_points_each_time():
    problem = Points()
    drawn = [problem.samples().train.x.tobytes()]
    for _ in range(3):
        problem.regenerate()
        drawn.append(problem.samples().train.x.tobytes())
    assert len(set(drawn)) == 4
    problem.seed = 2**31 - 1
    problem.regenerate()
    assert problem.seed == 0


@pytest.mark.parametrize(
    "values", [{"count": 9}, {"noise": 0.51}, {"train_ratio": 0.95}, {"shape": "cube"}]
)
def test_values_out_of_range_are_named(values):
    (value,) = values.values()
    problem = Points()
    before = problem.samples()
    with pytest.raises(ValueError, match=str(value)):
        problem.param.update(**values)
    assert problem.samples() is before


def test_no_points_of_ones_own_are_no_error():
    problem = Points(shape=OWN)
    assert len(problem.samples().train) == len(problem.samples().test) == 0
    assert problem.samples().train.x.shape == (0, 2)
    assert "no points" in problem.remark


def test_own_points_show_at_once_and_are_remarked_on():
    problem = Points(shape=OWN)
    before = problem.samples()
    problem.own.add((1, 2), 1)
    assert problem.samples() is not before
    assert problem.samples() is problem.samples()
    np.testing.assert_array_equal(problem.samples().train.x, [[1, 2]])
    assert "nothing to tell apart" in problem.remark
    problem.own.add([(2, 2), (3, 3)], 3)
    assert problem.remark is None
    assert problem.classes == ("0", "1", "2", "3")


@pytest.mark.parametrize("shape", ["spiral", "plane"])
def test_adopt_goes_on_with_the_same_points(shape):
    problem = Points(shape=shape, seed=4)
    before = problem.samples()
    problem.adopt()
    after = problem.samples()
    assert problem.shape == OWN
    assert problem.own.regression == (shape == "plane") == (problem.classes == ())
    for part in ("train", "test"):
        np.testing.assert_array_equal(getattr(after, part).x, getattr(before, part).x)
        np.testing.assert_array_equal(getattr(after, part).y, getattr(before, part).y)


def test_adopt_takes_points_from_elsewhere():
    problem = Points()
    uploaded = PointSet()
    uploaded.add([(0, 0), (1, 1)], [0, 5])
    problem.adopt(uploaded)
    assert len(problem.classes) == 6
    uploaded.clear()
    assert len(problem.own) == 2
