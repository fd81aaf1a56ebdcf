"""Work that saves itself: what is written when, and who brings it back."""

from __future__ import annotations

import threading
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from playground.pages.runs import autosave
from playground.pages.runs.autosave import PERIOD, Autosave
from playground.pages.runs.browser_tab import BrowserTab
from playground.runs import Autosaves, Run
from playground.runs.ids import new_id
from tests.support.data.fake_run_session import FakeHeartbeat, FakeRunSession

PATIENCE = 60.0
"""Seconds after which something that should have happened is a failure."""


class Session:
    """A page in a session, and what it was told."""

    def __init__(self, autosaves: Autosaves, page: str = "Gates") -> None:
        self.run_session, self.heartbeat, self.messages = (
            FakeRunSession(page),
            FakeHeartbeat(),
            list[str](),
        )
        self.autosave = Autosave(
            self.run_session, page, self.heartbeat, autosaves, self.messages.append
        )  # type: ignore[arg-type]

    def learn(self, steps: int) -> None:
        """Learn, and wait until that has been saved."""
        self.run_session.step_count += steps
        if (saving := self.autosave.save()) is not None:
            saving.result(PATIENCE)


@pytest.fixture
def autosaves(tmp_path: Path) -> Autosaves:
    return Autosaves(tmp_path)


@pytest.fixture
def key() -> str:
    return new_id()


def saved_steps(autosaves: Autosaves, key: str) -> int | None:
    run = autosaves.open(key, "Gates")
    return None if run is None else run.state.numbers["step"]


def test_work_is_back_in_a_new_session(autosaves: Autosaves, key: str) -> None:
    before = Session(autosaves)
    before.autosave.begin(key)
    assert before.messages == []
    before.learn(30)
    del before
    after = Session(autosaves)
    after.autosave.begin(key)
    assert after.run_session.step_count == 30
    assert after.messages == ["Your work was restored from the last autosave."]


def test_nothing_is_written_before_the_tab_is_known(autosaves: Autosaves) -> None:
    session = Session(autosaves)
    session.learn(5)
    assert session.run_session.capture_count == 0
    assert not autosaves.folder.exists()


def test_nothing_is_written_while_nothing_is_learned(autosaves: Autosaves, key: str) -> None:
    session = Session(autosaves)
    session.autosave.begin(key)
    session.learn(0)
    assert saved_steps(autosaves, key) is None
    session.learn(5)
    session.learn(0)
    assert session.run_session.capture_count == 1


def test_a_pause_saves(autosaves: Autosaves, key: str) -> None:
    session = Session(autosaves)
    session.autosave.begin(key)
    session.heartbeat.running = True
    session.run_session.step_count = 12
    session.heartbeat.running = False
    assert session.autosave._saving is not None
    session.autosave._saving.result(PATIENCE)
    assert saved_steps(autosaves, key) == 12


def test_no_save_starts_while_one_is_under_way(autosaves: Autosaves, key: str) -> None:
    session, go = Session(autosaves), threading.Event()
    session.autosave.begin(key)
    take = session.run_session.capture_run

    def slow(name: str) -> Run:
        assert go.wait(PATIENCE)
        return take(name)

    session.run_session.capture_run = slow  # type: ignore[method-assign]
    session.run_session.step_count = 1
    session.autosave.save_if_idle()
    first = session.autosave._saving
    session.run_session.step_count = 2
    session.autosave.save_if_idle()
    assert session.autosave._saving is first
    last = session.autosave.save()
    go.set()
    last.result(PATIENCE)
    assert saved_steps(autosaves, key) == 2


def test_an_earlier_session_of_the_tab_hands_over(autosaves: Autosaves, key: str) -> None:
    before = Session(autosaves)
    before.autosave.begin(key)
    before.heartbeat.running = True
    before.run_session.step_count = 40
    after = Session(autosaves)
    after.autosave.begin(key)
    assert after.run_session.step_count == 40, "what was not yet saved comes along"
    after.learn(1)
    before.learn(100)
    assert saved_steps(autosaves, key) == 41


