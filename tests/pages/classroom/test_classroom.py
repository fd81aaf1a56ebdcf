"""Lessons: nicknames, who takes part, what a teacher asks, and that all of it is forgotten."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.classroom import (
    MAX_NICKNAME_LENGTH,
    Lesson,
    Lessons,
    PupilState,
    ShownWork,
    Work,
    clean_nickname,
    results_csv,
)
from playground.classroom import lesson as lesson_module
from playground.classroom.lessons import ALPHABET, CODE_LENGTH, MAX_LESSONS
from playground.classroom.nicknames import nickname_key
from playground.classroom.work import IDLE_SECONDS
from playground.errors import InputError
from playground.problems.tables.csv.formula_cells import original_cell
from playground.training.core.metrics import Score
from playground.training.core.notes import Note
from tests.support.clock import Clock

SHOWN = ShownWork("Ada", b"png", "XOR")


@dataclass(eq=False)
class FrameOfScores:
    epoch: float = 3
    step: int = 12
    train: Score = field(default_factory=lambda: Score(0.25, 0.75))
    test: Score = field(default_factory=lambda: Score(math.nan, math.nan))


class RecordedPage:
    """A page that notes what a lesson asks of it."""

    def __init__(self, work: Work | None = None) -> None:
        self.is_here = True
        self.now = work
        self.asked: list[tuple[str, object]] = []

    def work(self) -> Work | None:
        return self.now

    def query(self) -> str:
        return "page=Gates"

    def pause(self) -> None:
        self.asked.append(("pause", None))

    def follow(self, query: str) -> None:
        self.asked.append(("follow", query))

    def show(self, work: ShownWork | None) -> None:
        self.asked.append(("show", work))

    def refresh(self) -> None:
        self.asked.append(("refresh", None))

    def release(self, sentence: str) -> None:
        self.asked.append(("release", sentence))


@given(st.text(max_size=60))
def test_a_nickname_is_short_and_visible_or_refused(text: str) -> None:
    try:
        name = clean_nickname(text)
    except InputError:
        return
    assert 0 < len(name) <= MAX_NICKNAME_LENGTH
    assert name.isprintable()
    assert name == clean_nickname(name)
    assert nickname_key(name)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "at least one letter"),
        ("  ", "at least one letter"),
        ("🙂", "at least one letter"),
        ("x" * 25, "at most 24 characters; this one has 25"),
        ("x" * 10**6, "at most 24"),
        ("Ada\u202egnp", "not seen"),
        ("A\u200bda", "not seen"),
        ("A\x00", "not seen"),
        ("A" + "\u0335" * 9, "marks"),
    ],
)
def test_what_is_no_nickname(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        clean_nickname(text)


def test_nicknames_differ_for_whoever_reads_them() -> None:
    lesson = Lesson("ABC")
    ada = lesson.join(" Ada  L. ", RecordedPage())
    assert ada.nickname == "Ada L."
    for same in ("ada l.", "ADA L.", "\uff21da L.", "AdaL."):
        with pytest.raises(InputError, match=r"called .* already"):
            lesson.join(same, RecordedPage())
    lesson.leave(ada, ada.page)
    assert lesson.join("ada l.", RecordedPage()).nickname == "ada l."


def test_a_lesson_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lesson_module, "MAX_PUPILS", 2)
    lesson = Lesson("ABC")
    for name in "ab":
        lesson.join(name, RecordedPage())
    with pytest.raises(InputError, match="full: it has 2"):
        lesson.join("c", RecordedPage())


def test_what_a_teacher_asks_reaches_all_and_the_end_forgets_them() -> None:
    lesson = Lesson("ABC")
    pages = [RecordedPage(), RecordedPage()]
    ada, grace = (lesson.join(*each) for each in zip(("Ada", "Grace"), pages, strict=True))
    lesson.pause_all()
    lesson.send_all_to("page=Points")
    lesson.show(ada)
    lesson.show_work(SHOWN)
    lesson.show_work(ShownWork("Ada", b"png", "XOR"))  # the same again
    late = RecordedPage()
    lesson.join("Late", late)
    assert late.asked == [("show", SHOWN)]
    lesson.pupils[-1].needs_help = True
    lesson.pupils[-1].end_help()
    assert late.asked[-1] == ("refresh", None)
    assert not lesson.pupils[-1].needs_help
    lesson.remove(grace)
    lesson.leave(ada, RecordedPage())  # from a session that Ada has left before
    assert lesson.pupils[0] is ada
    lesson.leave(ada, ada.page)
    assert lesson.shown is None
    assert late.asked[-1] == ("show", None)
    lesson.end()
    assert not lesson.pupils
    expected = [("pause", None), ("follow", "page=Points"), ("show", SHOWN)]
    assert pages[0].asked == expected
    assert pages[1].asked == [*expected, ("release", lesson_module.REMOVED)]
    assert late.asked[-1] == ("release", lesson_module.ENDED)
    with pytest.raises(InputError, match="has ended"):
        lesson.join("Ada", RecordedPage())


def test_a_reloaded_tab_stays_in_the_lesson() -> None:
    lessons, before, after = Lessons(), RecordedPage(), RecordedPage()
    lesson = lessons.begin()
    ada = lesson.join("Ada", before, "tab of Ada")
    lesson.join("Grace", RecordedPage())  # whose tab is not known
    assert lessons.rejoin("", RecordedPage()) is None
    assert lessons.rejoin("another tab", RecordedPage()) is None
    assert lessons.rejoin("tab of Ada", after) == (lesson, ada)
    assert before.asked == [("release", lesson_module.ELSEWHERE)]
    lesson.leave(ada, before)
    assert len(lesson.pupils) == 2
    lesson.leave(ada, after)
    assert len(lesson.pupils) == 1


def test_lessons_are_found_by_code_and_forgotten_without_a_teacher() -> None:
    clock = Clock()
    lessons = Lessons(clock)
    first, second = lessons.begin(), lessons.begin()
    assert set(first.code) <= set(ALPHABET)
    assert len(first.code) == CODE_LENGTH
    assert lessons.find(f" {first.code[:3].lower()} {first.code[3:]}") is first
    for code in ("", "x", "?" * 10**6, first.code[:-1]):
        with pytest.raises(InputError, match="no class with this code"):
            lessons.find(code)
    first.open_for("a teacher", "tab")
    assert lessons.of_teacher("tab") is first
    assert lessons.of_teacher("") is None
    clock.now = 2 * 3600.0 - 1
    lessons.end_abandoned(hours=2)
    assert len(lessons) == 2
    clock.now += 1
    lessons.end_abandoned(hours=2)
    assert (second.has_ended, first.has_ended) == (True, False)
    first.close_for("a teacher")
    lessons.end_abandoned(hours=2)
    assert not first.has_ended
    clock.now += 2 * 3600.0
    lessons.end_abandoned(hours=2)
    assert first.has_ended
    assert not len(lessons)
    assert lessons.of_teacher("tab") is None


def test_there_is_a_limit_to_lessons() -> None:
    lessons = Lessons()
    for _ in range(MAX_LESSONS):
        lessons.begin()
    with pytest.raises(InputError, match="which is the most"):
        lessons.begin()


def notes_of(kind: str, severity: str = "warning") -> tuple[Note, ...]:
    return (Note(kind, "curves", severity, f"{kind}!"),)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("work", "activity", "reason"),
    [
        (Work("Gates", frame=FrameOfScores(), is_training=True), "training", ""),
        (Work("Gates", frame=FrameOfScores()), "paused", ""),
        (Work("Digits"), "paused", ""),
        (
            Work("Gates", is_training=True, is_hidden=True),
            "hidden",
            "The page is behind another tab or window.",
        ),
        (Work("Gates", is_training=True, notes=notes_of("guessing")), "stuck", "guessing!"),
        (Work("Gates", is_training=True, notes=notes_of("overfitting")), "training", ""),
        (Work("Gates", notes=notes_of("goal", "info")), "paused", ""),
        (Work("Gates", frame=FrameOfScores(), failure="It broke."), "stuck", "It broke."),
        (
            Work("Gates", frame=FrameOfScores(), paused_by=Note("d", "curves", "error", "Off.")),
            "stuck",
            "Off.",
        ),
    ],
)
def test_how_it_goes(work: Work, activity: str, reason: str) -> None:
    state = Lesson("ABC").join("Ada", RecordedPage(work)).state()
    assert (state.activity, state.reason) == (activity, reason)


def test_who_does_nothing_is_idle_and_who_is_not_there_is_away() -> None:
    clock = Clock()
    page = RecordedPage(Work("Gates", "XOR", FrameOfScores()))
    pupil = Lesson("ABC", clock).join("Ada", page)
    assert pupil.state().activity == "paused"
    clock.now = IDLE_SECONDS
    assert pupil.state().activity == "idle"
    page.now = Work("Gates", "XOR", FrameOfScores())  # a new frame: something was changed
    assert pupil.state().activity == "paused"
    page.is_here = False
    assert pupil.state().activity == "away"
    page.now = None  # the page is being built
    pupil.needs_help = True
    assert pupil.state() == PupilState(activity="away", needs_help=True)


def test_one_page_has_one_pupil() -> None:
    """A browser that sends what no page sends could fill the class otherwise."""
    lesson, page = Lesson("ABC"), RecordedPage(Work("Points"))
    first = lesson.join("Ada", page)
    with pytest.raises(InputError, match="take part in a class already"):
        lesson.join("Grace", page)
    assert lesson.pupils == (first,)
    lesson.leave(first, page)
    assert lesson.join("Grace", page).nickname == "Grace"


def begins_formula(text: str) -> bool:
    """Whether a spreadsheet would compute a text; a number is none."""
    if text[:1] not in {*"=+-@\t\r\n＝＋－＠"}:
        return False
    try:
        float(text)
    except ValueError:
        return True
    return False


FORMULAS = st.builds(str.__add__, st.sampled_from("=+-@＝'"), st.text(max_size=20))


@given(st.lists(st.text(max_size=30) | FORMULAS, max_size=5), st.text(max_size=30) | FORMULAS)
def test_results_hold_no_formulas(names: list[str], task: str) -> None:
    lesson = Lesson("ABC")
    for name in names:
        try:
            pupil = lesson.join(name, RecordedPage(Work("Points", task, FrameOfScores())))
        except InputError:
            continue
        pupil.needs_help = True
    rows = [*csv.DictReader(io.StringIO(results_csv(lesson.pupils), newline=""))]
    assert len(rows) == len(lesson.pupils)
    for row, pupil in zip(rows, lesson.pupils, strict=True):
        assert original_cell(row["nickname"]) == pupil.nickname
        assert not any(map(begins_formula, row.values()))
        assert (row["epoch"], row["train accuracy"], row["test loss"]) == ("3", "0.75", "")
        assert (row["asks for help"], row["link"]) == ("yes", "page=Gates")
