"""Modules of one's own beside a training loop in plain PyTorch, step by step."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
from torch import Tensor, nn, optim
from torch.nn import functional

from playground.networks.architecture import Architecture
from playground.problems import Points
from playground.training.dense.trainer import Trainer
from playground.training.dense.training_data import GRID_SIDE
from playground.training.training import Training
from tests.support.training.own_modules import CLASSES, MODULES, THREE, VALUES
from tests.support.training.trainer_states import save_and_load

pytestmark = pytest.mark.filterwarnings("ignore:.*torch.jit.*:FutureWarning")

STEPS, BATCH, RATE, DECAY, MAX_NORM = (1, 3, 6), 6, 0.02, 0.01, 0.1
OPTIMISERS: dict[str, Callable[..., optim.Optimizer]] = {
    "Adam": optim.Adam,
    "SGD": optim.SGD,
    "momentum": lambda groups, lr: optim.SGD(groups, lr=lr, momentum=0.9),
    "AdamW": optim.AdamW,
    "RMSprop": optim.RMSprop,
    "Adagrad": optim.Adagrad,
}
PROBLEMS = {
    CLASSES: lambda: Points(shape="blobs", classes_count=2, count=60, noise=0.4),
    THREE: lambda: Points(shape="blobs", classes_count=3, count=60, noise=0.4),
    VALUES: lambda: Points(shape="plane", count=60),
}
LOSSES: dict[tuple[str, int], Callable[[Tensor, Tensor], Tensor]] = {
    (CLASSES, 1): lambda z, y: functional.binary_cross_entropy_with_logits(z[:, 0], y.float()),
    (CLASSES, 2): functional.cross_entropy,
    (THREE, 3): functional.cross_entropy,
    (VALUES, 1): lambda z, y: functional.mse_loss(z[:, 0], y),
}

WITHOUT_EFFECT = {
    "batch norm", "TorchScript", "lazy", "attention", "transformer",
    "convolution and group norm", "convolution and instance norm",
}  # fmt: skip
"""Modules with biases that change nothing, whose gradient is rounding that Adam would blow up."""

UNSAVED = {"remembers", "noisy by NumPy", "noisy by Python", "own generator"}
"""Modules whose state is more than tensors, numbers and PyTorch's random generator."""
RANDOM = {"noisy"}
"""Modules that draw random numbers in evaluation mode."""

CHANGED_BY_LOOKING = {"counts", "alternates", "remembers", "own generator", "counts in a buffer"}
"""Modules that change in evaluation mode too."""
STATEFUL = [
    "counts", "alternates", "remembers", "noisy", "own generator", "dropout", "batch norm",
    "batch norm of all batches", "moving mean", "counts in a buffer", "clips itself",
    "parts in evaluation mode", "forward hook", "weight norm", "spectral norm", "transformer",
    "LSTM", "compiled", "partly frozen", "tied",
    "TorchScript", "lazy", "convolution and instance norm", "a codebook that follows",
]  # fmt: skip
"""Modules whose next step depends on more than parameters, and some others."""

each_module = pytest.mark.parametrize("name", MODULES)


def seed_everything(seed: int) -> None:
    torch.default_generator.manual_seed(seed)
    np.random.seed(seed)
    random.seed(seed)


def make(name: str) -> tuple[nn.Module, Trainer]:
    """Return a module, always the same, and a trainer of it."""
    build, task = MODULES[name]
    seed_everything(1)
    module = build()
    names = list(OPTIMISERS)
    optimiser = names[list(MODULES).index(name) % len(names)]
    training = Training(
        optimiser="SGD" if name in WITHOUT_EFFECT else optimiser,
        learning_rate=RATE,
        batch_size=BATCH,
        l2=DECAY,
        max_norm=MAX_NORM if is_clipped(name) else None,
    )
    architecture = Architecture(features=["x", "y"])
    return module, Trainer(PROBLEMS[task](), architecture, training, module)


def is_clipped(name: str) -> bool:
    """Return whether gradients are clipped, those of every other module."""
    return bool(list(MODULES).index(name) % 2)


def rows(trainer: Trainer) -> tuple[Tensor, Tensor]:
    train = trainer.problem.samples().train
    return torch.tensor(train.x, dtype=torch.float32), torch.tensor(train.y)


def batches(count: int) -> Iterator[Tensor]:
    """Yield the rows of each batch, in the orders that the seed 0 gives."""
    generator = torch.Generator().manual_seed(0)
    while True:
        yield from torch.randperm(count, generator=generator).split(BATCH)


