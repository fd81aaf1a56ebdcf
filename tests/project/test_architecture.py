"""The import arrows of docs/architecture.md: one way, no circles, modules that fit a screen."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

from tests.support.servers.server import ROOT

PACKAGE = ROOT / "playground"
MODULES = sorted(PACKAGE.rglob("*.py"))
MAX_LINES = 400
KIND_OF_TRAINER = re.compile(r"training\.(dense|images)\.")

# A part imports from its own and from those with a lower number; equal numbers are strangers.
# Modules right inside `playground` count as parts, and so does `playground` itself.
LEVELS = {
    "errors": 0,
    "deadlines": 1,
    "safetensors_header": 1,
    "torch_internals": 1,
    "unreadable_files": 1,
    "number_text": 0,
    "seeds": 0,
    "settings": 2,
    "problems": 2,
    "networks": 2,
    "ink": 2,
    "training": 3,
    "prediction": 3,
    "classroom": 4,
    "pretraining": 4,
    "runs": 4,
    "serving": 4,
    "trials": 5,
    "views": 5,
    "export": 6,
    "pages": 7,
    "playground": 8,
    "cli": 9,
    "__main__": 10,
}
DOMAIN = {
    "errors",
    "deadlines",
    "safetensors_header",
    "torch_internals",
    "unreadable_files",
    "number_text",
    "seeds",
    "settings",
    "problems",
    "networks",
    "ink",
    "training",
    "prediction",
    "pretraining",
    "runs",
    "classroom",
    "trials",
}
INTERFACE = {"panel", "panel_material_ui", "holoviews", "bokeh"}


def module_name(path: Path) -> str:
    """Return the module name of a file, such as `playground.views.theme`."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


def part(module: str) -> str:
    """Return the part of the program that a module of `playground` belongs to."""
    return [*module.split("."), "playground"][1]


NAMES = {module_name(path) for path in MODULES}


@cache
def nodes(path: Path) -> tuple[ast.Import | ast.ImportFrom | ast.Attribute, ...]:
    """Return the imports and the attributes that a file names."""
    kinds = (ast.Import, ast.ImportFrom, ast.Attribute)
    return tuple(node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, kinds))


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Return every module the file imports, wherever in it; names of functions too."""
    found: list[str] = []
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute here"
            found += (f"{node.module}.{alias.name}" for alias in node.names)
    return tuple(found)


@cache
def own_imports(path: Path) -> set[str]:
    """Return the modules of `playground` that the file imports."""
    found = set()
    for name in imports(path):
        if name.split(".")[0] == "playground":
            found.add(name if name in NAMES else name.rpartition(".")[0])
    return found


def wrong_imports(path: Path) -> Iterator[str]:
    """Yield a sentence on each import of the file that goes against the levels."""
    here = part(module_name(path))
    if here not in LEVELS:
        yield f"{module_name(path)}: say in LEVELS where {here} stands"
        return
    for name in sorted(own_imports(path)):
        there = part(name)
        if there != here and LEVELS.get(there, len(LEVELS)) >= LEVELS[here]:
            yield f"{module_name(path)} imports {name}"


def test_arrows_run_one_way() -> None:
    assert [line for path in MODULES for line in wrong_imports(path)] == []


def test_no_module_imports_itself_by_way_of_others() -> None:
    graph = {module_name(path): own_imports(path) - {module_name(path)} for path in MODULES}
    TopologicalSorter(graph).prepare()


def test_the_domain_names_no_interface_library() -> None:
    assert [
        f"{module_name(path)} imports {name}"
        for path in MODULES
        if part(module_name(path)) in DOMAIN
        for name in imports(path)
        if name.split(".")[0] in INTERFACE
    ] == []


def test_modules_stay_short() -> None:
    lengths = {module_name(path): len(path.read_text().splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}


def private_names_of_pytorch(path: Path) -> Iterator[str]:
    """Yield the private names of PyTorch that the file imports, or reaches from a module of it."""
    yield from (name for name in imports(path) if re.match(r"torch\b.*\._", name))
    for node in nodes(path):
        # To write out every attribute takes a second.
        is_private = isinstance(node, ast.Attribute) and re.match(r"_(?!_)", node.attr)
        if is_private and re.fullmatch(
            r"(torch|nn|functional|fx)(\.\w+)*\.\w+", name := ast.unparse(node)
        ):
            yield name


def test_private_names_of_pytorch_stand_in_one_package() -> None:
    found = {module_name(path): [*private_names_of_pytorch(path)] for path in MODULES}
    packages = {".".join(name.split(".")[:2]) for name in found if found[name]}
    assert packages == {"playground.torch_internals"}, found


def test_the_core_of_training_knows_no_kind_of_trainer() -> None:
    imported = {
        module_name(path): {name for name in own_imports(path) if KIND_OF_TRAINER.search(name)}
        for path in sorted((PACKAGE / "training" / "core").rglob("*.py"))
    }
    assert {name: found for name, found in imported.items() if found} == {}


def test_only_the_command_line_imports_the_making_of_the_shipped_weights() -> None:
    importers = {
        part(module_name(path))
        for path in MODULES
        if any(part(name) == "pretraining" for name in own_imports(path))
    }
    assert importers == {"pretraining", "cli"}