def test_a_session_in_another_process_takes_over(
    autosaves: Autosaves, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the first one learns after that is not saved, and it stops and says so."""
    before, after = Session(autosaves), Session(autosaves)
    before.autosave.begin(key)
    before.learn(40)
    monkeypatch.setattr(autosave, "_active_autosaves", {})  # which another process does not see
    after.autosave.begin(key)
    assert after.run_session.step_count == 40
    before.heartbeat.running = True
    before.learn(100)
    assert not before.heartbeat.running
    assert before.messages == [autosave.CONTINUED_ELSEWHERE]
    assert saved_steps(autosaves, key) == 40
    after.learn(1)
    after.learn(1)
    assert saved_steps(autosaves, key) == 42


def test_tabs_and_pages_do_not_disturb_each_other(autosaves: Autosaves, key: str) -> None:
    gates, points, other = Session(autosaves), Session(autosaves, "Points"), Session(autosaves)
    gates.autosave.begin(key)
    points.autosave.begin(key)
    other.autosave.begin(new_id())
    for session, steps in ((gates, 1), (points, 2), (other, 3)):
        session.learn(steps)
    assert saved_steps(autosaves, key) == 1
    assert len(list(autosaves.folder.iterdir())) == 3


def test_what_is_not_wanted_is_not_brought_back(autosaves: Autosaves, key: str) -> None:
    before = Session(autosaves)
    before.autosave.begin(key)
    before.learn(30)
    after = Session(autosaves)
    after.autosave.begin(key, should_restore=lambda run: run.state.numbers["step"] != 30)
    assert after.run_session.step_count == 0
    after.learn(0)
    assert saved_steps(autosaves, key) == 30, "still there until something is learned"
    after.learn(7)
    assert saved_steps(autosaves, key) == 7


def test_progress_since_opening_is_not_overwritten(autosaves: Autosaves, key: str) -> None:
    before = Session(autosaves)
    before.autosave.begin(key)
    before.learn(30)
    after = Session(autosaves)
    after.run_session.step_count = 3
    after.autosave.begin(key)
    assert after.run_session.step_count == 3


def test_a_broken_autosave_is_reported_and_the_next_one_is_written(
    autosaves: Autosaves, key: str
) -> None:
    before = Session(autosaves)
    before.autosave.begin(key)
    before.learn(30)
    (path,) = autosaves.folder.iterdir()
    path.write_bytes(b"?")
    after = Session(autosaves)
    after.autosave.begin(key)
    assert "Your last work" in after.messages[0]
    after.learn(2)
    assert saved_steps(autosaves, key) == 2


def test_work_that_does_not_fit_is_reported(autosaves: Autosaves, key: str) -> None:
    before = Session(autosaves)
    before.autosave.begin(key)
    before.learn(30)
    after = Session(autosaves)
    after.run_session.page = "Digits"
    after.autosave.begin(key)
    assert after.messages == [
        "Your last work could not be restored: This run belongs on the page Gates."
    ]


def test_each_save_and_each_failed_one_is_reported(tmp_path: Path, key: str) -> None:
    folder, messages, saved = tmp_path / "file", Queue[str](), Queue[str]()
    session = Session(Autosaves(folder))
    session.autosave._notify, session.autosave._on_saved = messages.put, saved.put
    session.autosave.begin(key)
    session.run_session.step_count = 1
    folder.write_text("")
    session.autosave.save()
    assert "Autosave failed: Nothing can be saved" in messages.get(timeout=PATIENCE)
    assert "Nothing can be saved" in saved.get(timeout=PATIENCE)
    folder.unlink()
    session.autosave.save()
    assert saved.get(timeout=PATIENCE) == ""
    assert messages.empty()


def test_a_hostile_tab_gets_nowhere(autosaves: Autosaves) -> None:
    session = Session(autosaves)
    session.autosave.begin("../../etc")
    assert "is not an id" in session.messages[0]


def test_a_tab_is_known_once(key: str) -> None:
    known: list[tuple[str, bool]] = []
    tab = BrowserTab(lambda *given: known.append(given))
    ids: list[Any] = [None, 3, "../x", key.upper(), key, new_id()]
    messages: list[Any] = [
        None,
        key,
        {"id": key},
        *({"tab": each, "reloaded": True} for each in ids),
    ]
    for message in messages:
        tab._handle_msg(message)
    assert known == [(key, True)]
    assert tab.tab_id == key


def test_work_is_saved_at_least_every_five_seconds() -> None:
    assert PERIOD <= 5_000
