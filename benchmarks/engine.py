"""How fast tiny networks train: Playground's engines, plain PyTorch, and a browser playground.

Each result is a ratio of epochs per second; above 1, Playground is faster. An epoch is 250 points
in batches of 10, plain SGD on squared error, on one thread.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from time import perf_counter

import _peer
import torch
from _measuring import (
    ByNet,
    Results,
    Size,
    log_progress,
    measure_in_turn,
    median_ratios,
    medians,
    run_command,
)
from _networks import BATCH, NETS, POINTS, RATE, Net, ring
from torch import nn

from playground.training.core.losses import Loss, make_loss
from playground.training.core.optimisers import OPTIMISERS
from playground.training.dense.batches import Batches
from playground.training.engines import AutogradEngine, DenseEngine, Engine, Penalties

Epoch = Callable[[], None]


def main(arguments: list[str]) -> None:
    """Run the benchmark and print its results."""
    torch.set_num_threads(1)
    run_command(
        __doc__,
        arguments,
        run_benchmark,
        rounds=Size("number of measurements of each side", quick=7, full=15),
        seconds=Size("length of one measurement", quick=0.3, full=0.6),
    )


def run_benchmark(rounds: int, seconds: float) -> Results:
    """Measure all sides in turn; README.md explains the keys."""
    kinds = {"fast": fast, "any_module": any_module, "eager": eager}
    sides = {name: partial(rates, warmed_up(kind), seconds) for name, kind in kinds.items()}
    if command := _peer.find_command():
        sides["peer"] = partial(_peer.epochs_per_second, command, seconds)
    else:
        log_progress("No Node, or no peer: see README.md.")
    measurements = measure_in_turn(sides, rounds)
    by_net = median_ratios(measurements["any_module"], measurements["eager"])
    return {
        "one_network": median_ratios(measurements["fast"], measurements["peer"])
        if command
        else dict.fromkeys(NETS),
        "vs_eager": median_ratios(measurements["fast"], measurements["eager"]),
        "any_module_vs_eager": min(by_net["a"], by_net["b"]),
        "any_module_vs_eager_by_net": by_net,
        "epochs_per_s": {name: medians(each) for name, each in measurements.items()},
    }


def warmed_up(kind: Callable[[Net], Epoch]) -> dict[str, Epoch]:
    """Create the training loop of a side for each net, and warm it up."""
    epochs = {name: kind(net) for name, net in NETS.items()}
    for epoch in epochs.values():
        for _ in range(5):
            epoch()
    return epochs


def rates(epochs: Mapping[str, Epoch], seconds: float) -> ByNet:
    """Train each net for a number of seconds; epochs per second."""
    return {name: rate(epoch, seconds) for name, epoch in epochs.items()}


def rate(epoch: Epoch, seconds: float) -> float:
    """Run epochs for a number of seconds; epochs per second."""
    done, start = 0, perf_counter()
    while (passed := perf_counter() - start) < seconds:
        epoch()
        done += 1
    return done / passed


def fast(net: Net) -> Epoch:
    """One epoch of the engine for dense networks."""
    return our_epoch(DenseEngine(net.parameters(), squared_error()), net)


def any_module(net: Net) -> Epoch:
    """One epoch of the engine for any module."""
    return our_epoch(AutogradEngine.from_module(net.module(), squared_error()), net)


def our_epoch(engine: Engine, net: Net) -> Epoch:
    """Return a function that trains one epoch with an engine, as the Trainer does."""
    x, y = ring(net.inputs)
    batches = Batches(x.T[None], y.T[None], BATCH, torch.Generator().manual_seed(0))
    optimiser = OPTIMISERS["SGD"](engine.values)
    programs = [engine.program(batch) for batch in batches.windows]
    penalties = Penalties()

    @torch.inference_mode()
    def epoch() -> None:
        batches.shuffle()
        for program in programs:
            engine.step(program, optimiser, RATE, penalties)

    return epoch


def squared_error() -> Loss:
    """The loss of all sides."""
    return make_loss("squared error", "regression", outputs=1)


def eager(net: Net) -> Epoch:
    """One epoch in plain PyTorch; without a DataLoader, which would be slower."""
    x, y = ring(net.inputs)
    module, loss = net.module(), nn.MSELoss()
    optimiser = torch.optim.SGD(module.parameters(), lr=RATE)

    def epoch() -> None:
        for batch in torch.randperm(POINTS).split(BATCH):
            optimiser.zero_grad()
            loss(module(x[batch]), y[batch]).backward()
            optimiser.step()

    return epoch


if __name__ == "__main__":
    main(sys.argv[1:])
