"""The snapshot of digits: draw in a file, and it reads, without a server or a network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect
from torch import nn

from playground.errors import InputError
from playground.export.snapshot import Recorded, snapshot_digits
from playground.export.snapshot.digits import HERE
from playground.export.snapshot.learned import weights_of
from playground.ink.hands import write
from playground.networks.pretrained import load
from playground.problems.corpora.images import Images, Labelled
from playground.problems.digits import Digits
from playground.reading import predict
from playground.training.digits.trainer import DigitTrainer
from playground.views.theme import DARK
from tests.snapshot_page import DESK, PHONE, SnapshotPage
from tests.test_export_snapshot_ink import as_points

SHIPPED = {"Softmax": "softmax", "MLP": "mlp", "CNN": "cnn"}


def shipped() -> dict[str, nn.Module]:
    return {label: load(name) for label, name in SHIPPED.items()}


def few_pictures() -> Digits:
    """A problem of two hundred pictures, of which a network can learn something."""
    generator = torch.Generator().manual_seed(0)
    labels = torch.arange(200) % 10
    pictures = torch.randint(0, 60, (200, 28, 28), generator=generator, dtype=torch.uint8)
    for picture, label in zip(pictures, labels, strict=True):
        picture[2 * label : 2 * label + 8, 4:24] = 250
    part = Labelled(pictures, labels)
    problem = Digits()
    images = Images(part, part, tuple("0123456789"), "stripes of our own", standing_in=True)
    problem._loaded = (problem._choice, images)
    return problem


def trained(reader: str | nn.Module) -> tuple[DigitTrainer, list[Recorded]]:
    trainer = DigitTrainer(few_pictures(), reader)
    moments = [Recorded(0, weights_of(trainer.model))]
    for _ in range(3):
        trainer.advance(epochs=1)
        moments.append(Recorded(trainer.epoch, weights_of(trainer.model)))
    return trainer, moments


@pytest.fixture(scope="module")
def softmax() -> tuple[DigitTrainer, list[Recorded]]:
    return trained("softmax")


def probabilities(shown: SnapshotPage) -> np.ndarray:
    return np.array(shown.page.evaluate("snapshot.probabilities"))


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_it_asks_for_nothing_and_fits_the_window(
    page: Page, tmp_path: Path, softmax: tuple[DigitTrainer, list[Recorded]], size: tuple[int, int]
) -> None:
    html = snapshot_digits(shipped(), softmax[0], moments=softmax[1], theme=DARK)
    assert len(html.encode()) < 6_000_000
    shown = SnapshotPage(page, html, tmp_path, size)
    assert shown.foreign == []
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    assert "stripes of our own" in shown.text(".result")


def test_drawings_are_read_as_python_reads_them_and_at_once(page: Page, tmp_path: Path) -> None:
    shown = SnapshotPage(page, snapshot_digits(shipped()), tmp_path)
    rng = np.random.default_rng(11)
    took = []
    for number in range(100):
        strokes = write(number % 10, rng)
        page.evaluate("strokes => snapshot.sheet.take(strokes)", as_points(strokes))
        page.evaluate("snapshot.read()")
        want = [predict(strokes, name) for name in SHIPPED.values()]
        np.testing.assert_allclose(probabilities(shown), want, rtol=0, atol=1e-4)
        took.append(page.evaluate("snapshot.took"))
    assert np.median(took) < 100


def test_a_digit_is_drawn_with_the_mouse_taken_back_and_cleared(page: Page, tmp_path: Path) -> None:
    shown = SnapshotPage(page, snapshot_digits(shipped()), tmp_path)
    verdict = page.locator("#verdict")
    expect(verdict).to_have_text("Draw a digit from 0 to 9.")
    blank = shown.looks("#sheet"), shown.looks("#seen")
    stroke(page, [(0.3, 0.2), (0.7, 0.2), (0.45, 0.85)])
    expect(verdict).to_have_text("Read as 7.")
    stroke(page, [(0.1, 0.1), (0.9, 0.9)])
    page.get_by_role("button", name="Undo").click()
    expect(verdict).to_have_text("Read as 7.")
    page.get_by_role("button", name="Clear").click()
    expect(verdict).to_have_text("Draw a digit from 0 to 9.")
    page.mouse.move(0, 0)
    assert (shown.looks("#sheet"), shown.looks("#seen")) == blank
    page.get_by_role("button", name="Undo").click()
    expect(verdict).to_have_text("Read as 7.")


def stroke(page: Page, places: list[tuple[float, float]]) -> None:
    """Draw one stroke through places on the unit canvas."""
    box = page.locator("#sheet").bounding_box()
    assert box is not None
    for number, (x, y) in enumerate(places):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=8)
        if not number:
            page.mouse.down()
    page.mouse.up()


def test_a_scribble_is_doubted(page: Page, tmp_path: Path) -> None:
    shown = SnapshotPage(page, snapshot_digits({"CNN": load("cnn")}), tmp_path)
    scribble = [[[0.1, 0.1], [0.9, 0.9]], [[0.9, 0.1], [0.1, 0.9]], [[0.5, 0.1], [0.5, 0.9]]]
    page.evaluate("strokes => snapshot.sheet.take(strokes)", scribble)
    shown.frames(2)
    assert probabilities(shown).max() < 0.4
    expect(page.locator("#verdict")).to_contain_text("Not a digit?")


def test_the_slider_shows_the_weights_of_then_and_reads_with_them(
    page: Page, tmp_path: Path, softmax: tuple[DigitTrainer, list[Recorded]]
) -> None:
    trainer, moments = softmax
    shown = SnapshotPage(page, snapshot_digits({}, trainer, moments=moments), tmp_path)
    strokes = write(3, np.random.default_rng(2))
    page.evaluate("strokes => snapshot.sheet.take(strokes)", as_points(strokes))
    shown.rests()
    now = shown.looks("#mosaic")
    np.testing.assert_allclose(probabilities(shown)[0], predict(strokes, trainer.model), atol=1e-4)
    shown.go(0)
    then = DigitTrainer(few_pictures(), "softmax").model
    np.testing.assert_allclose(probabilities(shown)[0], predict(strokes, then), atol=2e-3)
    assert shown.text("#epoch") == "0"
    assert shown.looks("#mosaic") != now
    page.locator("#change").check()
    shown.rests()
    assert page.evaluate("Math.max(...snapshot.state.parts[1].shown)") == 0
    page.locator("#change").uncheck()
    shown.go(len(moments) - 1)
    page.mouse.move(0, 0)
    assert shown.looks("#mosaic") == now


def test_a_large_network_keeps_pictures_of_its_past_only(page: Page, tmp_path: Path) -> None:
    trainer, moments = trained("cnn")
    past = [Recorded(part / 50, moments[1].weights) for part in range(150)]
    html = snapshot_digits({}, trainer, moments=past)
    assert len(html.encode()) < 6_000_000
    shown = SnapshotPage(page, html, tmp_path)
    assert page.evaluate("snapshot.whole") is None
    assert page.evaluate("snapshot.state.epochs.length") == 151
    assert shown.page.locator("#readings h3").all_inner_texts() == [HERE]


def test_what_cannot_be_a_snapshot_is_refused_in_a_sentence() -> None:
    with pytest.raises(InputError, match="at least one"):
        snapshot_digits({})
    with pytest.raises(InputError, match="“two” tells 2 classes apart"):
        snapshot_digits({"two": nn.Sequential(nn.Flatten(), nn.Linear(784, 2))})
    giant = nn.Sequential(nn.Flatten(), nn.Linear(784, 2000), nn.ReLU(), nn.Linear(2000, 10))
    with pytest.raises(InputError, match="6 MB are the most"):
        snapshot_digits({"giant": giant})
    with pytest.raises(InputError, match="“odd”"):
        snapshot_digits({"odd": nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.Hardswish())})
