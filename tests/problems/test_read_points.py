from __future__ import annotations

import csv
import io
import json
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.errors import InputError
from playground.pages.points import PointsPage
from playground.problems import Points, PointSet, column_names, read_points, write_points
from playground.problems.points.point_units import PointUnits
from playground.problems.tables.saved_points import write_points_in_units


def read(text, **more):
    data = text if isinstance(text, bytes) else text.encode()
    return read_points(data, *column_names(data)[:3], **more)


def test_places_are_scaled_to_the_plane():
    points = read("x,y,label\n10,7,0\n20,7,1\n40,7,0\n")
    np.testing.assert_allclose(points.x, [[-5, 0], [-5 + 10 / 3, 0], [5, 0]], rtol=1e-6)
    assert points.y.tolist() == [0, 1, 0]
    assert points.remark is None


def test_columns_are_chosen_by_name():
    data = b"name,kind,height,width\nt,oak,3,1\nu,elm,5,2\n"
    assert column_names(data) == ["name", "kind", "height", "width"]
    points = read_points(data, "width", "height", "kind")
    assert points.names == ("elm", "oak")
    assert points.y.tolist() == [1, 0]
    with pytest.raises(InputError, match=r"'depth'.*'height'"):
        read_points(data, "depth", "height", "kind")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(separator, end):
    rows = ["x,y,label", "0,0,a", "1,2,b", "2,1,a"]
    points = read(end.join(rows).replace(",", separator))
    assert points.y.tolist() == [0, 1, 0]


def test_decimal_commas():
    np.testing.assert_array_equal(
        read("x;y;label\n0,5;0;a\n1,5;1;b\n1,0;1;b\n").x[:, 0], [-5, 5, 0]
    )


def test_many_numbers_are_values_and_few_are_classes():
    few = read("x,y,v\n" + "".join(f"{i},{i},{i % 6}\n" for i in range(20)))
    assert few.names == ("0", "1", "2", "3", "4", "5")
    many = read("x,y,v\n" + "".join(f"{i},{i},{i % 7}\n" for i in range(20)))
    assert many.regression
    np.testing.assert_allclose(many.y[:7], np.linspace(-1, 1, 7), rtol=1e-6)
    asked = read("x,y,v\n1,1,10\n2,2,20\n3,3,10\n", regression=True)
    assert asked.y.tolist() == [-1, 1, -1]


def test_numeric_classes_are_in_numeric_order():
    points = read("x,y,v\n1,1,10\n2,2,2\n3,3,-0.5\n4,4,2.0\n")
    assert points.names == ("-0.5", "2", "10")
    assert points.y.tolist() == [2, 1, 0, 1]


def test_text_labels_stay_plain_text():
    assert read('x,y,l\n1,1,<b>a</b>\n2,2," =1+1 "\n').names == ("<b>a</b>", "=1+1")
    assert set(read('x,y,l\n1,1,"a,b"\n2,2,é\n').names) == {"a,b", "é"}


def test_a_first_row_of_numbers_is_data():
    assert column_names(b"1,2,0\n3,4,1") == ["column 1", "column 2", "column 3"]
    assert len(read("1,2,0\n3,4,1")) == 2


def test_equal_and_empty_column_names_are_told_apart():
    assert column_names(b"a,a,,a (2),a\n") == ["a", "a (2)", "column 3", "a (2) (2)", "a (3)"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"x,y,label", "no rows"),
        (b"x,y,label\n\n", "no rows"),
        (b"x,y,value,share\n", "no rows"),
        (b"x,y,label,class,share\n", "no rows"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary.*PNG"),
        (b"\xff\xfe\0\xd8", "binary"),
        (b"x\n1\n2\n", "1 column;.*3 .*1000"),
        (b"x,y\n1,2\n", "2 columns"),
        (b"a," * 40_000 + b"a\n", "40001 columns.*1000"),
        (b"x,y,l\n" + b"1," * 600_000, "Line 2 has 1200000"),
        (b"x,y,l\n1,2,a\nhigh,2,b\n", "'x' holds 'high'"),
        (b"x,y,l\n1,,a\nnan,2,b\n3,inf,a\n4,4,\n", "None of 4 rows"),
        (
            b"x,y,l\n" + b"".join(b"1,2,%c\n" % c for c in b"abcdefghijklm"),
            "13 different labels; 2 to 12",
        ),
        (b'x,y,l\n1,2,"' + b"a\n" * 100_000, "quote"),
    ],
)
def test_what_can_not_be_read_is_said(text, message):
    with pytest.raises(InputError, match=message):
        read(text)


def test_text_can_not_be_learned_as_values():
    with pytest.raises(InputError, match="'l' holds 'red'"):
        read("x,y,l\n1,2,1\n1,2,red\n", regression=True)


