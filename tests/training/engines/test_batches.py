"""Batches: every sample once an epoch, with its own target, in an order that can be repeated."""

from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from playground.training.dense.batches import Batches


def make_batches(count: int, size: int, seed: int = 0) -> Batches:
    """Samples whose inputs and targets all follow from their number."""
    number = torch.arange(count, dtype=torch.float32)
    inputs, targets = torch.stack([number, -number])[None], (2 * number)[None, None]
    return Batches(inputs, targets, size, torch.Generator().manual_seed(seed))


def order(batches: Batches) -> list[int]:
    batches.shuffle()
    return [int(each) for window in batches.windows for each in window.inputs[0, 0]]


@given(count=st.integers(0, 60), size=st.integers(1, 70))
def test_each_epoch_has_every_sample_once(count: int, size: int) -> None:
    batches = make_batches(count, size)
    assert [each.size for each in batches.windows] == [
        min(size, count - start) for start in range(0, count, size)
    ]
    for _ in range(3):
        assert sorted(order(batches)) == list(range(count))
        for window in batches.windows:
            number, minus, ones = window.inputs[0]
            assert torch.equal(minus, -number)
            assert torch.equal(ones, torch.ones(window.size))
            assert torch.equal(window.targets[0, 0], 2 * number)
            assert torch.equal(window.transposed, window.inputs.transpose(1, 2))


def test_the_order_is_new_each_epoch_and_follows_from_the_seed() -> None:
    batches = make_batches(50, 10)
    first, second = order(batches), order(batches)
    assert first != second
    again = make_batches(50, 10)
    assert [order(again), order(again)] == [first, second]
    assert order(make_batches(50, 10, seed=1)) != first


def test_windows_stay_where_they_are() -> None:
    batches = make_batches(20, 6)
    places = [
        places_of(window.inputs, window.transposed, window.targets) for window in batches.windows
    ]
    batches.shuffle()
    assert places == [
        places_of(window.inputs, window.transposed, window.targets) for window in batches.windows
    ]


def places_of(*tensors: Tensor) -> list[int]:
    return [each.data_ptr() for each in tensors]


def test_the_samples_given_are_not_touched() -> None:
    inputs, targets = torch.rand(1, 2, 9), torch.rand(1, 1, 9)
    before = inputs.clone(), targets.clone()
    batches = Batches(inputs, targets, 4, torch.Generator())
    batches.shuffle()
    assert torch.equal(inputs, before[0])
    assert torch.equal(targets, before[1])
