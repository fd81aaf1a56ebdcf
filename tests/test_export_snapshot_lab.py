"""The snapshot of gates and points: one file that lives without a server or a network."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from playground.errors import InputError
from playground.export.snapshot import Recorded, snapshot_lab
from playground.export.snapshot.document import as_json
from playground.export.snapshot.lab import flat
from playground.export.snapshot.moments import alike, thinned
from playground.networks.architecture import Architecture
from playground.problems.gates import Gates
from playground.problems.point_set import PointSet
from playground.problems.points import OWN, Points
from playground.problems.problem import FeatureMap, Problem
from playground.problems.snapshot import Snapshot
from playground.training.trainer import Trainer
from playground.training.training import Training
from playground.views.theme import DARK, LIGHT
from tests.snapshot_page import DESK, PHONE, SnapshotPage, same


def state(trainer: Trainer) -> dict[str, np.ndarray]:
    return {name: each.numpy().copy() for name, each in trainer.model.state_dict().items()}


HOSTILE = "</script><script>window.hacked = 1</script><b>&"


def learned(
    problem: Problem, architecture: Architecture, training: Training | None = None, every: int = 5
) -> tuple[Trainer, list[Recorded]]:
    """A trainer, and its weights as they were at some epochs."""
    trainer = Trainer(problem, architecture, training)
    moments = [Recorded(0, state(trainer))]
    for _ in range(8):
        trainer.advance(epochs=every)
        moments.append(Recorded(trainer.epoch, state(trainer)))
    return trainer, moments


@pytest.fixture(scope="module")
def xor() -> tuple[Trainer, list[Recorded]]:
    return learned(Gates(gate="XOR"), Architecture(hidden=[4]), every=50)


@pytest.fixture
def shown(page: Page, tmp_path: Path, xor: tuple[Trainer, list[Recorded]]) -> SnapshotPage:
    return SnapshotPage(page, snapshot_lab(xor[0], moments=xor[1]), tmp_path)


def answers(shown: SnapshotPage, rows: np.ndarray) -> np.ndarray:
    """What the network in the browser says to input rows, (n, classes)."""
    columns = shown.page.evaluate(
        "columns => snapshot.network.answers(snapshot.state.weights, columns).map(c => [...c])",
        rows.T.tolist(),
    )
    return np.array(columns).T


# What is shown ------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_it_asks_for_nothing_and_fits_the_window(
    page: Page,
    tmp_path: Path,
    xor: tuple[Trainer, list[Recorded]],
    size: tuple[int, int],
    theme: object,
) -> None:
    html = snapshot_lab(xor[0], moments=xor[1], theme=theme)  # type: ignore[arg-type]
    assert len(html.encode()) < 2_000_000
    shown = SnapshotPage(page, html, tmp_path, size)
    assert shown.foreign == []
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    for plot in ("#boundary", "#loss", "#accuracy"):
        box = page.locator(plot).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) > 100


def test_numbers_are_those_of_the_trainer(
    shown: SnapshotPage, xor: tuple[Trainer, list[Recorded]]
) -> None:
    frame = xor[0].frame()
    assert shown.text("#epoch") == f"{frame.epoch}"
    assert float(shown.text("#train-loss")) == pytest.approx(frame.train.loss, rel=5e-3)
    assert shown.text("#test-accuracy") == f"{frame.test.accuracy:.1%}"
    rows = np.random.default_rng(0).uniform(-1, 2, (20, 2)).astype(np.float32)
    np.testing.assert_allclose(answers(shown, rows), xor[0].predict(rows), atol=1e-4)


def test_the_boundary_is_that_of_the_page(
    shown: SnapshotPage, xor: tuple[Trainer, list[Recorded]]
) -> None:
    field = xor[0].frame().field.reshape(-1, 2)
    told = shown.page.evaluate(
        "() => snapshot.network.answers(snapshot.state.weights, snapshot.plane.grid(100))"
        ".map(column => [...column])"
    )
    np.testing.assert_allclose(np.array(told).T, field, atol=1e-4)


def test_moments_are_shown_with_the_weights_of_then(
    shown: SnapshotPage, xor: tuple[Trainer, list[Recorded]]
) -> None:
    before = shown.looks("#boundary"), shown.looks("#diagram")
    shown.go(1)
    assert shown.text("#epoch") == "50"
    assert shown.looks("#boundary") != before[0]
    assert shown.looks("#diagram") != before[1]
    shown.go(8)
    assert (shown.looks("#boundary"), shown.looks("#diagram")) == before


def test_play_runs_through_all_moments(shown: SnapshotPage) -> None:
    shown.page.clock.install()
    shown.page.get_by_role("button", name="Play the training").click()
    shown.page.clock.run_for(3000)
    middle = int(shown.text("#epoch"))
    assert 0 < middle < 400
    shown.page.clock.run_for(7000)
    expect(shown.page.locator("#epoch")).to_have_text("400")
    expect(shown.page.get_by_role("button", name="Play the training")).to_be_visible()


def test_a_click_on_a_curve_goes_there(shown: SnapshotPage) -> None:
    box = shown.page.locator("#loss").bounding_box()
    assert box is not None
    shown.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(shown.page.locator("#epoch")).to_have_text("200")


def test_theme_turns(shown: SnapshotPage) -> None:
    before = shown.looks("body")
    shown.page.locator("#theme").click()
    shown.rests()
    assert (
        shown.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(14, 18, 24)"
    )
    shown.page.locator("#theme").click()
    shown.page.mouse.move(0, 0)
    shown.page.locator("#theme").blur()
    shown.rests()
    assert same(shown.looks("body"), before)


# What can be done ----------------------------------------------------------------------------


def test_switches_ask_the_network(shown: SnapshotPage) -> None:
    page = shown.page
    expect(page.locator("#answer")).to_contain_text("0 99")
    page.get_by_role("button", name="A 0").click()
    expect(page.locator("#answer")).to_contain_text("1 99")
    expect(page.locator("#rows .here")).to_have_text(re.compile("101✓ 1 99"))
    page.get_by_role("button", name="B 0").click()
    expect(page.locator("#answer")).to_contain_text("0 99")
    expect(page.locator("#learned")).to_have_text("4 of 4 rows right.")


def test_weights_are_changed_and_changed_back(shown: SnapshotPage) -> None:
    page = shown.page
    before = shown.looks("#boundary")
    page.locator("#parameters").select_option(label="bias of output")
    page.locator("#exact").fill("-9")
    page.locator("#exact").press("Enter")
    shown.rests()
    expect(page.locator("#learned")).to_have_text("2 of 4 rows right.")
    expect(page.locator("#test-accuracy")).to_have_text("50.0%")
    assert shown.looks("#boundary") != before
    page.locator("#value").fill("9")
    shown.rests()
    assert page.evaluate("snapshot.state.weights.at(-1)") == pytest.approx(9)
    page.get_by_role("button", name="Undo my change").click()
    shown.rests()
    assert shown.looks("#boundary") == before


def test_a_link_is_clicked_in_the_diagram(shown: SnapshotPage) -> None:
    page = shown.page
    place = page.evaluate(
        """() => {
          const {parts} = snapshot.state
          const diagram = parts.find(part => part.drawn)
          const {layout, scale, left} = diagram
          const [x0, y0] = diagram.centre(layout.starts[2] - 1)
          const [x1, y1] = diagram.centre(layout.starts[2])
          const box = diagram.canvas.getBoundingClientRect()
          return [(x0 + x1) / 2 * scale + left + box.x, (y0 + y1) / 2 * scale + box.y]
        }"""
    )
    page.mouse.move(*place)
    shown.rests()
    expect(page.locator("#reading")).to_contain_text("hidden 1, unit 4 → output")
    page.mouse.click(*place)
    shown.rests()
    assert page.locator("#parameters").evaluate("e => e.selectedOptions[0].text") == (
        "hidden 1, unit 4 → output"
    )


def test_zoom_draws_the_part_that_is_looked_at(shown: SnapshotPage) -> None:
    before = shown.looks("#boundary")
    box = shown.page.locator("#boundary").bounding_box()
    assert box is not None
    shown.page.mouse.move(box["x"] + 150, box["y"] + 250)
    expect(shown.page.locator("#place")).to_contain_text("A = ")
    shown.page.mouse.wheel(0, -400)
    shown.page.wait_for_function("snapshot.plots[0].x_range.end < 1.4")
    shown.rests()
    left, right = shown.page.evaluate(
        "() => { const {x_range, picture} = snapshot.plots[0]"
        "; return [picture.data.x[0] - x_range.start,"
        " picture.data.x[0] + picture.data.dw[0] - x_range.end] }"
    )
    assert left == right == 0
    shown.page.get_by_role("button", name="Show the whole plane").click()
    shown.page.mouse.move(0, 0)
    shown.page.locator("#whole").blur()
    shown.rests()
    assert same(shown.looks("#boundary"), before)


def test_four_inputs_are_seen_slice_by_slice(page: Page, tmp_path: Path) -> None:
    trainer, moments = learned(
        Gates(gate="parity", inputs_count=4), Architecture(hidden=[6]), every=2
    )
    shown = SnapshotPage(page, snapshot_lab(trainer, moments=moments), tmp_path)
    before = page.evaluate("snapshot.plots[0].train.data.color.length")
    page.get_by_role("button", name="D 0").click()
    shown.rests()
    assert page.evaluate("snapshot.plane.pins") == [0, 0, 0, 1]
    assert page.evaluate("snapshot.plots[0].train.data.color.length") == before == 4
    assert page.locator("#rows tr").count() == 17


# Every kind of problem ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("problem", "training"),
    [
        (Points(shape="arms", classes_count=4, count=80), Training(loss="hinge")),
        (Points(shape="plane", count=80), Training(loss="Huber")),
        (Points(shape="circle", count=80), Training(loss="squared error")),
    ],
    ids=["classes", "regression", "binary"],
)
def test_points(page: Page, tmp_path: Path, problem: Points, training: Training) -> None:
    architecture = Architecture(hidden=[5, 3], features=["x", "y", "x²", "sin y"], dropout=0.2)
    trainer, moments = learned(problem, architecture, training, every=1)
    shown = SnapshotPage(page, snapshot_lab(trainer, moments=moments), tmp_path)
    rows = np.random.default_rng(0).uniform(-6, 6, (20, 2)).astype(np.float32)
    np.testing.assert_allclose(answers(shown, rows), trainer.predict(rows), atol=1e-4)
    shown.go(0)
    shown.page.locator("#tests").check()
    shown.page.locator("#discretise").check()
    shown.rests()
    assert page.evaluate("snapshot.plots[0].test.data.x.length") == len(
        trainer.frame().samples.test
    )


def test_names_are_text_and_nothing_else(page: Page, tmp_path: Path) -> None:
    places = np.array([[0, 1], [1, 0], [2, 2]], np.float32)
    points = Snapshot(places, np.arange(3), np.zeros(3), (HOSTILE, "b", "c"))
    trainer = Trainer(Points(own=PointSet(points), shape=OWN))
    trainer.advance(epochs=1)
    shown = SnapshotPage(page, snapshot_lab(trainer, moments=[], title=HOSTILE), tmp_path)
    assert shown.page.evaluate("window.hacked") is None
    assert shown.text("h1") == HOSTILE
    assert shown.page.locator("#transport").is_hidden()


def test_the_trainers_own_past_is_taken_if_no_other_is_given(page: Page, tmp_path: Path) -> None:
    trainer, _ = learned(Gates(gate="AND"), Architecture(hidden=[3]), every=4)
    shown = SnapshotPage(page, snapshot_lab(trainer), tmp_path)
    assert page.evaluate("snapshot.state.epochs") == [
        *(moment.epoch for moment in trainer.past.moments[:-1]),
        trainer.epoch,
    ]
    shown.go(5)
    want = flat(Recorded(0, trainer.weights_at(5)))
    np.testing.assert_array_equal(page.evaluate("[...snapshot.state.weights]"), want)


# Python's side -------------------------------------------------------------------------------


def test_the_past_is_thinned_evenly_and_ends_with_now() -> None:
    moments = [Recorded(epoch, {}) for epoch in range(1001)]
    kept = [each.epoch for each in thinned(moments, 101)]
    assert kept == list(range(0, 1001, 10))
    assert [each.epoch for each in thinned(moments, 1)] == [1000]
    assert thinned(moments, 5000) == moments


def test_another_architectures_past_is_left_out() -> None:
    small, large = {"w": np.zeros((1, 2))}, {"w": np.zeros((2, 2))}
    last = Recorded(3, large)
    past = [Recorded(0, small), Recorded(1, large), Recorded(3, large)]
    assert alike(past, last) == [past[1], last]


def test_where_the_slider_begins_is_said_if_it_is_not_where_the_run_did() -> None:
    trainer = Trainer(Gates(), Architecture(hidden=[3]))
    trainer.train(20)
    assert "The slider begins" not in snapshot_lab(trainer)
    trainer.architecture.hidden = [4]
    trainer.train(10)
    assert "The slider begins at epoch 2" in snapshot_lab(trainer)


def test_a_long_past_keeps_the_file_small() -> None:
    trainer = Trainer(Points(), Architecture(hidden=[32] * 8))
    weights = state(trainer)
    moments = [Recorded(part / 2000, weights) for part in range(2000)]
    trainer.advance(epochs=1)
    html = snapshot_lab(trainer, moments=moments, made=date(2026, 1, 2))
    assert 4_000_000 < len(html.encode()) < 6_000_000
    assert "2 January 2026" in html


def test_json_stands_between_script_tags() -> None:
    assert "<" not in as_json({"a": HOSTILE})
    assert as_json({"a": [float("nan"), 1.5]}) == '{"a":[null,1.5]}'


def test_a_feature_that_no_browser_knows_is_refused() -> None:
    class Odd(Points):
        @property
        def features(self) -> FeatureMap:
            return {"x": lambda points: points[:, 0] ** 3}

    with pytest.raises(InputError, match="feature 'x'"):
        snapshot_lab(Trainer(Odd()))
