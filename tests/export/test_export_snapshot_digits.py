"""The snapshot of digits: draw in a file, and it reads, without a server or a network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import Page
from torch import nn

from playground.errors import InputError
from playground.export.snapshot import RecordedWeights, digits_snapshot
from playground.export.snapshot.digits_snapshot import TRAINED_HERE
from playground.export.snapshot.run_data import copy_weights
from playground.networks.pretrained import load
from playground.prediction import predict
from playground.pretraining.synthetic_handwriting import write_digit
from playground.problems.digits import Digits
from playground.problems.image_datasets.labelled_images import LabelledImages, LoadedDataset
from playground.training.images.trainer import ImageTrainer
from playground.views.theme import DARK
from tests.export.test_export_snapshot_ink import as_points
from tests.support.browser.kept_page import KeptPage
from tests.support.browser.patient_expect import expect
from tests.support.browser.snapshot_page import DESKTOP, PHONE, SnapshotPage, look_alike

DRAWINGS = 20
READ = """drawings => drawings.map((strokes) => {
    snapshot.canvas.replaceStrokes(strokes)
    snapshot.predict()
    return [snapshot.probabilities, snapshot.predictionTime]
})"""
"""Has drawings read, one after another; returns the probabilities and the time of each."""
SHIPPED = {"Softmax": "softmax", "MLP": "mlp", "CNN": "cnn"}


def load_shipped() -> dict[str, nn.Module]:
    return {label: load(name) for label, name in SHIPPED.items()}


def few_pictures() -> Digits:
    """A problem of two hundred pictures, of which a network can learn something."""
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(200) % 10
    pictures = torch.randint(0, 60, (200, 28, 28), generator=generator, dtype=torch.uint8)
    for picture, label in zip(pictures, labels, strict=True):
        picture[2 * label : 2 * label + 8, 4:24] = 250
    part = LabelledImages(pictures, labels)
    problem = Digits()
    images = LoadedDataset(part, part, tuple("0123456789"), "stripes of our own", is_fallback=True)
    problem._loaded = (problem._choice, images)
    return problem


@pytest.fixture(scope="module")
def softmax() -> tuple[ImageTrainer, list[RecordedWeights]]:
    trainer = ImageTrainer(few_pictures(), "softmax")
    checkpoints = [RecordedWeights(0, copy_weights(trainer.model))]
    for _ in range(3):
        trainer.advance(epochs=1)
        checkpoints.append(RecordedWeights(trainer.epoch, copy_weights(trainer.model)))
    return trainer, checkpoints


def probabilities(shown: SnapshotPage) -> np.ndarray:
    return np.array(shown.page.evaluate("snapshot.probabilities"))


@pytest.fixture
def snapshot(kept_page: KeptPage, tmp_path: Path) -> SnapshotPage:
    return kept_page.borrow(
        lambda page: SnapshotPage(page, digits_snapshot(load_shipped()), tmp_path)
    )


def put(shown: SnapshotPage, strokes: object) -> None:
    """Have strokes on the canvas, as if they had been drawn."""
    shown.page.evaluate("strokes => snapshot.canvas.replaceStrokes(strokes)", strokes)


def test_drawings_are_read_as_python_reads_them_and_at_once(snapshot: SnapshotPage) -> None:
    rng = np.random.default_rng(11)
    drawings = [write_digit(number % 10, rng) for number in range(DRAWINGS)]
    found = snapshot.page.evaluate(READ, [as_points(each) for each in drawings])
    for strokes, (read, _took) in zip(drawings, found, strict=True):
        want = [predict(strokes, name) for name in SHIPPED.values()]
        np.testing.assert_allclose(read, want, rtol=0, atol=1e-4)
    assert np.median([took for _read, took in found]) < 100
    put(snapshot, [])


def test_a_digit_is_drawn_with_the_mouse_taken_back_and_cleared(snapshot: SnapshotPage) -> None:
    page, verdict = snapshot.page, snapshot.page.locator("#verdict")
    expect(verdict).to_have_text("Draw a digit from 0 to 9.")
    blank = snapshot.screenshot("#drawing"), snapshot.screenshot("#input")
    stroke(page, [(0.3, 0.2), (0.7, 0.2), (0.45, 0.85)])
    expect(verdict).to_have_text("Prediction: 7.")
    stroke(page, [(0.1, 0.1), (0.9, 0.9)])
    page.get_by_role("button", name="Undo").click()
    expect(verdict).to_have_text("Prediction: 7.")
    page.get_by_role("button", name="Clear").click()
    expect(verdict).to_have_text("Draw a digit from 0 to 9.")
    page.mouse.move(0, 0)
    snapshot.wait_until_drawn()
    for place, before in zip(("#drawing", "#input"), blank, strict=True):
        assert look_alike(snapshot.screenshot(place), before), place
    page.get_by_role("button", name="Undo").click()
    expect(verdict).to_have_text("Prediction: 7.")


def stroke(page: Page, places: list[tuple[float, float]]) -> None:
    """Draw one stroke through places on the unit canvas."""
    box = page.locator("#drawing").bounding_box()
    assert box is not None
    for number, (x, y) in enumerate(places):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=8)
        if not number:
            page.mouse.down()
    page.mouse.up()


def test_a_scribble_is_doubted(page: Page, tmp_path: Path) -> None:
    shown = SnapshotPage(page, digits_snapshot({"CNN": load("cnn")}), tmp_path)
    scribble = [[[0.1, 0.1], [0.9, 0.9]], [[0.9, 0.1], [0.1, 0.9]], [[0.5, 0.1], [0.5, 0.9]]]
    put(shown, scribble)
    shown.wait_frames(2)
    assert probabilities(shown).max() < 0.4
    expect(page.locator("#verdict")).to_contain_text("Not a digit?")


def test_a_trained_network_fits_the_window_and_its_slider_uses_each_checkpoint(
    page: Page, tmp_path: Path, softmax: tuple[ImageTrainer, list[RecordedWeights]]
) -> None:
    trainer, checkpoints = softmax
    html = digits_snapshot(load_shipped(), trainer, checkpoints=checkpoints, theme=DARK)
    assert len(html.encode()) < 6_000_000
    shown = SnapshotPage(page, html, tmp_path, PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    shown.resize(DESKTOP)
    page.wait_for_function("width => document.documentElement.scrollWidth == width", arg=DESKTOP[0])
    assert shown.foreign_requests == []
    assert "stripes of our own" in shown.text(".result")

    # The slider
    strokes = write_digit(3, np.random.default_rng(2))
    put(shown, as_points(strokes))
    shown.wait_until_drawn()
    now = shown.screenshot("#mosaic")
    np.testing.assert_allclose(probabilities(shown)[-1], predict(strokes, trainer.model), atol=1e-4)
    shown.go_to(0)
    then = ImageTrainer(few_pictures(), "softmax").model
    np.testing.assert_allclose(probabilities(shown)[-1], predict(strokes, then), atol=2e-3)
    assert shown.text("#epoch") == "0"
    assert shown.screenshot("#mosaic") != now
    page.locator("#change").check()
    shown.wait_until_drawn()
    assert page.evaluate("Math.max(...snapshot.state.views[1].shown)") == 0
    page.locator("#change").uncheck()
    shown.go_to(len(checkpoints) - 1)
    page.mouse.move(0, 0)
    assert look_alike(shown.screenshot("#mosaic"), now)


def test_of_a_large_network_only_weight_pictures_are_kept(page: Page, tmp_path: Path) -> None:
    trainer = ImageTrainer(few_pictures(), "cnn")
    trainer.advance(epochs=1)
    weights = copy_weights(trainer.model)
    past = [RecordedWeights(part / 200, weights) for part in range(150)]
    html = digits_snapshot({}, trainer, checkpoints=past)
    assert len(html.encode()) < 6_000_000
    shown = SnapshotPage(page, html, tmp_path)
    assert page.evaluate("snapshot.networks") is None
    assert page.evaluate("snapshot.state.epochs.length") == 151
    assert shown.page.locator("#predictions h3").all_inner_texts() == [TRAINED_HERE]


def test_what_cannot_be_a_snapshot_is_refused_in_a_sentence() -> None:
    with pytest.raises(InputError, match="at least one"):
        digits_snapshot({})
    with pytest.raises(InputError, match="“two” has 2 classes"):
        digits_snapshot({"two": nn.Sequential(nn.Flatten(), nn.Linear(784, 2))})
    giant = nn.Sequential(nn.Flatten(), nn.Linear(784, 2000), nn.ReLU(), nn.Linear(2000, 10))
    with pytest.raises(InputError, match="6 MB are the most"):
        digits_snapshot({"giant": giant})
    with pytest.raises(InputError, match="“odd”"):
        digits_snapshot({"odd": nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.Hardswish())})
