"""What belongs to the whole process: left alone by imports, set where a page is served."""

from __future__ import annotations

import subprocess
import sys

from tests.server import ROOT

IMPORT_ALL = """
import importlib, logging, os, pkgutil, random, sys

import bokeh.plotting, holoviews, holoviews.plotting.bokeh, numpy, panel, scipy.special, torch
from bokeh.document import Document
from panel.io.notebook import JupyterCommManagerBinary
from panel.viewable import Viewable
from PIL import Image, ImageFile


def process_globals():
    config = panel.config
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
        "panel hooks": list(Viewable._preprocessing_hooks),
        "panel comm": JupyterCommManagerBinary.client_comm,
        "panel extensions": panel.state._extensions,
        "panel config": {name: getattr(config, name) for name in config.param if name != "name"},
        "holoviews backend": holoviews.Store.current_backend,
    }


before = process_globals()
import playground

names = [each.name for each in pkgutil.walk_packages(playground.__path__, "playground.")]
for name in names:
    if name != "playground.__main__":
        importlib.import_module(name)
after = process_globals()
print(len(names), *(name for name in before if before[name] != after[name]), sep="\\n")
"""

SERVED = """
import sys

import panel as pn
from bokeh.document import Document

from playground.serving.process_settings import SWITCH_INTERVAL, prepare_server_process

prepare_server_process()
assert abs(sys.getswitchinterval() - SWITCH_INTERVAL) < 1e-9
"""

NOTEBOOK = """
import asyncio, sys

from playground.pages.gates import GatesPage

interval = sys.getswitchinterval()


async def cell():
    page = GatesPage()
    assert page.heartbeat._callback is not None
    assert sys.getswitchinterval() == interval


asyncio.run(cell())
"""


def run(code: str) -> list[str]:
    """Run code in a fresh process, and return the lines that it prints."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


def test_importing_every_module_changes_nothing_global() -> None:
    count, *changed = run(IMPORT_ALL)
    assert int(count) > 300
    assert changed == []


def test_a_server_process_switches_threads_sooner() -> None:
    run(SERVED)


def test_a_page_outside_a_server_leaves_the_process_alone() -> None:
    run(NOTEBOOK)
