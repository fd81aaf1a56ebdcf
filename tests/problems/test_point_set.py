from __future__ import annotations

from threading import Event, Thread

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.errors import InputError
from playground.problems import MAX_POINTS, PointSet, Samples
from tests.support.data.point_sets import point_set_of


def some_points():
    points = PointSet()
    points.add([(0, 0), (1, 0), (0, 3), (-5, -5)], [0, 1, 1, 0])
    return points


def test_points_are_added_moved_and_removed():
    points = some_points()
    points.move(1, (2, 2))
    points.remove([0, 3])
    np.testing.assert_array_equal(points.x, [[2, 2], [0, 3]])
    assert points.y.tolist() == [1, 1]
    assert points.x.dtype == np.float32
    assert points.y.dtype == np.int64


@pytest.mark.parametrize("ratio", [0.1, 0.35, 0.7, 0.9])
def test_points_that_are_left_split_in_the_ratio(ratio):
    points = PointSet()
    points.add(np.zeros((900, 2)), np.arange(900) % 2)
    points.remove(np.flatnonzero(points.split_key > 0.5)[:300])
    split = points.snapshot().split(ratio)
    assert len(split.train) == round(600 * ratio)
    assert len(split.test) == 600 - round(600 * ratio)


def test_each_change_and_nothing_else_makes_another_snapshot():
    points = PointSet()
    seen = [points.snapshot()]
    for change in (
        lambda: points.add((0, 0), 0),
        lambda: points.move(0, (1, 1)),
        lambda: points.remove(0),
        points.clear,
    ):
        change()
        seen.append(points.snapshot())
    assert len({id(each) for each in seen}) == len(seen)
    points.nearest((0, 0), 1)
    assert points.snapshot() is seen[-1]


def test_a_point_keeps_its_share_for_life():
    points = some_points()
    split_key = points.split_key[2]
    points.remove([0, 1])
    points.add([(1, 1)] * 50, 0)
    points.move(0, (4, 4))
    assert points.split_key[0] == split_key
    assert len(set(points.split_key)) == len(points)


@given(st.integers(0, 500), st.integers(1, 200), st.floats(0.1, 0.9))
def test_any_run_of_points_splits_evenly(first, length, ratio):
    points = PointSet()
    points.add(np.zeros((first + length, 2)), 0)
    learned = (points.split_key[first:] < ratio).sum()
    assert learned == pytest.approx(length * ratio, abs=3)
    split = points.snapshot().split(ratio)
    assert len(split.train) == pytest.approx(len(points) * ratio, abs=2.5)
    assert len(split.train) + len(split.test) == len(points)


def test_places_outside_are_moved_to_the_edge():
    points = PointSet()
    points.add((7, -100), 0)
    points.move(0, (-9, 2))
    np.testing.assert_array_equal(points.x, [[-6, 2]])


def test_nearest_and_within():
    points = some_points()
    assert points.nearest((0.9, 0.1), within=0.5) == 1
    assert points.nearest((3, -3), within=1) is None
    assert points.within((0, 0), 1).tolist() == [0, 1]
    assert PointSet().nearest((0, 0), within=9) is None
    assert PointSet().within((0, 0), 9).tolist() == []


def test_ten_thousand_points_are_the_most():
    points = PointSet()
    points.add(np.zeros((MAX_POINTS, 2)), 1)
    with pytest.raises(InputError, match=r"10001.*10000"):
        points.add((0, 0), 1)
    assert len(points) == MAX_POINTS == 10_000
    points.remove(0)
    points.add((0, 0), 1)


@pytest.mark.parametrize(
    ("position", "label"),
    [((0, 0), 12), ((0, 0), -1), ((0, 0), 0.5), ((0, 0), float("nan")), ((0, 0), "red"),
     ((0, float("inf")), 0), ((0, 0, 0), 0), ("here", 0), (5, 0)],
)  # fmt: skip
def test_what_is_no_point_is_refused(position, label):
    points = some_points()
    before = points.snapshot()
    with pytest.raises(InputError):
        points.add(position, label)
    assert points.snapshot() is before


@pytest.mark.parametrize("index", [-1, 4])
def test_a_point_that_is_not_there_is_refused(index):
    points = some_points()
    before = points.snapshot()
    with pytest.raises(InputError, match=str(index)):
        points.move(index, (0, 0))
    with pytest.raises(InputError, match=str(index)):
        points.remove([0, index])
    assert points.snapshot() is before


def test_new_labels_bring_new_classes_that_stay():
    points = some_points()
    assert points.names == ("0", "1")
    points.add((0, 0), 3)
    points.remove(4)
    assert points.names == ("0", "1", "2", "3")
    points.clear()
    assert points.names == ("0", "1")


def test_values_instead_of_classes():
    points = PointSet()
    points.clear(regression=True)
    points.add((0, 0), 0.25)
    assert points.regression
    assert points.names == ()
    assert points.y.dtype == np.float32
    with pytest.raises(InputError, match=r"1\.5"):
        points.add((0, 0), 1.5)
    points.clear()
    assert points.regression
    points.clear(regression=False)
    assert not points.regression


def test_copies_of_samples():
    x = np.array([[1, 2], [3, 4]], np.float32)
    classes = point_set_of(Samples(x, np.array([2, 0])))
    assert classes.names == ("0", "1", "2")
    values = point_set_of(Samples(x, np.array([0.5, -1], np.float32)))
    assert values.regression
    x[:] = 0
    np.testing.assert_array_equal(values.x, [[1, 2], [3, 4]])


def test_snapshots_are_immutable():
    points = some_points()
    taken = points.snapshot()
    kept = taken.x.copy()
    points.move(0, (5, 5))
    points.remove(1)
    points.clear()
    np.testing.assert_array_equal(taken.x, kept)


def test_another_thread_reads_whole_snapshots_while_one_edits():
    points = some_points()
    finished, lengths = Event(), []

    def read():
        while not finished.is_set():
            now = points.snapshot()
            lengths.append((len(now.x), len(now.y), len(now.split_key)))

    reader = Thread(target=read)
    reader.start()
    for _ in range(300):
        points.add([(0, 0)] * 5, 1)
        points.remove(range(4))
    finished.set()
    reader.join()
    assert lengths
    assert all(x == y == split_key for x, y, split_key in lengths)
