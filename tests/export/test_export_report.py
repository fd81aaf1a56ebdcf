"""Reports: they say what the run says, in HTML and in Markdown, and hold all they need."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from playground.errors import InputError
from playground.export.report import Report, report
from playground.export.report.png_images import boundary, mistakes, tiles
from playground.export.report.rendering import escape_markdown
from playground.export.report.svg_charts import HEIGHT, WIDTH, Line, line_chart
from playground.number_text import format_loss, format_percent
from playground.problems import OWN, Gates, Points, PointSet
from playground.problems.digits import Digits
from playground.problems.points.point_snapshot import PointSnapshot
from playground.problems.tables.table_problem import TableProblem
from playground.training.core.metrics import Curves
from playground.training.dense.edits import Freeze, ParameterRef, SetValue
from playground.training.dense.frame import Frame
from playground.training.dense.trainer import Trainer
from playground.training.images import ImagePredictions, ImageTrainer
from playground.training.images.augmentation.augmentation import Augmentation
from tests.support.training.dense_frames import make_frame
from tests.support.training.dense_training import make_trainer
from tests.support.training.image_trainers import BarImages, make_image_trainer

DAY = date(2025, 2, 3)
SVG = "{http://www.w3.org/2000/svg}"


class PageParser(HTMLParser):
    """What a browser would make of a page: text, tables, pictures, and all addresses."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.pictures: list[str] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        given = dict(attributes)
        self.addresses += [given[name] for name in ("src", "href") if name in given]
        if tag == "img":
            self.pictures.append(given["src"])
        elif tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_data(self, data):
        self.text += data
        if self.tags and self.tags[-1] in ("td", "th") and self.tables:
            self.tables[-1][-1][-1] += data.strip()


def table(written: Report, head: str) -> dict[str, list[str]]:
    """The table whose first column is headed so, by the first cells of its rows."""
    (found,) = (each for each in PageParser(written.html).tables if each[0][0] == head)
    return {row[0]: row[1:] for row in found[1:]}


def trained_trainer(problem=None, epochs=5, **choices) -> Trainer:
    trainer = make_trainer(problem, **choices)
    trainer.train(epochs)
    return trainer


@pytest.fixture(scope="module")
def classifier() -> ImageTrainer:
    trainer = make_image_trainer("cnn", l1=0.001)
    trainer.augmentation = Augmentation(shift=1, untouched=0.5)
    trainer.train(1)
    return trainer


# What it says ------------------------------------------------------------------------------------


def test_results_are_those_of_the_run() -> None:
    trainer = trained_trainer(Points(shape="blobs", classes_count=3), epochs=7)
    frame, written = trainer.frame(), report(trainer, DAY)
    scores = table(written, "samples")
    assert scores["test"] == [
        format_loss(frame.test.loss),
        format_percent(frame.test.accuracy),
    ]
    counts = table(written, "true / predicted")
    assert [[*map(int, row)] for row in counts.values()] == frame.confusion.tolist()
    assert f"Training took 7 epochs, which is {frame.step:,} optimiser steps." in written.html
    first = frame.curves.train_loss[0]
    assert (
        f"The training loss fell from {format_loss(first)} to {format_loss(frame.train.loss)}."
        in written.html
    )


def test_recall_and_precision() -> None:
    confusion = np.array([[8, 2], [0, 0]])
    from playground.export.report.training_sections import _per_class_table

    found = {row[0]: row[1:] for row in _per_class_table(make_frame(confusion=confusion)).rows}
    assert found == {
        "orange": ("10", "100%", "80%", "88.8%"),
        "blue": ("0", "0%", "–", "0%"),
        "mean": ("10", "50%", "80%", "44.4%"),
    }


def test_layers_and_their_parameters_add_up() -> None:
    trainer = trained_trainer(hidden=[5, 3], dropout=0.2, features=["x", "y", "xy"])
    layers = table(report(trainer), "layer")
    assert sum(int(row[-1]) for row in layers.values()) == trainer.plan.size
    assert layers["hidden 1"] == ["3 → 5", "tanh, 20% dropout", "20"]
    assert f"{trainer.plan.size} parameters" in report(trainer).html


