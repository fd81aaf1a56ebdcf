"""A disk that is full or read-only, and folders that vanish: a sentence, and nothing is lost."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from playground.errors import InputError
from playground.runs import Autosaves, Shares, Store
from playground.runs.ids import new_id
from playground.training.images import Corrections
from playground.unreadable_files import set_aside
from tests.support.data.sample_runs import make_run

PICTURE = np.eye(28, dtype=np.uint8) * 255
ID = "a" * 32


def save_run(folder: Path, name: str) -> None:
    Store(folder).save(make_run(name, id=ID))


def autosave(folder: Path, name: str) -> None:
    Autosaves(folder).save(ID, make_run(name))


def correct(folder: Path, name: str) -> None:
    Corrections(folder / "corrections.npz").add(PICTURE, 1, name)


def share(folder: Path, name: str) -> None:
    Shares(folder, folder / "links").share(new_id(), name)


WRITERS = [save_run, autosave, correct, share]


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("call", ["mkdir", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
def test_what_can_not_be_written_is_a_sentence_and_leaves_what_was_there(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    write: Callable[[Path, str], None],
    call: str,
    number: int,
) -> None:
    write(tmp_path, "Gates")
    before = files_of(tmp_path)

    def fail(*_arguments: Any, **_more: Any) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(Path if call == "mkdir" else os, call, fail)
        with pytest.raises(InputError, match=os.strerror(number)) as refused:
            write(tmp_path, "Points")
    assert str(tmp_path) not in str(refused.value)
    assert str(tmp_path) in caplog.text
    assert files_of(tmp_path) == before
    write(tmp_path, "Points")


@pytest.mark.parametrize("write", WRITERS)
def test_a_folder_that_vanishes_is_made_anew(
    tmp_path: Path, write: Callable[[Path, str], None]
) -> None:
    folder = tmp_path / "data"
    write(folder, "Gates")
    shutil.rmtree(folder)
    assert Store(folder).list() == ()
    assert Autosaves(folder).open(ID, "Gates") is None
    assert Corrections(folder / "corrections.npz").items == ()
    write(folder, "Gates")
    assert files_of(folder)


def test_corrections_go_on_where_their_file_vanishes(tmp_path: Path) -> None:
    path = tmp_path / "corrections.npz"
    corrections = Corrections(path)
    corrections.add(PICTURE, 1, "1")
    path.unlink()
    corrections.add(PICTURE, 2, "2")
    assert [each.label for each in corrections.items] == [1, 2]
    assert [each.label for each in Corrections(path).items] == [2]


def test_corrections_that_can_not_be_read_now_are_left_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "corrections.npz"
    Corrections(path).add(PICTURE, 1, "1")
    with monkeypatch.context() as patch:
        patch.setattr("zipfile.ZipFile", _not_permitted)
        corrections = Corrections(path)
        assert "can't be read: Permission denied" in corrections.remark
        with pytest.raises(InputError, match="Permission denied"):
            corrections.add(PICTURE, 2, "2")
    assert [each.label for each in Corrections(path).items] == [1]


def _not_permitted(*_arguments: object) -> None:
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def test_what_is_set_aside_keeps_its_content_and_never_replaces_another(tmp_path: Path) -> None:
    path = tmp_path / "file.npz"
    names = []
    for content in ("first", "second", "third"):
        path.write_text(content)
        names.append(set_aside(path, "a test"))
        assert not path.exists()
    assert [(tmp_path / name).read_text() for name in names] == ["first", "second", "third"]
    assert all(name.startswith("file.npz.unreadable-") for name in names)


def test_what_can_not_be_renamed_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file.npz"
    path.write_text("content")

    def fail(*_arguments: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "rename", fail)
    assert set_aside(path, "a test") == path.name
    assert path.read_text() == "content"
