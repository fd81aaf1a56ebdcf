"""What all tests share: a clean Panel for each, and a served page in a watched Chromium."""

from __future__ import annotations

import gc
import os
import socket
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, Page

from tests.support.browser import chromium_finder
from tests.support.browser.kept_page import TIMEOUT_MS, KeptPage
from tests.support.browser.page_watch import PageWatch
from tests.support.servers.server import LOCAL_HOSTS, ROOT, PanelServer

if TYPE_CHECKING:
    from tests.support.data.shared_pages import SharedPages

# `make test` tries the same few examples each time, whatever the machine is busy with.
# HYPOTHESIS_PROFILE=thorough tries many, and others each time; `make fuzz` tries over 10^5 where
# input comes from outside.
settings.register_profile("quick", max_examples=30, derandomize=True, deadline=None)
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.register_profile("fuzz", max_examples=5000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

UI_FIXTURES = frozenset({"browser", "serve", "shared_server"})
LONGEST_FILES = (
    "test_sessions",
    "test_notebook_run",
    "test_docs",
    "test_export_code",
    "test_links",
    "test_server_protection",
    "test_pages",
    "test_browser_junk",
    "test_export_onnx",
    "test_pretrained",
)
LONGEST_UI_FILES = (
    "test_digits_page_browser",
    "test_points_page",
    "test_gates_page",
    "test_notebook_lab",
    "test_links_page",
    "test_class_browser",
    "test_export_snapshot_lab",
    "test_runs_and_checkpoints_page",
    "test_work_outlives_server",
    "test_browser_fixtures",
    "test_compare_browser",
    "test_export_snapshot_digits",
    "test_shutdown",
)

FAILED = pytest.StashKey[bool]()
"""Whether a part of a test has failed so far."""

# The folder is the app with all pages, as README has it; the others are named after their files.
APPS = (
    ROOT / "apps",
    ROOT / "apps" / "digits.py",
    ROOT / "apps" / "gates.py",
    ROOT / "apps" / "points.py",
    ROOT / "tests" / "support" / "servers" / "export_tabs_app.py",
    ROOT / "tests" / "support" / "servers" / "runs_tab_app.py",
)

# A machine without a network makes Chromium's own look-ups fail slowly, many at a time. All pages
# of one host share a process, which has compiled Bokeh already; see `shared_context`.
CHROMIUM_ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--process-per-site",
]


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    items: list[pytest.Item],
) -> Generator[None, object, object]:
    """Mark the tests that need a browser or a server, and put files in the order of a fast run.

    They are marked before pytest leaves out what `-m` does not name, and put in order after it has
    put tests of one browser next to each other. Files with such tests come last, because Playwright
    leaves an event loop running in its worker. Of either kind, those files come first that take
    longest, so that all workers end together.
    """
    for item in items:
        if UI_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.ui)
    ui_files = {item.path for item in items if item.get_closest_marker("ui") is not None}
    result = yield

    def place(item: pytest.Item) -> tuple[bool, int]:
        is_ui, name = item.path in ui_files, item.path.stem
        longest = LONGEST_UI_FILES if is_ui else LONGEST_FILES
        return is_ui, longest.index(name) if name in longest else len(longest)

    items.sort(key=place)
    return result


def pytest_collection() -> None:
    """Collect no garbage while modules are imported: there is next to none, and looking takes long.

    Collections begin again with `pytest_collection_finish`.
    """
    gc.disable()


def pytest_collection_finish() -> None:
    """Leave what all test modules import out of garbage collections from now on.

    Building a page makes so many objects that Python goes through all of them several times; with
    those of the libraries it takes half as long again. Collections are also rarer than usual: with
    Python's own thresholds they take a tenth of the whole run. A page of a test that is over is
    garbage, and found by the first collection if that waits for it. Models and components are made
    as where pages are served.
    """
    if "panel" in sys.modules:
        from playground.serving.patches.component_memory import patch_component_memory
        from playground.serving.patches.component_speedups import patch_components
        from playground.serving.patches.construction_speedups import patch_construction
        from playground.serving.patches.model_defaults import keep_defaults
        from playground.serving.patches.shared_style_sheets import patch_style_sheets
        from playground.serving.patches.value_checks import patch_checks
        from playground.serving.patches.value_containers import patch_containers

        keep_defaults()
        patch_containers()
        patch_checks()
        patch_style_sheets()
        patch_components()
        patch_construction()
        patch_component_memory()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let fixtures know whether their test has failed."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(autouse=True)
