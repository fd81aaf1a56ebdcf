"""The benchmarks' command lines, and the keys that others rely on; not their figures."""

from __future__ import annotations

import json
import re
import runpy
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from typing import Any, NamedTuple

import pytest
import torch

from tests.support.servers.server import ROOT

BENCHMARKS = ROOT / "benchmarks"
SCRIPTS = sorted(path.name for path in BENCHMARKS.glob("[!_]*.py"))
NETS = {"a", "b", "c"}


class Output(NamedTuple):
    """What a script has printed."""

    stdout: str
    stderr: str


@pytest.fixture(scope="module")
def brief_run() -> Output:
    """Return the output of engine.py, run too briefly to mean anything, and without a peer."""
    brief = ("--rounds", "1", "--seconds", "0.01")
    out, err, threads = StringIO(), StringIO(), torch.get_num_threads()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.syspath_prepend(BENCHMARKS)
        patch.setenv("PLAYGROUND_PEER", "nowhere.mjs")
        patch.setattr(sys, "argv", ["engine.py", "--json", *brief])
        runpy.run_path(str(BENCHMARKS / "engine.py"), run_name="__main__")
    torch.set_num_threads(threads)
    return Output(out.getvalue(), err.getvalue())


@pytest.fixture
def figures(brief_run: Output) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(brief_run.stdout)
    return found


@pytest.mark.parametrize("script", SCRIPTS)
def test_help_names_the_options_all_share(
    script: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    monkeypatch.setattr(sys, "argv", [script, "--help"])
    with pytest.raises(SystemExit, match="0"):
        runpy.run_path(str(BENCHMARKS / script), run_name="__main__")
    text = capsys.readouterr().out
    assert text.startswith(f"usage: {script}")
    assert {"--quick", "--json"} <= set(re.findall(r"--\w+", text))


def test_engine_has_the_promised_keys(figures: dict[str, Any]) -> None:
    assert set(figures["one_network"]) == set(figures["vs_eager"]) == NETS
    by_net = figures["any_module_vs_eager_by_net"]
    assert figures["any_module_vs_eager"] == min(by_net["a"], by_net["b"])
    assert all(ratio > 0 for ratio in figures["vs_eager"].values())


def test_without_the_peer_its_ratios_are_null(figures: dict[str, Any]) -> None:
    assert set(figures["one_network"].values()) == {None}


def test_progress_goes_to_standard_error(brief_run: Output) -> None:
    assert len(brief_run.stdout.splitlines()) == 1
    assert "round 1 of 1" in brief_run.stderr


def test_ratios_are_medians_of_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    import _measuring

    ours, theirs = [{"a": 2.0}, {"a": 9.0}, {"a": 4.0}], [{"a": 1.0}, {"a": 3.0}, {"a": 1.0}]
    assert _measuring.median_ratios(ours, theirs) == {"a": 3.0}
    assert _measuring.medians(ours) == {"a": 4.0}