def learn_plainly(name: str, trainer: Trainer, steps: int) -> tuple[nn.Module, list[Tensor]]:
    """Train a twin as anybody would, without this project."""
    build, task = MODULES[name]
    seed_everything(1)
    twin = build()
    x, y = rows(trainer)
    if any(isinstance(each, nn.parameter.UninitializedParameter) for each in twin.parameters()):
        twin.eval()(torch.zeros(2, 2))
        twin.train()
    matrices = [each for each in twin.parameters() if each.ndim > 1]
    others = [each for each in twin.parameters() if each.ndim < 2]
    groups = [{"params": matrices, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}]
    optimiser = OPTIMISERS[trainer.training.optimiser](groups, lr=RATE)
    twin = getattr(twin, "_orig_mod", twin)
    seed_everything(5)
    for _step, batch in zip(range(steps), batches(len(x)), strict=False):
        optimiser.zero_grad()
        z = twin(x[batch].clone())
        LOSSES[task, z.shape[1]](z, y[batch]).backward()
        if is_clipped(name):
            nn.utils.clip_grad_norm_(twin.parameters(), MAX_NORM)
        optimiser.step()
    return twin, [each.detach().clone() for each in (*twin.parameters(), *twin.buffers())]


@each_module
def test_it_learns_exactly_as_in_plain_pytorch(name: str) -> None:
    module, trainer = make(name)
    trainer.frame()
    seed_everything(5)
    for steps in STEPS:
        trainer.advance(steps=steps)
        trainer.frame()  # looking changes nothing
    twin, expected = learn_plainly(name, trainer, sum(STEPS))
    mine = [*module.parameters(), *module.buffers()]
    for (label, _), found, right in zip(
        (*module.named_parameters(), *module.named_buffers()), mine, expected, strict=True
    ):
        torch.testing.assert_close(found.detach(), right, rtol=1e-5, atol=2e-6, msg=label)
    frame, (x, y) = trainer.frame(), rows(trainer)
    shown = trainer.predict(trainer.problem.samples().train.x)
    z = leave_randomness(lambda: twin.eval()(x.clone()).detach())
    task = MODULES[name][1]
    np.testing.assert_allclose(shown, answers(z, task), rtol=1e-5, atol=1e-5)
    loss = LOSSES[task, z.shape[1]](z, y).item()
    assert frame.train.loss == pytest.approx(loss, rel=1e-4, abs=1e-5)
    if name in CHANGED_BY_LOOKING:
        return
    grid = torch.tensor(trainer.problem.plane.grid(GRID_SIDE), dtype=torch.float32)
    over_plane = leave_randomness(lambda: twin.eval()(grid).detach())
    field = frame.field.reshape(len(grid), -1)
    np.testing.assert_allclose(field, answers(over_plane, task), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("name", [name for name in STATEFUL if name not in UNSAVED])
def test_a_saved_run_goes_on_as_it_would_have(name: str) -> None:
    module, trainer = make(name)
    seed_everything(5)
    trainer.advance(steps=8)
    state = save_and_load(trainer.state())
    trainer.advance(steps=5)
    other, resumed = make(name)
    resumed.restore(state)
    resumed.advance(steps=5)
    assert_equal(tensors(other), tensors(module))
    assert resumed.frame().train.loss == trainer.frame().train.loss


@pytest.mark.parametrize("name", STATEFUL)
def test_looking_back_going_back_and_beginning_again_are_exact(name: str) -> None:
    module, trainer = make(name)
    seed_everything(5)
    losses = [trainer.frame().train.loss, trainer.train(1).train.loss]
    then, weights = tensors(module), module.state_dict()
    weights = {label: each.clone() for label, each in weights.items() if isinstance(each, Tensor)}
    losses.append(trainer.train(1).train.loss)
    now = tensors(module)
    deterministic = name not in RANDOM | UNSAVED
    if deterministic:
        assert [trainer.frame_at(index).train.loss for index in range(3)] == losses
    else:
        trainer.frame_at(1)
    assert_equal(tensors(module), now)
    assert trainer.weights_at(1).keys() == weights.keys()
    for label, each in trainer.weights_at(1).items():
        np.testing.assert_array_equal(each, weights[label])
    trainer.branch(1)
    assert trainer.frame().epoch == 1
    assert_equal(tensors(module), then)
    trainer.reset()
    seed_everything(5)
    again = [trainer.frame().train.loss, trainer.train(1).train.loss, trainer.train(1).train.loss]
    assert again == losses
    assert_equal(tensors(module), now)


def tensors(module: nn.Module) -> list[Tensor]:
    return [each.detach().clone() for each in (*module.parameters(), *module.buffers())]


def assert_equal(found: list[Tensor], right: list[Tensor]) -> None:
    for one, other in zip(found, right, strict=True):
        np.testing.assert_array_equal(one, other)


def answers(z: Tensor, task: str) -> Tensor:
    """Return probabilities of the classes, or values."""
    if task == VALUES:
        return z
    return z.softmax(1) if z.shape[1] > 1 else torch.cat([torch.sigmoid(-z), torch.sigmoid(z)], 1)


def leave_randomness(compute: Callable[[], Tensor]) -> Tensor:
    """Return what is computed from the random numbers that come next, and leave those."""
    states = torch.get_rng_state(), np.random.get_state(), random.getstate()
    result = compute()
    torch.set_rng_state(states[0])
    np.random.set_state(states[1])
    random.setstate(states[2])
    return result
