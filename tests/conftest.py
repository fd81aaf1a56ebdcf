"""What all tests share: a clean Panel for each, and a served page in a watched Chromium."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests import chromium_finder
from tests.page_watch import PageWatch
from tests.server import PanelServer

UI_FIXTURES = frozenset({"browser", "context", "page", "serve"})
UI_SECONDS = 20

# A machine without a network makes Chromium's own look-ups fail slowly, many at a time.
CHROMIUM_ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a browser or a server, before `-m` selects among them."""
    for item in items:
        if UI_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.ui)


@pytest.fixture(autouse=True, scope="session")
def one_torch_thread() -> None:
    """Have PyTorch compute as on the pages: more threads make tiny networks many times slower."""
    import torch

    torch.set_num_threads(1)


@pytest.fixture(autouse=True, scope="session")
def isolated_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what tests save out of the runs of whoever has them run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYGROUND_RUNS", str(tmp_path_factory.mktemp("runs")))
        yield


@pytest.fixture(autouse=True)
def clean_panel() -> Iterator[None]:
    """Undo what a test did to Panel's and Bokeh's global state, as Panel's own tests do.

    Tests of the domain never import Panel, and do not pay for it here.
    """
    yield
    if "panel" not in sys.modules:
        return
    from bokeh.document import Document
    from bokeh.io import state as bokeh_state
    from bokeh.io.doc import _PATCHED_CURDOCS
    from panel.io.state import state

    _PATCHED_CURDOCS.clear()
    bokeh_state.curstate().document = Document()
    state.reset()
    state.clear_caches()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the Chromium that was found; without one, fail under CI and skip elsewhere."""
    found = chromium_finder.find_chromium()
    if found is None and chromium_finder.is_required():
        pytest.fail(chromium_finder.MISSING_MESSAGE, pytrace=False)
    if found is None:
        pytest.skip(chromium_finder.MISSING_MESSAGE)
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    sandbox = ["--no-sandbox"] if as_root else []
    return {
        **browser_type_launch_args,
        "executable_path": found,
        "args": [*CHROMIUM_ARGUMENTS, *sandbox],
    }


@pytest.fixture
def page_watch(context: BrowserContext) -> PageWatch:
    """Return the watch over the test's pages, for a test that provokes a problem on purpose."""
    return PageWatch(context)


@pytest.fixture
def page(page_watch: PageWatch, page: Page) -> Iterator[Page]:
    """Yield a page that fails its test on any error in it and on any foreign request."""
    page.set_default_timeout(UI_SECONDS * 1000)
    yield page
    page_watch.check()


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Yield a function that serves apps for the rest of the module and returns the address.

    The module's last test fails in its teardown when a server's log holds an error.
    """
    servers: list[PanelServer] = []

    def start(*apps: Path | str) -> str:
        log = tmp_path_factory.mktemp("server") / "log.txt"
        servers.append(PanelServer(*apps, log=log))
        return servers[-1].url()

    yield start
    for server in servers:
        server.stop()
    for server in servers:
        server.check()
