from __future__ import annotations

from dataclasses import replace

from playground.views.network_summary import LayerRow, summary, table
from tests.support.training.dense_frames import make_plan


def test_a_network_in_one_line():
    plan = make_plan(("x", "y"), (4, 2), 1)
    assert summary(plan) == "2 inputs → 4 tanh → 2 tanh → 1 output · 25 parameters"


def test_a_single_neuron():
    assert summary(make_plan(("x",), (), 1)) == "1 input → 1 output · 2 parameters"


def test_a_large_network_has_its_thousands_marked():
    plan = make_plan(("x", "y"), (32,) * 8, 6)
    parameters = 32 * 3 + 7 * 32 * 33 + 6 * 33
    assert summary(plan).endswith(f"→ 6 outputs · {parameters:,} parameters")


def test_a_network_layer_by_layer():
    assert table(make_plan(("x", "y", "xy"), (4,), 2, "relu")) == [
        LayerRow("input", "3", "", 0),
        LayerRow("hidden 1", "3 → 4", "relu", 16),
        LayerRow("output", "4 → 2", "linear", 10),
    ]


def test_parameters_of_the_rows_add_up():
    plan = make_plan(("x", "y"), (5, 3, 7), 4)
    assert sum(row.parameters for row in table(plan)) == plan.size


def test_dropout_is_shown():
    plan = make_plan(("x",), (4,), 1)
    dropping = replace(plan.layers[0], dropout=0.2)
    assert table(replace(plan, layers=(dropping, plan.layers[1])))[1].activation == (
        "tanh, 20% dropout"
    )
