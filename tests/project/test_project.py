"""The project's own files: dependencies declared once and repeated truly, scripts that run."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.servers.server import ROOT

CONDA_NAMES = {"prometheus-client": "prometheus_client", "torch": "pytorch"}
IMPORT_NAMES = {
    "markdown-it-py": "markdown_it",
    "pillow": "PIL",
    "scikit-learn": "sklearn",
    "umap-learn": "umap",
}
# umap-learn compiles for a minute when first used, so it is left to those who want it.
OPTIONAL = ("notebook", "onnx", "sweep", "tensorboard")
REQUIREMENT = re.compile(r"^([A-Za-z0-9_.-]+)\s*(.*)$")

Requirements = dict[str, frozenset[str]]


def read_toml() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def read_yaml(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / name).read_text())
    return loaded


def parse(requirements: list[str]) -> Requirements:
    """Map each package to its version clauses, in any order and spacing."""
    parsed = {}
    for requirement in requirements:
        matched = REQUIREMENT.match(requirement)
        assert matched, requirement
        clauses = matched[2].replace(" ", "").split(",")
        parsed[matched[1].lower()] = frozenset(filter(None, clauses))
    assert len(parsed) == len(requirements), "a package is named twice"
    return parsed


def declared_requirements(*extras: str) -> Requirements:
    """Return what pyproject.toml asks for, Python included, under conda's names."""
    project = read_toml()["project"]
    wanted = [*project["dependencies"], f"python{project['requires-python']}"]
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    return {CONDA_NAMES.get(name, name): clauses for name, clauses in parse(wanted).items()}


def test_environment_agrees_with_pyproject() -> None:
    assert parse(read_yaml("environment.yml")["dependencies"]) == declared_requirements(
        *OPTIONAL, "test"
    )


def test_anaconda_project_agrees_with_pyproject() -> None:
    project = read_yaml("anaconda-project.yml")
    assert parse(project["packages"]) == declared_requirements(*OPTIONAL)
    test_packages = project["env_specs"]["test"]["packages"]
    assert parse(test_packages) == parse(read_toml()["project"]["optional-dependencies"]["test"])


def test_anaconda_project_works_as_an_environment_file() -> None:
    project = read_yaml("anaconda-project.yml")
    assert project["dependencies"] == project["packages"]
    assert set(project["commands"]) == {"dashboard", "notebook", "test"}
    specs = {command["env_spec"] for command in project["commands"].values()}
    assert specs <= set(project["env_specs"])
    assert project["channels"] == read_yaml("environment.yml")["channels"]


def imported_names(path: Path) -> set[str]:
    """Return the top-level packages that the file imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("folder", ["playground", "apps"])
def test_every_imported_package_is_declared(folder: str) -> None:
    names = {
        IMPORT_NAMES.get(name, name.replace("-", "_"))
        for name in declared_requirements(*OPTIONAL, "umap")
    }
    allowed = (names - {"pytorch"}) | {"torch", "playground"} | sys.stdlib_module_names
    for path in (ROOT / folder).rglob("*.py"):
        assert imported_names(path) <= allowed, path


def test_torch_and_torchvision_are_a_pair() -> None:
    # A pair that does not fit fails on the first operator that torchvision brings.
    import torch
    from torchvision.ops import nms

    boxes = torch.tensor([[0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0], [2.0, 2.0, 3.0, 3.0]])
    assert nms(boxes, torch.tensor([0.8, 0.9, 0.7]), 0.5).tolist() == [1, 2]


@pytest.mark.parametrize(
    ("version", "objection"),
    [("(3, 10)", "is Python 3.10, which is too old"), ("(3, 14)", "is Python 3.14, for which")],
)
@pytest.mark.skipif(sys.platform == "win32", reason="make and sh are not Windows' own")
def test_an_unfit_python_is_named(tmp_path: Path, version: str, objection: str) -> None:
    stub = tmp_path / "python"
    stub.write_text(
        f'#!/bin/sh\n[ "$1" = - ] || exit 0\n'
        f"{{ echo 'import sys; from collections import namedtuple';"
        f' echo \'sys.version_info = namedtuple("V", "major minor")(*{version})\'; cat; }}'
        f" | {sys.executable} -\n"
    )
    stub.chmod(0o755)
    made = subprocess.run(
        [ROOT / "scripts" / "make-venv", tmp_path / "venv"],
        env={"PYTHON": str(stub), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert made.returncode == 1
    assert f"{stub} {objection}" in made.stderr
    assert not (tmp_path / "venv").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="make and sh are not Windows' own")
def test_make_keeps_an_environment_that_is_already_there(tmp_path: Path) -> None:
    python = tmp_path / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\nexit 0\n")
    python.chmod(0o755)
    folder = python.parents[1]
    subprocess.run(["make", f"VENV={folder}", f"{folder}/.made"], cwd=ROOT, check=True)
    assert python.read_text() == "#!/bin/sh\nexit 0\n"
    assert (folder / ".made").exists()