def test_too_many_bytes_are_refused_unread():
    with pytest.raises(InputError, match=r"50\.0 MB; 50 MB"):
        column_names(b"x" * 50_000_001)


def test_forty_thousand_columns_are_refused_quickly():
    start = time.process_time()
    with pytest.raises(InputError, match="40000 columns"):
        column_names(b",".join([b"a"] * 40_000))
    assert time.process_time() - start < 1


def test_missing_cells_are_left_out_and_counted():
    points = read("x,y,l\n1,1,a\nNaN,2,b\n3,,a\n4,-inf,b\n5,5,b\n6\n\n7,7,\n")
    assert len(points) == 2
    assert points.remark.startswith("5 of 7 rows")


def test_a_single_class_is_remarked_on():
    points = read("x,y,l\n1,1,cat\n2,2,cat\n")
    assert "'cat'" in points.remark
    assert points.names == ("cat", "not cat")


def test_what_is_not_utf8_is_read_as_latin1():
    points = read("x,y,l\n1,1,été\n2,2,hiver\n".encode("latin-1"))
    assert points.names == ("hiver", "été")
    assert "0xe9" in points.remark
    assert read("\ufeffx,y,l\n1,1,été\n2,2,hiver\n").remark is None


def test_many_rows_are_thinned_quickly():
    """A million in 3 seconds."""
    rows = "".join(f"{i},{i % 1009},{i % 2}\n" for i in range(300_000))
    data = f"x,y,l\n{rows}".encode()
    start = time.process_time()
    points = read(data)
    assert time.process_time() - start < 0.9
    assert len(points) == 10_000
    assert "Of 300,000 rows, 10,000 were used" in points.remark
    # Evenly spaced, but not in step with the classes that take turns.
    steps = np.diff(points.x[:, 0])
    assert steps.min() > 0
    assert steps.max() < 2.1 * 10 / 10_000
    assert points.y.mean() == pytest.approx(0.5, abs=0.05)


def test_ten_thousand_rows_are_all_taken():
    points = read("x,y,l\n" + "1,2,0\n3,4,1\n" * 5_000)
    assert len(points) == 10_000
    assert points.remark is None


def test_extreme_numbers_stay_in_the_plane():
    points = read("x,y,l\n1.7e308,1.7e308,0\n-1.7e308,5e-324,1\n0,0,1\n")
    assert np.isfinite(points.x).all()
    np.testing.assert_array_equal(points.x[:, 0], [5, -5, 0])


def assert_same(found, wanted):
    np.testing.assert_array_equal(found.x, wanted.x)
    np.testing.assert_array_equal(found.y, wanted.y)
    np.testing.assert_array_equal(found.split_key, wanted.split_key)
    assert found.y.dtype == wanted.y.dtype
    assert found.names == wanted.names


@pytest.mark.parametrize("shape", ["arms", "plane", "circle"])
def test_what_was_written_is_read_back_unchanged(shape):
    problem = Points(shape=shape, classes_count=6)
    problem.adopt()
    assert_same(read(write_points(problem.own)), problem.own)


PLACES = st.floats(-6, 6, width=32)


@given(st.lists(st.tuples(PLACES, PLACES, st.integers(0, 5)), min_size=1, max_size=30))
def test_any_painted_points_are_read_back_unchanged(painted):
    points = PointSet()
    for x, y, label in painted:
        points.add((x, y), label)
    if len(painted) > 1:
        points.remove(0)
    found = read(write_points(points))
    np.testing.assert_array_equal(found.x, points.x)
    np.testing.assert_array_equal(found.y, points.y)
    np.testing.assert_array_equal(found.split_key, points.split_key)


def test_names_are_read_back_even_when_they_are_numbers():
    points = read("x,y,l\n1,1,-1\n2,2,2\n3,3,-1\n")
    points.add((0, 0), 2)
    assert points.names == ("-1", "2", "class 2")
    assert_same(read(write_points(points)), points)


def test_a_spreadsheet_takes_no_name_for_a_formula():
    """Names may come with somebody else's run; points are read back with them all the same."""
    points = read("=x,@y,+l\n1,1,=cmd|' /C calc'!A0\n2,2,'=1\n3,3,-1\n")
    saved, in_units = write_points(points), write_points_in_units(points)
    assert_same(read(saved), points)
    assert points.names == ("'=1", "-1", "=cmd|' /C calc'!A0")
    assert in_units.splitlines()[0] == "'=x,'@y,'+l"
    cells = {each for row in csv.reader(io.StringIO(saved + in_units)) for each in row}
    assert "-1" in cells
    assert not any(each.startswith(("=", "+", "@")) for each in cells)


