"""Modules as people bring them, of many kinds, for the tests of modules of one's own."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx
from torch.nn import functional
from torch.nn.utils import parametrizations, parametrize
from torch.utils.checkpoint import checkpoint


class Around(nn.Module):
    """Two layers; subclasses do something in between."""

    def __init__(self, outputs: int = 1) -> None:
        super().__init__()
        self.first, self.last = nn.Linear(2, 6), nn.Linear(6, outputs)

    def between(self, h: Tensor) -> Tensor:
        return h

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.between(torch.tanh(self.first(x))))


class ChangesItsInput(Around):
    def forward(self, x: Tensor) -> Tensor:
        x.mul_(2).clamp_(-1.5, 1.5)
        return super().forward(x)


class Counts(Around):
    """Is scaled by how often it was called while it learned."""

    calls = 0

    def between(self, h: Tensor) -> Tensor:
        self.calls += 1
        return h * (1 + 1 / self.calls)


class Alternates(Around):
    flipped = False

    def between(self, h: Tensor) -> Tensor:
        self.flipped = not self.flipped
        return -h if self.flipped else h


class Remembers(Around):
    """Keeps what it saw in a list and in a tensor that is no buffer."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[float] = []
        self.memory = torch.zeros(6)

    def between(self, h: Tensor) -> Tensor:
        self.seen.append(float(h.detach().mean()))
        self.memory = 0.9 * self.memory + 0.1 * h.detach().mean(0)
        return h + self.memory + sum(self.seen) / len(self.seen)


class Noisy(Around):
    """Noise in both modes."""

    def between(self, h: Tensor) -> Tensor:
        return h + 0.1 * torch.randn_like(h)


class NoisyByNumpy(Around):
    def between(self, h: Tensor) -> Tensor:
        return h + 0.1 * torch.from_numpy(np.random.normal(size=tuple(h.shape))).float()


class NoisyByPython(Around):
    def between(self, h: Tensor) -> Tensor:
        return h * random.uniform(0.9, 1.1)


class OwnGenerator(Around):
    def __init__(self) -> None:
        super().__init__()
        self.chance = torch.Generator().manual_seed(2)

    def between(self, h: Tensor) -> Tensor:
        return h * torch.bernoulli(torch.full_like(h, 0.8), generator=self.chance)


class MovingMean(Around):
    """Replaces a buffer instead of changing it."""

    mean: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(6))

    def between(self, h: Tensor) -> Tensor:
        if self.training:
            self.mean = 0.9 * self.mean + 0.1 * h.detach().mean(0)
        return h - self.mean


class CountsInABuffer(Around):
    """Changes a buffer of whole numbers in both modes."""

    count: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("count", torch.zeros((), dtype=torch.int64))

    def between(self, h: Tensor) -> Tensor:
        self.count += 1
        return h / (1 + 1 / self.count)


class ClipsItself(Around):
    """Clips its weights whenever it is called."""

    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            self.first.weight.clamp_(-0.3, 0.3)
        return super().forward(x)


class Spare(Around):
    """Has parameters that it does not use."""

    def __init__(self) -> None:
        super().__init__()
        self.spare, self.other = nn.Parameter(torch.ones(3, 2)), nn.Linear(2, 2)


