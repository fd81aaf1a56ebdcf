"""Several digits apart from each other: on the canvas, in a picture, in the terminal."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from playground.cli.commands import app
from playground.ink.stroke_groups import split_at_gaps
from playground.pages.digits.canvas.image_upload import ImageUpload
from playground.pages.digits.prediction.live_predictor import LivePredictor
from playground.pages.digits.prediction.prediction_tab import verdict
from playground.pages.digits.prediction.predictions import predict_with_all
from playground.prediction import join_labels, predict, predict_several_digits
from playground.pretraining.synthetic_handwriting import write_digit
from tests.support.data.photos import FIVE, FOUR, SEVEN, Shape, encode_image, page
from tests.support.training.image_trainers import BarImages, make_image_trainer
from tests.support.widgets import text

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

JUDGES = ("mlp", "cnn", "deep")
ASKED = {name: name for name in ("softmax", *JUDGES)}


def strokes(shape: Shape, left: float = 0.0) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return a shape of a third of the canvas as strokes."""
    paths = [np.array(path) / 3 + (left, 0.3) for path in shape]
    return [(path[:, 0], path[:, 1]) for path in paths]


def at(line: np.ndarray, x: float, y: float = 0.0) -> np.ndarray:
    """Return a line elsewhere."""
    return line + np.array([x, y])


def apart(
    *digits: list[tuple[np.ndarray, np.ndarray]], gap: float, axis: int = 0, shrink: float = 1.0
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return strokes of digits of height 1, each smaller by `shrink`, so far apart in x or y."""
    lines, edge, height = [], np.zeros(2), 1.0
    for digit in digits:
        paths = [np.column_stack(stroke) for stroke in digit]
        points = np.concatenate(paths)
        scale = height / np.ptp(points[:, 1])
        moved = [(path - points.min(axis=0)) * scale + edge for path in paths]
        edge[axis] = max(path[:, axis].max() for path in moved) + gap
        height *= shrink
        lines += moved
    return [(line[:, 0], line[:, 1]) for line in lines]


def test_strokes_that_stand_clear_of_each_other_are_parted() -> None:
    stem = np.array([[0.0, 0.0], [0.0, 1.0]])
    bar = np.array([[-0.2, 0.5], [0.2, 0.5]])
    assert len(split_at_gaps([stem, at(stem, 0.5, 0.1)])) == 2
    assert len(split_at_gaps([at(stem, 0.5), stem, bar, at(stem, 1)])) == 3
    assert len(split_at_gaps([stem, bar])) == 1
    assert len(split_at_gaps([stem, at(stem, 0.05)])) == 1, "no clear gap"
    assert len(split_at_gaps([stem, at(stem / 4, 0.5)])) == 1, "too small for a digit"
    assert len(split_at_gaps([at(stem, 0.0, 1.2), stem])) == 2, "one above the other"
    assert len(split_at_gaps([at(stem, 0.5), stem, at(stem, 0, 1.2)])) == 2, "columns come first"
    assert split_at_gaps([]) == []


def test_parts_come_from_left_to_right_with_all_their_strokes() -> None:
    four, seven = strokes(FOUR, 0.5), strokes(SEVEN)
    groups = split_at_gaps([np.column_stack(stroke) for stroke in (*four, *seven)])
    assert [len(group) for group in groups] == [1, 2]


def test_digits_side_by_side_are_recognised_and_one_is_one() -> None:
    both = predict_with_all([*strokes(SEVEN), *strokes(FOUR, 0.5)], ASKED)
    assert both.digit_sequence == ("7", "4")
    assert verdict(both) == "<p>This looks like <b>2 digits: 7 and 4</b>.</p>"
    three = predict_with_all([*strokes(SEVEN), *strokes(FOUR, 0.5), *strokes(FIVE, 1.0)], ASKED)
    assert "3 digits: 7, 4 and 5" in verdict(three)
    for shape in (FOUR, FIVE):
        assert predict_with_all(strokes(shape), ASKED).digit_sequence == ()
    assert (
        predict_with_all(
            [*strokes(SEVEN), *strokes(FOUR, 0.5)], {"Softmax": "softmax"}
        ).digit_sequence
        == ()
    )


def test_what_is_no_digit_in_parts_either_is_only_doubtful() -> None:
    scribble = (
        np.array([0, 0.3, 0, 0.3, 0, 0.3, 0]),
        np.array([0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3]),
    )
    doubted = predict_with_all([*strokes(SEVEN), (scribble[0] + 0.5, scribble[1] + 0.3)], ASKED)
    assert doubted.digit_sequence == ()
    assert (
        predict_several_digits([([0.1, 0.1], [0.5, 0.515]), ([0.5, 0.5], [0.5, 0.515])], JUDGES, 0)
        == ()
    )


def test_hardly_any_digit_is_taken_for_two() -> None:
    """1,000 digits in all synthetic hands; fewer than 0.2 % of them, that is at most one."""
    rng = np.random.default_rng(3)
    digits = [write_digit(number % 10, rng) for number in range(1000)]
    parted = [
        digit
        for digit in digits
        if len(split_at_gaps([np.column_stack(stroke) for stroke in digit])) > 1
    ]
    wrong = [digit for digit in parted if predict_with_all(digit, ASKED).digit_sequence]
    assert sum(len(digit) > 1 for digit in digits) > 150
    assert len(wrong) <= 1


@pytest.mark.parametrize(
    ("axis", "shrink"), [(0, 1.0), (0, 0.5), (1, 1.0)], ids=["beside", "second smaller", "above"]
)
def test_most_pairs_are_read_as_what_they_are(axis: int, shrink: float) -> None:
    rng = np.random.default_rng(4)
    right = named = 0
    for _ in range(20):
        labels = tuple(map(int, rng.integers(0, 10, 2)))
        digits, gap = [write_digit(label, rng) for label in labels], rng.uniform(0.2, 0.5)
        drawn = apart(*digits, gap=gap, axis=axis, shrink=shrink)
        right += predict_with_all(drawn, ASKED).digit_sequence == tuple(map(str, labels))
        named += int(predict(drawn).argmax() in labels)
    assert right >= 18
    assert named >= 17


# Pictures ----------------------------------------------------------------------------------------


def two_lines() -> bytes:
    """Return a picture with 7 and 4 above 5."""
    ink = page((SEVEN, (30, 20), 100), (FOUR, (220, 20), 100), (FIVE, (60, 160), 100))
    return encode_image((255 - 255 * ink).astype("uint8"))


def test_names_are_put_together() -> None:
    assert join_labels(["3", "?", "1"]) == "3 ? 1"
    assert join_labels(["Bag", "Coat"]) == "Bag, Coat"


def test_digits_of_a_picture_are_read_out_as_one_number() -> None:
    predictor = LivePredictor(make_image_trainer(problem=BarImages(100, 40)))
    upload = ImageUpload(predictor)
    upload._file.value["digits.png"] = two_lines()
    upload._file.param.trigger("value")
    assert "Prediction: 745." in text(upload)


def test_the_terminal_reads_out_one_number(tmp_path: Path) -> None:
    file = tmp_path / "digits.png"
    file.write_bytes(two_lines())
    out = CliRunner().invoke(app, ["predict", str(file)]).stdout
    assert out.rstrip().endswith("Read as 745.")
