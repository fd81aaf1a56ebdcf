"""Uploads are counted for each person, and forgotten after an hour."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from playground.errors import InputError
from playground.pages.controls.uploads import file_dropper
from playground.pages.controls.uploads.file_dropper import FileUpload
from playground.serving.identity.person import Person
from playground.serving.protection import upload_quota
from playground.serving.protection.upload_quota import HOUR, count_upload
from playground.serving.settings.server_settings import server_settings
from tests.support.clock import Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(1000.0)
    monkeypatch.setattr(upload_quota, "time", SimpleNamespace(monotonic=clock))
    monkeypatch.setattr(upload_quota, "_uploads", {})
    monkeypatch.setattr(server_settings(), "max_uploads_per_hour", 3)
    return clock


@pytest.fixture
def who(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    who = SimpleNamespace(name="ada")
    monkeypatch.setattr(
        upload_quota, "current_person", lambda: Person(who.name, True) if who.name else None
    )
    return who


def test_one_upload_too_many_is_refused_until_the_first_is_an_hour_old(
    clock: Clock, who: SimpleNamespace
) -> None:
    for _ in range(3):
        count_upload()
        clock.now += 60
    with pytest.raises(InputError, match=r"uploaded 3 files .* possible in 57 minutes"):
        count_upload()
    who.name = "grace"
    count_upload()
    who.name = "ada"
    clock.now = 1000 + HOUR
    count_upload()
    with pytest.raises(InputError):
        count_upload()
    clock.now += 2 * HOUR
    who.name = "grace"
    count_upload()
    assert list(upload_quota._uploads) == ["grace"]


def test_the_local_user_is_not_counted(clock: Clock, who: SimpleNamespace) -> None:
    who.name = ""
    for _ in range(9):
        count_upload()
    assert upload_quota._uploads == {}


def send(
    upload: FileUpload, name: str, number: int = 1, total: int = 1, data: bytes = b"x"
) -> None:
    """Send a piece of a file as Panel's FileDropper does."""
    values = {"chunk": number, "total_chunks": total, "data": data}
    chunk = {"name": name, "type": "text/csv", **values}
    upload._process_event(SimpleNamespace(event_name="upload_event", data=chunk))


def test_two_files_of_one_name_are_not_mixed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever piece comes first; and one by itself afterwards arrives whole."""
    clock = Clock()
    monkeypatch.setattr(file_dropper, "time", SimpleNamespace(monotonic=clock))
    upload = FileUpload(4)
    for number, data in ((1, b"a"), (1, b"b"), (2, b"a"), (2, b"b")):
        send(upload, "same.csv", number, 2, data)
        clock.now += 1
    assert "Two files of the same name" in upload.refusal
    assert upload.take() == []
    send(upload, "other.csv", data=b"c")
    clock.now += file_dropper.QUIET_SECONDS
    for number in (1, 2):
        send(upload, "same.csv", number, 2, b"d")
    assert upload.take() == [("other.csv", b"c"), ("same.csv", b"dd")]
    send(upload, "stuck.csv", 1, 2, b"e")
    clock.now += file_dropper.STALE_SECONDS
    for number in (1, 2):
        send(upload, "stuck.csv", number, 2, b"f")
    assert upload.take() == [("stuck.csv", b"ff")]


@pytest.mark.usefixtures("clock")
def test_the_widget_refuses_what_is_one_too_many_in_a_sentence(who: SimpleNamespace) -> None:
    upload = FileUpload(1)
    for number in range(3):
        send(upload, f"{number}.csv")
    assert upload.refusal == ""
    send(upload, "too-many.csv")
    assert "uploaded 3 files" in upload.refusal
    assert [name for name, _content in upload.take()] == ["0.csv", "1.csv", "2.csv"]
    assert who.name == "ada"
