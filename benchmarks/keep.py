"""Checkpoints, saved runs and snapshots: speed, size, and exact resumption.

Starts `panel serve` for the checkpoint slider. Files are written to a temporary folder. The digits
use MNIST in the folder PLAYGROUND_DATA, or else the smaller dataset that replaces it.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import _root
import torch
from _chromium import chromium
from _measuring import Results, argument_parser, log_progress, print_result
from _page_visit import PageVisit

from playground.pages.app import page_from_run
from playground.pages.digits.digits_page import DigitsPage
from playground.pages.gates import GatesPage
from playground.pages.page import Page
from playground.pages.points import PointsPage
from playground.runs import Store
from tests.support.servers.server import PanelServer

APP = _root.ROOT / "benchmarks" / "_points_app.py"
NETS = ("a", "b")
PAGES: dict[str, Callable[[], Page[Any, Any]]] = {
    "gates": lambda: GatesPage(gate="XOR"),
    "points": lambda: PointsPage(shape="spiral", hidden=[8, 8, 8]),
    "digits_mlp": lambda: DigitsPage("mlp"),
    "digits_cnn": lambda: DigitsPage("cnn"),
}
EPOCHS = {"gates": 1000, "points": 300}
STEPS = 60
"""Training steps of the classifiers of digits."""


def main(arguments: list[str]) -> None:
    """Run the benchmark and print its results."""
    choices = argument_parser(__doc__).parse_args(arguments)
    torch.set_num_threads(1)
    times = 3 if choices.quick else 15
    with tempfile.TemporaryDirectory() as folder:
        by_page = {name: run_benchmark(name, Path(folder), times) for name in PAGES}
        by_key = {
            key: {name: each[key] for name, each in by_page.items()} for key in by_page["gates"]
        }
        scrub = scrub_frame_rates(Path(folder), 1 if choices.quick else 3)
    print_result({"scrub_frames_per_s": scrub, **by_key}, as_json=choices.json)


def run_benchmark(name: str, folder: Path, times: int) -> dict[str, float]:
    """Measure one page; README.md explains the keys."""
    log_progress(name)
    page = PAGES[name]()
    page.trainer.advance(**({"epochs": EPOCHS[name]} if name in EPOCHS else {"steps": STEPS}))
    store = Store(folder / name)
    saved = store.save(page.run_session.prepare_capture("a run")())
    begun = perf_counter()
    page.save(folder / "page.html")
    seconds = perf_counter() - begun
    return {
        "take_ms": milliseconds(lambda: page.run_session.prepare_capture("a run")(), times),
        "save_ms": milliseconds(lambda: store.save(saved), times),
        "open_ms": milliseconds(lambda: store.open(saved.id), times),
        "look_back_ms": milliseconds(lambda: page.trainer.frame_at(0), times),
        "run_mb": round(len(store.export(saved.id)) / 1e6, 3),
        "moments": len(page.trainer.checkpoints.infos),
        "past_mb": round(page.trainer.checkpoints.bytes / 1e6, 3),
        "snapshot_mb": round((folder / "page.html").stat().st_size / 1e6, 2),
        "snapshot_s": round(seconds, 2),
        "exact": int(resumes_exactly(page, store, saved.id)),
    }


def resumes_exactly(page: Page[Any, Any], store: Store, run: str) -> bool:
    """Whether a reopened run and the original reach bit-identical weights after more training."""
    other = page_from_run(store.open(run))
    for each in (page, other):
        if "threads" in each.trainer.param:  # with several, the order of sums varies
            each.trainer.threads = 1
        each.trainer.advance(steps=50)
    ours, theirs = (each.trainer.model.state_dict() for each in (page, other))
    return all(torch.equal(ours[name], theirs[name]) for name in ours)


def milliseconds(call: Callable[[], object], times: int) -> float:
    """Median milliseconds of a call."""
    measurements = []
    for _ in range(times):
        begun = perf_counter()
        call()
        measurements.append(1000 * (perf_counter() - begun))
    return round(median(measurements), 2)


def scrub_frame_rates(folder: Path, times: int) -> Results:
    """Painted frames per second while the checkpoint slider is dragged, by net."""
    server = PanelServer(APP, log=folder / "server.log")
    measurements = {}
    try:
        address = f"{server.url()}/{APP.stem}?net="
        with chromium() as browser:
            for net in NETS:
                log_progress(f"scrubbing through the checkpoints of net {net}")
                with PageVisit(browser, address + net) as visit:
                    visit.stop_counting_bytes()
                    visit.toggle_training()
                    visit.rates_per_second(3.0)
                    visit.toggle_training()
                    measurements[net] = round(median(visit.scrub(3.0) for _ in range(times)), 1)
    finally:
        server.stop()
    return measurements


if __name__ == "__main__":
    main(sys.argv[1:])
