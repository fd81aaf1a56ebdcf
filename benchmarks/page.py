"""The points page in a real Chromium: how it opens, and how smoothly it shows learning.

Starts `panel serve` itself. Two networks of tanh units learn 250 points in batches of 10, by
plain SGD, at full speed, while everything else on the page runs as it does for anyone.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median

import _root
from _chromium import chromium
from _report import Figures, emit, parser, say
from _visit import CONTROLS, Visit
from playwright.sync_api import Browser

from tests.server import TROUBLE, PanelServer

APP = _root.ROOT / "benchmarks" / "_app.py"
NETS = ("a", "b")


def main(arguments: list[str]) -> None:
    """Measure, and print what came out."""
    choices = parser(__doc__).parse_args(arguments)
    visits, windows = (1, 3) if choices.quick else (5, 4)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        server = PanelServer(APP, log=log)
        try:
            address = f"{server.url()}/{APP.stem}?net="
            with chromium() as browser:
                emit(figures(browser, address, visits, windows), as_json=choices.json)
            if TROUBLE.search(log.read_text()):
                say(f"The server logged errors:\n{log.read_text()}")
        finally:
            server.stop()


def figures(browser: Browser, address: str, visits: int, windows: int) -> Figures:
    """Visit the page with each net in turn; README.md says what the keys mean."""
    say("first visit since the server started")
    with Visit(browser, address + NETS[0]) as visit:
        first_session_s = visit.first_paint_s
    taken: dict[str, list[Visited]] = {net: [] for net in NETS}
    for number in range(1, visits + 1):
        for net in NETS:
            say(f"visit {number} of {visits}, net {net}")
            with Visit(browser, address + net) as visit:
                taken[net].append(Visited(visit, windows))
    everything = [visited for each in taken.values() for visited in each]
    return {
        **{net: summary(each) for net, each in taken.items()},
        "first_paint_s": round(median(each.first_paint_s for each in everything), 2),
        "first_session_s": round(first_session_s, 2),
        "page_mb": round(median(each.page_mb for each in everything), 2),
        "socket_mb": round(median(each.socket_mb for each in everything), 2),
        "foreign_requests": sum(each.foreign_requests for each in everything),
    }


class Visited:
    """What was measured in one visit.

    Parameters
    ----------
    visit : Visit
    windows : int
        How often the pace is taken, for two seconds each, and each control is clicked.
    """

    def __init__(self, visit: Visit, windows: int) -> None:
        self.first_paint_s = visit.first_paint_s
        self.page_mb, self.socket_mb = visit.http_bytes / 1e6, visit.socket_bytes / 1e6
        visit.stop_counting_bytes()
        visit.toggle()
        paces = [visit.pace(2.0) for _ in range(windows)]
        self.frames_per_s, self.epochs_per_s = zip(*paces, strict=True)
        # Each control twice as often, since every other click takes the one before back.
        self.control_ms = {
            name: [visit.control_ms(name) for _ in range(2 * windows)] for name in CONTROLS
        }
        visit.toggle()  # a server that still writes to a browser that has gone logs errors
        self.foreign_requests = visit.foreign_requests


def summary(visits: list[Visited]) -> Figures:
    """Medians over all visits with one net; of the controls, the slowest one's counts."""
    by_control = {
        name: round(median(ms for visit in visits for ms in visit.control_ms[name]))
        for name in CONTROLS
    }
    return {
        "frames_per_s": round(median(each for visit in visits for each in visit.frames_per_s), 1),
        "epochs_per_s": round(median(each for visit in visits for each in visit.epochs_per_s)),
        "control_ms": max(by_control.values()),
        "control_ms_by_control": by_control,
    }


if __name__ == "__main__":
    main(sys.argv[1:])
