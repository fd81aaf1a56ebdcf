"""How many trials a cluster on this machine makes: one worker and two, against a plain loop.

A trial is the usual network of Gates for 300 epochs. The loop makes the trainers one after another
in this process. Workers are started, and have trained once, before the time is taken.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from _measuring import (
    Results,
    Side,
    Size,
    log_progress,
    measure_in_turn,
    median_ratios,
    medians,
    run_command,
)

from playground.runs import Store
from playground.training.remote.connection import connected
from playground.trials.plan import make_plan
from playground.trials.runner import SweepRunner
from playground.trials.tasks import make_task

WORKERS = (1, 2)
EPOCHS = 300
RATES = "learning_rate=0.01..0.3:log"


def main(arguments: list[str]) -> None:
    """Run the benchmark and print its results."""
    run_command(
        __doc__,
        arguments,
        run_benchmark,
        rounds=Size("number of measurements of each side", quick=2, full=5),
        trials=Size("trials of one measurement", quick=12, full=40),
    )


def run_benchmark(rounds: int, trials: int) -> Results:
    """Measure all sides in turn; README.md explains the keys."""
    before = os.getloadavg()[0]
    log_progress(f"load average {before:.1f} on {os.cpu_count()} cores")
    ratios: dict[str, float] = {}
    speeds: dict[str, float] = {}
    for count in WORKERS:
        with connected(None, count) as client:
            address = client.scheduler.address
            _sweep(address, 2 * count)  # Workers import PyTorch with their first trial.
            sides = {"loop": _loop_side(trials), "workers": _side(address, trials)}
            measured = measure_in_turn(sides, rounds)
        ratios[str(count)] = median_ratios(measured["workers"], measured["loop"])["gates"]
        speeds[str(count)] = medians(measured["workers"])["gates"]
        speeds["loop"] = medians(measured["loop"])["gates"]
    return {
        "vs_loop": ratios,
        "trials_per_s": speeds,
        "load_average_before": before,
        "cores": os.cpu_count(),
    }


def _loop_side(trials: int) -> Side:
    return lambda: {"gates": _loop(trials)}


def _side(address: str, trials: int) -> Side:
    return lambda: {"gates": _sweep(address, trials)}


def _sweep(address: str, trials: int) -> float:
    """Return trials per second of a sweep, from its first to its last."""
    plan = make_plan("gates", [RATES], {"stop_epoch": EPOCHS}, trials=trials)
    with tempfile.TemporaryDirectory() as folder:
        begun = perf_counter()
        SweepRunner(plan, Store(Path(folder)), scheduler=address).run()
        return trials / (perf_counter() - begun)


def _loop(trials: int) -> float:
    """Return trials per second of a plain loop."""
    begun = perf_counter()
    for number in range(trials):
        task = make_task("gates")
        task.apply({"learning_rate": 0.01 * 30 ** (number / trials), "stop_epoch": EPOCHS})
        task.trainer().train(EPOCHS)
    return trials / (perf_counter() - begun)


if __name__ == "__main__":
    main(sys.argv[1:])
