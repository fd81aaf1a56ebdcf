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
def saved(tmp_path: Path) -> Store:
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


def test_a_file_is_read_once(saved: Store, read_names: list[str]) -> None:
    runs = [saved.save(make_run(name)) for name in "abc"]
    first = [record_fields(each) for each in saved.list()]
    assert len(read_names) == 3
    assert [record_fields(each) for each in Store(saved.folder).list()] == first
    assert len(read_names) == 3
    saved.rename(runs[1].id, "B")
    saved.delete(runs[0].id)
    assert names_in(saved) == ["c", "B"]
    assert read_names[3:] == [file_of(saved, runs[1]).name]


def test_another_content_of_the_same_size_and_time_is_seen(saved: Store) -> None:
    run = saved.save(make_run("one"))
    path = file_of(saved, run)
    status = path.stat()
    assert names_in(saved) == ["one"]
    saved.rename(run.id, "two")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    assert names_in(saved) == ["two"]


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
    saved: Store,
    read_names: list[str],
    monkeypatch: pytest.MonkeyPatch,
    settings: dict[str, object],
    reason: str,
) -> None:
    saved.save(make_run("good"))
    (saved.folder / f"{new_id()}.safetensors").write_bytes(poison(settings))
    parsed: list[int] = []

    def loads(text: str) -> object:
        parsed.append(len(text))
        return json.loads(text)

    monkeypatch.setattr("playground.runs.format.json", SimpleNamespace(loads=loads))
    assert sorted(reason in each for each in names_in(saved)) == [False, True]
    assert max(parsed) <= MAX_RECORD_CHARACTERS
    assert len(read_names) == 2
    parsed.clear()
    assert sorted(reason in each for each in names_in(saved)) == [False, True]
    assert len(read_names) == 2
    assert parsed == []


@pytest.mark.parametrize(
    "content", [b"no database at all" * 99, b"SQLite format 3\0" + b"\xff" * 99]
)
def test_a_damaged_index_is_set_aside_named_and_made_anew(
    saved: Store, read_names: list[str], content: bytes
) -> None:
    saved.save(make_run("a"))
    index = saved.folder / FILE_NAME
    index.write_bytes(content)
    assert names_in(saved) == ["a"]
    (aside,) = saved.folder.glob(f"{FILE_NAME}.unreadable-*")
    assert aside.read_bytes() == content
    assert aside.name in saved.remark
    assert "no run is lost" in saved.remark
    names_in(saved)
    read_names.clear()
    assert (names_in(saved), saved.remark, read_names) == (["a"], "", [])


@pytest.mark.parametrize("text", ["", "[]", "null", '{"id": 3}', "[" * 100_000, '{"name": "b"}'])
def test_odd_entries_of_the_index_are_not_believed(
    saved: Store, read_names: list[str], text: str
) -> None:
    saved.save(make_run("a"))
    names_in(saved)
    with sqlite3.connect(saved.folder / FILE_NAME) as connection:
        connection.execute("UPDATE runs SET entry = ?", [text])
    connection.close()
    assert names_in(saved) == ["a"]
    assert len(read_names) == 2


def test_without_an_index_there_is_a_list_and_a_line_in_the_log(
    saved: Store, caplog: pytest.LogCaptureFixture
) -> None:
    saved.save(make_run("a"))
    (saved.folder / FILE_NAME).mkdir()
    assert names_in(saved) == ["a"]
    assert "can't be used" in caplog.text


def test_an_index_that_another_process_locks_is_not_waited_for_long(
    saved: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.runs.index.LOCK_SECONDS", 0.01)
    saved.save(make_run("a"))
    names_in(saved)
    other = sqlite3.connect(saved.folder / FILE_NAME)
    other.execute("BEGIN EXCLUSIVE")
    saved.save(make_run("b"))
    assert sorted(names_in(saved)) == ["a", "b"]
    other.close()


def test_a_run_that_would_be_refused_is_not_saved(saved: Store) -> None:
    with pytest.raises(InputError, match=r"1,001 settings"):
        encode_run(make_run(settings={f"k{number}": 0 for number in range(1_001)}))
