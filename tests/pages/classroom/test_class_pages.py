"""Classes on pages, without a browser: links for all, texts of pupils, the operator's part."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.classroom import Lesson, PupilState, ShownWork, Work
from playground.errors import InputError
from playground.pages.classroom import lessons_here, membership
from playground.pages.classroom.board import counts_html
from playground.pages.classroom.class_card import ClassCard, shown_html
from playground.pages.classroom.follow_link import FOLLOWED, follow_link
from playground.pages.classroom.link_field import checked_query
from playground.pages.classroom.membership import Membership, SinglePage
from playground.pages.classroom.pupil_tiles import PupilTiles, tile_words
from playground.pages.classroom.pupil_view import NO_NETWORK, state_html
from playground.pages.gates import GatesPage
from playground.pages.links.link import parse_link
from playground.pages.points import PointsPage
from playground.pages.runs.person_files import person_files
from playground.serving.protection.guess_limit import GUESS_SECONDS, GuessLimit, network_of
from playground.serving.settings.operator_warnings import operator_warnings
from playground.serving.settings.server_settings import (
    ServerSettings,
    server_settings,
)
from tests.support.clock import Clock
from tests.support.widgets import widget

# Panel 1.9 warns of what Panel 2.0 will call otherwise.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


class Tags(HTMLParser):
    """Collects the tags of HTML with the names of their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, ...]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, *(name for name, _value in attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


class Session:
    """A browser's session that does nothing."""

    is_connected = True

    def __init__(self) -> None:
        self.on_end: list[object] = []


MARKUP = st.text(st.sampled_from("<>&\"'/= aimgsrconeal();"), max_size=40) | st.text(max_size=40)


@given(MARKUP, MARKUP)
def test_what_pupils_type_is_text(name: str, words: str) -> None:
    shown = Tags(shown_html(ShownWork(name, b"png", words)))
    assert shown.tags == [("img", "alt", "src"), ("p",), ("b",), ("br",)]
    counts = Tags(counts_html([PupilState(needs_help=True)], [name], words))
    assert {each[0] for each in counts.tags} <= {"span", "b", "em"}
    said = Tags(state_html(PupilState("Points", words, reason=name), Work("Points", words)))
    assert {each[0] for each in said.tags} == {"p"}
    if name.isalnum():
        assert name in shown.text
        assert name in said.text


def test_tiles_tell_what_has_changed_as_data() -> None:
    opened: list[str] = []
    tiles = PupilTiles(opened.append)
    stuck = PupilState("Points", "<i>", 3, activity="stuck", reason="<u>", needs_help=True)
    words = tile_words("<b>", stuck)
    tiles.show_tiles({"a": words, "b": {"name": "Ben"}})
    tiles.show_pictures({"a": b"png", "gone": b""})
    assert tiles.changes == {
        "ids": ["a", "b"],
        "tiles": {"a": {"picture": "data:image/png;base64,cG5n"}},
    }
    tiles.show_tiles({"a": {**words, "epoch": "epoch 4"}})
    assert tiles.changes == {"ids": ["a"], "tiles": {"a": {"epoch": "epoch 4"}}}
    assert tiles.receive("begin")  # a browser that has come back gets all
    assert tiles.changes["tiles"]["a"] == {
        "name": "<b>",
        "task": "Points · <i>",
        "result": "",
        "epoch": "epoch 4",
        "score": "epoch 3",
        "activity": "stuck",
        "reason": "<u>",
        "help": "asks for help",
        "picture": "data:image/png;base64,cG5n",
    }
    assert not tiles.receive({"open": 3})
    assert tiles.receive({"open": "gone"})
    assert not opened
    assert tiles.receive({"open": "a"})
    assert opened == ["a"]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("?page=Points&shape=spiral", "page=Points&shape=spiral"),
        ("https://lab.example.org/?gate=AND#top", "gate=AND"),
        (" page=gates&gate=OR ", "page=gates&gate=OR"),
    ],
)
def test_a_link_for_all(text: str, query: str) -> None:
    assert checked_query(text) == query


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "A link is what Share"),
        ("hello", "A link is what Share"),
        ("https://lab.example.org/", "A link is what Share"),
        ("?page=Poker", "There is no page “Poker”"),
        ("?gate=" + "x" * 30_000, "too long"),
    ],
)
def test_what_is_no_link_for_all(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        checked_query(text)


def test_a_page_that_follows_a_link_is_as_if_it_was_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path))
    link = parse_link("page=Gates&gate=AND&hidden=2&learning_rate=0.1&colour=red")
    page = GatesPage("OR", dark=True)
    page.train(2)
    remarks: list[str] = []
    monkeypatch.setattr(page, "remark", lambda *sentences: remarks.extend(sentences))
    page.learning_rate, page.activation = 0.5, "ReLU"
    follow_link(page, link)
    opened = GatesPage.from_link(link)
    expected = {**opened.settings.values(), "dark": True, "gate": "AND"}
    assert page.settings.values() == expected
    assert page.trainer.frame().step == 0
    assert FOLLOWED in remarks
    assert any("no setting called “colour”" in each for each in remarks)
    (saved,) = person_files().store.list()  # what was learned before
    assert any("among your runs: Saved as" in each for each in remarks)
    follow_link(page, link)
    assert len(person_files().store.list()) == 1  # nothing was learned since
    assert saved.id

    # Behind another tab a page gets no frame of what it is now; that of before is not told as it.
    part = Membership(Session())  # type: ignore[arg-type]
    part.host = SinglePage(page)
    seen = part.work()
    assert seen is not None
    assert (seen.frame, seen.is_hidden) == (page.heartbeat.frame, False)
    assert page.back_pressure.receive("hidden")
    hidden = part.work()
    assert hidden is not None
    assert (hidden.frame, hidden.is_hidden, hidden.task) == (None, True, seen.task)
    assert NO_NETWORK not in state_html(PupilState(), hidden)


