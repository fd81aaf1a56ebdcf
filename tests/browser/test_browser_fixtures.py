"""The fixtures themselves: a fault in a page or a server must fail the test that met it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.servers.server import ROOT, PanelServer

FAULTS = ROOT / "tests" / "browser" / "faults"
OUTCOME = re.compile(r"^(PASSED|ERROR|FAILED) \S+::(\w+)", re.MULTILINE)


@pytest.fixture(scope="module")
def fault_report(browser: object) -> str:
    """Return the report of a pytest run over `faults/faulty_tests.py`, in a process of its own."""
    command = [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider"]
    command.append(str(FAULTS / "faulty_tests.py"))
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300).stdout


@pytest.fixture
def outcomes(fault_report: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for outcome, name in OUTCOME.findall(fault_report):
        found.setdefault(name, set()).add(outcome)
    return found


def test_a_page_without_faults_passes(outcomes: dict[str, set[str]]) -> None:
    assert outcomes["test_nothing"] == {"PASSED"}


@pytest.mark.parametrize("name", ["test_console", "test_exception", "test_foreign", "test_server"])
def test_each_fault_fails_its_test(
    outcomes: dict[str, set[str]], fault_report: str, name: str
) -> None:
    assert outcomes[name] == {"PASSED", "ERROR"}, fault_report


@pytest.mark.parametrize(
    "report",
    [
        "console: on purpose",
        "uncaught: on purpose",
        "request to a foreign host: http://foreign.invalid/",
        "the server logged an error",
        "ValueError: on purpose",
    ],
)
def test_each_fault_is_named(fault_report: str, report: str) -> None:
    assert report in fault_report


@pytest.mark.ui
def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    server = PanelServer(tmp_path / "missing.py", log=tmp_path / "log.txt")
    with pytest.raises(RuntimeError, match=r"did not start[\s\S]*missing\.py"):
        server.url()
