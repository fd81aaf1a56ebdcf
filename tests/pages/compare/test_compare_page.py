"""The page Compare without a browser: what varies, what is selected, and what is opened."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bokeh.document import Document

from playground.cli.export_run import write_export
from playground.errors import InputError
from playground.number_text import format_loss
from playground.pages.app import CompareApp, page_from_run
from playground.pages.compare.compare_page import ComparePage
from playground.pages.compare.sweep.own_table import read_own_table
from playground.pages.compare.table.table_card import matching_runs
from playground.pages.controls.async_download import AsyncDownload
from playground.pages.gates import GatesPage
from playground.pages.links.link import Link, parse_link, query_string
from playground.pages.runs.drawer.files_tab import FilesTab
from playground.problems.tables.table_file import OpenTable
from playground.problems.tables.tabular_data import read_tabular_data
from playground.runs.ids import new_id
from playground.training.dense.trainer import Trainer
from playground.training.populations import memory
from playground.training.sweeps import metric_values
from playground.views.populations.places import places_of
from tests.support.servers.socket_client import wait_until
from tests.support.widgets import click, text, widget

# Panel 1.9 warns of what Panel 2.0 will call otherwise.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

SMALL = "width: 1, 2, 3; seed: 1..4"


@pytest.fixture(scope="module")
def compare() -> ComparePage:
    """Return a page that the tests of this module share; each sets what it needs."""
    return ComparePage(vary=SMALL, stop_epoch=40)


def train_sweep(compare: ComparePage, epochs: int, vary: str = SMALL) -> Any:
    """Train a sweep from its first epoch, and show it as the heartbeat does."""
    compare.vary = vary
    compare.trainer.reset()
    compare.heartbeat.frame = frame = compare.trainer.train(epochs)
    compare.update(frame)
    return frame


def test_one_selection_links_all_views(compare: ComparePage) -> None:
    frame = train_sweep(compare, 5)
    places = places_of(frame.sweep)
    compare._comparison.select(places.run_at(2.5, 1.5))
    assert compare._comparison.selected == (7,)
    views = (
        compare._wall.views[0],
        compare._heatmap.views[0],
        *compare._dots.views,
        compare._curves.views[0],
    )
    assert {view.choices["selected"] for view in views} == {(7,)}
    assert compare._table.table.selected == [7]
    assert "width <b>2</b>, seed <b>3</b>" in text(compare._selection)
    assert compare._table.table.receive({"select": [2, 9]})
    assert {view.choices["selected"] for view in views} == {(2, 9)}
    assert "2 are selected" in text(compare._selection)
    compare.figure = "epochs to learn"
    assert compare._heatmap.views[0].choices["metric"] == "epochs to learn"
    compare.figure = "test loss"
    compare.vary = "activation: tanh, ReLU"
    assert compare._comparison.selected == ()


def test_ranges_of_axes_select_runs_everywhere_as_they_are_dragged(compare: ComparePage) -> None:
    train_sweep(compare, 3)
    plot, comparison = compare._parallel._plot, compare._comparison
    plot._press((0.1, 0.3))
    plot._move((0.2, 0.9))  # width, from 0 to 1: above 1.6 and below 2.8
    assert comparison.selected == (1, 4, 7, 10)
    plot._release((0.3, 1.05))
    assert comparison.selected == (1, 2, 4, 5, 7, 8, 10, 11)
    plot._move((0.3, 0.5))  # the button is up
    plot._press((1.0, -0.1))
    plot._release((1.0, 0.1))  # of the seeds only the lowest
    assert comparison.selected == (1, 2)
    assert compare._heatmap.views[0].choices["selected"] == (1, 2)
    assert len(plot.view.choices["brushes"]) == 2
    compare.update(compare.trainer.train(2))
    assert comparison.selected == (1, 2)
    plot._tap((1.02, 0.5))  # on the range, which goes
    assert comparison.selected == (1, 2, 4, 5, 7, 8, 10, 11)
    comparison.select(7)  # on another view
    assert (plot.view.choices["selected"], plot.view.choices["brushes"]) == ((7,), ())
    plot._tap((0.0, 3.0))
    assert comparison.selected == ()


def test_the_table_has_all_figures_and_is_filtered_by_words(compare: ComparePage) -> None:
    frame = train_sweep(compare, 5)
    table = compare._table.table
    assert table.headings[:4] == ["width", "seed", "result", "test loss"]
    assert [row[0] for row in table.rows] == [1, 2, 3] * 4
    np.testing.assert_allclose([row[3] for row in table.rows], frame.runs.scores[1], rtol=1e-3)
    for junk in ({"select": [12]}, {"select": [True]}, {"select": 3}, {"select": [0] * 13}, None):
        assert not table.receive(junk)
    assert matching_runs(frame, "") == [True] * 12
    compare._table.only = "2 unlearned"
    wanted = [
        "2" in (str(width), str(seed)) and not learned
        for width, seed, learned in zip(
            frame.sweep.column(0), frame.sweep.column(1), frame.runs.learned, strict=True
        )
    ]
    assert table.shown == wanted == matching_runs(frame, "UNLEARNED, 2")
    losses = frame.runs.scores[1]
    middle = float(f"{np.median(losses):.4g}")
    compare._table.only = f"width>=2, TEST LOSS < {middle}"
    below = [
        width >= 2 and loss < middle
        for width, loss in zip(frame.sweep.column(0), losses.tolist(), strict=True)
    ]
    assert table.shown == below
    click(compare, "Select these")
    assert compare._comparison.selected == tuple(np.flatnonzero(below))
    assert matching_runs(frame, "best test loss > 0") == [True] * 12
    assert matching_runs(frame, "test loss<0,000001,width>0") == [False] * 12
    assert matching_runs(frame, "test loss < 1,5e9") == [True] * 12  # a decimal comma
    assert (
        matching_runs(frame, "epochs to learn<=99, result=1") == [False] * 12
    )  # results are words
    assert matching_runs(frame, "width<many") == [False] * 12  # no condition: words
    compare._table.only = ""


def test_what_varies_is_chosen_with_a_field_and_refused_with_a_sentence(
    compare: ComparePage,
) -> None:
    train_sweep(compare, 1)
    values = widget(compare, "Values of width")
    assert values.value == "1..3"
    assert compare.vary == "width: 1..3; seed: 1..4"
    values.value = "1..6"
    assert len(compare.trainer.sweep) == 24
    values.value = "0..6"
    assert "width can&#x27;t be &#x27;0&#x27;: it can be a whole number from 1" in text(compare)
    assert (len(compare.trainer.sweep), values.value) == (24, "1..6")
    seeds = widget(compare, "Seeds per setting")
    assert not seeds.visible
    widget(compare, "and").value = "l2"
    assert seeds.visible
    widget(compare, "Values of L2").value = "0, 0.1"
    seeds.value = 3
    assert compare.vary == "width: 1..6; l2: 0, 0.1; seed: 1..3"
    compare.update(compare.trainer.train(1))
    compare._heatmap._figure._select((2.5, 1.5))  # width 3 with L2: all of its seeds
    assert compare._comparison.selected == (8, 20, 32)
    assert "3 are selected" in text(compare._selection)
    compare.vary = "width: 1..6; l2: 0, 0.1; seed: 8, 9"
    values.value = "1..2"
    assert (seeds.value, compare.vary) == (2, "width: 1, 2; l2: 0, 0.1; seed: 8, 9")
    seeds.value = 1
    assert compare.vary == "width: 1, 2; l2: 0, 0.1"
    widget(compare, "and").value = ""
    assert [axis.name for axis in compare.trainer.sweep.axes] == ["width"]
    widget(compare, "Vary").value = "learning_rate"
    assert compare.vary.startswith("learning_rate: 0.001, 0.00316, 0.01")
    with pytest.raises(InputError, match="Did you mean learning_rate"):
        compare.vary = "learning_rat: 1"
    widget(compare, "Hidden layers").value = "8, x"
    assert "8, x is not possible: give up to 8 numbers from 1 to 32" in text(compare)


def test_a_link_restores_the_sweep(compare: ComparePage) -> None:
    compare.vary, compare.figure, compare.moment = (
        "l2: 0.001..0.1:3; seed: 1, 2",
        "test accuracy",
        "best",
    )
    texts = compare.settings.as_texts()
    query = query_string(parse_link("page=Compare"), texts)
    assert "vary=l2:0.001,0.01,0.1%3Bseed:1,2" in query
    other = ComparePage.from_link(parse_link(query))
    assert other.trainer.sweep == compare.trainer.sweep
    assert (other.figure, other.moment) == ("test accuracy", "best")
    assert other.heartbeat.frame.sweep == compare.trainer.sweep
    compare.figure, compare.moment = "test loss", "last"
    assert compare.settings.apply({"vary": "seed: 9..1", "figure": "beauty"}) == (
        "“vary” stays as it is. The range 9..1 of seed is empty: its end must be larger than its "
        "beginning.",
        "“figure” can't be “beauty” and stays “test loss”; it can be test loss, training loss, "
        "test accuracy, training accuracy, epochs to learn.",
    )


def test_too_many_for_memory_are_refused_on_the_page(
    compare: ComparePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    train_sweep(compare, 1)
    monkeypatch.setattr(memory, "MAX_BYTES", 2**20)
    compare.open(parse_link("page=Compare&hidden=32,32"))
    assert "12 such networks side by side would take" in text(compare)
    monkeypatch.undo()
    compare.fail("")
    compare.hidden = [4]


@pytest.mark.parametrize(
    ("task", "vary", "title"),
    [
        ("XOR", "width: 2, 3; seed: 5, 6", "Gates"),
        ("moons", "features: x+y, x+y+xy; learning_rate: 0.01, 0.02", "Points"),
    ],
)
def test_a_network_goes_on_by_itself_on_its_page(
    compare: ComparePage, task: str, vary: str, title: str
) -> None:
    compare.choose({"task": task, "count": 61, "noise": 0.05})
    frame = train_sweep(compare, 6, vary)
    opened = page_from_run(compare.network(3))
    assert opened.title == title
    assert opened.trainer.epoch == 6
    assert opened.trainer.frame().train.loss == pytest.approx(frame.runs.scores[0, 3], rel=1e-4)
    after = compare.trainer.train(5)
    assert opened.trainer.train(5).train.loss == pytest.approx(after.runs.scores[0, 3], rel=1e-3)
    compare.choose({"task": "XOR", "noise": 0.0})


def test_in_the_app_it_opens_on_its_page_and_what_was_there_is_kept() -> None:
    app = CompareApp.from_link(Link())
    compare = app._built["Compare"]
    app.page = "Gates"
    app._built["Gates"].gate = "AND"
    app._built["Gates"].train(2)
    app.page = "Compare"
    train_sweep(compare, 4)
    compare._comparison.select(4)
    click(compare, "Open this network")
    gates = app._built["Gates"]
    assert (app.page, gates.gate, gates.trainer.epoch, gates.hidden) == ("Gates", "XOR", 4, [2])
    assert widget(gates, "Other branch").visible


def test_a_table_of_ones_own_is_compared_and_a_network_goes_on_with_it(
    compare: ComparePage,
) -> None:
    app = CompareApp.from_link(parse_link("page=Your data"))
    own = app._built["Your data"]
    own.choose({"hidden": [3], "l2": 0.001, "train_ratio": 0.6, "up": "petal width (cm)"})
    click(own, "Compare settings")
    page = app._built["Compare"]
    assert (app.page, page.task, page.hidden, page.l2) == ("Compare", "your data", [3], 0.001)
    assert page.features == list(own.problem.inputs)
    assert "species</b> from 90 training rows" in text(page._sweep_card)
    widget(page, "Vary").value = "features"
    assert widget(page, "Values of features").value == (
        "sepal length (cm), sepal length (cm)+sepal width (cm)+petal length (cm)+petal width (cm)"
    )
    page.vary = "learning_rate: 0.01, 0.03; seed: 1, 2"
    frame = page.trainer.train(6)
    page.update(frame)
    alone = Trainer(*page.trainer.run_settings(3))
    assert alone.train(6).test.loss == pytest.approx(frame.runs.scores[1, 3], rel=1e-4)
    # The whole comparison is a run, of which one network goes on where its table is.
    again = page_from_run(page.run_session.prepare_capture("All")())
    np.testing.assert_array_equal(again.trainer.frame().runs.scores, frame.runs.scores)
    assert again.extra() == page.extra()
    own.open_table(OpenTable(read_tabular_data({"a": [0, 1] * 9, "b": [1, 2] * 9})))
    page.heartbeat.frame = frame
    page._comparison.select(3)

    async def open_network() -> None:
        click(page, "Open this network")
        await wait_until(lambda: (app.page, own.trainer.epoch) == ("Your data", 6))

    asyncio.run(open_network())
    assert (app.page, own.trainer.epoch, own.train_ratio) == ("Your data", 6, 0.6)
    assert (own.up, own.learning_rate, own.weight_seed) == ("petal width (cm)", 0.03, 2)
    assert own.trainer.frame().test.loss == pytest.approx(frame.runs.scores[1, 3], rel=1e-4)
    # A link can't hold the table, and a run may come from anybody.
    assert "doesn't hold a table" in compare.settings.apply({"task": "your data"})[0]
    packed = page.extra()
    for junk in ({"up": "nothing"}, {"colour": 1}, None):
        with pytest.raises(InputError):
            read_own_table({**packed, "table_settings": junk}, None)
    page.task = "XOR"
    assert page.features == page.presets["features"]
    assert page.extra() == {}
    page.trainer.settings()


def test_values_of_a_table_are_compared_by_what_there_is_of_them() -> None:
    rng = np.random.default_rng(0)
    table = {name: rng.normal(size=18) for name in ("a", "b+c", "y")}
    page = ComparePage(data=table, target="y", vary="width: 1, 2; l2: 0, 0.1", figure="test loss")
    page.update(page.trainer.train(3))
    # Of so few rows none are for tests, and of values there is no accuracy.
    assert (page.figure, page._comparison.param["metric"].objects) == (
        "training loss",
        ["training loss", "epochs to learn"],
    )
    assert page._table.table.headings[3:] == [
        "training loss",
        "best training loss",
        "epochs to learn",
    ]
    assert [*page.trainer.table()][2:4] == ["training loss", "best training loss"]
    page._comparison.select(3)
    loss = page._table.table.rows[3][3]
    assert f"training loss {loss:.3f}" in text(page._selection)
    assert page.snapshot().count("<img") == 4
    with pytest.raises(InputError, match="given in Python"):
        page.network(3)
    widget(page, "Vary").value = "features"
    assert page.trainer.sweep.axes[0].values == ("a",)
    page.vary = "noise: 0, 0.1"
    with pytest.raises(InputError, match="no noise that could be varied"):
        page.trainer.settings()


def test_what_the_tab_has_saved_comes_back_before_a_network_is_opened(
    compare: ComparePage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    train_sweep(compare, 4)
    gates = GatesPage()
    gates.open(Link())
    gates._persistence.tab.get_root(Document())
    gates.continue_run(compare.network(4))
    assert gates.trainer.epoch == 0
    assert gates._persistence.tab.receive({"tab": new_id(), "reloaded": True})
    assert gates.trainer.epoch == 4


def test_the_whole_sweep_is_a_run_and_a_file_that_needs_no_server(
    compare: ComparePage, tmp_path: Path
) -> None:
    frame = train_sweep(compare, 7)
    run = compare.run_session.prepare_capture("All of them")()
    assert run.summary.epoch == 7
    assert run.summary.parameters == sum(4 * each + 1 for each in (1, 2, 3)) * 4
    other = page_from_run(run)
    np.testing.assert_array_equal(other.trainer.frame().runs.pictures, frame.runs.pictures)
    html = compare.snapshot()
    assert html.count("<img") == 12
    assert "<script" not in html
    assert "width ↑ seed →" in html
    loss = f"{frame.runs.scores[1, 5]:.4g}"
    assert f"<td>{loss}</td>" in html
    assert html.count("<td>no</td></tr>") == 12, "none has diverged"
    files = FilesTab(compare.trainer)
    (export,) = files.__panel__().select(AsyncDownload)
    assert export.name == "CSV"
    lines = write_export("table", compare.trainer, tmp_path / "runs.csv").read_text().splitlines()
    assert (len(lines), lines[0][:10]) == (13, "width,seed")


def test_an_experiment_answers_how_many_neurons_exclusive_or_needs(compare: ComparePage) -> None:
    """How many there are is known of the tests of sweeps; here they are told."""
    question = compare.experiments[0].settings
    compare._start_experiment({**question, "vary": "width: 1, 2; seed: 0..9"})
    compare.heartbeat.pause()
    compare.stop_epoch = 150
    frame = compare.trainer.train(150)
    compare.update(frame)
    one, two = frame.runs.learned.reshape(10, 2).sum(0).tolist()
    assert one == 0 < two < 10
    assert f"<b>{two} of 20</b> have learned by epoch 150." in text(compare._welcome)
    counts = f"each width (neurons per layer): <b>1</b>: 0, <b>2</b>: {two}"
    assert f"of 10 networks for {counts}" in text(compare)
    best = np.median(metric_values(frame, "test loss").reshape(10, 2), 0).min()
    assert f"lowest with width <b>2</b>, {format_loss(best)}." in text(compare)
    assert [compare._is_set(each.settings) for each in compare.experiments] == [False, False]
    compare.choose(question)
    assert [compare._is_set(each.settings) for each in compare.experiments] == [True, False]
