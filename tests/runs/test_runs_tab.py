"""The tab of runs without a browser."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import panel as pn
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.errors import InputError
from playground.pages.controls.async_download import AsyncDownload
from playground.pages.runs.drawer.run_comparison import RunComparison
from playground.pages.runs.drawer.run_list import (
    MAX_SPARKLINE_POINTS,
    SPARKLINE_HEIGHT,
    SPARKLINE_WIDTH,
    RunList,
    row,
    sparkline,
)
from playground.pages.runs.drawer.runs_tab import RunsTab
from playground.pages.runs.run_description import score_text, settings_text, suggested_name
from playground.runs import RunRecord, RunSummary, Store
from playground.runs.record import file_stem
from playground.training.core.metrics import Curves, Score
from playground.views.curves.comparison_curves import MAX_RUNS
from playground.views.theme import LIGHT
from tests.support.data.fake_run_session import FakeRunSession
from tests.support.data.sample_runs import JSON, curves, is_clean_name, make_run, runs
from tests.support.widgets import click, text, widget

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

NAN = float("nan")


@pytest.fixture
def session() -> FakeRunSession:
    return FakeRunSession(gate="XOR", hidden=[4, 2], learning_rate=0.1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def tab(session: FakeRunSession, store: Store) -> RunsTab:
    return RunsTab(session, store, LIGHT)


NAME = "Name to save under, or to rename to"


def run_list(tab: RunsTab) -> RunList:
    (found,) = tab.__panel__().select(RunList)
    return found


def names(tab: RunsTab) -> list[str]:
    return [row["name"] for row in run_list(tab).rows]


def choose(tab: RunsTab, id: str) -> None:
    run_list(tab)._handle_msg({"choose": id})


def compare(tab: RunsTab, id: str, wanted: bool = True) -> None:
    run_list(tab)._handle_msg({"compare": id, "wanted": wanted})


def save(tab: RunsTab, name: str) -> str:
    widget(tab, NAME).value = name
    click(tab, "Save as …")
    return run_list(tab).chosen


def upload(tab: RunsTab, **files: Any) -> None:
    widget(tab, "").value = files


def test_what_is_saved_can_be_opened_again(tab: RunsTab, session: FakeRunSession) -> None:
    session.step_count = 70
    save(tab, "  first <try> ")
    assert names(tab) == ["first <try>"]
    assert "Saved as “first &lt;try&gt;”." in text(tab)
    assert widget(tab, NAME).value == ""
    session.step_count = 500
    click(tab, "Open")
    assert session.step_count == 70
    assert "is open" in text(tab)


def test_without_a_name_a_run_says_what_it_is(tab: RunsTab, session: FakeRunSession) -> None:
    session.step_count = 1200
    save(tab, "")
    assert names(tab) == ["XOR, 4 + 2 neurons, epoch 120"]


def test_a_name_that_is_too_long_is_refused_and_stays_to_be_mended(tab: RunsTab) -> None:
    save(tab, "x" * 81)
    assert "too long" in text(tab)
    assert widget(tab, NAME).value == "x" * 81
    assert names(tab) == []


def test_the_chosen_run_gets_another_name(tab: RunsTab) -> None:
    save(tab, "old")
    click(tab, "Rename")
    assert "needs a name" in text(tab)
    widget(tab, NAME).value = "new"
    click(tab, "Rename")
    assert names(tab) == ["new"]


def test_a_copy_is_chosen_and_the_newest(tab: RunsTab) -> None:
    first = save(tab, "one")
    click(tab, "Duplicate")
    assert names(tab) == ["one copy", "one"]
    assert run_list(tab).chosen not in ("", first)


def test_to_delete_takes_two_clicks(tab: RunsTab) -> None:
    save(tab, "keep")
    sure = confirmation_column(tab, "Delete permanently")
    click(tab, "Delete")
    assert sure.visible
    click(tab, "Cancel")
    assert not sure.visible
    assert names(tab) == ["keep"]
    click(tab, "Delete")
    click(tab, "Delete permanently")
    assert names(tab) == []
    assert not sure.visible
    assert widget(tab, "Delete").disabled


def confirmation_column(tab: RunsTab, name: str) -> pn.Column:
    """The column with the row in which a button is."""
    button = widget(tab, name)
    (row,) = (each for each in tab.__panel__().select(pn.Row) if button in each.objects)
    (column,) = (each for each in tab.__panel__().select(pn.Column) if row in each.objects)
    return column


def test_nothing_can_be_done_without_a_run(tab: RunsTab, store: Store) -> None:
    about = ("Open", "Rename", "Duplicate", "Delete")
    assert all(widget(tab, name).disabled for name in about)
    run = store.save(make_run())
    click(tab, "Refresh")
    assert names(tab) == ["A run"]
    choose(tab, run.id)
    assert not any(widget(tab, name).disabled for name in about)


def test_a_broken_file_is_seen_and_can_only_be_deleted(tab: RunsTab, store: Store) -> None:
    run = store.save(make_run())
    (store.folder / f"{run.id}.safetensors").write_bytes(b"<script>")
    click(tab, "Refresh")
    (seen,) = run_list(tab).rows
    assert seen["broken"]
    choose(tab, run.id)
    assert widget(tab, "Open").disabled
    click(tab, "Delete")
    click(tab, "Delete permanently")
    assert names(tab) == []


def test_a_run_that_somebody_else_deleted_is_a_sentence(tab: RunsTab, store: Store) -> None:
    id = save(tab, "gone")
    store.delete(id)
    click(tab, "Open")
    assert "no longer there" in text(tab)
    assert names(tab) == []


def test_a_run_of_another_page_says_so(tab: RunsTab, store: Store) -> None:
    run = store.save(make_run(page="Points"))
    click(tab, "Refresh")
    choose(tab, run.id)
    click(tab, "Open")
    assert "belongs on the page Points" in text(tab)


def test_a_file_goes_out_and_comes_in(tab: RunsTab) -> None:
    save(tab, "to be sent")
    content = asyncio.run(tab._content())
    assert content is not None
    upload(tab, **{"sent.safetensors": content.read()})
    assert names(tab) == ["to be sent", "to be sent"]
    assert "Imported as" in text(tab)


def test_of_several_files_each_is_taken_in(tab: RunsTab, tmp_path: Path) -> None:
    elsewhere = Store(tmp_path / "elsewhere")
    sent = [elsewhere.save(make_run(name)) for name in ("one", "two", "three")]
    files = {f"{run.name}.safetensors": elsewhere.export(run.id) for run in sent}
    upload(tab, **{"bad": b"?"}, **files)
    assert sorted(names(tab)) == ["one", "three", "two"]


@pytest.mark.parametrize("content", [b"", b"<b>", "text", b"\0" * 100])
def test_a_file_that_is_no_run_is_named(tab: RunsTab, content: Any) -> None:
    upload(tab, **{"<img>.pt": content})
    assert "“&lt;img&gt;.pt” cannot be opened" in text(tab)
    assert names(tab) == []


def test_a_download_that_is_gone_is_a_sentence(tab: RunsTab, store: Store) -> None:
    store.delete(save(tab, "gone"))
    (button,) = tab.__panel__().select(AsyncDownload)
    asyncio.run(button._async_sync_data())
    assert button._transfers == 0
    assert "no longer there" in text(tab)


def test_a_download_brings_the_file(tab: RunsTab, store: Store) -> None:
    save(tab, "mine")
    (button,) = tab.__panel__().select(AsyncDownload)
    asyncio.run(button._async_sync_data())
    assert button.filename == "mine.safetensors"
    assert button.data.startswith("data:application/octet-stream;base64,")


def test_ticks_compare_runs_in_colours_of_their_own(tab: RunsTab) -> None:
    ids = [save(tab, f"run {number}") for number in range(3)]
    for id in ids:
        compare(tab, id)
    assert run_list(tab).colours == {ids[0]: 0, ids[1]: 1, ids[2]: 2}
    compare(tab, ids[1], wanted=False)
    assert {run.name for run in tab.views[0].frame.values()} == {"run 0", "run 2"}
    fourth = save(tab, "run 3")
    compare(tab, fourth)
    assert run_list(tab).colours == {ids[0]: 0, ids[2]: 2, fourth: 1}


def test_a_deleted_run_is_compared_no_more(tab: RunsTab) -> None:
    id = save(tab, "short-lived")
    compare(tab, id)
    click(tab, "Delete")
    click(tab, "Delete permanently")
    assert run_list(tab).colours == {}
    assert tab.views[0].frame == {}


def test_there_are_only_so_many_colours(tab: RunsTab) -> None:
    ids = [save(tab, str(number)) for number in range(MAX_RUNS + 1)]
    for id in ids:
        compare(tab, id)
    assert len(run_list(tab).colours) == MAX_RUNS
    assert "clear another box" in text(tab)


def test_comparing_twice_takes_one_colour() -> None:
    both, record = RunComparison(LIGHT), make_run()
    both.add(record)
    both.add(record)
    assert both.colours == {record.id: 0}


@pytest.mark.parametrize(
    "message",
    [
        None,
        3,
        "choose",
        {},
        {"choose": 1},
        {"choose": "../x"},
        {"compare": "x"},
        {"compare": 1, "wanted": 1},
    ],
)
def test_odd_messages_are_let_pass(tab: RunsTab, message: Any) -> None:
    id = save(tab, "one")
    run_list(tab)._handle_msg(message)
    assert run_list(tab).chosen == id
    assert run_list(tab).colours == {}


# Words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({}, ""),
        ({"hidden": []}, "no hidden layer"),
        (
            {
                "learning_rate": 0.03,
                "shape": "spiral",
                "hidden": [8],
                "activation": "tanh",
                "noise": 1,
            },
            "spiral · 8 neurons · tanh · rate 0.03",
        ),
        ({"learning_rate": 0.04948840736375753}, "rate 0.04949"),
        ({"corpus": "KMNIST", "model": "lenet"}, "KMNIST · LeNet-5"),
        ({"corpus": "KMNIST", "model": "own"}, "KMNIST · Custom"),
        ({"model": ["no name"]}, "['no name']"),
        ({"gate": "x" * 99}, "x" * 23 + "…"),
        ({"gate": "\ud800\u202e\n"}, ""),
    ],
)
def test_settings_text(settings: dict[str, Any], words: str) -> None:
    assert settings_text(settings) == words


@pytest.mark.parametrize(
    ("test", "words"),
    [
        (Score(0.2, 0.987), "epoch 1,200 · test accuracy 98.7%"),
        (Score(0.25, NAN), "epoch 1,200 · test loss 0.250"),
        (Score(NAN, NAN), "epoch 1,200 · training accuracy 90%"),
    ],
)
def test_the_score_is_that_of_what_was_never_seen(test: Score, words: str) -> None:
    assert score_text(RunSummary(1200, 1, Score(0.1, 0.9), test, 1)) == words


def test_before_any_score_there_is_the_epoch() -> None:
    assert score_text(RunSummary(0, 0, Score(NAN, NAN), Score(NAN, NAN), 1)) == "epoch 0"


@given(st.dictionaries(st.sampled_from(["gate", "hidden", "learning_rate", "shape"]), JSON))
def test_whatever_the_settings_a_run_gets_a_name_and_a_row(settings: dict[str, Any]) -> None:
    run = make_run(settings=settings)
    assert len(row(run)["about"]) < 200
    row(run)["about"].encode()
    name = " ".join(suggested_name(run).split())
    assert is_clean_name(name)


@given(runs())
def test_every_run_has_a_row(run: RunRecord) -> None:
    made = row(run)
    assert made["name"] == run.name
    for place in made["curve"].split():
        across, down = map(float, place.split(","))
        assert 0 <= across <= SPARKLINE_WIDTH
        assert 0 <= down <= SPARKLINE_HEIGHT


def test_a_small_curve_falls_from_left_to_right() -> None:
    places = [tuple(map(float, place.split(","))) for place in sparkline(curves(100)).split()]
    assert len(places) == MAX_SPARKLINE_POINTS
    assert places == sorted(places)
    assert [places[0], places[-1]] == [(1, 1), (SPARKLINE_WIDTH - 1, SPARKLINE_HEIGHT - 1)]


def test_a_single_value_is_no_curve() -> None:
    one = np.float32([1])
    assert sparkline(Curves(one, one, one, one, one)) == ""


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("XOR, 4 neurons", "XOR-4-neurons"),
        ("../../etc", "etc"),
        ("🙂", "run"),
        ("a\\b:c", "a-b-c"),
        ("Übung größer", "Übung-größer"),
        ("手写数字 2", "手写数字-2"),
        ("हिन्दी", "हिन्दी"),
        ("𠀀" * 80, "𠀀" * 50),
    ],
)
def test_downloads_have_harmless_names(name: str, file: str) -> None:
    assert file_stem(name) == file


def test_too_many_runs_are_an_input_error() -> None:
    both = RunComparison(LIGHT)
    for number in range(MAX_RUNS):
        both.add(make_run(str(number)))
    with pytest.raises(InputError, match=str(MAX_RUNS)):
        both.add(make_run("one more"))
