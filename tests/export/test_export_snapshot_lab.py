"""The snapshot of gates and points: one file that lives without a server or a network.

Most tests share one open page: `SnapshotPage.restore`.
"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Page
from torch.nn import functional

from playground.errors import InputError
from playground.export.snapshot import RecordedWeights, lab_snapshot
from playground.export.snapshot.document import to_script_json
from playground.export.snapshot.html_fragments import setting_rows
from playground.export.snapshot.lab_snapshot import flatten_weights
from playground.export.snapshot.plots import curves_plot
from playground.export.snapshot.recorded_weights import of_same_shape, subsample
from playground.networks.architecture import Architecture
from playground.number_text import format_percent
from playground.problems.gates import Gates
from playground.problems.points.point_set import PointSet
from playground.problems.points.point_snapshot import PointSnapshot
from playground.problems.points.points import OWN, Points
from playground.problems.problem import FeatureMap, Problem
from playground.training.dense.trainer import Trainer
from playground.training.training import Training
from playground.views.curves.curve_metrics import LOSS
from playground.views.theme import DARK
from tests.support.browser.kept_page import KeptPage
from tests.support.browser.patient_expect import expect
from tests.support.browser.snapshot_page import DESKTOP, PHONE, SnapshotPage, look_alike


def state(trainer: Trainer) -> dict[str, np.ndarray]:
    return {name: each.numpy().copy() for name, each in trainer.model.state_dict().items()}


DARK_PAGE = "rgb(14, 18, 24)"
HOSTILE = "</script><script>window.hacked = 1</script><b>&"


def train_and_record(
    problem: Problem, architecture: Architecture, training: Training | None = None, every: int = 5
) -> tuple[Trainer, list[RecordedWeights]]:
    """A trainer, and its weights as they were at some epochs."""
    trainer = Trainer(problem, architecture, training)
    moments = [RecordedWeights(0, state(trainer))]
    for _ in range(8):
        trainer.advance(epochs=every)
        moments.append(RecordedWeights(trainer.epoch, state(trainer)))
    return trainer, moments


@pytest.fixture(scope="module")
def xor() -> tuple[Trainer, list[RecordedWeights]]:
    return train_and_record(Gates(gate="XOR"), Architecture(hidden=[4]), every=50)


@pytest.fixture
def snapshot(
    kept_page: KeptPage, tmp_path: Path, xor: tuple[Trainer, list[RecordedWeights]]
) -> SnapshotPage:
    def open_in(page: Page) -> SnapshotPage:
        html = lab_snapshot(xor[0], checkpoints=xor[1])
        assert len(html.encode()) < 2_000_000
        return SnapshotPage(page, html, tmp_path)

    return kept_page.borrow(open_in)


def answers(shown: SnapshotPage, rows: np.ndarray) -> np.ndarray:
    """What the network in the browser says to input rows, (n, classes)."""
    columns = shown.page.evaluate(
        "columns => snapshot.network.predict(snapshot.state.weights, columns).map(c => [...c])",
        rows.T.tolist(),
    )
    return np.array(columns).T


# What is shown ------------------------------------------------------------------------------


def test_it_asks_for_nothing_and_fits_the_window_in_both_themes(
    snapshot: SnapshotPage,
) -> None:
    for size in (DESKTOP, PHONE):
        snapshot.resize(size)
        snapshot.page.wait_for_function(
            "width => document.documentElement.scrollWidth == width", arg=size[0]
        )
        for plot in ("#boundary", "#loss", "#accuracy"):
            box = snapshot.page.locator(plot).bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) > 100, (plot, size)
    snapshot.resize(DESKTOP)
    snapshot.wait_until_drawn()
    before = snapshot.screenshot("body")
    snapshot.page.locator("#theme").click()
    snapshot.wait_until_drawn()
    assert snapshot.page.evaluate("getComputedStyle(document.body).backgroundColor") == DARK_PAGE
    snapshot.page.locator("#theme").click()
    snapshot.page.mouse.move(0, 0)
    snapshot.page.locator("#theme").blur()
    snapshot.wait_until_drawn()
    assert look_alike(snapshot.screenshot("body"), before)
    assert snapshot.foreign_requests == []


def test_numbers_and_boundary_are_those_of_the_trainer(
    snapshot: SnapshotPage, xor: tuple[Trainer, list[RecordedWeights]]
) -> None:
    frame = xor[0].frame()
    assert snapshot.text("#epoch") == f"{frame.epoch}"
    assert float(snapshot.text("#train-loss")) == pytest.approx(frame.train.loss, rel=5e-3)
    assert snapshot.text("#test-accuracy") == format_percent(frame.test.accuracy)
    rows = np.random.default_rng(0).uniform(-1, 2, (20, 2)).astype(np.float32)
    np.testing.assert_allclose(answers(snapshot, rows), xor[0].predict(rows), atol=1e-4)
    from_browser = snapshot.page.evaluate(
        "() => snapshot.network.predict(snapshot.state.weights, snapshot.plane.grid(100))"
        ".map(column => [...column])"
    )
    np.testing.assert_allclose(np.array(from_browser).T, frame.field.reshape(-1, 2), atol=1e-4)


def test_checkpoints_are_shown_with_their_weights(
    snapshot: SnapshotPage, xor: tuple[Trainer, list[RecordedWeights]]
) -> None:
    before = snapshot.screenshot("#boundary"), snapshot.screenshot("#diagram")
    snapshot.go_to(1)
    assert snapshot.text("#epoch") == "50"
    assert snapshot.screenshot("#boundary") != before[0]
    assert snapshot.screenshot("#diagram") != before[1]
    snapshot.go_to(8)
    assert look_alike(snapshot.screenshot("#boundary"), before[0])
    assert look_alike(snapshot.screenshot("#diagram"), before[1])
    # A click on a curve goes there too.
    box = snapshot.page.locator("#loss").bounding_box()
    assert box is not None
    snapshot.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(snapshot.page.locator("#epoch")).to_have_text("200")
    snapshot.go_to(8)


# What can be done ----------------------------------------------------------------------------


def test_switches_ask_the_network(snapshot: SnapshotPage) -> None:
    page = snapshot.page
    expect(page.locator("#answer")).to_contain_text("0 99")
    page.get_by_role("button", name="A 0").click()
    expect(page.locator("#answer")).to_contain_text("1 99")
    expect(page.locator("#rows .here")).to_have_text(re.compile("101✓ 1 99"))
    page.get_by_role("button", name="B 0").click()
    expect(page.locator("#answer")).to_contain_text("0 99")
    expect(page.locator("#learned")).to_have_text("4 of 4 rows right.")
    for name in ("A 1", "B 1"):
        page.get_by_role("button", name=name).click()


def test_weights_are_changed_and_changed_back(snapshot: SnapshotPage) -> None:
    page = snapshot.page
    before = snapshot.screenshot("#boundary")
    page.locator("#parameters").select_option(label="bias of output")
    page.locator("#exact").fill("-9")
    page.locator("#exact").press("Enter")
    snapshot.wait_until_drawn()
    expect(page.locator("#learned")).to_have_text("2 of 4 rows right.")
    expect(page.locator("#test-accuracy")).to_have_text("50%")
    assert snapshot.screenshot("#boundary") != before
    page.locator("#value").fill("9")
    snapshot.wait_until_drawn()
    assert page.evaluate("snapshot.state.weights.at(-1)") == pytest.approx(9)
    page.get_by_role("button", name="Undo my change").click()
    snapshot.wait_until_drawn()
    assert look_alike(snapshot.screenshot("#boundary"), before)


def test_a_link_is_clicked_in_the_diagram(snapshot: SnapshotPage) -> None:
    page = snapshot.page
    place = page.evaluate(
        """() => {
          const {views} = snapshot.state
          const diagram = views.find(view => view.drawn)
          const {layout, scale, left} = diagram
          const [x0, y0] = diagram.centre(layout.starts[2] - 1)
          const [x1, y1] = diagram.centre(layout.starts[2])
          const box = diagram.canvas.getBoundingClientRect()
          return [(x0 + x1) / 2 * scale + left + box.x, (y0 + y1) / 2 * scale + box.y]
        }"""
    )
    page.mouse.move(*place)
    snapshot.wait_until_drawn()
    expect(page.locator("#reading")).to_contain_text("hidden 1, neuron 4 → output")
    page.mouse.click(*place)
    snapshot.wait_until_drawn()
    assert page.locator("#parameters").evaluate("e => e.selectedOptions[0].text") == (
        "hidden 1, neuron 4 → output"
    )


def test_zoom_draws_the_part_that_is_looked_at(snapshot: SnapshotPage) -> None:
    before = snapshot.screenshot("#boundary")
    box = snapshot.page.locator("#boundary").bounding_box()
    assert box is not None
    snapshot.page.mouse.move(box["x"] + 150, box["y"] + 250)
    expect(snapshot.page.locator("#place")).to_contain_text("A = ")
    snapshot.page.mouse.wheel(0, -400)
    snapshot.page.wait_for_function("snapshot.plots[0].x_range.end < 1.4")
    snapshot.wait_until_drawn()
    left, right = snapshot.page.evaluate(
        "() => { const {x_range, picture} = snapshot.plots[0]"
        "; return [picture.data.x[0] - x_range.start,"
        " picture.data.x[0] + picture.data.dw[0] - x_range.end] }"
    )
    assert left == right == 0
    snapshot.page.get_by_role("button", name="Show the whole plane").click()
    snapshot.page.mouse.move(0, 0)
    snapshot.page.locator("#whole").blur()
    snapshot.wait_until_drawn()
    assert look_alike(snapshot.screenshot("#boundary"), before)


def test_play_runs_through_all_checkpoints(kept_page: KeptPage, snapshot: SnapshotPage) -> None:
    snapshot.page.clock.install()
    snapshot.page.get_by_role("button", name="Play the training").click()
    snapshot.page.clock.run_for(3000)
    middle = int(snapshot.text("#epoch"))
    assert 0 < middle < 400
    snapshot.page.clock.run_for(7000)
    expect(snapshot.page.locator("#epoch")).to_have_text("400")
    expect(snapshot.page.get_by_role("button", name="Play the training")).to_be_visible()
    kept_page.close()  # its clock stands still: no test with this page comes after it


def test_four_inputs_are_seen_slice_by_slice(page: Page, tmp_path: Path) -> None:
    trainer = Trainer(Gates(gate="parity", inputs_count=4), Architecture(hidden=[6]))
    trainer.advance(epochs=1)
    shown = SnapshotPage(page, lab_snapshot(trainer, checkpoints=[]), tmp_path)
    assert page.locator("#transport").is_hidden()
    before = page.evaluate("snapshot.plots[0].train.data.color.length")
    page.get_by_role("button", name="D 0").click()
    shown.wait_until_drawn()
    assert page.evaluate("snapshot.plane.pins") == [0, 0, 0, 1]
    assert page.evaluate("snapshot.plots[0].train.data.color.length") == before == 4
    assert page.locator("#rows tr").count() == 17


# Every kind of problem ----------------------------------------------------------------------


def check_points(shown: SnapshotPage, trainer: Trainer, checkpoint: int = 0) -> None:
    """Check what the network says, and that points and whole classes are drawn."""
    page = shown.page
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == DARK_PAGE
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    rows = np.random.default_rng(0).uniform(-6, 6, (20, 2)).astype(np.float32)
    np.testing.assert_allclose(answers(shown, rows), trainer.predict(rows), atol=1e-4)
    shown.go_to(checkpoint)
    page.locator("#tests").check()
    page.locator("#discretise").check()
    shown.wait_until_drawn()
    samples = len(trainer.frame().samples.test)
    assert page.evaluate("snapshot.plots[0].test.data.x.length") == samples > 0


WIDE = Architecture(hidden=[5, 3], features=["x", "y", "x²", "sin y"], dropout=0.2)


def test_values_of_points(page: Page, tmp_path: Path) -> None:
    trainer, moments = train_and_record(
        Points(shape="plane", count=80), WIDE, Training(loss="Huber"), 1
    )
    html = lab_snapshot(trainer, checkpoints=moments, theme=DARK)
    check_points(SnapshotPage(page, html, tmp_path, PHONE), trainer)


def test_classes_of_points_whose_names_are_text_and_nothing_else(
    page: Page, tmp_path: Path
) -> None:
    arms = Points(shape="arms", classes_count=4, count=80).samples().train
    keys = np.random.default_rng(0).uniform(size=len(arms.x))
    points = PointSnapshot(arms.x, arms.y, keys, (HOSTILE, "b", "c", "d"))
    trainer, moments = train_and_record(
        Points(own=PointSet(points), shape=OWN),
        WIDE,
        Training(loss="hinge", class_weights="balanced"),
        every=1,
    )
    html = lab_snapshot(trainer, checkpoints=moments, theme=DARK, title=HOSTILE)
    shown = SnapshotPage(page, html, tmp_path, PHONE)
    check_points(shown, trainer)
    assert page.evaluate("window.hacked") is None
    assert shown.text("h1") == HOSTILE


class OwnFeature(Points):
    """Points whose only feature is given."""

    def __init__(self, feature: Any) -> None:
        super().__init__()
        self._feature = feature

    @property
    def features(self) -> FeatureMap:
        return {"x": self._feature}


def test_a_feature_of_the_user_is_computed_in_the_browser_at_each_checkpoint(
    page: Page, tmp_path: Path
) -> None:
    feature = OwnFeature(lambda points: points[:, 0] ** 3)
    trainer, _ = train_and_record(
        feature, Architecture(hidden=[3]), Training(loss="squared error"), every=4
    )
    shown = SnapshotPage(page, lab_snapshot(trainer, theme=DARK), tmp_path, PHONE)
    # The trainer's own checkpoints are the default.
    assert page.evaluate("snapshot.state.epochs") == [
        *(moment.epoch for moment in trainer.checkpoints.infos[:-1]),
        trainer.epoch,
    ]
    check_points(shown, trainer, checkpoint=5)
    want = flatten_weights(RecordedWeights(0, trainer.weights_at(5)))
    np.testing.assert_array_equal(page.evaluate("[...snapshot.state.weights]"), want)


# Python's side -------------------------------------------------------------------------------


def test_checkpoints_are_subsampled_evenly_and_end_with_the_current() -> None:
    moments = [RecordedWeights(epoch, {}) for epoch in range(1001)]
    kept = [each.epoch for each in subsample(moments, 101)]
    assert kept == list(range(0, 1001, 10))
    assert [each.epoch for each in subsample(moments, 1)] == [1000]
    assert subsample(moments, 5000) == moments


def test_checkpoints_of_another_architecture_are_left_out() -> None:
    small, large = {"w": np.zeros((1, 2))}, {"w": np.zeros((2, 2))}
    last = RecordedWeights(3, large)
    checkpoints = [RecordedWeights(0, small), RecordedWeights(1, large), RecordedWeights(3, large)]
    assert of_same_shape(checkpoints, last) == [checkpoints[1], last]


def test_where_the_slider_begins_is_said_if_it_is_not_where_the_run_did() -> None:
    trainer = Trainer(Gates(), Architecture(hidden=[3]))
    trainer.train(20)
    assert "The slider begins" not in lab_snapshot(trainer)
    trainer.architecture.hidden = [4]
    trainer.train(10)
    assert "The slider begins at epoch 2" in lab_snapshot(trainer)


def test_many_checkpoints_keep_the_file_small() -> None:
    trainer = Trainer(Points(), Architecture(hidden=[32] * 8))
    weights = state(trainer)
    moments = [RecordedWeights(part / 2000, weights) for part in range(2000)]
    trainer.advance(epochs=1)
    html = lab_snapshot(trainer, checkpoints=moments, date_made=date(2026, 1, 2))
    assert 4_000_000 < len(html.encode()) < 6_000_000
    assert "2 January 2026" in html


def test_settings_without_effect_are_not_listed() -> None:
    listed = dict(setting_rows(Training(optimiser="Adam")))
    assert listed["Beta 1"] == "0.9"
    assert not {"Momentum", "Schedule length", "Plateau factor"} & listed.keys()
    listed = dict(setting_rows(Training(optimiser="Nesterov", schedule="plateau")))
    assert (listed["Momentum"], listed["Plateau factor"]) == ("0.9", "0.1")
    assert not {"Beta 1", "Schedule length"} & listed.keys()
    assert "Class weights" in listed
    assert "Class weights" not in dict(setting_rows(Training(), has_classes=False))


def test_labels_of_curves_have_all_that_is_drawn_of_them_in_both_themes(
    xor: tuple[Trainer, list[RecordedWeights]],
) -> None:
    plot = curves_plot(LOSS, xor[0].frame())
    _before, glyph, _after = json.dumps(plot["item"]).split('"name": "Text"', 2)
    fields = set(re.findall(r'"field": "(\w+)"', glyph))
    assert "text_color" in fields
    for changes in plot["themes"].values():
        (labels,) = [value for _id, name, value in changes if name == "data"]
        assert fields <= labels.keys()


def test_json_stands_between_script_tags() -> None:
    assert "<" not in to_script_json({"a": HOSTILE})
    assert to_script_json({"a": [float("nan"), 1.5]}) == '{"a":[null,1.5]}'


@pytest.mark.parametrize(
    ("feature", "reason"),
    [
        (lambda points: points[:, 0].cumsum(0), "depends on all samples together"),
        (lambda points: torch.special.bessel_j0(points[:, 0]), "it uses the operator"),
        (lambda points: functional.layer_norm(points, (2,))[:, 0], "it uses the operator native"),
        (lambda points: torch.from_numpy(points.numpy()[:, 0] ** 2), "more than PyTorch's"),
        (lambda points: points[:, 0] * float(points.sum() > 0), "can't be traced|all samples"),
    ],
)
def test_a_feature_that_a_browser_cannot_compute_is_refused(feature: Any, reason: str) -> None:
    with pytest.raises(InputError, match=f"The feature 'x' .*({reason})"):
        lab_snapshot(Trainer(OwnFeature(feature)))