def test_work_that_cannot_be_saved_stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path / "file"))
    page = PointsPage("circle")
    page.train(1)
    remarks: list[str] = []
    monkeypatch.setattr(page, "remark", lambda *sentences: remarks.extend(sentences))
    follow_link(page, parse_link("page=Points&shape=spiral"))
    assert page.shape == "circle"
    assert page.trainer.frame().step > 0
    assert any("could not be saved" in each for each in remarks)


def test_who_joins_twice_is_one_pupil_who_can_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = Lesson("ABCDEF")
    monkeypatch.setattr(membership, "lesson_of_code", lambda _code: lesson)
    part = Membership(Session())  # type: ignore[arg-type]
    card = ClassCard(part)
    widget(card, "Code of the class").value = "ABCDEF"
    for nickname in ("Ann", "Ann", "Bea"):
        widget(card, "Nickname").value = nickname
        card._join()
        assert not card._message.visible
    part.take_tab("tab")
    assert [(each.nickname, each.tab) for each in lesson.pupils] == [("Ann", "tab")]
    part.leave()
    assert lesson.pupils == ()


def test_guesses_are_limited() -> None:
    clock = Clock()
    limit = GuessLimit("codes", 2, clock)
    for _ in range(2):
        limit.check("here")
        limit.count("here")
    clock.now = 10.0
    with pytest.raises(InputError, match="too many wrong codes from here: try again in 50"):
        limit.check("here")
    limit.check("elsewhere")
    clock.now = GUESS_SECONDS
    limit.check("here")
    assert not limit._wrong
    # Who has one IPv6 address has 2⁶⁴ of them.
    for address, network in (
        ("2001:db8:0:1:a:b:c:d", "2001:db8:0:1::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("192.0.2.7", "192.0.2.7"),
        ("", ""),
    ):
        assert network_of(address) == network


def test_half_a_character_is_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """A browser's message may hold one, which has no bytes of its own."""
    monkeypatch.setattr(lessons_here, "_passwords", GuessLimit("passwords", 10))
    monkeypatch.setattr(server_settings(), "class_password", "correct horse")
    with pytest.raises(InputError, match="not the password"):
        lessons_here.check_password("correct hors\ud800")
    lessons_here.check_password("correct horse")


def test_an_operator_is_told_of_a_password_that_can_be_guessed() -> None:
    assert not ServerSettings().has_class
    short = operator_warnings(ServerSettings(class_password="abc"), {})
    assert any("class_password has 3 characters" in each for each in short)
    long = operator_warnings(ServerSettings(class_password="correct horse"), {})
    assert not any("class_password" in each for each in long)