def test_settings_that_are_off_are_left_out() -> None:
    plain_settings = table(report(trained_trainer()), "setting")
    assert list(plain_settings) == ["Optimiser", "Learning rate", "Batch size", "Loss"]
    others = {
        "max_norm": 0.5,
        "class_weights": "balanced",
        "optimiser": "Nesterov",
        "momentum": 0.8,
    }
    trainer = trained_trainer(
        l2=0.01, schedule="cosine", horizon=50, dropout=0.1, loss="hinge", **others
    )
    settings = table(report(trainer), "setting")
    assert settings["Learning rate"] == ["0.03, schedule cosine over 50 epochs"]
    assert settings["L2 penalty (weight decay)"] == ["0.01"]
    assert settings["Dropout"] == ["10%"]
    assert settings["Loss"] == ["hinge"]
    trainer.training.param.update(schedule="plateau", early_stopping=1)
    settings = table(report(trainer), "setting")
    rate = "0.03, schedule plateau: times 0.1 after more than 10 epochs without a lower test loss"
    assert settings["Learning rate"] == [rate]
    assert settings["Early stopping"] == ["after 1 epoch without a lower test loss"]
    assert settings["Optimiser"] == ["Nesterov, momentum 0.8"]
    assert settings["Gradient norm, at most"] == ["0.5"]
    assert settings["Class weights"] == ["balanced"]


def test_a_truth_table_is_in_it() -> None:
    written = report(trained_trainer(Gates(gate="XOR", noise=0.1)))
    (found,) = (each for each in PageParser(written.html).tables if each[0][-1] == "answer")
    assert found[1:] == [["0", "0", "0"], ["0", "1", "1"], ["1", "0", "1"], ["1", "1", "0"]]
    assert "standard deviation 0.1" in written.html
    assert "learns XOR of 2 inputs" in written.html


def test_a_gate_without_noise_has_no_test_samples_of_its_own() -> None:
    text = PageParser(report(trained_trainer(Gates())).html).text
    assert "evaluated on the same samples" in text
    assert "On 4 training samples it has" in text
    assert "test sample" not in text.partition("Problem and data")[0].partition("learns")[2]
    assert "Circles are training samples." in text


def test_a_table_without_test_rows_is_told_without_tests() -> None:
    rows = np.random.default_rng(0).normal(size=(12, 2))
    problem = TableProblem((rows, rows.sum(1) > 0))
    text = PageParser(report(trained_trainer(problem, features=list(problem.inputs))).html).text
    assert "learns from all 12 samples; there are no others to test it with." in text
    assert "Circles are training samples." in text
    assert "Loss on training samples by epoch." in text


def test_class_sizes_are_those_of_the_samples() -> None:
    trainer = trained_trainer(Points(shape="arms", classes_count=4))
    split = trainer.problem.samples()
    tables = PageParser(report(trainer).html).tables
    (found,) = (each for each in tables if each[0] == ["class", "training", "test"])
    for number, row in enumerate(found[1:]):
        assert [*map(int, row[1:])] == [
            (part.y == number).sum() for part in (split.train, split.test)
        ]


def test_regression_has_no_accuracy() -> None:
    written = report(trained_trainer(Points(shape="plane")))
    assert table(written, "samples")["test"][1] == "–"
    assert "true / predicted" not in written.html
    assert "accuracy of" not in written.html
    assert len(PageParser(written.html).pictures) == 2


def test_nothing_is_said_of_training_that_has_not_been() -> None:
    text = report(trained_trainer(epochs=0)).html
    assert "has not finished an epoch" in text
    assert "fell from" not in text


def change_samples(trainer: Trainer) -> None:
    trainer.problem.train_ratio = 0.2


def change_loss(trainer: Trainer) -> None:
    trainer.training.loss = "squared error"


def change_weight(trainer: Trainer) -> None:
    trainer.edit(SetValue(ParameterRef(0, 0, 0), 3.0))


def change_samples_and_go_back(trainer: Trainer) -> None:
    change_samples(trainer)
    trainer.branch(2)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda trainer: None, ""),
        (change_samples, "begin at epoch 7: before, the network was trained on other samples"),
        (change_loss, "begin at epoch 7: before, the network was trained with another loss"),
        (change_weight, ""),
        (change_samples_and_go_back, "before, the network was trained on other samples"),
    ],
)
@pytest.mark.parametrize("more", [0, 3])
def test_all_numbers_are_of_the_same_moment_and_samples(
    change: Callable[[Trainer], None], sentence: str, more: int
) -> None:
    trainer = trained_trainer(Points(shape="moons", count=100), epochs=7, hidden=[4])
    change(trainer)
    frame, text = trainer.train(more) if more else trainer.frame(), report(trainer, DAY).html
    assert frame.confusion.sum() == len(frame.samples.test)
    assert frame.confusion.trace() / frame.confusion.sum() == pytest.approx(frame.test.accuracy)
    if change is not change_samples_and_go_back or more:
        last = [float(getattr(frame.curves, name)[-1]) for name in Curves.__slots__]
        assert last == pytest.approx([frame.epoch, *score_pairs(frame)])
    assert sentence in text
    assert ("before, the network was" in text) == bool(sentence)
    scores = table(report(trainer, DAY), "samples")
    assert scores["test"][0] == format_loss(frame.test.loss)
    since = frame.curves.after(frame.comparable_since).train_loss
    if more:
        changed = f"from {format_loss(since[0])} to {format_loss(frame.train.loss)}."
        assert changed in text