class SkipsLayers(Around):
    """Leaves a layer out now and then, which then has no gradient."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Linear(6, 6)

    def between(self, h: Tensor) -> Tensor:
        if self.training and torch.rand(()) < 0.5:
            return h
        return h + self.inner(h)


class ByTheData(Around):
    """Takes another way where the data say so, which no tracer notices."""

    def between(self, h: Tensor) -> Tensor:
        return h if h.detach().numpy().mean() > 0 else h.square()


class Tied(Around):
    def __init__(self) -> None:
        super().__init__()
        self.there, self.back = nn.Linear(6, 6), nn.Linear(6, 6)
        self.back.weight = self.there.weight

    def between(self, h: Tensor) -> Tensor:
        return self.back(torch.relu(self.there(h)))


class Attends(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed, self.last = nn.Linear(1, 8), nn.Linear(8, 3)
        layer = nn.TransformerEncoderLayer(8, 2, 16, dropout=0.1, batch_first=True)
        self.layers = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.layers(self.embed(x[:, :, None])).mean(1))


class LooksUp(nn.Module):
    """Attention over words."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(4, 6)
        self.attention, self.last = nn.MultiheadAttention(6, 2, batch_first=True), nn.Linear(6, 1)

    def forward(self, x: Tensor) -> Tensor:
        h = self.words((x > 0).long()) * x[:, :, None]
        return self.last(self.attention(h, h, h)[0].mean(1))


