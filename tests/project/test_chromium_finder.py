"""Finding a Chromium: the order in which places are tried, and what is not taken for one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.browser import chromium_finder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="stands on executable scripts")


def script(path: Path, code: int = 0) -> Path:
    path.write_text(f"#!/bin/sh\nexit {code}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def empty_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return an empty folder, the only one in which a browser can be found."""
    monkeypatch.delenv("PLAYGROUND_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium_finder, "APPLICATION_PATHS", ())
    monkeypatch.setattr(chromium_finder, "playwright_chromium", lambda: iter(()))
    return tmp_path


def test_the_named_one_comes_first(empty_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(empty_path / "chromium")
    named = script(empty_path / "mine")
    monkeypatch.setenv("PLAYGROUND_CHROMIUM", str(named))
    assert chromium_finder.find_chromium() == named


def test_a_named_one_that_is_missing_is_an_error(
    empty_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(empty_path / "chromium")
    monkeypatch.setenv("PLAYGROUND_CHROMIUM", str(empty_path / "gone"))
    with pytest.raises(FileNotFoundError, match=r"PLAYGROUND_CHROMIUM=.*gone"):
        chromium_finder.find_chromium()


def test_a_command_that_does_not_start_is_passed_over(empty_path: Path) -> None:
    script(empty_path / "chromium", code=1)
    chrome = script(empty_path / "google-chrome")
    assert chromium_finder.find_chromium() == chrome


def test_playwrights_own_comes_last(empty_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = script(empty_path / "downloaded")
    monkeypatch.setattr(chromium_finder, "playwright_chromium", lambda: iter([own]))
    assert chromium_finder.find_chromium() == own
    installed = script(empty_path / "msedge")
    assert chromium_finder.find_chromium() == installed


def test_the_next_installer_is_tried_when_one_fails(
    empty_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = [[str(script(empty_path / "fails", code=1))]]
    chromium = empty_path / "chromium"
    works = [["/bin/sh", "-c", f"printf '#!/bin/sh\\n' > {chromium}; /bin/chmod +x {chromium}"]]
    monkeypatch.setattr(chromium_finder, "installers", lambda: iter([fails, works]))
    assert chromium_finder.obtain_chromium() == chromium


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("1", 1), ("", 0), ("false", 0)])
def test_a_missing_one_fails_under_ci_and_is_said_loudly_anywhere(
    empty_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    ci: str,
    code: int,
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(chromium_finder, "installers", lambda: iter(()))
    assert chromium_finder.main() == code
    assert chromium_finder.MISSING_MESSAGE in capfd.readouterr().err
