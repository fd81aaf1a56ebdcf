from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from playground.errors import InputError
from playground.problems import CUSTOM, GATES, Gates

IN_WORDS = {
    "AND": lambda on: all(on),
    "OR": lambda on: any(on),
    "XOR": lambda on: list(on).count(True) == 1,
    "NAND": lambda on: not all(on),
    "NOR": lambda on: not any(on),
    "XNOR": lambda on: list(on).count(True) != 1,
    "majority": lambda on: list(on).count(True) > list(on).count(False),
    "parity": lambda on: list(on).count(True) in (1, 3),
}


def implies(on):
    """Fold the chain A → (B → (C → …)) from the right, as it is defined."""
    *before, answer = on
    for premise in reversed(before):
        answer = (not premise) or answer
    return answer


@pytest.mark.parametrize("inputs", [2, 3, 4])
@pytest.mark.parametrize("gate", GATES)
def test_gates_answer_as_their_names_say(gate, inputs):
    meaning = {**IN_WORDS, "IMPLIES": implies}[gate]
    problem = Gates(gate=gate, inputs_count=inputs)
    rows = list(product([False, True], repeat=inputs))
    np.testing.assert_array_equal(problem.rows(), np.array(rows, np.float32))
    assert problem.answers().tolist() == [int(meaning(row)) for row in rows]
    assert problem.remark is None


def test_dtypes_names_and_plane():
    problem = Gates(inputs_count=3)
    assert problem.rows().dtype == np.float32
    assert problem.answers().dtype == np.int64
    assert problem.inputs == ("A", "B", "C")
    assert problem.classes == ("0", "1")
    assert (problem.plane.low, problem.plane.high) == (-0.5, 1.5)


def test_features_are_the_inputs_and_compare_equal():
    problem = Gates(inputs_count=3)
    rows = torch.tensor(problem.rows())
    assert list(problem.features) == ["A", "B", "C"]
    for index, feature in enumerate(problem.features.values()):
        assert torch.equal(feature(rows), rows[:, index])
    assert problem.features == Gates(inputs_count=3).features


def test_without_noise_each_row_comes_once():
    split = Gates(gate="AND").samples()
    np.testing.assert_array_equal(split.train.x, [[0, 0], [0, 1], [1, 0], [1, 1]])
    assert split.train.y.tolist() == split.test.y.tolist() == [0, 0, 0, 1]


def test_noise_repeats_rows_around_their_places():
    problem = Gates(noise=0.2, inputs_count=4)
    split = problem.samples()
    assert len(split.train) == 16 * 25
    np.testing.assert_array_equal(split.test.x, problem.rows())
    shifts = split.train.x - np.tile(problem.rows(), (25, 1))
    assert np.std(shifts) == pytest.approx(0.2, rel=0.1)
    np.testing.assert_array_equal(split.train.y, np.tile(problem.answers(), 25))


def test_samples_are_kept_until_something_changes():
    problem = Gates(noise=0.1)
    first = problem.samples()
    problem.pins = (1, 1)
    problem.horizontal = "B"
    assert problem.samples() is first
    problem.seed = 1
    assert not np.array_equal(problem.samples().train.x, first.train.x)
    problem.seed = 0
    np.testing.assert_array_equal(problem.samples().train.x, first.train.x)


def test_custom_starts_from_the_gate_before():
    problem = Gates(gate="NOR", inputs_count=3)
    before = problem.answers()
    problem.gate = CUSTOM
    np.testing.assert_array_equal(problem.answers(), before)


def test_setting_a_table_leaves_the_gate():
    problem = Gates(gate="XOR")
    problem.table = (1, 1, 1, 0)
    assert problem.gate == "XOR"
    assert problem.answers().tolist() == [0, 1, 1, 0]


def test_a_table_given_along_with_custom_is_kept():
    problem = Gates()
    # Even if it is the table that was there before.
    problem.param.update(gate=CUSTOM, table=problem.table)
    assert problem.table == (0, 1, 1, 0)
    problem.gate = "AND"
    problem.param.update(gate=CUSTOM, inputs_count=3, table=[1] * 7 + [0])
    assert problem.answers().tolist() == [1] * 7 + [0]
    assert Gates(table=[1, 0, 0, 0], gate=CUSTOM).answers().tolist() == [1, 0, 0, 0]


def test_a_table_follows_the_number_of_inputs():
    problem = Gates(gate=CUSTOM, table=(0, 1, 1, 1))
    problem.inputs_count = 4
    a, b = problem.rows()[:, :2].T
    np.testing.assert_array_equal(problem.answers(), np.maximum(a, b))
    assert len(problem.table) == 16
    problem.inputs_count = 2
    assert problem.table == (0, 1, 1, 1)


