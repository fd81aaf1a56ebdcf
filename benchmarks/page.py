"""The points page in Chromium: first paint, frame rate while training, and latency of controls.

Starts `panel serve`. Two networks of tanh units train on 250 points in batches of 10, with plain
SGD, at full speed; all other parts of the page run as usual.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median

import _root
from _chromium import chromium
from _measuring import Results, argument_parser, log_progress, print_result
from _page_visit import CONTROLS, PageVisit
from playwright.sync_api import Browser

from tests.support.servers.server import ERROR_LINE, PanelServer

APP = _root.ROOT / "benchmarks" / "_points_app.py"
NETS = ("a", "b")


def main(arguments: list[str]) -> None:
    """Run the benchmark and print its results."""
    choices = argument_parser(__doc__).parse_args(arguments)
    visits, windows = (1, 3) if choices.quick else (5, 4)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        server = PanelServer(APP, log=log)
        try:
            address = f"{server.url()}/{APP.stem}?net="
            with chromium() as browser:
                print_result(run_benchmark(browser, address, visits, windows), as_json=choices.json)
            if ERROR_LINE.search(log.read_text()):
                log_progress(f"The server logged errors:\n{log.read_text()}")
        finally:
            server.stop()


def run_benchmark(browser: Browser, address: str, visits: int, windows: int) -> Results:
    """Visit the page with each net in turn; README.md explains the keys."""
    log_progress("first visit since the server started")
    with PageVisit(browser, address + NETS[0]) as visit:
        first_session_s = visit.first_paint_s
    measurements: dict[str, list[VisitMeasurements]] = {net: [] for net in NETS}
    for number in range(1, visits + 1):
        for net in NETS:
            log_progress(f"visit {number} of {visits}, net {net}")
            with PageVisit(browser, address + net) as visit:
                measurements[net].append(VisitMeasurements(visit, windows))
    everything = [visited for each in measurements.values() for visited in each]
    return {
        **{net: summary(each) for net, each in measurements.items()},
        "first_paint_s": round(median(each.first_paint_s for each in everything), 2),
        "first_session_s": round(first_session_s, 2),
        "page_mb": round(median(each.page_mb for each in everything), 2),
        "socket_mb": round(median(each.socket_mb for each in everything), 2),
        "foreign_requests": sum(each.foreign_requests for each in everything),
    }


class VisitMeasurements:
    """Measurements of one visit.

    Parameters
    ----------
    visit : PageVisit
    windows : int
        Number of measurements of frame and epoch rates, each of two seconds; each control is
        clicked twice as often.
    """

    def __init__(self, visit: PageVisit, windows: int) -> None:
        self.first_paint_s = visit.first_paint_s
        self.page_mb, self.socket_mb = visit.http_bytes / 1e6, visit.socket_bytes / 1e6
        visit.stop_counting_bytes()
        visit.toggle_training()
        paces = [visit.rates_per_second(2.0) for _ in range(windows)]
        self.frames_per_s, self.epochs_per_s = zip(*paces, strict=True)
        # Twice as often, since every second click undoes the one before.
        self.control_ms = {
            name: [visit.control_ms(name, number) for number in range(2 * windows)]
            for name in CONTROLS
        }
        visit.toggle_training()  # a server that still sends frames to a closed browser logs errors
        self.foreign_requests = visit.foreign_requests


def summary(visits: list[VisitMeasurements]) -> Results:
    """Medians over all visits with one net; `control_ms` is that of the slowest control."""
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
