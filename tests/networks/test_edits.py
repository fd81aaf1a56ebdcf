"""Edits by hand: what they change, and which make no sense."""

from __future__ import annotations

import re

import pytest
import torch

from playground.errors import InputError
from playground.networks.dense.parameters import Parameters
from playground.training.dense.edits import (
    MAX_WEIGHT,
    Edit,
    Freeze,
    FreezeLayer,
    ParameterRef,
    SetValue,
)
from tests.support.training.dense_training import make_parameters, make_plan

PLAN = make_plan((4, 3), inputs=2, outputs=1)
REFS = [
    ParameterRef(layer, unit, source)
    for layer, shape in enumerate(PLAN.layers)
    for unit in range(shape.units)
    for source in (*range(shape.fan_in), None)
]


def apply_edit(edit: Edit) -> tuple[Parameters, torch.Tensor]:
    edit.check(PLAN)
    parameters = make_parameters(PLAN)
    frozen = torch.zeros(1, PLAN.size, dtype=torch.bool)
    edit.apply(parameters, frozen)
    return parameters, frozen


@pytest.mark.parametrize("ref", REFS, ids=str)
def test_setting_changes_one_parameter(ref: ParameterRef) -> None:
    parameters, frozen = apply_edit(SetValue(ref, 3.5))
    before = make_parameters(PLAN)
    kind = parameters.bias if ref.source is None else parameters.weight
    position = (0, ref.unit) if ref.source is None else (0, ref.unit, ref.source)
    assert kind(ref.layer)[position] == 3.5
    assert (parameters.values != before.values).sum() == 1
    assert not frozen.any()


def test_freezing_marks_the_place_that_setting_changes() -> None:
    for number, ref in enumerate(REFS):
        changed = apply_edit(SetValue(ref, 3.5))[0].values != make_parameters(PLAN).values
        parameters, frozen = apply_edit(Freeze(ref))
        assert torch.equal(frozen, changed)
        assert frozen[0, number], "places are in the order of the flat row"
        assert torch.equal(parameters.values, make_parameters(PLAN).values)


def test_thawing() -> None:
    frozen = torch.ones(1, PLAN.size, dtype=torch.bool)
    Freeze(ParameterRef(1, 2, 0), frozen=False).apply(make_parameters(PLAN), frozen)
    FreezeLayer(0, frozen=False).apply(make_parameters(PLAN), frozen)
    assert frozen.sum() == PLAN.size - PLAN.layers[0].size - 1


@pytest.mark.parametrize("layer", [0, 1, 2])
def test_freezing_a_layer(layer: int) -> None:
    _, frozen = apply_edit(FreezeLayer(layer))
    assert frozen.sum() == PLAN.layers[layer].size
    assert frozen[0, list(PLAN.spans())[layer]].all()


@pytest.mark.parametrize(
    "ref",
    [
        ParameterRef(3, 0),
        ParameterRef(-1, 0),
        ParameterRef(0, 4),
        ParameterRef(0, -1),
        ParameterRef(0, 0, 2),
        ParameterRef(0, 0, -1),
    ],
    ids=str,
)
@pytest.mark.parametrize("kind", [lambda ref: SetValue(ref, 1.0), Freeze])
def test_a_place_that_there_is_not(ref: ParameterRef, kind: type[Freeze]) -> None:
    with pytest.raises(InputError, match=re.escape(str(ref)) + ".*2→4, 4→3, 3→1"):
        kind(ref).check(PLAN)


@pytest.mark.parametrize("layer", [-1, 3])
def test_a_layer_that_there_is_not(layer: int) -> None:
    with pytest.raises(InputError, match=f"Layer {layer + 1} does not exist"):
        FreezeLayer(layer).check(PLAN)


@pytest.mark.parametrize("value", [MAX_WEIGHT * 1.01, -1e9, float("inf"), float("nan")])
def test_a_value_that_cannot_be_set(value: float) -> None:
    with pytest.raises(InputError, match=re.escape(f"-100 … 100, not to {value:g}.")):
        SetValue(ParameterRef(0, 0, 0), value).check(PLAN)


@pytest.mark.parametrize("value", [MAX_WEIGHT, -MAX_WEIGHT, 0.0])
def test_the_largest_values_can_be_set(value: float) -> None:
    parameters, _ = apply_edit(SetValue(ParameterRef(0, 0), value))
    assert parameters.bias(0)[0, 0] == value


def test_places_count_from_one_where_people_read_them() -> None:
    assert str(ParameterRef(0, 1, 2)) == "Weight 3 of neuron 2 in layer 1"
    assert str(ParameterRef(1, 0)) == "The bias of neuron 1 in layer 2"
