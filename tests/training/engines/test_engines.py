"""Gradients and steps of the engines against autograd and `torch.optim`."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product

import pytest
import torch
from torch import Tensor, nn, optim
from torch.nn import functional

from playground.networks.dense.activations import ACTIVATIONS
from playground.networks.dense.forward import module
from playground.networks.dense.parameters import Parameters, weight_mask
from playground.training.core.losses import Loss, Task, make_loss
from playground.training.core.optimisers import OPTIMISERS
from playground.training.dense.batches import Batch, Batches
from playground.training.engines import AutogradEngine, DenseEngine, Engine, Penalties
from tests.support.each_case import check_each
from tests.support.training.dense_training import make_batches, make_parameters, make_plan, rows

LOSS_CASES: list[tuple[str, Task, int]] = [
    ("cross-entropy", "classification", 1),
    ("cross-entropy", "classification", 3),
    ("squared error", "classification", 1),
    ("squared error", "classification", 3),
    ("squared error", "regression", 1),
    ("hinge", "classification", 1),
    ("hinge", "classification", 3),
    ("Huber", "regression", 1),
]
SHAPES = [(), (1,), (4, 2), (5, 3, 4)]
TOLERANCES = {torch.float64: 1e-9, torch.float32: 1e-5}
REFERENCES: dict[str, Callable[..., optim.Optimizer]] = {
    "SGD": optim.SGD,
    "momentum": lambda groups, **options: optim.SGD(groups, momentum=0.9, **options),
    "Nesterov": lambda groups, **options: optim.SGD(groups, momentum=0.9, nesterov=True, **options),
    "RMSprop": optim.RMSprop,
    "Adagrad": optim.Adagrad,
    "Adam": optim.Adam,
    "AdamW": optim.AdamW,
}

each_loss = pytest.mark.parametrize(("loss_name", "task", "outputs"), LOSS_CASES)
each_activation = pytest.mark.parametrize("activation", ACTIVATIONS)
each_optimiser = pytest.mark.parametrize("optimiser", OPTIMISERS)
each_mode = pytest.mark.parametrize("inference", [True, False], ids=["inference", "recording"])

CROSS_ENTROPY = make_loss("cross-entropy", "classification", 1)


def run(engine: Engine, batch: Batch) -> Tensor:
    """Return the gradient of a batch as the trainer has it computed."""
    with torch.inference_mode():
        engine.gradient.fill_(torch.nan)
        for call in engine.program(batch):
            call()
    return engine.gradient


def linear_layers(network: nn.Module) -> Iterator[nn.Linear]:
    return (each for each in network.modules() if isinstance(each, nn.Linear))


def flat(network: nn.Module, what: str = "data") -> Tensor:
    """Lay out weights, or their gradients, of all linear layers as `Parameters` does."""
    parts = []
    for layer in linear_layers(network):
        weight, bias = getattr(layer.weight, what), getattr(layer.bias, what)
        parts.append(torch.cat([weight, bias[:, None]], 1).reshape(-1))
    return torch.cat(parts)


def reference_gradient(
    parameters: Parameters, batch: Batch, loss: Loss, copy_number: int = 0
) -> Tensor:
    network = module(parameters, copy_number)
    loss.value(network(rows(batch)).T[None], batch.targets).sum().backward()
    return flat(network, "grad")


@each_activation
def test_gradients_are_autograds(activation: str) -> None:
    check_each(check_gradient, product([activation], LOSS_CASES, SHAPES, TOLERANCES))


def check_gradient(
    activation: str,
    loss_case: tuple[str, Task, int],
    hidden: tuple[int, ...],
    dtype: torch.dtype,
) -> None:
    loss_name, task, outputs = loss_case
    plan = make_plan(hidden, outputs=outputs, activation=activation)
    parameters = make_parameters(plan, dtype=dtype)
    loss = make_loss(loss_name, task, outputs)
    (batch,) = make_batches(plan, task=task, dtype=dtype).windows
    expected = reference_gradient(parameters, batch, loss)
    tolerance = TOLERANCES[dtype]
    gradient = run(DenseEngine(parameters, loss), batch)[0]
    torch.testing.assert_close(gradient, expected, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("count", [1, 2, 33])
@pytest.mark.parametrize("inputs", [1, 7])
def test_gradients_for_odd_sizes(count: int, inputs: int) -> None:
    plan = make_plan((3, 1, 6), inputs=inputs, outputs=4, activation="GELU")
    parameters = make_parameters(plan)
    loss = make_loss("cross-entropy", "classification", 4)
    (batch,) = make_batches(plan, count, count).windows
    torch.testing.assert_close(
        run(DenseEngine(parameters, loss), batch)[0], reference_gradient(parameters, batch, loss)
    )


@each_activation
def test_each_copy_is_a_network_of_its_own(activation: str) -> None:
    plan = make_plan((4, 3), outputs=3, activation=activation)
    many = make_parameters(plan, copies=5)
    loss = make_loss("cross-entropy", "classification", 3)
    (batch,) = make_batches(plan).windows
    together = run(DenseEngine(many, loss), batch).clone()
    for number, gradient in enumerate(together):
        alone = Parameters(plan, 1, torch.float64)
        alone.values.copy_(many.values[number])
        torch.testing.assert_close(gradient, run(DenseEngine(alone, loss), batch)[0])
        torch.testing.assert_close(gradient, reference_gradient(many, batch, loss, number))


class Masked(nn.Module):
    """Multiplies by a mask that is given."""

    def __init__(self, mask: Tensor) -> None:
        super().__init__()
        self.mask = mask

    def forward(self, x: Tensor) -> Tensor:
        return x * self.mask


@each_activation
@pytest.mark.parametrize("seeded", ["own generator", "global generator"])
def test_dropout_is_a_mask_on_each_hidden_layer(activation: str, seeded: str) -> None:
    dropout, count = 0.4, 9
    plan = make_plan((5, 4), activation=activation, dropout=dropout)
    parameters = make_parameters(plan)
    (batch,) = make_batches(plan, count, count).windows
    engine = DenseEngine(parameters, CROSS_ENTROPY)
    if seeded == "own generator":
        engine.generator = torch.Generator().manual_seed(3)
    torch.manual_seed(3)
    gradient = run(engine, batch)[0]

    random = torch.Generator().manual_seed(3)
    masks = iter(
        torch.empty(units, count, dtype=torch.float64).bernoulli_(1 - dropout, generator=random).T
        / (1 - dropout)
        for units in (5, 4)
    )
    network = nn.Sequential(
        *(
            Masked(next(masks)) if isinstance(part, nn.Dropout) else part
            for part in module(parameters)
        )
    )
    CROSS_ENTROPY.value(network(rows(batch)).T[None], batch.targets).sum().backward()
    torch.testing.assert_close(gradient, flat(network, "grad"))


def test_dropout_draws_anew_at_each_step() -> None:
    plan = make_plan((30,), dropout=0.5)
    engine = DenseEngine(make_parameters(plan), CROSS_ENTROPY)
    engine.generator = torch.Generator().manual_seed(0)
    (batch,) = make_batches(plan).windows
    first = run(engine, batch).clone()
    assert not torch.equal(first, run(engine, batch))


def test_a_program_reads_what_is_in_the_window_and_in_the_weights() -> None:
    plan = make_plan()
    parameters, batches = make_parameters(plan), make_batches(plan, 10, 5)
    for engine in (
        DenseEngine(parameters, CROSS_ENTROPY),
        AutogradEngine.dense(parameters, CROSS_ENTROPY),
    ):
        programs = [engine.program(window) for window in batches.windows]
        for _ in range(3):
            batches.shuffle()
            parameters.values.mul_(1.1)
            for program, window in zip(programs, batches.windows, strict=True):
                for call in program:
                    call()
                expected = reference_gradient(parameters, window, CROSS_ENTROPY)
                torch.testing.assert_close(engine.gradient[0], expected)


@each_activation
def test_both_engines_agree_on_each_activation(activation: str) -> None:
    plan = make_plan((4, 3), activation=activation)
    parameters = make_parameters(plan)
    (batch,) = make_batches(plan).windows
    with torch.inference_mode():
        fast = DenseEngine(parameters, CROSS_ENTROPY)
        slow = AutogradEngine.dense(parameters, CROSS_ENTROPY)
    torch.testing.assert_close(run(fast, batch), run(slow, batch), rtol=1e-9, atol=1e-9)


@each_loss
def test_both_engines_agree_on_each_loss(loss_name: str, task: Task, outputs: int) -> None:
    plan = make_plan((4, 3), outputs=outputs)
    parameters, loss = make_parameters(plan), make_loss(loss_name, task, outputs)
    (batch,) = make_batches(plan, task=task).windows
    fast, slow = DenseEngine(parameters, loss), AutogradEngine.dense(parameters, loss)
    torch.testing.assert_close(run(fast, batch), run(slow, batch), rtol=1e-9, atol=1e-9)


def reference_steps(
    network: nn.Module,
    batches: Batches,
    optimiser: str,
    penalties: Penalties,
    frozen: Tensor,
    rate: float,
    steps: int,
    max_norm: float | None,
) -> Tensor:
    """Train a module with `torch.optim`; return its weights after each step."""
    layers = list(linear_layers(network))
    groups = [
        {"params": [layer.weight for layer in layers], "weight_decay": penalties.l2},
        {"params": [layer.bias for layer in layers], "weight_decay": 0.0},
    ]
    rule = REFERENCES[optimiser](groups, lr=rate)
    path = [flat(network)]
    for number in range(steps):
        batch = batches.windows[number % len(batches.windows)]
        rule.zero_grad()
        loss = CROSS_ENTROPY.value(network(rows(batch)).T[None], batch.targets).sum()
        loss = loss + penalties.l1 * sum(layer.weight.abs().sum() for layer in layers)
        loss.backward()
        if max_norm is not None:
            nn.utils.clip_grad_norm_(network.parameters(), max_norm)
        rule.step()
        path.append(torch.where(frozen, path[-1], flat(network)))
        put(network, path[-1])
    return torch.stack(path[1:])


def put(network: nn.Module, values: Tensor) -> None:
    """Write weights laid out as `Parameters` does into all linear layers."""
    for layer in linear_layers(network):
        size = layer.weight.numel() + layer.bias.numel()
        matrix = values[:size].view(layer.out_features, layer.in_features + 1)
        layer.weight.data.copy_(matrix[:, :-1])
        layer.bias.data.copy_(matrix[:, -1])
        values = values[size:]


PENALTIES = [Penalties(), Penalties(l1=0.02), Penalties(l2=0.1), Penalties(0.01, 0.05)]
FREE, FROZEN, CLIPPED = (False, None), (True, None), (False, 0.3)
"""Whether some weights are frozen, and the norm at which gradients are clipped."""


@each_optimiser
def test_steps_are_those_of_torch_optim(optimiser: str) -> None:
    cases = product([optimiser], PENALTIES, [FREE, FROZEN, CLIPPED])
    check_each(partial(check_steps, DenseEngine), cases)


def test_steps_of_the_autograd_engine_are_those_of_torch_optim() -> None:
    cases = product(["Adam"], [Penalties(0.01, 0.05)], [FROZEN, CLIPPED])
    check_each(partial(check_steps, AutogradEngine.dense), cases)


def test_frozen_parameters_do_not_count_when_gradients_are_clipped() -> None:
    plan = make_plan()
    parameters, (batch,) = make_parameters(plan, copies=2), make_batches(plan).windows
    engine = DenseEngine(parameters, CROSS_ENTROPY)
    frozen = torch.arange(plan.size)[None] % 2 == 0
    engine.frozen = frozen
    engine.step(engine.program(batch), OPTIMISERS["SGD"](engine.values), 0.1, Penalties(), 0.01)
    norms = engine.gradient.masked_fill(frozen, 0.0).norm(dim=1)
    assert norms.tolist() == pytest.approx([0.01, 0.01], rel=1e-3)


def check_steps(
    kind: Callable[[Parameters, Loss], Engine],
    optimiser: str,
    penalties: Penalties,
    limits: tuple[bool, float | None],
) -> None:
    """Compare the weights after each step with those of a module that `torch.optim` trains."""
    rate, steps, (freezing, max_norm) = 0.03, 12, limits
    plan = make_plan()
    parameters, batches = make_parameters(plan), make_batches(plan, 10, 4)
    frozen = torch.zeros(plan.size, dtype=torch.bool)
    frozen[::3] = freezing
    network = copy.deepcopy(module(parameters))
    expected = reference_steps(
        network, batches, optimiser, penalties, frozen, rate, steps, max_norm
    )

    engine = kind(parameters, CROSS_ENTROPY)
    engine.frozen = frozen[None] if freezing else None
    rule = OPTIMISERS[optimiser](parameters.values, weight_mask(parameters))
    path = []
    with torch.inference_mode():
        programs = [engine.program(window) for window in batches.windows]
        for number in range(steps):
            engine.step(programs[number % len(programs)], rule, rate, penalties, max_norm)
            path.append(parameters.values[0].clone())
    torch.testing.assert_close(torch.stack(path), expected, rtol=1e-7, atol=1e-8)


@each_optimiser
def test_frozen_weights_never_move(optimiser: str) -> None:
    plan = make_plan()
    parameters = make_parameters(plan)
    (batch,) = make_batches(plan).windows
    engine = DenseEngine(parameters, CROSS_ENTROPY)
    engine.frozen = torch.rand(1, plan.size, generator=torch.Generator().manual_seed(0)) < 0.5
    before = parameters.values.clone()
    rule = OPTIMISERS[optimiser](parameters.values, weight_mask(parameters))
    program = engine.program(batch)
    for _ in range(10):
        engine.step(program, rule, 0.1, Penalties(0.1, 0.1))
    assert torch.equal(parameters.values == before, engine.frozen)


class DataDependent(nn.Module):
    """Goes one way or another, as the data says."""

    def __init__(self) -> None:
        super().__init__()
        self.this, self.that = nn.Linear(4, 1), nn.Linear(4, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.this(x) if x.sum() > 0 else self.that(x).square()


class HiddenDataDependent(DataDependent):
    """Looks at the data in a way that no tracer notices."""

    def forward(self, x: Tensor) -> Tensor:
        return self.this(x) if x.detach().numpy().sum() > 0 else self.that(x).square()


class UnusedParameter(nn.Module):
    """Has a parameter that it does not use."""

    def __init__(self) -> None:
        super().__init__()
        self.spare = nn.Parameter(torch.ones(3, 2))
        self.used = nn.Linear(4, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.used(x)


class Tied(nn.Module):
    """Uses one matrix twice."""

    def __init__(self) -> None:
        super().__init__()
        self.there, self.back = nn.Linear(4, 4), nn.Linear(4, 4)
        self.back.weight = self.there.weight
        self.last = nn.Linear(4, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.back(torch.tanh(self.there(x))))


MODULES: dict[str, Callable[[], nn.Module]] = {
    "linear": lambda: nn.Linear(4, 1),
    "dense": lambda: nn.Sequential(nn.Linear(4, 5), nn.SiLU(), nn.Linear(5, 1)),
    "batch norm": lambda: nn.Sequential(
        nn.Linear(4, 5), nn.BatchNorm1d(5), nn.ReLU(), nn.Linear(5, 1)
    ),
    "layer norm": lambda: nn.Sequential(
        nn.Linear(4, 5), nn.LayerNorm(5), nn.Tanh(), nn.Linear(5, 1)
    ),
    "dropout": lambda: nn.Sequential(nn.Linear(4, 9), nn.Tanh(), nn.Dropout(0.5), nn.Linear(9, 1)),
    "convolution": lambda: nn.Sequential(
        nn.Unflatten(1, (1, 2, 2)),
        nn.Conv2d(1, 3, 2, padding=1),
        nn.GELU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(3, 1),
    ),
    "unused parameter": UnusedParameter,
    "tied weights": Tied,
    "goes by the data": DataDependent,
    "goes by the data in secret": HiddenDataDependent,
}


@pytest.mark.parametrize("kind", MODULES)
@each_mode
def test_any_module_learns_as_with_plain_pytorch(kind: str, inference: bool) -> None:
    torch.manual_seed(4)
    network = MODULES[kind]()
    twin = copy.deepcopy(network)
    plan = make_plan((), inputs=4)
    batches = make_batches(plan, 11, 8, dtype=torch.float32)  # of 8, and of 3
    optimiser = optim.SGD(twin.parameters(), lr=0.1)
    with torch.inference_mode(inference):
        engine = AutogradEngine.from_module(network, CROSS_ENTROPY)
        rule = OPTIMISERS["SGD"](engine.values)
        programs = [engine.program(window) for window in batches.windows]
    for number in range(8):
        batches.shuffle()
        which = number % 2
        torch.manual_seed(number)
        optimiser.zero_grad()
        batch = batches.windows[which]
        CROSS_ENTROPY.value(twin(rows(batch)).T[None], batch.targets).sum().backward()
        optimiser.step()
        torch.manual_seed(number)
        with torch.inference_mode(inference):
            engine.step(programs[which], rule, 0.1, Penalties())
        expected = torch.cat(
            [
                torch.zeros(each.numel()) if each.grad is None else each.grad.reshape(-1)
                for each in twin.parameters()
            ]
        )
        torch.testing.assert_close(engine.gradient[0], expected, rtol=1e-4, atol=1e-6)
    for (name, mine), theirs in zip(
        network.state_dict().items(), twin.state_dict().values(), strict=True
    ):
        torch.testing.assert_close(mine, theirs, rtol=1e-4, atol=1e-5, msg=name)


def test_any_modules_matrices_are_penalised_and_vectors_are_not() -> None:
    network = nn.Sequential(nn.Linear(2, 3), nn.LayerNorm(3), nn.Linear(3, 1))
    engine = AutogradEngine.from_module(network, CROSS_ENTROPY)
    assert engine.is_weight.tolist() == [[1.0] * 6 + [0.0] * 9 + [1.0] * 3 + [0.0]]
    engine.values.fill_(7)
    assert all((each == 7).all() for each in network.parameters())


def test_a_gradient_gathered_in_pieces_is_that_of_the_whole_batch() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(2 * 36, 5))
    inputs, labels = torch.randn(7, 1, 8, 8), torch.tensor([0, 1, 2, 3, 4, 0, 1])
    targets = functional.one_hot(labels, 5).T[None].float()
    functional.cross_entropy(network(inputs), labels).backward()
    expected = torch.cat([each.grad.reshape(-1) for each in network.parameters()])
    engine = AutogradEngine.from_module(network, make_loss("cross-entropy", "classification", 5))
    for some in (slice(0, 4), slice(4, 7)):
        answers = engine.accumulate(inputs[some], targets[..., some], len(labels[some]) / 7)
        torch.testing.assert_close(answers, network(inputs[some]).detach())
    torch.testing.assert_close(engine.gradient[0], expected)