def one_torch_thread() -> Iterator[None]:
    """Have PyTorch compute as on the pages: more threads make tiny networks many times slower.

    A test fails that leaves more of them to those after it.
    """
    import torch

    if torch.get_num_threads() != 1:
        torch.set_num_threads(1)
    yield
    assert torch.get_num_threads() == 1


@pytest.fixture(autouse=True, scope="session")
def isolated_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what tests save out of the runs of whoever has them run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYGROUND_RUNS", str(tmp_path_factory.mktemp("runs")))
        # Each visit of a test would have the server make a page for nobody.
        patch.setenv("PLAYGROUND_PREPARED_PAGES", "0")
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


@pytest.fixture(scope="module")
def shared_pages() -> SharedPages:
    """Return the pages that `lending_fixture` lends to the tests of a module, one after another."""
    from tests.support.data.shared_pages import SharedPages

    return SharedPages()


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


@pytest.fixture(scope="session")
def shared_context(browser: Browser) -> Iterator[tuple[BrowserContext, PageWatch]]:
    """Yield a browser context for all tests of a worker, and the watch over its pages.

    A context of its own for each test would fetch and compile all of Bokeh anew, and so would the
    first page after all others are closed: an empty one of the servers' host stays open. Motion is
    reduced: links that flow would have Chromium paint all the time.
    """
    context = browser.new_context(reduced_motion="reduce")
    empty = context.new_page()
    empty.route("**", lambda route: route.fulfill(body="", content_type="text/html"))
    empty.goto("http://127.0.0.1/")
    yield context, PageWatch(context)
    context.close()


@pytest.fixture
def context(shared_context: tuple[BrowserContext, PageWatch]) -> Iterator[BrowserContext]:
    """Yield the worker's browser context, and afterwards undo what a test did to it."""
    context, _watch = shared_context
    before = context.pages
    yield context
    for page in context.pages:
        if page not in before:
            page.close()
    context.set_offline(False)
    context.clear_permissions()


@pytest.fixture
def page_watch(shared_context: tuple[BrowserContext, PageWatch]) -> PageWatch:
    """Return the watch over the test's pages, for a test that provokes a problem on purpose."""
    context, watch = shared_context
    if len(context.pages) == 1:
        watch.clear()  # what pages said while they were closed
    return watch


@pytest.fixture
def page(context: BrowserContext, page_watch: PageWatch) -> Iterator[Page]:
    """Yield a new page that fails its test on any error in it and on any foreign request."""
    page = context.new_page()
    page.set_default_timeout(TIMEOUT_MS)
    yield page
    page_watch.check()


@pytest.fixture(scope="module")
def module_page(shared_context: tuple[BrowserContext, PageWatch]) -> Iterator[KeptPage]:
    """Yield the page that the tests of a module share; see `kept_page`."""
    context, _watch = shared_context
    kept = KeptPage(context)
    yield kept
    kept.close()
    context.set_offline(False)


@pytest.fixture
def kept_page(
    request: pytest.FixtureRequest, module_page: KeptPage, page_watch: PageWatch
) -> Iterator[KeptPage]:
    """Yield a page that stays open from test to test; a test fails on any error in it."""
    yield module_page
    module_page.give_back(failed=request.node.stash.get(FAILED, False))
    page_watch.check()


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PanelServer, str]]:
    """Yield a worker's server, which serves all apps, and its address.

    It serves as on a new machine without a network: nothing is kept, nothing can be downloaded.
    """
    with socket.socket() as refusing:
        # Taken, but nothing listens there: whatever is fetched by way of it fails at once.
        refusing.bind(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{refusing.getsockname()[1]}"
        server = PanelServer(
            *APPS,
            log=tmp_path_factory.mktemp("server") / "log.txt",
            environment={
                "PLAYGROUND_DATA": None,
                "PLAYGROUND_RUNS": str(tmp_path_factory.mktemp("runs")),
                "XDG_CACHE_HOME": str(tmp_path_factory.mktemp("cache")),
                "XDG_DATA_HOME": str(tmp_path_factory.mktemp("data")),
                "http_proxy": proxy,
                "https_proxy": proxy,
                "no_proxy": ",".join(LOCAL_HOSTS),
            },
        )
        yield server, server.url()
        server.stop()
    server.log.check()


@pytest.fixture
def server(shared_server: tuple[PanelServer, str]) -> Iterator[str]:
    """Yield the address of the worker's server; fail the test if the server logs an error."""
    server, address = shared_server
    yield address
    server.log.check()


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Yield a function that starts a server of some apps for the rest of the module.

    It returns the server's address. The module's last test fails in its teardown when a server's
    log holds an error.
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
        server.log.check()
