"""Weights as files: they come back to the bit."""

from __future__ import annotations

import json

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from safetensors.torch import load
from torch import nn

from playground.errors import InputError
from playground.export.weight_files import to_safetensors, weights_to_json
from playground.networks.classifiers import CustomClassifier
from tests.support.training.dense_training import make_trainer

MODULES = {
    "dense": lambda: make_trainer().model,
    "convolutions": lambda: CustomClassifier(channels=[3], hidden=[5], batch_norm=True).build(),
}
each_module = pytest.mark.parametrize("make", MODULES.values(), ids=MODULES)


def from_json(text: str) -> dict[str, torch.Tensor]:
    """Read what `weights_to_json` writes, with PyTorch alone."""
    weights = json.loads(text)["weights"]
    read = {name: torch.tensor(each["values"]) for name, each in weights.items()}
    assert [list(each.shape) for each in read.values()] == [w["shape"] for w in weights.values()]
    return read


@each_module
def test_weights_come_back_from_safetensors(make) -> None:
    module = make()
    read = load(to_safetensors(module))
    assert read.keys() == module.state_dict().keys()
    assert all(torch.equal(read[name], value) for name, value in module.state_dict().items())


@each_module
def test_weights_come_back_from_json(make) -> None:
    module, fresh = make(), make()
    for parameter in fresh.parameters():
        nn.init.zeros_(parameter)
    fresh.load_state_dict(from_json(weights_to_json(module)))
    for ours, theirs in zip(module.state_dict().values(), fresh.state_dict().values(), strict=True):
        assert torch.equal(ours, theirs)


@given(arrays.arrays("float32", (2, 3), elements=st.floats(width=32, allow_nan=False)))
def test_every_float_survives_json_or_is_refused(values) -> None:
    module = nn.Linear(3, 2)
    module.weight = nn.Parameter(torch.from_numpy(values))
    if torch.isfinite(module.weight).all():
        assert torch.equal(from_json(weights_to_json(module))["weight"], module.weight)
    else:
        with pytest.raises(InputError, match="weight holds what is not a number"):
            weights_to_json(module)


def test_numbers_in_json_have_no_meaningless_tail() -> None:
    module = nn.Linear(1, 1, bias=False)
    nn.init.constant_(module.weight, 0.1)
    assert "[[0.1]]" in weights_to_json(module)


def test_too_many_for_json() -> None:
    with torch.device("meta"):
        module = nn.Linear(1000, 1000)
    with pytest.raises(InputError, match="1,001,000 numbers are too many for JSON"):
        weights_to_json(module.to_empty(device="cpu"))


def test_files_are_copies() -> None:
    trainer = make_trainer()
    before = to_safetensors(trainer.model)
    trainer.train(1)
    assert to_safetensors(trainer.model) != before
