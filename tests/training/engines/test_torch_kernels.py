"""Private kernels of PyTorch: equal to their public equivalents, and replaced where they fail."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import torch
from torch import Tensor

from playground.torch_internals import kernels
from playground.torch_internals.kernels import choose_kernel
from tests.support.servers.server import ROOT
from tests.support.training.torch_kernel_results import kernel_names, results

KERNELS = kernel_names(kernels)


def test_all_kinds_of_kernels_have_a_public_equivalent() -> None:
    assert len(KERNELS) == 20
    assert {"gelu", "tanh_backward", "huber_backward", "fused_adam_", "foreach_copy_"} <= {*KERNELS}


@pytest.mark.parametrize("name", KERNELS)
def test_this_pytorch_has_the_private_kernel(name: str) -> None:
    """Training would be slower without, and nothing else would show it."""
    assert getattr(kernels, name) is not getattr(kernels, f"_{name}")


def test_a_private_function_is_chosen_where_it_agrees() -> None:
    chosen = choose_kernel("relu", lambda x: x.clamp(min=0), lambda kernel: kernel(-torch.ones(2)))
    assert chosen is torch.relu


@pytest.mark.parametrize(
    "path",
    ["_not_there", "ops.aten.not_there.default._op", "_C._nn.not_there", "mm", "sin"],
    ids=["missing", "missing operator", "missing function", "other arguments", "other results"],
)
def test_the_public_equivalent_takes_the_place_of_what_fails(path: str) -> None:
    def double(x: Tensor) -> Tensor:
        return 2 * x

    assert choose_kernel(path, double, lambda kernel: kernel(torch.arange(3.0))) is double


def test_an_operator_is_called_without_its_wrapper_and_anything_else_as_it_is() -> None:
    relu = kernels.unwrap_operator(torch.ops.aten.relu.default)
    assert relu.__name__ == "aten_relu_default"
    assert torch.equal(relu(torch.tensor([-1.0, 2.0])), torch.tensor([0.0, 2.0]))
    assert kernels.unwrap_operator(torch.relu) is torch.relu
    assert kernels.aten_operator("not_there.default") is None


def test_half_precision_is_off_where_the_processor_is_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert kernels.supports_bfloat16() in (False, True)
    monkeypatch.delattr(torch.cpu, "_is_avx512_bf16_supported")
    assert not kernels.supports_bfloat16()


def test_networks_learn_the_same_without_any_private_kernel() -> None:
    program = [sys.executable, "-m", "tests.support.training.torch_kernel_results"]
    finished = subprocess.run(program, cwd=ROOT, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    public = json.loads(finished.stdout)
    assert public.pop("public") == KERNELS
    private = results()
    assert public.keys() == private.keys()
    for name, values in private.items():
        torch.testing.assert_close(public[name], values, rtol=1e-4, atol=1e-6, msg=name)
