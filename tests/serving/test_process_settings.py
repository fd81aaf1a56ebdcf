"""What belongs to the whole process: left alone by imports, set where a page is served.

And which libraries are loaded when: those of the interface with the first page. One fresh process
finds out all of it, since loading them takes seconds.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from playground.serving.process.process_settings import COLLECTION_THRESHOLDS, SWITCH_INTERVAL
from tests.project.test_architecture import DOMAIN, INTERFACE, MODULES, module_name, part
from tests.support.servers.server import ROOT

PROGRAM = """
import asyncio, gc, importlib, json, logging, os, pkgutil, random, sys

gc.disable()  # Loading makes no garbage that is worth a look.

import numpy, scipy.special, torch
from PIL import Image, ImageFile

domain, libraries = map(json.loads, sys.argv[1:])


def loaded():
    return sorted(name for name in libraries if name in sys.modules)


def changed(before, after):
    return [name for name in before if before[name] != after[name]]


def domain_globals():
    return {
        "switch interval": sys.getswitchinterval(),
        "recursion limit": sys.getrecursionlimit(),
        "path": list(sys.path),
        "environment": dict(os.environ),
        "log handlers": (logging.root.level, list(logging.root.handlers)),
        "random": random.getstate(),
        "numpy random": str(numpy.random.get_state()),
        "numpy errors": numpy.geterr(),
        "torch threads": (torch.get_num_threads(), torch.get_num_interop_threads()),
        "torch random": torch.get_rng_state().tolist(),
        "torch switches": (
            torch.get_default_dtype(),
            torch.is_grad_enabled(),
            torch.are_deterministic_algorithms_enabled(),
            torch.get_float32_matmul_precision(),
        ),
        "images": (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES),
    }


before = domain_globals()
import playground

with torch.random.fork_rng(devices=[]):  # a network is built, and its weights drawn
    playground.predict([([0.5, 0.5], [0.2, 0.8])])
found = {"loaded by prediction": loaded()}
for name in domain:
    importlib.import_module(name)
found["loaded by the domain"] = [name for name in loaded() if name != "torchvision"]
found["changed by the domain"] = changed(before, domain_globals())

import bokeh.plotting, holoviews, holoviews.plotting.bokeh, panel
from panel.io.notebook import JupyterCommManagerBinary
from panel.viewable import Viewable


def process_globals():
    config = panel.config
    return {
        **domain_globals(),
        "panel hooks": list(Viewable._preprocessing_hooks),
        "panel comm": JupyterCommManagerBinary.client_comm,
        "panel extensions": panel.state._extensions,
        "panel config": {name: getattr(config, name) for name in config.param if name != "name"},
        "holoviews backend": holoviews.Store.current_backend,
    }


before = process_globals()
names = [each.name for each in pkgutil.walk_packages(playground.__path__, "playground.")]
for name in names:
    if name != "playground.__main__":
        importlib.import_module(name)
found["changed"] = changed(before, process_globals())


async def notebook_cell():
    page = playground.Gates()
    return page.heartbeat._callback is not None


beats = asyncio.run(notebook_cell())
in_notebook, frozen_in_notebook = sys.getswitchinterval(), gc.get_freeze_count()
thresholds_in_notebook = gc.get_threshold()

from playground.pages.server import serve

serve(playground.pages.gates.GatesPage, "a page")
found |= {
    "modules": len(names),
    "beats in a notebook": beats,
    "in a notebook": in_notebook == before["switch interval"],
    "in a server": sys.getswitchinterval(),
    "frozen": [frozen_in_notebook, gc.get_freeze_count()],
    "thresholds": [thresholds_in_notebook, gc.get_threshold()],
}
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def process() -> dict[str, Any]:
    """What a fresh process finds that imports all modules, shows a page, and serves one."""
    names = [module_name(path) for path in MODULES if part(module_name(path)) in DOMAIN]
    values = [json.dumps(each) for each in (names, [*INTERFACE, "torchvision"])]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM, *values],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_predicting_and_the_domain_load_no_interface_library(process: dict[str, Any]) -> None:
    assert process["loaded by prediction"] == []
    assert process["loaded by the domain"] == []


def test_importing_every_module_changes_nothing_global(process: dict[str, Any]) -> None:
    assert process["modules"] > 300
    assert process["changed by the domain"] == []
    assert process["changed"] == []


def test_a_page_in_a_notebook_leaves_the_kernel_alone(process: dict[str, Any]) -> None:
    assert process["beats in a notebook"]
    assert process["in a notebook"]


def test_a_server_switches_threads_sooner(process: dict[str, Any]) -> None:
    assert process["in a server"] == pytest.approx(SWITCH_INTERVAL)


def test_a_server_leaves_libraries_out_of_garbage_collections(process: dict[str, Any]) -> None:
    in_notebook, in_server = process["frozen"]
    assert in_notebook == 0
    assert in_server > 100_000


def test_a_server_goes_through_the_objects_of_all_pages_rarely(process: dict[str, Any]) -> None:
    in_notebook, in_server = map(tuple, process["thresholds"])
    assert in_notebook != COLLECTION_THRESHOLDS
    assert in_server == COLLECTION_THRESHOLDS
