"""A module of the user: what is read of it, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from playground.errors import InputError
from playground.networks.dense.activations import ACTIVATIONS
from playground.networks.user_module.dense_module import read_dense
from tests.support.training.own_modules import MODULES, with_hook, with_parametrisation
from tests.support.training.small_modules import (
    Ends,
    Residual,
    network,
    of_table,
    xor,
)

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


class NegatedSequential(nn.Sequential):
    """A sequence that does something else with its layers."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return -super().forward(x)


def test_layers_and_activations_are_read_in_order() -> None:
    dense = read_dense(network())
    assert dense is not None
    assert (dense.widths, dense.activations) == ((8, 4, 1), ("tanh", "ReLU"))
    assert dense.as_parameters["layer_activations"] == ["tanh", "ReLU"]


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_every_activation_is_known_again(name: str) -> None:
    module = nn.Sequential(nn.Linear(2, 3), ACTIVATIONS[name].module(), nn.Linear(3, 1))
    dense = read_dense(module)
    assert dense is not None
    assert dense.as_parameters == {
        "hidden": [3],
        "activation": name,
        "layer_activations": [],
        "dropout": 0.0,
    }


def test_nested_sequences_shared_activations_and_dropout_are_read() -> None:
    act, drop = nn.GELU(), nn.Dropout(0.2)
    inner = nn.Sequential(nn.Linear(3, 5), act, drop)
    dense = read_dense(
        nn.Sequential(inner, nn.Sequential(nn.Linear(5, 5), act, drop), nn.Linear(5, 2))
    )
    assert dense is not None
    assert (dense.widths, dense.activations, dense.dropout) == ((5, 5, 2), ("GELU", "GELU"), 0.2)


def module_with_tied_weights() -> nn.Module:
    module = nn.Sequential(nn.Linear(2, 2), nn.Tanh(), nn.Linear(2, 2))
    module[2].weight = module[0].weight
    return module


def with_more() -> nn.Module:
    module = network()
    module.register_parameter("scale", nn.Parameter(torch.ones(3)))
    return module


class ReLU(nn.Module):
    """Is called like a known activation, and does something else."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.abs()


def module_with_another_forward() -> nn.Module:
    module = network()
    module[0].forward = lambda x: 2 * x @ module[0].weight.T
    return module


def twice() -> nn.Module:
    layer = nn.Linear(2, 2)
    return nn.Sequential(layer, nn.Tanh(), layer)


def module_with_frozen_weights() -> nn.Module:
    module = network()
    module[0].weight.requires_grad_(False)
    return module


@pytest.mark.parametrize(
    "module",
    [
        nn.Sequential(),
        nn.Linear(2, 1),
        Residual(),
        NegatedSequential(nn.Linear(2, 1)),
        nn.Sequential(nn.Linear(2, 1), nn.Sigmoid()),
        nn.Sequential(nn.Tanh(), nn.Linear(2, 1)),
        nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Tanh(), nn.Linear(3, 1)),
        nn.Sequential(nn.Linear(2, 3), nn.Dropout(0.1), nn.Tanh(), nn.Linear(3, 1)),
        nn.Sequential(nn.Linear(2, 3), nn.Hardtanh(), nn.Linear(3, 1)),
        nn.Sequential(nn.Linear(2, 3), nn.LeakyReLU(0.2), nn.Linear(3, 1)),
        nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Linear(3, 1)),
        nn.Sequential(nn.Linear(2, 3, bias=False), nn.Tanh(), nn.Linear(3, 1)),
        nn.Sequential(nn.Linear(2, 33), nn.Tanh(), nn.Linear(33, 1)),
        nn.Sequential(*[nn.Linear(2, 2) for _ in range(10)]),
        nn.Sequential(
            nn.Linear(2, 3), nn.Tanh(), nn.Dropout(0.1), nn.Linear(3, 3), nn.Tanh(), nn.Linear(3, 1)
        ),
        twice(),
        module_with_frozen_weights(),
        module_with_tied_weights(),
        with_more(),
        module_with_another_forward(),
        nn.Sequential(nn.Linear(2, 3), ReLU(), nn.Linear(3, 1)),
        *(
            with_hook(kind)
            for kind in ("forward", "before", "backward", "parameter", "accumulated")
        ),
        with_parametrisation(),
        MODULES["subclass of a layer"][0](),
    ],
)
def test_what_is_no_such_network_is_not_read(module: nn.Module) -> None:
    assert read_dense(module) is None


class Pair(nn.Module):
    """Gives two things at once."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(2, 1)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.layer(x), x


