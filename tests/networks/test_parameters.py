"""One tensor, seen as layers."""

from __future__ import annotations

import pytest
import torch

from playground.networks.dense.parameters import Parameters, layer_views, weight_mask
from tests.support.training.dense_training import make_parameters, make_plan

PLAN = make_plan((4, 3), inputs=2, outputs=5)


def test_a_plan_counts_its_parameters() -> None:
    assert [layer.size for layer in PLAN.layers] == [4 * 3, 3 * 5, 5 * 4]
    assert PLAN.size == 47
    assert PLAN.widths == (4, 3, 5)
    assert PLAN.outputs == 5
    assert [layer.units for layer in PLAN.hidden] == [4, 3]
    assert list(PLAN.spans()) == [slice(0, 12), slice(12, 27), slice(27, 47)]


@pytest.mark.parametrize("copies", [1, 3])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_layers_are_views_that_share_out_all_values(copies: int, dtype: torch.dtype) -> None:
    parameters = Parameters(PLAN, copies, dtype)
    assert parameters.copies == copies
    assert parameters.values.dtype == dtype
    for number, layer in enumerate(PLAN.layers):
        assert parameters.weight(number).shape == (copies, layer.units, layer.fan_in)
        assert parameters.bias(number).shape == (copies, layer.units)
        parameters.weight(number).fill_(number + 1)
        parameters.bias(number).fill_(-number - 1)
    expected = [[1.0, 1, -1] * 4 + [2.0, 2, 2, 2, -2] * 3 + [3.0, 3, 3, -3] * 5] * copies
    assert parameters.values.tolist() == expected


def test_splitting_gives_the_same_views_of_any_such_tensor() -> None:
    parameters = make_parameters(PLAN, copies=2)
    for mine, theirs in zip(layer_views(parameters.values, PLAN), parameters.layers, strict=True):
        assert mine.data_ptr() == theirs.data_ptr()
        assert torch.equal(mine, theirs)


def test_the_mask_tells_weights_from_biases() -> None:
    mask = weight_mask(make_parameters(PLAN, copies=2))
    expected = [1.0, 1, 0] * 4 + [1.0, 1, 1, 1, 0] * 3 + [1.0, 1, 1, 0] * 5
    assert mask.tolist() == [expected]
    assert mask.dtype == torch.float64


def test_parameters_made_in_inference_mode_serve_autograd() -> None:
    with torch.inference_mode():
        parameters = Parameters(PLAN)
    weight = parameters.weight(0).detach().requires_grad_()
    weight.square().sum().backward()
    assert weight.grad is not None
