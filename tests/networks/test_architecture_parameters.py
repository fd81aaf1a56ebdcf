"""The choices about a network, and the plan they come to."""

from __future__ import annotations

import pytest

from playground.errors import InputError
from playground.networks.architecture import MAX_LAYERS, MAX_UNITS, Architecture
from playground.networks.dense.plan import LayerPlan, Plan


def test_the_plan_is_what_was_chosen() -> None:
    chosen = Architecture(
        hidden=[4, 3], activation="ReLU", layer_activations=[None, "sine"], dropout=0.2
    )
    assert chosen.plan(("x", "y", "xy"), 5) == Plan(
        ("x", "y", "xy"),
        (LayerPlan(3, 4, "ReLU", 0.2), LayerPlan(4, 3, "sine", 0.2), LayerPlan(3, 5, "linear")),
    )


def test_without_hidden_layers_the_output_sees_the_features() -> None:
    assert Architecture(hidden=[]).plan(("x", "y"), 1).layers == (LayerPlan(2, 1, "linear"),)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ([], ["tanh", "tanh"]),
        (["GELU"], ["GELU", "tanh"]),
        ([None, "GELU"], ["tanh", "GELU"]),
        (["ELU", "GELU", "ReLU"], ["ELU", "GELU"]),
    ],
)
def test_layers_without_an_activation_of_their_own_have_the_common_one(
    own: list[str | None], expected: list[str]
) -> None:
    chosen = Architecture(hidden=[2, 2], layer_activations=own)
    assert [layer.activation for layer in chosen.plan(("x",), 1).hidden] == expected


@pytest.mark.parametrize("width", [0, -1, MAX_UNITS + 1, 2.5, "4", True, None])
def test_a_width_that_cannot_be_is_refused_and_the_old_ones_stay(width: object) -> None:
    chosen = Architecture(hidden=[3, 2])
    with pytest.raises(InputError, match=rf"1 to {MAX_UNITS} neurons.*{width!r}"):
        chosen.hidden = [4, width]
    assert chosen.hidden == [3, 2]


def test_the_widest_and_deepest_network_can_be_planned() -> None:
    chosen = Architecture(hidden=[MAX_UNITS] * MAX_LAYERS)
    assert chosen.plan(("x",), 1).widths == (MAX_UNITS,) * MAX_LAYERS + (1,)
    with pytest.raises(ValueError, match=f"between 0 and {MAX_LAYERS}"):
        chosen.hidden = [1] * (MAX_LAYERS + 1)


@pytest.mark.parametrize("hidden", [None, 4, (4, 2), "42"])
def test_hidden_layers_are_a_list(hidden: object) -> None:
    with pytest.raises(ValueError, match="must be a list"):
        Architecture().hidden = hidden


def test_an_unknown_activation_of_a_layer_is_refused_and_the_old_ones_stay() -> None:
    chosen = Architecture(layer_activations=["ReLU"])
    with pytest.raises(InputError, match="no activation 'relu'; there are tanh, ReLU"):
        chosen.layer_activations = [None, "relu"]
    assert chosen.layer_activations == ["ReLU"]


def test_two_architectures_share_no_lists() -> None:
    one, other = Architecture(), Architecture()
    one.hidden.append(1)
    assert other.hidden == [4, 2]