class EndsInEvaluation(Ends):
    """Ends with a sigmoid when it does not learn."""

    def forward(self, x: torch.Tensor) -> Any:
        return self.layer(x) if self.training else torch.sigmoid(self.layer(x))


class WithNaN(nn.Linear):
    """Begins with NaN."""

    def __init__(self) -> None:
        super().__init__(2, 1)
        with torch.no_grad():
            self.weight[0, 0] = torch.nan


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("network", "A model is an nn.Module, not str"),
        (nn.Sequential(), "Sequential has no parameters"),
        (nn.Tanh(), "Tanh has no parameters"),
        (nn.Sequential(nn.Linear(2, 1)).double(), r"torch\.float64 on cpu; give module\.cpu\(\)"),
        (nn.Sequential(nn.Linear(2, 1), nn.Sigmoid()), "ends with Sigmoid: leave it out"),
        (nn.Sequential(nn.Linear(3, 1)), r"can't take rows of 2 numbers \(A, B\): .*shapes"),
        (nn.Sequential(nn.Linear(2, 3)), "gives 3 numbers, but the problem needs 1"),
        (Pair(), r"gives tuple, not \(2, outputs\)"),
        (nn.Linear(2, 1).requires_grad_(True).weight, "A model is an nn.Module, not Parameter"),
        (nn.Linear(2, 1, device="meta"), "on the device meta"),
        (nn.Linear(2, 1, dtype=torch.complex64), "complex parameters, but only real ones"),
        (nn.Linear(2, 1).bfloat16(), r"torch\.bfloat16 on cpu; give module\.cpu\(\)"),
        (Ends(lambda z: {"z": z}), r"gives dict, not \(2, outputs\)"),
        (Ends(lambda z: z[:, 0]), r"gives \(2,\), not \(2, outputs\)"),
        (Ends(lambda z: z.long()), r"numbers of torch\.int64"),
        (Ends(lambda z: z[:, :1] if z.requires_grad else z, 2), "gives 1 numbers while it learns"),
        (Ends(torch.sigmoid), "ends with Sigmoid: leave it out"),
        (Ends(lambda z: torch.sigmoid(z.squeeze(1)).unsqueeze(1)), "ends with Sigmoid"),
        (Ends(lambda z: 1 / (1 + torch.exp(-z))), "ends with sigmoid"),
        (Ends(lambda z: z.softmax(1), 2), "ends with Softmax"),
        (Ends(lambda z: z.exp() / z.exp().sum(1, keepdim=True), 2), "ends with softmax"),
        (Ends(nn.functional.logsigmoid), "ends with LogSigmoid"),
        (EndsInEvaluation(torch.sigmoid), "ends with Sigmoid"),
        (WithNaN(), "weight of the module holds infinite numbers or NaN"),
    ],
)
def test_what_cannot_learn_the_problem_is_refused(module: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        xor(module)


@pytest.mark.parametrize(
    ("module", "said"),
    [
        (Ends(lambda z: z * torch.nan), "The loss is nan before the first step"),
        (Ends(lambda z: z.detach()), "does not depend on any parameter that may learn"),
        (network().append(nn.PReLU()).requires_grad_(False), "requires_grad=False"),
        (Ends(lambda z: z.relu().mul_(2).exp().add_(1)), "from a batch of 3 rows: .*inplace"),
        (Ends(lambda z: z + 1 / (len(z) != 3)), "from a batch of 3 rows: division by zero"),
        (Ends(lambda z: z + 1 / (len(z) != 4)), "can't take 4 rows: division by zero"),
        (Ends(lambda z: z if len(z) != 4 else z[:3]), r"For 4 rows the module gives \(3, 1\)"),
    ],
)
def test_what_turns_out_not_to_learn_says_so(module: nn.Module, said: str) -> None:
    trainer = xor(module, batch_size=3)
    with pytest.raises(InputError, match=said):
        trainer.train(epochs=1)


def test_a_sigmoid_that_limits_values_is_right() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 2))
    trainer = of_table(x, np.sin(x[:, 0]), Ends(torch.sigmoid))
    before = trainer.frame().train.loss
    assert trainer.train(epochs=20).train.loss < before
