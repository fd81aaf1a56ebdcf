"""What becomes of a table: standardised inputs, split rows, and answers in the user's units."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.pages.cards.answer_html import point_answer_html
from playground.pages.own_data import OwnDataPage
from playground.pages.shell.transport import header_numbers
from playground.problems.tables.row_reader import read_rows
from playground.problems.tables.table_problem import TableProblem
from playground.training.dense.trainer import Trainer
from playground.views.boundary import (
    MAX_POINTS,
    BoundaryChoices,
    near_plane,
    properties,
    sample_columns,
)
from playground.views.theme import LIGHT
from tests.support.training.dense_frames import make_frame
from tests.support.training.flowers import flowers, trainer_of

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")
CHOICES = BoundaryChoices(discretise=False, show_test=False, unit=None, pointer=None)
RNG = np.random.default_rng(0)


def test_inputs_are_standardised_and_answers_come_back_in_their_units() -> None:
    table = flowers()
    problem = TableProblem(table, train_ratio=1.0)
    x = problem.samples().train.x
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(x.std(axis=0), 1, atol=1e-6)
    order = table[["length", "width", "age"]]
    np.testing.assert_allclose(
        np.sort(problem.preprocessing.encode_inputs(order.to_numpy()), axis=0),
        np.sort(x, axis=0),
        atol=1e-6,
    )
    np.testing.assert_array_equal(read_rows(table, problem.inputs), order)

    values = TableProblem(table.drop(columns="kind"), target="width", train_ratio=1.0)
    y = values.samples().train.y
    assert (y.min(), y.max()) == (-1, 1)
    back = values.preprocessing.decode_outputs(y[:, None])[:, 0]
    np.testing.assert_allclose(np.sort(back), np.sort(table.width), rtol=1e-5)


def test_statistics_are_those_of_the_training_rows_only() -> None:
    x = np.concatenate([np.arange(40.0), np.full(40, 1e6)])
    problem = TableProblem((x, np.arange(80) % 2), train_ratio=0.5)
    train, _test = problem.split_data()
    scaler = problem.preprocessing.inputs
    np.testing.assert_allclose(scaler.offset, train.x.mean(axis=0))
    np.testing.assert_allclose(scaler.scale, train.x.std(axis=0))
    before = problem.preprocessing
    assert problem.preprocessing is before
    problem.seed = 1
    assert problem.preprocessing is not before


def test_standardisation_can_be_switched_off() -> None:
    table = flowers().drop(columns="kind")
    trainer = trainer_of(table, target="width", standardise=False, hidden=[2])
    problem = trainer.problem
    train, _test = problem.split_data()
    np.testing.assert_array_equal(problem.samples().train.x, train.x.astype(np.float32))
    np.testing.assert_array_equal(problem.samples().train.y, train.y.astype(np.float32))
    np.testing.assert_array_equal(
        trainer.predict(table), trainer.predict(table.to_numpy()[:, [0, 2]])
    )
    plane = problem.plane
    assert -5 < plane.low < plane.high < 5, "the picture is in standard deviations"
    np.testing.assert_allclose(
        plane.coordinates(train.x.astype(np.float32)).std(axis=0), 1, atol=1e-5
    )
    problem.standardise = True
    assert abs(problem.samples().train.y).max() == 1


@pytest.mark.parametrize("size", [0.1, 5.0, 1.7e9, 1e29])
def test_constant_columns_are_0_and_nearly_constant_ones_keep_their_digits(size: float) -> None:
    steps = np.arange(30.0)
    nearly = size + steps * np.spacing(size)
    problem = TableProblem(np.column_stack([np.full(30, size), nearly, steps % 3]), train_ratio=1.0)
    x = problem.samples().train.x
    np.testing.assert_array_equal(x[:, 0], 0)
    assert len(np.unique(x[:, 1])) == 30
    assert x[:, 1].std() == pytest.approx(1, abs=1e-3)


def test_time_stamps_are_predicted_as_exactly_as_they_are_learned() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(60, 2))
    y = (x.sum(1) > 0).astype(int)
    x[:, 0] = 1.7e9 + 50 * x[:, 0]
    trainer = trainer_of((x, y))
    trainer.train(100)
    assert ((trainer.predict(x)[:, 1] > 0.5) == y).all()
    times = trainer_of((y, x[:, 0]), hidden=[])
    assert times.predict([[0], [1]]).dtype == np.float64


def test_errors_of_values_are_told_in_their_units() -> None:
    table = flowers(90)[["length", "age", "width"]]
    page = OwnDataPage(table, hidden=[8])
    frame = page.train(50)
    train, test = page.problem.split_data()
    for errors, data in zip(frame.errors, (train, test), strict=True):
        missed = page.predict(data.x)[:, 0] - data.y
        assert errors.mean_absolute == pytest.approx(np.abs(missed).mean(), rel=1e-4)
        assert errors.root_mean_square == pytest.approx(np.sqrt((missed**2).mean()), rel=1e-4)
        assert errors.r2 == pytest.approx(1 - (missed**2).mean() / data.y.var(), rel=1e-4)
    text = frame.preprocessing.targets.format(frame.errors[1].mean_absolute)
    assert ("mean test error", text) in header_numbers(frame)
    read = point_answer_html(frame, (0.0, 0.0), np.zeros(1, np.float32))
    assert f"length = {train.x[:, 0].mean():.2f}"[:12] in read
    assert f"<b>{(train.y.min() + train.y.max()) / 2:,.0f}</b>" in read
    shown = "".join(str(getattr(each, "object", "")) for each in page.__panel__().select())
    assert "<b>length</b>: mean" in shown
    found = properties(frame, LIGHT, **CHOICES)
    assert found["0.xaxis.axis_label"] == "length"
    for place, label in found["0.xaxis.major_label_overrides"].items():
        assert float(label.replace("−", "-")) == pytest.approx(
            frame.places.inverse_transform_value(place, 0)
        )


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([[1.0, 2.0]], "rows of 3 inputs"),
        (np.ma.masked_equal([[1.0, 2.0, 3.0]], 2.0), "'width' 1 of 1 numbers are missing"),
        ([["a", "b", "c"]], "holds 'a' where only numbers"),
        (pd.DataFrame({"length": [1.0], "age": [2.0]}), "no column 'width'"),
        ({"length": [1.0], "age": [2.0], "width": [1.0, 2.0]}, "equally many rows"),
        (None, "rows of 3 inputs"),
        ([[1, 2, 3], [4]], "Not all rows are of one length"),
    ],
)
def test_rows_that_cannot_be_predicted_are_refused(rows: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_rows(rows, ("length", "width", "age"))


def test_a_truth_table_stays_as_it_is() -> None:
    problem = TableProblem(([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]))
    assert (problem.plane.low, problem.plane.high) == (-0.5, 1.5)
    np.testing.assert_array_equal(problem.samples().train.x, [[0, 0], [0, 1], [1, 0], [1, 1]])
    assert len(problem.samples().test) == 0, "none can be spared"


def test_a_constant_column_and_a_single_one_do_no_harm() -> None:
    assert np.isfinite(
        TableProblem((np.ones((30, 2)) * 5, np.arange(30) % 2)).samples().train.x
    ).all()
    one = TableProblem((np.arange(30), np.arange(30) / 7))
    assert one.plane.axes == (0, 0)
    frame = Trainer(problem=one, architecture=Architecture(features=["x1"])).train(2)
    assert np.isfinite(frame.field).all()


def test_rows_are_parted_by_chance_and_again_alike() -> None:
    problem = TableProblem(flowers(), train_ratio=0.5)
    first = problem.samples()
    assert (len(first.train), len(first.test)) == (30, 30)
    assert problem.samples() is first
    problem.seed = 1
    assert not np.array_equal(problem.samples().train.x, first.train.x)
    problem.seed = 0
    np.testing.assert_array_equal(problem.samples().train.x, first.train.x)


def test_the_axes_are_two_different_inputs() -> None:
    problem = TableProblem(flowers(), up="length")
    assert (problem.across, problem.up) == ("width", "length")
    problem.across = "length"
    assert (problem.across, problem.up) == ("length", "width")
    problem.up = "age"
    assert problem.plane.axes == (0, 2)
    with pytest.raises(InputError, match="no input 'kind'"):
        problem.up = "kind"
    assert problem.up == "age"


def test_other_inputs_are_held_where_one_says() -> None:
    problem = TableProblem(flowers())
    train, _test = problem.split_data()
    assert problem.held_values() == pytest.approx([*np.median(train.x, axis=0)])
    problem.hold("age", 4)
    assert problem.held_values()[2] == pytest.approx(4)
    assert problem.plane.pins[2] == pytest.approx((4 - train.x[:, 2].mean()) / train.x[:, 2].std())
    with pytest.raises(InputError, match="no column 'kind'"):
        problem.hold("kind", 1)
    problem.held = [0, 0, 1.5]
    assert problem.plane.pins == (0, 0, 1.5)
    with pytest.raises(InputError, match="can't be held at nan"):
        problem.held = [float("nan")]
    assert problem.plane.pins == (0, 0, 1.5)


def test_one_class_alone_is_remarked_upon() -> None:
    assert "nothing to tell apart" in str(TableProblem((np.zeros((30, 2)), ["a"] * 30)).remark)
    assert TableProblem(flowers()).remark is None


def test_all_samples_are_drawn_however_far_from_the_slice_but_not_too_many() -> None:
    problem = TableProblem(flowers())
    train = problem.samples().train
    assert near_plane(train, problem.plane).all()
    many = TableProblem((RNG.normal(size=(9000, 2)), RNG.normal(size=9000)), train_ratio=1.0)
    drawn = sample_columns(make_frame(), many.samples().train)
    assert 0.4 * MAX_POINTS < len(drawn["x"]) <= MAX_POINTS
