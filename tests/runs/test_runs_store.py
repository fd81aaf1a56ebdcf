"""The folder of runs: whatever happens in it, and whoever else is there."""

from __future__ import annotations

import errno
import os
import sys
import time
from pathlib import Path

import pytest

from playground.errors import InputError
from playground.runs import BrokenFile, Run, RunRecord, Store, default_folder, index
from playground.runs.atomic_files import STALE_SECONDS
from playground.runs.ids import new_id
from tests.support.data.busy_store import work_and_hang, work_on
from tests.support.data.sample_runs import make_run, record_fields, run_fields
from tests.support.servers.forked_program import FORKSERVER

BAD_IDS = [
    "",
    "x",
    "../secret",
    "/etc/passwd",
    "a" * 31,
    "a" * 33,
    "A" * 32,
    "a" * 32 + "\n",
    "%2e%2e",
]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "not" / "there yet")


def names(store: Store) -> list[str]:
    return [
        each.name if isinstance(each, RunRecord) else f"broken {each.id}" for each in store.list()
    ]


def file_of(store: Store, run: Run) -> Path:
    return store.folder / f"{run.id}.safetensors"


def files_in(store: Store) -> list[str]:
    """The files of a folder but for its index."""
    return [path.name for path in store.folder.iterdir() if path.name != index.FILE_NAME]


def test_without_a_folder_there_are_no_runs(store: Store) -> None:
    assert store.list() == ()
    assert not store.folder.exists()


def test_what_was_saved_can_be_opened(store: Store) -> None:
    run = store.save(make_run())
    assert run_fields(store.open(run.id)) == run_fields(run)
    assert [record_fields(each) for each in store.list()] == [record_fields(run)]


def test_the_newest_comes_first_and_saving_again_is_newer(store: Store) -> None:
    first, second = make_run("first"), make_run("second")
    store.save(first)
    store.save(second)
    assert names(store) == ["second", "first"]
    again = store.save(first)
    assert names(store) == ["first", "second"]
    assert again.saved > first.saved
    assert again.created == first.created


def test_a_run_gets_another_name_and_nothing_else(store: Store) -> None:
    run = store.save(make_run())
    renamed = store.rename(run.id, "  Better\tname ")
    assert renamed.name == "Better name"
    assert record_fields(store.open(run.id))[1:] == record_fields(run)[1:]
    with pytest.raises(InputError, match="needs a name"):
        store.rename(run.id, " ")
    assert names(store) == ["Better name"]


def test_a_copy_goes_its_own_way(store: Store) -> None:
    run = store.save(make_run("x" * 80))
    copy = store.duplicate(run.id)
    assert copy.id != run.id
    assert copy.name == "x" * 75 + " copy"
    store.delete(run.id)
    assert store.open(copy.id).state.tensors["0.weight"].sum() == 15


def test_deleting_twice_is_once(store: Store) -> None:
    run = store.save(make_run())
    store.delete(run.id)
    store.delete(run.id)
    assert store.list() == ()
    with pytest.raises(InputError, match="no longer there"):
        store.open(run.id)


def test_a_file_can_be_sent_to_somebody_else(store: Store, tmp_path: Path) -> None:
    run = store.save(make_run())
    there = Store(tmp_path / "elsewhere")
    taken = there.import_run(store.export(run.id), "run.safetensors")
    assert taken.name == run.name
    assert run_fields(there.open(taken.id)) == run_fields(taken)


def test_an_upload_never_takes_the_place_of_a_run(store: Store) -> None:
    run = store.save(make_run())
    assert store.import_run(store.export(run.id), "again").id != run.id
    assert len(store.list()) == 2


def test_a_broken_upload_is_named_and_not_kept(store: Store) -> None:
    run = store.save(make_run())
    with pytest.raises(InputError, match=r"“mine.safetensors” cannot be opened: it is not whole"):
        store.import_run(store.export(run.id)[:-1], "mine.safetensors")
    assert names(store) == ["A run"]


@pytest.mark.parametrize("id", BAD_IDS)
def test_only_ids_become_paths(store: Store, id: str) -> None:
    for way in (store.open, store.delete, store.export, store.duplicate):
        with pytest.raises(InputError, match="is not an id"):
            way(id)
    with pytest.raises(InputError, match="is not an id"):
        make_run(id=id)


def test_a_broken_file_is_listed_and_hides_no_other(store: Store) -> None:
    good, bad = store.save(make_run("good")), store.save(make_run("bad"))
    file_of(store, bad).write_bytes(store.export(bad.id)[:100])
    (broken,) = [each for each in store.list() if isinstance(each, BrokenFile)]
    assert broken.id == bad.id
    assert "cannot be opened" in broken.reason
    with pytest.raises(InputError):
        store.open(bad.id)
    store.delete(broken.id)
    assert [each.id for each in store.list()] == [good.id]


def test_what_is_not_a_run_is_left_alone(store: Store) -> None:
    store.save(make_run())
    for name in ("notes.txt", "model.safetensors", ".safetensors"):
        (store.folder / name).write_text("mine")
    (store.folder / f"{new_id()}.safetensors").mkdir()
    assert names(store) == ["A run"]
    assert (store.folder / "model.safetensors").read_text() == "mine"


def test_a_file_copied_by_hand_is_a_run_of_its_own(store: Store) -> None:
    run, other = store.save(make_run()), new_id()
    (store.folder / f"{other}.safetensors").write_bytes(store.export(run.id))
    assert {each.id for each in store.list()} == {run.id, other}
    assert store.open(other).id == other


def test_where_no_folder_can_be_there_is_a_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(InputError, match="Nothing can be saved"):
        Store(blocked / "runs").save(make_run())
    with pytest.raises(InputError, match="cannot be read"):
        Store(blocked).list()


def test_a_full_disk_leaves_what_was_there(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run = store.save(make_run("before"))

    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left"):
        store.rename(run.id, "after")
    assert names(store) == ["before"]
    assert files_in(store) == [f"{run.id}.safetensors"]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no forkserver")
def test_two_processes_share_a_folder_and_one_is_killed_while_it_saves(store: Store) -> None:
    shared, contested = new_id(), new_id()
    heard, told = FORKSERVER.Pipe(duplex=False)
    other = FORKSERVER.Process(
        target=work_and_hang, args=(store.folder, shared, contested, new_id(), told)
    )
    other.start()
    told.close()
    try:
        assert heard.recv() == "begins"
        work_on(store, shared, contested, new_id())
        assert heard.recv() == "has worked"
        assert heard.recv() == "written, but not in place"
    finally:
        other.kill()
        other.join()
        heard.close()
    (part,) = store.folder.glob(".*.part")
    assert names(store) == ["turn 24"]
    assert set(files_in(store)) == {part.name, f"{shared}.safetensors"}
    assert part.exists(), "somebody may still be writing it"
    long_ago = time.time() - STALE_SECONDS - 1
    os.utime(part, (long_ago, long_ago))
    assert names(store) == ["turn 24"]
    assert files_in(store) == [f"{shared}.safetensors"]


def test_the_folder_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path))
    assert Store().folder == default_folder() == tmp_path
    monkeypatch.delenv("PLAYGROUND_RUNS")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_folder().name == "runs"
    assert "playground" in default_folder().parts
