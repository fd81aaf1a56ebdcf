"""The import arrows of docs/architecture.md: one way, no circles, modules that fit a screen."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.server import ROOT

PACKAGE = ROOT / "playground"
MODULES = sorted(PACKAGE.rglob("*.py"))
MAX_LINES = 400

# A part imports from its own and from those with a lower number; equal numbers are strangers.
# Modules right inside `playground` count as parts, and so does `playground` itself.
LEVELS = {
    "errors": 0,
    "torch_kernels": 0,
    "settings": 1,
    "problems": 1,
    "networks": 1,
    "ink": 1,
    "training": 2,
    "prediction": 2,
    "pretraining": 3,
    "runs": 3,
    "serving": 3,
    "views": 4,
    "export": 5,
    "pages": 6,
    "playground": 7,
    "cli": 8,
    "__main__": 9,
}
DOMAIN = {
    "errors",
    "torch_kernels",
    "settings",
    "problems",
    "networks",
    "ink",
    "training",
    "prediction",
    "pretraining",
    "runs",
}
INTERFACE = {"panel", "panel_material_ui", "holoviews", "bokeh"}


def dotted(path: Path) -> str:
    """Return the module name of a file, such as `playground.views.theme`."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def part(module: str) -> str:
    """Return the part of the program that a module of `playground` belongs to."""
    return [*module.split("."), "playground"][1]


def imports(path: Path) -> Iterator[str]:
    """Yield every module the file imports, wherever in it; names of functions too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute here"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_imports(path: Path) -> set[str]:
    """Return the modules of `playground` that the file imports."""
    known = {dotted(module) for module in MODULES}
    found = set()
    for name in imports(path):
        if name.split(".")[0] == "playground":
            found.add(name if name in known else name.rpartition(".")[0])
    return found


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_arrows_run_one_way(path: Path) -> None:
    here = part(dotted(path))
    assert here in LEVELS, f"say in LEVELS where {here} stands"
    for name in own_imports(path):
        there = part(name)
        assert there == here or LEVELS[there] < LEVELS[here], f"{here} imports {name}"


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = {dotted(path): own_imports(path) - {dotted(path)} for path in MODULES}
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize(
    "path", [path for path in MODULES if part(dotted(path)) in DOMAIN], ids=dotted
)
def test_the_domain_names_no_interface_library(path: Path) -> None:
    assert not {name.split(".")[0] for name in imports(path)} & INTERFACE


def test_the_domain_loads_no_interface_library() -> None:
    names = [dotted(path) for path in MODULES if part(dotted(path)) in DOMAIN]
    program = (
        "import importlib, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        f"print(*sorted({INTERFACE!r} & set(sys.modules)))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True
    )
    assert loaded.returncode == 0, loaded.stderr
    assert loaded.stdout.split() == []


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_modules_stay_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= MAX_LINES


@pytest.mark.parametrize("path", sorted((PACKAGE / "training" / "core").rglob("*.py")), ids=dotted)
def test_the_core_of_training_knows_no_kind_of_trainer(path: Path) -> None:
    found = {name for name in own_imports(path) if re.search(r"training\.(dense|images)\.", name)}
    # Its rules about layers need the type of what they look at.
    if path.name == "diagnosis.py":
        found -= {"playground.training.dense.frame"}
    assert not found
