"""Opening each page in Chromium: first paint, models, and processor time of server and browser.

Starts `playground serve`, and visits the pages in turn, each in a new context with an empty cache.
Pages are made when they are asked for; with `--prepared` Gates and Points are made before.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import _root  # noqa: F401 (makes `tests` importable)
from _chromium import chromium, open_window
from _measuring import Results, argument_parser, log_progress, print_result
from _page_visit import PROBE
from load import Server
from playwright.sync_api import Browser

from tests.support.servers.server import PanelServer

PAGES = {"Gates": ".pg-boundary", "Points": ".pg-boundary", "Digits": ".pg-readings"}
"""Where each page draws the figure that it is about."""
SETTLE_MS = 1500
"""Milliseconds after which all that opening a page causes is done."""
FIGURE_IS_DRAWN = """selector => {
  const find = (root) => [...root.querySelectorAll("*")].some((each) => each.shadowRoot &&
    (each.matches(selector) ? hasCanvas(each.shadowRoot) : find(each.shadowRoot)))
  const hasCanvas = (root) => root !== null && [...root.querySelectorAll("*")].some((each) =>
    (each.localName === "canvas" && each.getBoundingClientRect().width > 0) ||
    hasCanvas(each.shadowRoot))
  return find(document) && performance.now() / 1000
}"""
FIRST_CONTENT = "performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000"
MODELS = "Bokeh.documents.reduce((sum, each) => sum + each._all_models.size, 0)"


def renderers_cpu_s(browser: Browser) -> float:
    """Return the processor seconds of all processes that render pages."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return float(sum(each["cpuTime"] for each in processes if each["type"] == "renderer"))


def visit(browser: Browser, server: Server, title: str) -> dict[str, float]:
    """Open a page and return what that took."""
    received = {"http": 0, "socket": 0}
    page = open_window(browser)
    network = page.context.new_cdp_session(page)

    def count(kind: str, size: int) -> None:
        received[kind] += size

    network.on("Network.loadingFinished", lambda e: count("http", int(e["encodedDataLength"])))
    network.on(
        "Network.webSocketFrameReceived",
        lambda e: count("socket", len(e["response"]["payloadData"])),
    )
    network.send("Network.enable")
    page.add_init_script(path=PROBE)
    server_s, browser_s = server.cpu_s, renderers_cpu_s(browser)
    page.goto(f"{server.address}/?page={title}")
    drawn = page.wait_for_function(FIGURE_IS_DRAWN, arg=PAGES[title], timeout=60_000).json_value()
    page.wait_for_timeout(SETTLE_MS)
    figures = {
        "first_content_s": page.evaluate(FIRST_CONTENT),
        "figure_s": drawn,
        "models": page.evaluate(MODELS),
        "socket_kb": received["socket"] / 1000,
        "http_mb": received["http"] / 1e6,
        "server_cpu_s": server.cpu_s - server_s,
        "browser_cpu_s": renderers_cpu_s(browser) - browser_s,
    }
    page.context.close()
    return figures


def visit_prepared(browser: Browser, server: Server, title: str) -> dict[str, float]:
    """Open a page, wait until another one is prepared, and return what opening that took."""
    visit(browser, server, title)
    if title != "Digits":  # which depends on who opens it, so that it can't be prepared
        asyncio.run(server.wait_until_prepared(1))
    return visit(browser, server, title)


def run_benchmark(browser: Browser, server: Server, visits: int, *, prepared: bool) -> Results:
    """Visit all pages in turn, several times; README.md explains the keys."""
    for title in PAGES:
        log_progress(f"first visit of {title} since the server started")
        visit(browser, server, title)
    open_page = visit_prepared if prepared else visit
    found: dict[str, list[dict[str, float]]] = {title: [] for title in PAGES}
    for number in range(1, visits + 1):
        for title in PAGES:
            log_progress(f"visit {number} of {visits}, {title}")
            found[title].append(open_page(browser, server, title))
    return {
        title: {key: round(median(each[key] for each in visited), 3) for key in visited[0]}
        for title, visited in found.items()
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark and print its results."""
    parser = argument_parser(__doc__)
    parser.add_argument("--prepared", action="store_true", help="have pages made in advance")
    choices = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        private = {
            "PLAYGROUND_RUNS": folder,
            "PLAYGROUND_DATA": None,
            "XDG_CACHE_HOME": folder,
            "PLAYGROUND_PREPARED_PAGES": str(int(choices.prepared)),
        }
        served = PanelServer(log=Path(folder) / "server.log", environment=private)
        try:
            server = Server(served.url(), served.process_id)
            with chromium() as browser:
                visits = 2 if choices.quick else 6
                results = run_benchmark(browser, server, visits, prepared=choices.prepared)
                print_result(results, as_json=choices.json)
        finally:
            served.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