def score_pairs(frame: Frame) -> list[float]:
    """Losses and accuracies in the order of the curves."""
    train, test = frame.train, frame.test
    return [train.loss, test.loss, train.accuracy, test.accuracy]


def test_a_loss_that_got_worse_is_not_hidden() -> None:
    from playground.export.report.training_sections import training_progress

    frame = make_frame(epochs=30)
    frame.curves.test_loss[12] = 0.01
    frame.curves.train_loss[0] = 0.1
    text = "".join(getattr(piece, "text", "") for piece in training_progress(frame))
    assert "went from 0.100 to 0.250" in text
    assert "lowest at epoch 12, with 0.0100, and is 0.300 at the end" in text


def test_frozen_weights_and_notes_are_reported() -> None:
    trainer = trained_trainer()
    trainer.edit(Freeze(ParameterRef(0, 0, 0), True))
    assert "Of these parameters 1 are frozen" in report(trainer).html
    notes = report(trained_trainer(Gates(gate="custom", table=[0, 0, 0, 0]))).html
    assert "Observations" in notes
    assert "nothing to tell apart" in notes
    assert "Observations" not in report(trained_trainer()).html


def test_a_classifier(classifier) -> None:
    frame, written = classifier.frame(), report(classifier, DAY)
    text = PageParser(written.html).text
    assert "600 for training and 200 for the test" in text
    assert "are of all 200 test pictures" in text
    assert "421,642 parameters" in text
    settings = table(written, "setting")
    assert settings["Augmentation: Shift"] == ["1 (Pixels in each direction)"]
    assert settings["L1 penalty"] == ["0.001"]
    counts = table(written, "true / predicted")
    assert [[*map(int, row)] for row in counts.values()] == frame.confusion.tolist()
    assert "/work" not in text


def test_an_epoch_under_way_is_said() -> None:
    trainer = make_image_trainer("softmax", BarImages(test=900))
    trainer.advance(steps=2)
    assert "An epoch is under way" in report(trainer).html


def test_pictures_that_are_not_loaded_are_refused() -> None:
    with pytest.raises(InputError, match="not loaded"):
        report(ImageTrainer(Digits()))


# How it is written -------------------------------------------------------------------------------


def hostile() -> Trainer:
    names = ("<script>alert(1)</script>", "a|b ![x](http://example.com/x.png) *c*\n# d")
    x = np.array([[1, 2], [3, 4], [-1, 0], [0, 1]], np.float32)
    own = PointSet(PointSnapshot(x, np.array([0, 1, 0, 1]), np.array([0, 0, 0.9, 0.9]), names))
    return trained_trainer(Points(own, shape=OWN))


def test_html_needs_nothing_else_and_names_are_text() -> None:
    written = report(hostile())
    seen = PageParser(written.html)
    assert "script" not in seen.tags
    assert "<script>alert(1)</script>" in seen.text
    assert all(address.startswith("data:image/") for address in seen.addresses)
    assert "url(" not in written.html
    assert "@import" not in written.html


def pictures_at_the_end(text: str) -> list[str]:
    """Return the pictures of a Markdown text in order; all of them are where they should be."""
    names = re.findall(r"^!\[[^\n]*\]\[(picture \d+)\]$", text, re.MULTILINE)
    pictures = re.findall(r"^\[(picture \d+)\]: (\S+)$", text, re.MULTILINE)
    assert names == [name for name, _ in pictures] == list(dict.fromkeys(names))
    assert text.index(f"\n[{names[0]}]: ") > text.rindex("---")
    return [picture for _, picture in pictures]


def test_markdown_names_are_text() -> None:
    text = report(hostile()).markdown
    assert "<script" not in text
    assert "\n# d" not in text
    assert "![x]" not in text
    assert "](" not in text.replace(r"\](", "")
    assert all(target.startswith("data:image/") for target in pictures_at_the_end(text))


