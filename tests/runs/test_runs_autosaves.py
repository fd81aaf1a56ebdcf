"""Work that is saved by itself, for each browser tab and page."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from playground.errors import InputError
from playground.runs import Autosaves, Store
from playground.runs.ids import new_id
from tests.support.data.sample_runs import make_run, run_fields


@pytest.fixture
def autosaves(tmp_path: Path) -> Autosaves:
    return Autosaves(tmp_path)


def make_older(autosaves: Autosaves, key: str, seconds: float) -> None:
    """Make all that a tab has saved older."""
    then = time.time() - seconds
    for path in autosaves.folder.glob(f"{key}-*"):
        os.utime(path, (then, then))


def test_each_tab_and_page_has_its_own(autosaves: Autosaves) -> None:
    one, other = new_id(), new_id()
    gates, points = make_run("g"), make_run("p", page="Points")
    autosaves.save(one, gates)
    autosaves.save(one, points)
    for key, page, run in ((one, "Gates", gates), (one, "Points", points)):
        found = autosaves.open(key, page)
        assert found is not None
        assert run_fields(found) == run_fields(run)
    assert autosaves.open(other, "Gates") is None
    assert autosaves.open(one, "Digits") is None


def test_only_the_latest_is_kept(autosaves: Autosaves) -> None:
    key = new_id()
    for name in ("first", "second"):
        autosaves.save(key, make_run(name))
    found = autosaves.open(key, "Gates")
    assert found is not None
    assert found.name == "second"
    assert len(list(autosaves.folder.iterdir())) == 1


def test_autosaves_are_not_listed_among_runs(autosaves: Autosaves, tmp_path: Path) -> None:
    autosaves.save(new_id(), make_run())
    assert Store(tmp_path).list() == ()


@pytest.mark.parametrize("key", ["", "../../x", "a" * 31, "A" * 32, "a" * 32 + "\n"])
def test_only_ids_become_paths(autosaves: Autosaves, key: str) -> None:
    with pytest.raises(InputError, match="is not an id"):
        autosaves.save(key, make_run())
    for way in (autosaves.open, autosaves.delete):
        with pytest.raises(InputError, match="is not an id"):
            way(key, "Gates")
    with pytest.raises(InputError, match="There is no page"):
        autosaves.open(new_id(), "../Gates")


def test_old_autosaves_are_deleted(autosaves: Autosaves) -> None:
    old, young = new_id(), new_id()
    for key, days in ((old, 31), (young, 29)):
        autosaves.save(key, make_run())
        make_older(autosaves, key, days * 24 * 3600)
    autosaves.save(new_id(), make_run())
    assert autosaves.open(old, "Gates") is None
    assert autosaves.open(young, "Gates") is not None


def test_the_oldest_beyond_the_limit_are_deleted(tmp_path: Path) -> None:
    autosaves = Autosaves(tmp_path, max_files=3)
    keys = [new_id() for _ in range(5)]
    for number, key in enumerate(keys):
        autosaves.save(key, make_run())
        make_older(autosaves, key, 100 - number)
    autosaves.save(keys[-1], make_run())
    kept = [key for key in keys if autosaves.open(key, "Gates") is not None]
    assert kept == keys[2:]


def test_a_broken_one_is_set_aside_and_named(autosaves: Autosaves) -> None:
    key = new_id()
    autosaves.save(key, make_run())
    (path,) = autosaves.folder.iterdir()
    path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(InputError, match=rf"Your last work.* kept as {path.name}\.unreadable-"):
        autosaves.open(key, "Gates")
    assert autosaves.open(key, "Gates") is None
    autosaves.save(key, make_run())
    (aside,) = autosaves.folder.glob("*.unreadable-*")
    assert aside.stat().st_size == 50
    assert autosaves.open(key, "Gates") is not None


def test_deleting_twice_is_once(autosaves: Autosaves) -> None:
    key = new_id()
    autosaves.save(key, make_run())
    autosaves.delete(key, "Gates")
    autosaves.delete(key, "Gates")
    assert autosaves.open(key, "Gates") is None
