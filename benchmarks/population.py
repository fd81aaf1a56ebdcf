"""How fast many networks train side by side: a population, one network of the peer, plain PyTorch.

Each result is a ratio of epochs per second, those of all networks of a population together; above
1, Playground is faster. An epoch is 250 points in batches of 10, plain SGD on squared error, on one
thread. Each network has its own weights and its own order of the points. Besides, how often
the page Compare paints 64 of them while they learn, in Chromium.
"""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import _peer
import _root
import torch
from _chromium import VIEWPORT, chromium
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
from _networks import BATCH, NETS, RATE, Net, ring
from _page_visit import PROBE
from engine import Epoch, eager, rates, squared_error, warmed_up
from playwright.sync_api import Page

from playground.networks.dense.growth import initialise
from playground.networks.dense.parameters import Parameters
from playground.training.core.optimisers import OPTIMISERS
from playground.training.engines import DenseEngine, Penalties
from playground.training.populations.batches import MemberBatches
from tests.support.servers.server import PanelServer

APP = _root.ROOT / "apps" / "compare.py"
ON_PAGE = {
    "task": "circle",
    "count": "350",
    "hidden": "8",
    "batch_size": "10",
    "vary": "learning_rate:0.001..1:log:8;seed:1..8",
    "stop_epoch": "1000000",
}
"""64 networks in one batch."""
WINDOWS = 4
"""Measurements of the frame rate of the page, of which the median counts."""
NO_BOUNDARY = "bench.firstPaint = 0"
"""The page has none, for which the probe would look in each animation frame."""
MEMBERS = (1, 4, 16, 64, 256)


def main(arguments: list[str]) -> None:
    """Run the benchmark and print its results."""
    torch.set_num_threads(1)
    run_command(
        __doc__,
        arguments,
        run_benchmark,
        rounds=Size("number of measurements of each side", quick=3, full=9),
        seconds=Size("length of one measurement", quick=0.3, full=0.6),
    )


def run_benchmark(rounds: int, seconds: float) -> Results:
    """Measure all sides in turn; README.md explains the keys."""
    sides = {
        str(count): partial(member_rates, warmed_up(partial(together, count)), count, seconds)
        for count in MEMBERS
    }
    sides["eager"] = partial(rates, warmed_up(eager), seconds)
    if command := _peer.find_command():
        sides["peer"] = partial(_peer.epochs_per_second, command, seconds)
    else:
        log_progress("No Node, or no peer: see README.md.")
    measurements = measure_in_turn(sides, rounds)

    def ratios(other: str) -> Results:
        by_count = {
            str(count): median_ratios(measurements[str(count)], measurements[other])
            for count in MEMBERS
        }
        return {net: {count: by_count[count][net] for count in by_count} for net in NETS}

    nothing = {net: dict.fromkeys(map(str, MEMBERS)) for net in NETS}
    return {
        "vs_peer": ratios("peer") if command else nothing,
        "vs_eager": ratios("eager"),
        "page_frames_per_s_64": page_frames_per_s(4 * seconds),
        "epochs_per_s": {name: medians(each) for name, each in measurements.items()},
    }


def member_rates(epochs: dict[str, Epoch], count: int, seconds: float) -> ByNet:
    """Train each net for a number of seconds; epochs per second of all members together."""
    return {net: count * rate for net, rate in rates(epochs, seconds).items()}


def page_frames_per_s(seconds: float) -> float:
    """Return how often a second the page Compare paints other pictures of its 64 networks."""
    log_progress("64 networks on the page Compare")
    with tempfile.TemporaryDirectory() as folder:
        server = PanelServer(APP, log=Path(folder) / "server.log")
        try:
            with chromium() as browser:
                page = browser.new_page(viewport=VIEWPORT)  # type: ignore[arg-type]
                page.add_init_script(path=PROBE)
                page.add_init_script(NO_BOUNDARY)
                page.goto(f"{server.url()}/{APP.stem}?{urlencode(ON_PAGE)}", timeout=60_000)
                page.wait_for_function("bench.frames > 0", timeout=60_000)
                page.locator(".pg-play button").click()
                page.wait_for_function("bench.frames > 10", timeout=60_000)
                rates = [_frames_per_s(page, seconds) for _ in range(WINDOWS)]
                page.locator(".pg-play button").click()
                page.close()
        finally:
            server.stop()
    return round(median(rates), 1)


def _frames_per_s(page: Page, seconds: float) -> float:
    before = page.evaluate("[bench.frames, performance.now()]")
    page.wait_for_timeout(1000 * seconds)
    after = page.evaluate("[bench.frames, performance.now()]")
    return float(1000 * (after[0] - before[0]) / (after[1] - before[1]))


def together(count: int, net: Net) -> Epoch:
    """One epoch of a population, as `PopulationTrainer` trains it."""
    plan = net.parameters().plan
    parameters = Parameters(plan, count)
    for member in range(count):
        parameters.values[member] = initialise(plan, "PyTorch default", seed=member).values[0]
    engine = DenseEngine(parameters, squared_error())
    x, y = ring(net.inputs)
    generators = [torch.Generator().manual_seed(seed) for seed in range(count)]
    batches = MemberBatches(x.T[None], y.T[None], BATCH, generators)
    optimiser = OPTIMISERS["SGD"](engine.values)
    programs = [engine.program(batch) for batch in batches.windows]
    penalties = Penalties()

    @torch.inference_mode()
    def epoch() -> None:
        batches.shuffle()
        for program in programs:
            engine.step(program, optimiser, RATE, penalties)

    return epoch


if __name__ == "__main__":
    main(sys.argv[1:])