class Recurrent(nn.Module):
    def __init__(self, kind: type[nn.RNNBase], outputs: int = 1) -> None:
        super().__init__()
        self.layers, self.last = kind(1, 5, num_layers=2, batch_first=True), nn.Linear(5, outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.last(self.layers(x[:, :, None])[0][:, -1])


class DoubleGradient(torch.autograd.Function):
    @staticmethod
    def forward(ctx: FunctionCtx, h: Tensor) -> Tensor:
        return h.clone()

    @staticmethod
    def backward(ctx: FunctionCtx, *slopes: Tensor) -> Tensor:
        return 2 * slopes[0]


class OwnBackward(Around):
    def between(self, h: Tensor) -> Tensor:
        return DoubleGradient.apply(h)  # type: ignore[no-any-return, no-untyped-call]


class Recomputes(Around):
    def between(self, h: Tensor) -> Tensor:
        return checkpoint(torch.sin, h, use_reentrant=False)  # type: ignore[no-any-return]


class Differentiates(Around):
    """Uses the derivative of a part of itself, even where gradients are off."""

    def forward(self, x: Tensor) -> Tensor:
        with torch.enable_grad():
            x = x.detach().requires_grad_()
            energy = super().forward(x).sum()
            (slope,) = torch.autograd.grad(energy, x, create_graph=True)
        return slope.sum(1, keepdim=True)


class Centred(nn.Linear):
    def forward(self, x: Tensor) -> Tensor:
        return functional.linear(x, self.weight - self.weight.mean(1, keepdim=True), self.bias)


class Doubles(nn.Module):
    """A parametrisation."""

    def forward(self, weight: Tensor) -> Tensor:
        return 2 * weight.triu()


class HalfInside(Around):
    """Computes a part in another precision."""

    def between(self, h: Tensor) -> Tensor:
        return (h.double() ** 2).float() + h.bfloat16().float()


def dense(*between: nn.Module, outputs: int = 1) -> nn.Sequential:
    """Return two layers with others in between."""
    return nn.Sequential(nn.Linear(2, 6), *between, nn.Linear(6, outputs))


def with_hook(kind: str) -> nn.Sequential:
    module = dense(nn.Tanh())
    match kind:
        case "forward":
            module[0].register_forward_hook(lambda _module, _given, said: said * 3)
        case "before":
            module[2].register_forward_pre_hook(lambda _module, given: (given[0] - 0.5,))
        case "backward":
            module[1].register_full_backward_hook(lambda _module, slopes, _: (slopes[0] * 2,))
        case "parameter":
            module[0].weight.register_hook(lambda gradient: gradient.clamp(-0.02, 0.02))
        case "accumulated":
            module[0].weight.register_post_accumulate_grad_hook(
                lambda parameter: setattr(parameter, "grad", parameter.grad / 2)
            )
    return module


def with_part_in_eval_mode() -> nn.Module:
    module = dense(nn.BatchNorm1d(6), nn.ReLU(), nn.Dropout(0.5))
    module[1].eval()
    module[3].eval()
    return module


def twice() -> nn.Module:
    layer = nn.Linear(2, 2)
    return nn.Sequential(layer, nn.Tanh(), layer, nn.Tanh(), nn.Linear(2, 1))


def partly_frozen() -> nn.Module:
    module = dense(nn.Tanh())
    module[0].weight.requires_grad_(False)
    return module


def with_parametrisation() -> nn.Module:
    module = dense(nn.Tanh())
    parametrize.register_parametrization(module[0], "weight", Doubles())
    return module


def convolution() -> nn.Module:
    return nn.Sequential(
        nn.Unflatten(1, (1, 2)), nn.Conv1d(1, 4, 2, padding=1), nn.GELU(), nn.Flatten(),
        nn.Linear(12, 1),
    )  # fmt: skip


class FollowsItsInputs(Around):
    """Replaces what it computes by the nearest row of a buffer, which it moves there."""

    rows: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("rows", torch.randn(5, 6))

    def between(self, h: Tensor) -> Tensor:
        nearest = torch.cdist(h, self.rows).argmin(1)
        found = self.rows[nearest]
        if self.training:
            with torch.no_grad():
                for row in nearest.unique().tolist():
                    self.rows[row].lerp_(h[nearest == row].mean(0), 0.1)
        return h + (found - h).detach()


class Experts(nn.Module):
    """Only the expert that a gate chooses for a row answers it."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = nn.Linear(2, 3)
        self.experts = nn.ModuleList(dense(nn.Tanh()) for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        chosen, which = self.gate(x).max(dim=1, keepdim=True)
        said = torch.cat([expert(x) for expert in self.experts], dim=1)
        return said.gather(1, which) * chosen.sigmoid()


class ConvolutionsInGroups(nn.Module):
    """Pictures of two by two, normalised in groups of channels; the last groups are one channel."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.last = nn.Conv2d(1, 8, 3, padding=1), nn.Conv2d(8, 4, 3, padding=1)
        self.groups, self.channels = nn.GroupNorm(4, 8), nn.GroupNorm(4, 4)
        self.out = nn.Linear(4, 1)

    def forward(self, x: Tensor) -> Tensor:
        h = x[:, None, None, :].expand(-1, 1, 2, 2)
        h = torch.relu(self.groups(self.first(h)))
        return self.out(torch.relu(self.channels(self.last(h))).mean((2, 3)))


CLASSES, THREE, VALUES = "two classes", "three classes", "values"

MODULES: dict[str, tuple[Callable[[], nn.Module], str]] = {
    "plain": (lambda: dense(nn.Tanh()), CLASSES),
    "one layer": (lambda: nn.Linear(2, 1), VALUES),
    "changes its input": (ChangesItsInput, CLASSES),
    "changes its input, in a sequence": (lambda: nn.Sequential(nn.ReLU(True), dense()), VALUES),
    "counts": (Counts, CLASSES),
    "alternates": (Alternates, VALUES),
    "remembers": (Remembers, CLASSES),
    "noisy": (Noisy, CLASSES),
    "noisy by NumPy": (NoisyByNumpy, VALUES),
    "noisy by Python": (NoisyByPython, CLASSES),
    "own generator": (OwnGenerator, CLASSES),
    "dropout": (lambda: dense(nn.ReLU(), nn.Dropout(0.3), nn.LayerNorm(6)), CLASSES),
    "batch norm": (lambda: dense(nn.BatchNorm1d(6), nn.ReLU(), outputs=3), THREE),
    "batch norm of all batches": (lambda: dense(nn.BatchNorm1d(6, momentum=None)), CLASSES),
    "batch norm by the batch": (
        lambda: dense(nn.BatchNorm1d(6, track_running_stats=False), nn.Tanh()),
        VALUES,
    ),
    "moving mean": (MovingMean, CLASSES),
    "counts in a buffer": (CountsInABuffer, CLASSES),
    "clips itself": (ClipsItself, CLASSES),
    "parts in evaluation mode": (with_part_in_eval_mode, CLASSES),
    "subclass of a layer": (
        lambda: nn.Sequential(Centred(2, 6), nn.Tanh(), Centred(6, 1)),
        CLASSES,
    ),
    "forward hook": (lambda: with_hook("forward"), CLASSES),
    "hook before": (lambda: with_hook("before"), VALUES),
    "backward hook": (lambda: with_hook("backward"), CLASSES),
    "hook of a parameter": (lambda: with_hook("parameter"), CLASSES),
    "hook of a gradient": (lambda: with_hook("accumulated"), CLASSES),
    "weight norm": (
        lambda: nn.Sequential(
            parametrizations.weight_norm(nn.Linear(2, 6)), nn.Tanh(), nn.Linear(6, 1)
        ),
        CLASSES,
    ),
    "spectral norm": (
        lambda: nn.Sequential(
            parametrizations.spectral_norm(nn.Linear(2, 6)), nn.Tanh(), nn.Linear(6, 1)
        ),
        CLASSES,
    ),
    "orthogonal": (
        lambda: nn.Sequential(
            parametrizations.orthogonal(nn.Linear(2, 6)), nn.Tanh(), nn.Linear(6, 1)
        ),
        VALUES,
    ),
    "parametrised": (with_parametrisation, CLASSES),
    "attention": (LooksUp, CLASSES),
    "transformer": (Attends, THREE),
    "LSTM": (lambda: Recurrent(nn.LSTM), CLASSES),
    "GRU": (lambda: Recurrent(nn.GRU, 3), THREE),
    "convolution": (convolution, VALUES),
    "group norm": (lambda: dense(nn.GroupNorm(2, 6), nn.PReLU()), CLASSES),
    "spare parameters": (Spare, CLASSES),
    "skips layers": (SkipsLayers, CLASSES),
    "partly frozen": (partly_frozen, CLASSES),
    "tied": (Tied, VALUES),
    "twice": (twice, CLASSES),
    "by the data": (ByTheData, CLASSES),
    "own backward pass": (OwnBackward, CLASSES),
    "recomputes": (Recomputes, VALUES),
    "differentiates": (Differentiates, VALUES),
    "other precisions": (HalfInside, CLASSES),
    "two logits": (lambda: dense(nn.Tanh(), outputs=2), CLASSES),
    "two logits, remembered": (lambda: Around(2), CLASSES),
    "log-softmax": (
        lambda: dense(nn.Tanh(), nn.Linear(6, 6), outputs=3).append(nn.LogSoftmax(1)),
        THREE,
    ),
    "sigmoid for values": (lambda: dense(nn.Tanh()).append(nn.Sigmoid()), VALUES),
    "TorchScript": (lambda: torch.jit.script(dense(nn.BatchNorm1d(6), nn.Tanh())), CLASSES),
    "data parallel": (lambda: nn.DataParallel(dense(nn.BatchNorm1d(6), nn.ELU())), CLASSES),
    "compiled": (lambda: torch.compile(Around()), CLASSES),  # type: ignore[return-value]
    "lazy": (
        lambda: nn.Sequential(nn.LazyLinear(6), nn.LazyBatchNorm1d(), nn.ReLU(), nn.LazyLinear(1)),
        CLASSES,
    ),
    "convolution and group norm": (ConvolutionsInGroups, CLASSES),
    "convolution and instance norm": (
        lambda: nn.Sequential(
            nn.Unflatten(1, (1, 2)),
            nn.Conv1d(1, 4, 2, padding=2),
            nn.InstanceNorm1d(4, affine=True, track_running_stats=True),
            nn.GELU(),
            nn.Flatten(),
            nn.Linear(20, 1),
        ),
        CLASSES,
    ),
    "a codebook that follows": (FollowsItsInputs, CLASSES),
    "mixture of experts": (Experts, VALUES),
}
"""How each is made, and what it learns."""
