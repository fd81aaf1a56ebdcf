"""How long loss landscapes take: of 51 x 51 small networks, and of 25 x 25 that read digits.

Seconds of the clock, and of the processor, which hold where other work goes on; the median of
several rounds each. Nothing is compared with anybody else.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter, process_time

import torch
from _measuring import Results, Size, log_progress, run_command

from playground.networks.architecture import Architecture
from playground.problems import Points
from playground.problems.digits import Digits
from playground.training.dense.trainer import Trainer
from playground.training.images import ImageTrainer
from playground.training.landscape import (
    LandscapeSettings,
    dense_landscape,
    image_landscape,
)
from playground.training.landscape.directions import SMALL
from playground.training.training import Training

NETWORKS = {"8-8": [8, 8], "8x32": [32] * 8}
EPOCHS = 20
SAMPLES = 500
IMAGE_STEPS = 60


def main(arguments: list[str]) -> None:
    """Run the benchmark and print its results."""
    torch.set_num_threads(1)
    rounds = Size("number of measurements of each", quick=3, full=9)
    run_command(__doc__, arguments, run_benchmark, rounds=rounds)


def run_benchmark(rounds: int) -> Results:
    """Measure each kind of directions of each network; README.md explains the keys."""
    results: dict[str, Results] = {}
    for name, hidden in NETWORKS.items():
        log_progress(name)
        trainer = Trainer(
            Points(count=2 * SAMPLES), Architecture(hidden=hidden), Training(learning_rate=0.01)
        )
        trainer.train(EPOCHS)
        weight_path = trainer.weight_path()
        results[name] = {
            kind: seconds(
                partial(dense_landscape, weight_path, LandscapeSettings(directions=kind)), rounds
            )
            for kind in ("path", "random", "curvature")
            if kind != "curvature" or weight_path.plan.size < SMALL
        }
    log_progress("digits")
    trainer_of_digits = ImageTrainer(Digits(), "mlp", threads=1)
    trainer_of_digits.advance(steps=IMAGE_STEPS)
    pictures = trainer_of_digits.weight_path()
    results["digits_mlp"] = {"path": seconds(partial(image_landscape, pictures), min(rounds, 3))}
    return results


def seconds(work: Callable[[], object], rounds: int) -> Results:
    """Return the median times of some work, after it has been done once."""
    work()
    clock, processor = [], []
    for _ in range(rounds):
        before = perf_counter(), process_time()
        work()
        clock.append(perf_counter() - before[0])
        processor.append(process_time() - before[1])
    return {"seconds": median(clock), "cpu_seconds": median(processor)}


if __name__ == "__main__":
    main(sys.argv[1:])
