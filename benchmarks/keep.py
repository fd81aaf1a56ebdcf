"""What is kept and taken away: how smoothly, how fast, how large, how exactly.

Starts `panel serve` itself for the slider through the past. Files go to a temporary folder. Digits
need MNIST where PLAYGROUND_DATA says; without it their stand-in is learned.
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
from _report import Figures, emit, parser, say
from _visit import Visit

from playground.pages.digits.page import DigitsPage
from playground.pages.gates import GatesPage
from playground.pages.page import Page
from playground.pages.points import PointsPage
from playground.pages.reopen import reopened
from playground.runs import Store
from tests.server import PanelServer

APP = _root.ROOT / "benchmarks" / "_app.py"
NETS = ("a", "b")
PAGES: dict[str, Callable[[], Page[Any, Any]]] = {
    "gates": lambda: GatesPage(gate="XOR"),
    "points": lambda: PointsPage(shape="spiral", hidden=[8, 8, 8]),
    "digits_mlp": lambda: DigitsPage("mlp"),
    "digits_cnn": lambda: DigitsPage("cnn"),
}
EPOCHS = {"gates": 1000, "points": 300}
STEPS = 60
"""Of learning from digits."""


def main(arguments: list[str]) -> None:
    """Measure, and print what came out."""
    choices = parser(__doc__).parse_args(arguments)
    torch.set_num_threads(1)
    times = 3 if choices.quick else 15
    with tempfile.TemporaryDirectory() as folder:
        kept = {name: figures(name, Path(folder), times) for name in PAGES}
        turned = {key: {name: each[key] for name, each in kept.items()} for key in kept["gates"]}
        scrub = scrubbed(Path(folder), 1 if choices.quick else 3)
    emit({"scrub_frames_per_s": scrub, **turned}, as_json=choices.json)


def figures(name: str, folder: Path, times: int) -> dict[str, float]:
    """README.md says what the keys mean."""
    say(name)
    page = PAGES[name]()
    page.trainer.advance(**({"epochs": EPOCHS[name]} if name in EPOCHS else {"steps": STEPS}))
    store = Store(folder / name)
    saved = store.save(page.work.take_run("a run"))
    begun = perf_counter()
    page.save(folder / "page.html")
    seconds = perf_counter() - begun
    return {
        "take_ms": milliseconds(lambda: page.work.take_run("a run"), times),
        "save_ms": milliseconds(lambda: store.save(saved), times),
        "open_ms": milliseconds(lambda: store.open(saved.id), times),
        "look_back_ms": milliseconds(lambda: page.trainer.frame_at(0), times),
        "run_mb": round(len(store.export(saved.id)) / 1e6, 3),
        "moments": len(page.trainer.past.moments),
        "past_mb": round(page.trainer.past.bytes / 1e6, 3),
        "snapshot_mb": round((folder / "page.html").stat().st_size / 1e6, 2),
        "snapshot_s": round(seconds, 2),
        "exact": int(goes_on_exactly(page, store, saved.id)),
    }


def goes_on_exactly(page: Page[Any, Any], store: Store, run: str) -> bool:
    """Whether a run from a file and the one that was never left come to the same bits."""
    other = reopened(store.open(run))
    for each in (page, other):
        if "threads" in each.trainer.param:  # with more, sums come in another order
            each.trainer.threads = 1
        each.trainer.advance(steps=50)
    ours, theirs = (each.trainer.model.state_dict() for each in (page, other))
    return all(torch.equal(ours[name], theirs[name]) for name in ours)


def milliseconds(call: Callable[[], object], times: int) -> float:
    """The median time of a call."""
    taken = []
    for _ in range(times):
        begun = perf_counter()
        call()
        taken.append(1000 * (perf_counter() - begun))
    return round(median(taken), 2)


def scrubbed(folder: Path, times: int) -> Figures:
    """Painted frames per second while the past is gone through."""
    server = PanelServer(APP, log=folder / "server.log")
    taken = {}
    try:
        address = f"{server.url()}/{APP.stem}?net="
        with chromium() as browser:
            for net in NETS:
                say(f"going through the past of net {net}")
                with Visit(browser, address + net) as visit:
                    visit.stop_counting_bytes()
                    visit.toggle()
                    visit.pace(3.0)
                    visit.toggle()
                    taken[net] = round(median(visit.scrub(3.0) for _ in range(times)), 1)
    finally:
        server.stop()
    return taken


if __name__ == "__main__":
    main(sys.argv[1:])
