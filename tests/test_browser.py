"""Finding a Chromium: the order in which places are tried, and what is not taken for one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests import browser

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="stands on executable scripts")


def script(path: Path, code: int = 0) -> Path:
    path.write_text(f"#!/bin/sh\nexit {code}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return an empty folder, the only one in which a browser can be found."""
    monkeypatch.delenv("PLAYGROUND_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browser, "PLACES", ())
    monkeypatch.setattr(browser, "playwrights_own", lambda: iter(()))
    return tmp_path


def test_the_named_one_comes_first(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(machine / "chromium")
    named = script(machine / "mine")
    monkeypatch.setenv("PLAYGROUND_CHROMIUM", str(named))
    assert browser.find_chromium() == named


def test_a_named_one_that_is_missing_is_an_error(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(machine / "chromium")
    monkeypatch.setenv("PLAYGROUND_CHROMIUM", str(machine / "gone"))
    with pytest.raises(FileNotFoundError, match=r"PLAYGROUND_CHROMIUM=.*gone"):
        browser.find_chromium()


def test_a_command_that_does_not_start_is_passed_over(machine: Path) -> None:
    script(machine / "chromium", code=1)
    chrome = script(machine / "google-chrome")
    assert browser.find_chromium() == chrome


def test_playwrights_own_comes_last(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = script(machine / "downloaded")
    monkeypatch.setattr(browser, "playwrights_own", lambda: iter([own]))
    assert browser.find_chromium() == own
    installed = script(machine / "msedge")
    assert browser.find_chromium() == installed


def test_the_next_installer_is_tried_when_one_fails(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = [[str(script(machine / "fails", code=1))]]
    chromium = machine / "chromium"
    works = [["/bin/sh", "-c", f"printf '#!/bin/sh\\n' > {chromium}; /bin/chmod +x {chromium}"]]
    monkeypatch.setattr(browser, "installers", lambda: iter([fails, works]))
    assert browser.obtain_chromium() == chromium


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("1", 1), ("", 0), ("false", 0)])
def test_a_missing_one_fails_under_ci_and_is_said_loudly_anywhere(
    machine: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    ci: str,
    code: int,
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(browser, "installers", lambda: iter(()))
    assert browser.main() == code
    assert browser.MISSING in capfd.readouterr().err