@pytest.mark.parametrize(
    ("table", "named"),
    [([0, 1], "2 answers"), ([0, 1, 2, 0], "2"), ([0, 1, "x", 0], "'x'"), (7, "7"),
     ([0, 1, float("nan"), 0], "nan"), ([0, 1, None, 0], "None"), ([0, [1], 0, 0], r"\[1\]")],
)  # fmt: skip
def test_a_bad_table_is_refused_and_the_old_one_stays(table, named):
    problem = Gates(gate=CUSTOM, table=[1, 0, 0, 1])
    with pytest.raises(InputError, match=named):
        problem.table = table
    assert problem.table == (1, 0, 0, 1)
    with pytest.raises(InputError):
        Gates(table=table)


@given(
    st.one_of(
        st.lists(st.one_of(st.integers(-1, 2), st.floats(), st.booleans(), st.text(max_size=2))),
        st.lists(st.integers(0, 1), min_size=4, max_size=4),
        st.text(max_size=4),
        st.none(),
    )
)
def test_any_table_is_taken_or_refused_whole(table):
    problem = Gates(gate=CUSTOM, table=[1, 0, 0, 1])
    try:
        problem.table = table
    except InputError:
        assert problem.table == (1, 0, 0, 1)
    else:
        assert problem.answers().tolist() == [int(answer) for answer in table]


@pytest.mark.parametrize("answer", [0, 1])
def test_a_single_class_is_remarked_on_and_can_be_trained(answer):
    problem = Gates(gate=CUSTOM, table=[answer] * 4)
    assert str(answer) in problem.remark
    assert problem.samples().train.y.tolist() == [answer] * 4


@pytest.mark.parametrize("values", [{"noise": 0.6}, {"inputs_count": 5}, {"gate": "MAYBE"}])
def test_values_out_of_range_are_named(values):
    (value,) = values.values()
    problem = Gates()
    with pytest.raises(ValueError, match=str(value)):
        problem.param.update(**values)
    assert problem.answers().tolist() == [0, 1, 1, 0]


def test_axes_swap_rather_than_coincide():
    problem = Gates(inputs_count=3)
    problem.horizontal = "B"
    assert (problem.horizontal, problem.vertical) == ("B", "A")
    problem.vertical = "B"
    assert (problem.horizontal, problem.vertical) == ("A", "B")
    problem.param.update(horizontal="C", vertical="C")
    assert problem.horizontal == "C" != problem.vertical
    assert Gates(horizontal="B").plane.axes == (1, 0)
    assert Gates(vertical="A").plane.axes == (1, 0)
    assert Gates(inputs_count=4, horizontal="D").plane.axes == (3, 1)


@given(st.lists(st.tuples(st.sampled_from(["inputs_count", "horizontal", "vertical"]),
                          st.integers(0, 3)), max_size=8))  # fmt: skip
def test_axes_stay_valid_and_different(changes):
    problem = Gates()
    for name, number in changes:
        if name == "inputs_count":
            problem.inputs_count = 2 + number % 3
        else:
            setattr(problem, name, problem.inputs[number % problem.inputs_count])
        assert problem.horizontal != problem.vertical
        assert {problem.horizontal, problem.vertical} <= set(problem.inputs)
        assert problem.param.horizontal.objects == list(problem.inputs)
        assert problem.plane.grid(2).shape == (4, problem.inputs_count)


def test_an_axis_that_does_not_exist_is_refused():
    problem = Gates()
    with pytest.raises(InputError, match=r"'C'.*A, B"):
        problem.horizontal = "C"
    assert problem.horizontal == "A"


def test_pins_hold_the_other_inputs():
    problem = Gates(inputs_count=3, pins=(0, 0, 1))
    np.testing.assert_array_equal(problem.plane.points([0.25], [0.75]), [[0.25, 0.75, 1]])


@pytest.mark.parametrize("pins", [(0, 2), (0, float("nan")), (0, "x"), 1, [0] * 5, None])
def test_bad_pins_are_refused(pins):
    problem = Gates(pins=(0, 0, 1))
    with pytest.raises(InputError):
        problem.pins = pins
    assert problem.pins == (0, 0, 1, 0)


def test_values_survive_a_trip_through_json():
    problem = Gates(gate=CUSTOM, inputs_count=3, horizontal="C", vertical="B", pins=(1, 0, 0))
    problem.table = (1, 0, 0, 1, 1, 0, 1, 1)
    twin = Gates(**Gates.param.deserialize_parameters(problem.param.serialize_parameters()))
    assert twin.param.values() | {"name": ""} == problem.param.values() | {"name": ""}