def test_markdown_tables_are_whole() -> None:
    for written in (report(hostile()), report(trained_trainer(Gates()))):
        for block in re.findall(r"(?:^\|.*\n)+", written.markdown, re.MULTILINE):
            rows = block.splitlines()
            widths = {len(re.findall(r"(?<!\\)\|", row)) for row in rows}
            assert len(widths) == 1
            assert set(rows[1]) <= set("|: -")


def test_both_say_the_same() -> None:
    written = report(trained_trainer(Points(shape="moons")), DAY)
    html = PageParser(written.html)
    markdown = written.markdown
    assert pictures_at_the_end(markdown) == html.pictures
    for rows in html.tables:
        for row in rows:
            assert "| " + " | ".join(escape_markdown(cell) for cell in row) + " |" in markdown
    assert "2025-02-03" in markdown
    assert "2025-02-03" in html.text


def test_pictures_can_be_opened(classifier) -> None:
    for written in (report(trained_trainer()), report(classifier)):
        for address in PageParser(written.html).pictures:
            kind, _, data = address.partition(";base64,")
            content = b64decode(data)
            if kind.endswith("png"):
                Image.open(BytesIO(content)).verify()
            else:
                assert ElementTree.fromstring(content).tag == f"{SVG}svg"


@given(st.text())
def test_plain_text_has_no_marks(text) -> None:
    said = escape_markdown(text)
    assert "\n" not in said
    assert "<" not in said
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]|#]", said)


# Pictures ---------------------------------------------------------------------------------------


def lines(svg: bytes) -> list[str]:
    """The paths of curves."""
    paths = ElementTree.fromstring(svg).iter(f"{SVG}path")
    return [path.get("d") for path in paths if path.get("fill") == "none"]


def test_a_chart_runs_through_its_values() -> None:
    epochs = np.array([0, 5, 10], np.float32)
    svg = line_chart(epochs, (Line("a", np.array([1, 0.5, 0], np.float32)),), "loss", top=1.0)
    (path,) = lines(svg)
    places = np.array(re.findall(r"[ML]([\d.]+) ([\d.]+)", path), float)
    assert np.allclose(np.diff(places[:, 0]), (WIDTH - 56 - 14) / 2, atol=0.1)
    assert np.allclose(np.diff(places[:, 1]), (HEIGHT - 28 - 40) / 2, atol=0.1)


def test_a_chart_leaves_out_what_is_not_known() -> None:
    epochs = np.arange(4, dtype=np.float32)
    gap = np.array([1, np.nan, np.inf, 2], np.float32)
    nothing = np.full(4, np.nan, np.float32)
    svg = line_chart(epochs, (Line("gap", gap), Line("none", nothing)), "loss")
    (path,) = lines(svg)
    assert path.count("M") == 2
    assert b"nan" not in svg
    assert b"none</text>" not in svg
    assert line_chart(epochs[:0], (Line("empty", epochs[:0]),), "loss")


def pixels_of(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(int)


def test_the_boundary_stands_upright() -> None:
    field = np.zeros((100, 100, 2), np.float32)
    field[:50, :, 0] = field[50:, :, 1] = 1  # class 0, orange, in the lower half
    shown = pixels_of(boundary(make_frame(field=field, samples=(0, 0))))
    top, bottom = shown[100, 100], shown[-100, 100]
    assert bottom[0] > bottom[2] + 50
    assert top[2] > top[0] + 50


def test_samples_are_where_they_belong() -> None:
    frame = make_frame(samples=(1, 0), regression=False)
    x, y = frame.samples.train.x[0]
    bare = pixels_of(boundary(make_frame(samples=(0, 0), field=frame.field)))
    changed = np.argwhere((pixels_of(boundary(frame)) != bare).any(axis=2))
    row, column = changed.mean(axis=0)
    assert column == pytest.approx((x + 6) / 12 * 720, abs=2)
    assert row == pytest.approx((6 - y) / 12 * 720, abs=2)


def test_tiles_and_mistakes_have_a_place_each() -> None:
    shown = pixels_of(tiles(np.linspace(-1, 1, 23 * 9, dtype=np.float32).reshape(23, 3, 3)))
    assert shown.shape[1] > shown.shape[0]
    rng = np.random.default_rng(0)
    pictures = rng.integers(0, 256, (13, 28, 28)).astype(np.uint8)
    readings = ImagePredictions(
        pictures, np.arange(13) % 3, rng.dirichlet(np.ones(3), 13).astype("f")
    )
    assert pixels_of(mistakes(readings, ("a", "b", "Ankle boot"))).shape == (2 * 118, 840, 3)
