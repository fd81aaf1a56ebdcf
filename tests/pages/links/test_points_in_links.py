"""Points and truth tables of one's own in a link."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from playground.errors import InputError
from playground.pages.gates import GatesPage
from playground.pages.links.link import (
    parse_link,
)
from playground.pages.links.points_setting import MAX_PACKED_POINTS, pack_points, unpack_points
from playground.pages.points import PointsPage
from playground.problems.points.point_set import PointSet
from playground.problems.points.point_snapshot import PointSnapshot
from playground.problems.points.points import OWN
from tests.support.data.link_pages import query
from tests.support.data.point_sets import point_set_of
from tests.support.each_case import check_each

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


@st.composite
def snapshots(draw: st.DrawFn) -> PointSnapshot:
    count = draw(st.integers(0, 50))
    names = draw(
        st.sampled_from([(), ("0", "1"), ("0", "1", "2", "3", "4", "5")])
        | st.lists(st.text(min_size=1), min_size=2, max_size=6, unique=True).map(tuple)
    )
    x = draw(arrays(np.float32, (count, 2), elements=st.floats(-6, 6, width=32)))
    share = draw(arrays(np.float64, count, elements=st.floats(0, 1, exclude_max=True)))
    if names:
        y = draw(arrays(np.int64, count, elements=st.integers(0, len(names) - 1)))
    else:
        y = draw(arrays(np.float32, count, elements=st.floats(-1, 1, width=32)))
    return PointSnapshot(x, y, share, names)


@given(snapshots())
def test_packed_points_are_nearly_the_same_and_then_exactly(points: PointSnapshot) -> None:
    once = unpack_points(pack_points(points))
    assert once.names == points.names
    np.testing.assert_allclose(once.x, points.x, atol=6 / 4095 + 1e-6)
    np.testing.assert_allclose(once.split_key, points.split_key, atol=1 / 8192 + 1e-9)
    np.testing.assert_allclose(once.y, points.y, atol=0 if points.names else 1 / 4095 + 1e-6)
    twice = unpack_points(pack_points(once))
    for name in ("x", "y", "split_key"):
        np.testing.assert_array_equal(getattr(twice, name), getattr(once, name))


@pytest.mark.fuzz
@given(st.text() | st.from_regex(r"([2-6]|value|a,b)~[A-Za-z0-9_-]{0,40}", fullmatch=True))
def test_any_text_is_points_or_refused(text: str) -> None:
    try:
        points = unpack_points(text)
    except ValueError:
        return
    PointSet().replace_all(points)
    PointSet(points).add(points.x, points.y)
    assert unpack_points(pack_points(points)).names == points.names


def test_a_thousand_points_fit_into_a_link(points: PointsPage, lent_points: PointsPage) -> None:
    points.problem.count = 1000
    points.problem.adopt()
    link = query(points)
    assert len(link) < 7200
    other = lent_points
    assert other.settings.apply(parse_link(link).values) == ()
    split, again = points.problem.samples(), other.problem.samples()
    np.testing.assert_allclose(again.train.x, split.train.x, atol=0.002)
    np.testing.assert_array_equal(again.train.y, split.train.y)
    np.testing.assert_array_equal(again.test.y, split.test.y)


def test_more_points_than_a_link_holds_are_reported(
    points: PointsPage, lent_points: PointsPage
) -> None:
    points.problem.count = MAX_PACKED_POINTS + 1
    points.problem.adopt()
    assert query(points).endswith("&points=1001")
    (sentence, *_others) = lent_points.settings.apply(parse_link(query(points)).values)
    assert "about 1001 points of somebody" in sentence
    assert lent_points.problem.shape == "circle"


def test_points_are_in_the_address_only_while_they_are_learned(points: PointsPage) -> None:
    points.problem.adopt(point_set_of(points.problem.samples().test[:3]))
    assert "points=2~" in query(points)
    points.problem.own.add((1, 1), 0)
    points.problem.param.trigger("shape")
    assert len(query(points).split("~")[1]) == 4 * 7
    points.problem.shape = "spiral"
    assert query(points) == "shape=spiral&split=exact"


def test_a_link_of_before_learns_from_the_points_of_then_and_others_exactly(
    points: PointsPage,
) -> None:
    """Versions before the mark "split" learned from 199 of 400 points where half are asked for."""
    split = points.problem.samples
    points.split = "exact"
    assert (query(points), len(split().train)) == ("split=exact", 200)
    points.settings.apply_all(parse_link("shape=circle").values)
    assert (query(points), len(split().train)) == ("", 199)
    points.noise = 0.2
    assert (query(points), len(split().train)) == ("noise=0.2", 199)
    points.count = 250
    assert (query(points), len(split().train)) == ("count=250&noise=0.2&split=exact", 125)
    points.problem.adopt()  # Each stays a training or a test point.
    assert len(split().train) == 125
    points.shape, points.train_ratio = "circle", 0.4  # Here there is no difference.
    assert (query(points), len(split().train)) == ("count=250&noise=0.2&train_ratio=0.4", 100)


def test_what_are_no_points_is_refused(lent_points: PointsPage) -> None:
    points = lent_points

    def check_refused(given: object) -> None:
        (sentence,) = points.settings.apply({"points": given})
        assert "“points” can't be" in sentence
        assert points.problem.shape != OWN

    wrong = ["12345678", "3~AAA", "13~", "1~", "2~AAAAAAC", "a,a~", "x~", 5]
    check_each(check_refused, zip(wrong, strict=True))


def test_a_table_of_the_wrong_size_is_refused(lent_gates: GatesPage) -> None:
    gates = lent_gates
    (sentence,) = gates.settings.apply({"gate": "custom", "table": "010"})
    assert "3 answers were given" in sentence
    assert gates.settings.apply({"table": "1000"}) == ()
    assert gates.problem.table == (1, 0, 0, 0)


def test_a_count_of_points_is_an_error_of_the_link(lent_points: PointsPage) -> None:
    with pytest.raises(InputError, match="1,000 is the most"):
        dict(lent_points.settings.items())["points"].assign("5000")