def test_a_written_table_that_was_changed_is_like_any_other():
    problem = Points(shape="blobs")
    problem.adopt()
    edited = write_points(problem.own) + "100,100,1,1,0.5\n"
    assert read(edited).x.max() == 5
    assert len(read(edited)) == 251


CELLS = st.one_of(
    st.floats().map(str), st.integers().map(str), st.text(max_size=5), st.sampled_from(["", "a"])
)
TABLES = st.lists(st.lists(CELLS, max_size=5), max_size=12)


@pytest.mark.parametrize("regression", [None, True, False])
@pytest.mark.parametrize("odd", ["inf", "-inf", "1e999"])
def test_a_row_whose_label_is_infinite_is_left_out_where_labels_are_numbers(odd, regression):
    points = read(f"x,y,l\n0,0,1\n1,1,{odd}\n2,2,2\n", regression=regression)
    assert len(points) == 2
    assert np.isfinite(points.y).all()
    assert "1 of 3 rows" in points.remark
    with pytest.raises(InputError, match="None of 1 rows"):
        read(f"x,y,l\n0,0,{odd}\n", regression=True)


@pytest.mark.fuzz
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    take_or_refuse(data)


@pytest.mark.fuzz
@given(TABLES, st.sampled_from([",", ";", "\t"]), st.sampled_from(["", "x,y,l\n"]))
def test_any_table_is_read_or_refused(table, separator, header):
    text = header + "\n".join(separator.join(row) for row in table)
    take_or_refuse(text.encode("utf-8", "surrogatepass"))


@pytest.mark.fuzz
@given(st.lists(st.tuples(st.floats(), st.floats(), st.floats()), min_size=1, max_size=20))
def test_any_numbers_are_read_or_refused(rows):
    take_or_refuse(("x,y,l\n" + "".join(f"{a},{b},{c}\n" for a, b, c in rows)).encode())


def take_or_refuse(data):
    for regression in (None, True, False):
        try:
            points = read(data, regression=regression)
        except InputError:
            continue
        assert np.isfinite(points.x).all()
        assert np.abs(points.x).max() <= 6
        assert np.isfinite(points.y).all()
        assert len(points.x) == len(points.y) == len(points.split_key) > 0
        if points.regression:
            assert np.abs(points.y).max() <= 1
        else:
            assert 2 <= len(points.names) <= 12
            assert points.y.max() < len(points.names)


@pytest.mark.filterwarnings("ignore:Widget.name is deprecated")
def test_points_of_a_table_are_written_in_its_units():
    page, other = PointsPage(), PointsPage()
    for label, labels in (("kind", ["u", "v", "w"]), ("price", [0.25, 1e6, 31415.9])):
        rows = [f"{5.1 + step / 7},{1.7e9 + 60 * step},{labels[step % 3]}" for step in range(40)]
        text = "\n".join([f"length,time,{label}", *rows, f"9000.5,1700000000,{labels[0]}", ""])
        points = read_points(text.encode(), "length", "time", label, regression=label == "price")
        written = pd.read_csv(io.StringIO(write_points_in_units(points)))
        original = pd.read_csv(io.StringIO(text))
        assert [*written] == [*original]
        far = original.length > 100  # moved to the edge, as the page says
        assert far.sum() == 1
        np.testing.assert_allclose(written.length[~far], original.length[~far], atol=1e-5)
        np.testing.assert_allclose(written.time, original.time, atol=1e-3)
        if label == "kind":
            assert written.kind.tolist() == original.kind.tolist()
        else:
            np.testing.assert_allclose(written.price, original.price, atol=1)
        page.problem.adopt(points)
        points.add((0.0, 0.0), 0)
        other.restore_extra(json.loads(json.dumps(page.extra())))
        assert write_points_in_units(other.problem.own) == write_points_in_units(page.problem.own)
        frame = other.trainer.frame()
        assert frame.axis_names == ("length", "time")
        unscaled = frame.places.inverse_transform_value(frame.samples.train.x[0, 1], 1)
        assert unscaled == pytest.approx(1.7e9, rel=1e-5)
        page.problem.shape = "moons"
        page.problem.adopt()
        assert page.problem.own.units is None
        assert page.trainer.frame().axis_names == ("x", "y")


@given(
    st.recursive(
        st.none() | st.floats() | st.integers() | st.just(10**400) | st.text(max_size=2),
        lambda inner: (
            st.lists(inner, min_size=3, max_size=3)
            | st.fixed_dictionaries({"names": inner, "offset": inner, "scale": inner})
        ),
    )
)
def test_units_of_a_file_are_units_or_none(saved):
    found = PointUnits.from_json(saved)
    assert found is None or (found.scaling.scale > 0).all()
