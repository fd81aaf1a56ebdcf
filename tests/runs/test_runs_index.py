"""The index of a folder of runs: it spares reading, and is never believed against the files."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest
import safetensors.torch
import torch

from playground.errors import InputError
from playground.runs import BrokenFile, Run, Store, store
from playground.runs.format import MAX_RECORD_CHARACTERS, encode_run
from playground.runs.ids import new_id
from playground.runs.index import FILE_NAME
from playground.runs.record_json import to_json
from tests.support.data.sample_runs import make_run, record_fields


@pytest.fixture
def store_of_runs(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def read_names(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are read, as they are."""
    names: list[str] = []
    read = store._read_file

    def note(path: Path) -> object:
        names.append(path.name)
        return read(path)

    monkeypatch.setattr(store, "_read_file", note)
    return names


def file_of(saved: Store, run: Run) -> Path:
    return saved.folder / f"{run.id}.safetensors"


def names_in(saved: Store) -> list[str]:
    return [each.reason if isinstance(each, BrokenFile) else each.name for each in saved.list()]


def test_a_file_is_read_once(store_of_runs: Store, read_names: list[str]) -> None:
    runs = [store_of_runs.save(make_run(name)) for name in "abc"]
    first = [record_fields(each) for each in store_of_runs.list()]
    assert len(read_names) == 3
    assert [record_fields(each) for each in Store(store_of_runs.folder).list()] == first
    assert len(read_names) == 3
    store_of_runs.rename(runs[1].id, "B")
    store_of_runs.delete(runs[0].id)
    assert names_in(store_of_runs) == ["c", "B"]
    assert read_names[3:] == [file_of(store_of_runs, runs[1]).name]


def test_another_content_of_the_same_size_and_time_is_seen(store_of_runs: Store) -> None:
    run = store_of_runs.save(make_run("one"))
    path = file_of(store_of_runs, run)
    status = path.stat()
    assert names_in(store_of_runs) == ["one"]
    store_of_runs.rename(run.id, "two")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    assert names_in(store_of_runs) == ["two"]


def poison(settings: dict[str, object]) -> bytes:
    """A file of a run with these settings, which is not made by `encode_run`."""
    run = make_run()
    record = json.dumps({**to_json(run), "settings": settings})
    metadata = {"playground": "1", "record": record, "numbers": "{}", "extra": "{}"}
    return safetensors.torch.save({"x": torch.zeros(1)}, {**metadata, "checksum": "0"})


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({f"k{number}": [{}] * 6 for number in range(90_000)}, "its record has"),
        ({f"k{number}": 0 for number in range(1_001)}, "it has 1,001 settings"),
    ],
)
def test_a_file_made_to_be_slow_is_named_and_not_read_again(
    store_of_runs: Store,
    read_names: list[str],
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, object],
    reason: str,
) -> None:
    store_of_runs.save(make_run("good"))
    (store_of_runs.folder / f"{new_id()}.safetensors").write_bytes(poison(settings))
    parsed: list[int] = []

    def loads(text: str) -> object:
        parsed.append(len(text))
        return json.loads(text)

    monkeypatch.setattr("playground.runs.format.json", SimpleNamespace(loads=loads))
    assert sorted(reason in each for each in names_in(store_of_runs)) == [False, True]
    assert max(parsed) <= MAX_RECORD_CHARACTERS
    assert len(read_names) == 2
    parsed.clear()
    assert sorted(reason in each for each in names_in(store_of_runs)) == [False, True]
    assert len(read_names) == 2
    assert parsed == []


@pytest.mark.parametrize(
    "content", [b"no database at all" * 99, b"SQLite format 3\0" + b"\xff" * 99]
)
def test_a_damaged_index_is_set_aside_named_and_made_anew(
    store_of_runs: Store, read_names: list[str], content: bytes
) -> None:
    store_of_runs.save(make_run("a"))
    index = store_of_runs.folder / FILE_NAME
    index.write_bytes(content)
    assert names_in(store_of_runs) == ["a"]
    (aside,) = store_of_runs.folder.glob(f"{FILE_NAME}.unreadable-*")
    assert aside.read_bytes() == content
    assert aside.name in store_of_runs.remark
    assert "no run is lost" in store_of_runs.remark
    names_in(store_of_runs)
    read_names.clear()
    assert (names_in(store_of_runs), store_of_runs.remark, read_names) == (["a"], "", [])


@pytest.mark.parametrize("text", ["", "[]", "null", '{"id": 3}', "[" * 100_000, '{"name": "b"}'])
def test_odd_entries_of_the_index_are_not_believed(
    store_of_runs: Store, read_names: list[str], text: str
) -> None:
    store_of_runs.save(make_run("a"))
    names_in(store_of_runs)
    with sqlite3.connect(store_of_runs.folder / FILE_NAME) as connection:
        connection.execute("UPDATE runs SET entry = ?", [text])
    connection.close()
    assert names_in(store_of_runs) == ["a"]
    assert len(read_names) == 2


def test_without_an_index_there_is_a_list_and_a_line_in_the_log(
    store_of_runs: Store, caplog: pytest.LogCaptureFixture
) -> None:
    store_of_runs.save(make_run("a"))
    (store_of_runs.folder / FILE_NAME).mkdir()
    assert names_in(store_of_runs) == ["a"]
    assert "can't be used" in caplog.text


def test_an_index_that_another_process_locks_is_not_waited_for_long(
    store_of_runs: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.runs.index.LOCK_SECONDS", 0.01)
    store_of_runs.save(make_run("a"))
    names_in(store_of_runs)
    other = sqlite3.connect(store_of_runs.folder / FILE_NAME)
    other.execute("BEGIN EXCLUSIVE")
    store_of_runs.save(make_run("b"))
    assert sorted(names_in(store_of_runs)) == ["a", "b"]
    other.close()


def test_a_run_that_would_be_refused_is_not_saved(store_of_runs: Store) -> None:
    with pytest.raises(InputError, match=r"1,001 settings"):
        encode_run(make_run(settings={f"k{number}": 0 for number in range(1_001)}))
