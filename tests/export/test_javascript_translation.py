"""Translation of functions into JavaScript, as far as it needs no browser."""

from __future__ import annotations

import sys

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from playground.export.snapshot.translation.javascript import to_javascript


def changed_in_place(x: Tensor) -> Tensor:
    y = x.clone()
    return functional.silu(y.mul_(3)).sum(1)


def test_operations_are_recorded_the_same_without_the_private_class_of_pytorch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shapes = [(1, 2)]
    recorded = to_javascript(changed_in_place, shapes, "x")
    monkeypatch.setitem(sys.modules, "playground.torch_internals.recorder", None)
    assert to_javascript(changed_in_place, shapes, "x") == recorded
    assert "Math.exp" in recorded


def test_a_tensor_with_a_gradient_is_a_constant() -> None:
    slope = torch.tensor(0.25, requires_grad=True)
    source = to_javascript(lambda x: functional.prelu(x, slope), [(1,)], "x")
    assert source == (
        "(x0) => { const t0 = x0 > 0; const t1 = 0.25 * x0; const t2 = t0 ? x0 : t1; return t2 }"
    )
