"""What a network answers, against the PyTorch module it is."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from playground.networks.dense.activations import ACTIVATIONS
from playground.networks.dense.forward import layer_outputs, module, named_views, outputs
from tests.support.training.dense_training import make_parameters, make_plan

X = torch.randn(1, 2, 17, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("hidden", [(), (4,), (5, 3)], ids=str)
@pytest.mark.parametrize("copies", [1, 3])
def test_answers_are_the_modules(activation: str, hidden: tuple[int, ...], copies: int) -> None:
    parameters = make_parameters(make_plan(hidden, outputs=2, activation=activation), copies)
    answers = outputs(parameters, X)
    assert answers.shape == (copies, 2, 17)
    for number in range(copies):
        expected = module(parameters, number)(X[0].T)
        torch.testing.assert_close(answers[number].T, expected.detach())


def test_every_layer_before_and_after_its_activation() -> None:
    parameters = make_parameters(make_plan((4, 3), activation="softplus"))
    parts = list(module(parameters))
    x = X[0].T
    for number, (before, after) in enumerate(layer_outputs(parameters, X)):
        x = parts[2 * number](x)
        torch.testing.assert_close(before[0].T, x.detach())
        if 2 * number + 1 < len(parts):
            x = parts[2 * number + 1](x)
        torch.testing.assert_close(after[0].T, x.detach())


def test_looking_changes_neither_weights_nor_inputs_and_drops_nothing() -> None:
    parameters = make_parameters(make_plan(dropout=0.5))
    kept, x = parameters.values.clone(), X.clone()
    assert torch.equal(outputs(parameters, x), outputs(parameters, x))
    assert torch.equal(parameters.values, kept)
    assert torch.equal(x, X)


def test_no_samples_have_no_answers() -> None:
    assert outputs(make_parameters(make_plan(outputs=3)), X[:, :, :0]).shape == (1, 3, 0)


def test_the_module_lives_on_the_same_memory() -> None:
    parameters = make_parameters(make_plan(), copies=2)
    network = module(parameters, 1)
    optimiser = torch.optim.SGD(network.parameters(), lr=0.1)
    before = parameters.values.clone()
    network(X[0].T).sum().backward()
    optimiser.step()
    assert torch.equal(parameters.values[0], before[0])
    assert not torch.equal(parameters.values[1], before[1])
    parameters.values.fill_(2)
    assert all((each == 2).all() for each in network.parameters())


def test_the_module_drops_out_after_each_hidden_layer() -> None:
    kinds = [type(part) for part in module(make_parameters(make_plan((4, 3), dropout=0.3)))]
    hidden = [nn.Linear, nn.Tanh, nn.Dropout]
    assert kinds == [*hidden, *hidden, nn.Linear]


def test_named_views_have_the_modules_names() -> None:
    parameters = make_parameters(make_plan())
    views = named_views(parameters)
    assert list(views) == list(module(parameters).state_dict())
    views["0.bias"].fill_(9)
    assert (parameters.bias(0) == 9).all()
