"""From ink to probabilities: strokes and pictures, one digit or several, one model or another."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

import playground
from playground.errors import InputError, NoDigitError
from playground.ink.photos.digit_detection import DetectedDigit, DigitDetections
from playground.networks.classifiers import CLASSIFIERS
from playground.prediction import (
    extract_digits,
    is_rejected,
    predict,
    predict_digits,
    predict_proba,
)
from playground.pretraining.synthetic_handwriting import non_digit_pictures, write_digit

SEVEN = [([0.3, 0.7, 0.45], [0.2, 0.2, 0.8])]
ONE = [([0.5, 0.5], [0.2, 0.8])]


class InkDetector(nn.Module):
    """Answers 3 for a picture that is mostly ink, surely, and 8 for any other, hardly."""

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        logits = torch.zeros(len(pictures), 10)
        inky = pictures.mean((1, 2, 3)) > 0
        logits[inky, 3], logits[~inky, 8] = 5.0, 1.0
        return logits


def picture_of(strokes: list[tuple[list[float], list[float]]]) -> Image.Image:
    """Return the picture that a network sees of strokes, dark on light and twice as large."""
    seen_by_network = extract_digits(strokes).found[0].pictures[0]
    return Image.fromarray(255 - seen_by_network).resize((56, 56))


@pytest.mark.parametrize("model", ["mlp", "cnn", "deep"])
def test_strokes_are_read(model: str) -> None:
    probabilities = predict(SEVEN, model)
    assert probabilities.shape == (10,)
    assert probabilities.sum() == pytest.approx(1)
    assert probabilities.argmax() == 7


def test_the_public_name_is_the_same_function() -> None:
    assert playground.predict is predict


def test_a_picture_is_read_however_it_comes(tmp_path: Path) -> None:
    picture = picture_of(SEVEN)
    file, content = tmp_path / "seven.png", BytesIO()
    picture.save(file)
    picture.save(content, "png")
    expected = predict(picture)
    assert expected.argmax() == 7
    for other in (file, str(file), content.getvalue(), np.asarray(picture)):
        np.testing.assert_array_equal(predict(other), expected)


def test_a_picture_and_its_strokes_read_alike() -> None:
    np.testing.assert_allclose(predict(picture_of(ONE), "deep"), predict(ONE, "deep"), atol=0.1)


def test_the_largest_of_several_digits_is_read() -> None:
    page = Image.new("L", (120, 60), 255)
    page.paste(picture_of(SEVEN), (60, 2))
    page.paste(picture_of(ONE).resize((24, 24)), (10, 20))
    assert [reading.digit for reading in predict_digits(extract_digits(page), "deep")] == [1, 7]
    assert predict(page, "deep").argmax() == 7


def test_of_two_polarities_the_surer_prediction_is_kept() -> None:
    paper, ink = np.zeros((28, 28), np.uint8), np.full((28, 28), 255, np.uint8)
    found = DetectedDigit(np.stack([paper, ink]), (0, 0, 5, 5))
    single = DetectedDigit(paper[None], (5, 0, 9, 5))
    first, second = predict_digits(DigitDetections((found, single), (9, 5)), InkDetector())
    assert (first.digit, second.digit) == (3, 8)
    assert first.picture is not paper
    assert first.picture.all()
    assert second.box == (5, 0, 9, 5)


def test_a_network_in_training_is_asked_and_left_as_it_is() -> None:
    network = CLASSIFIERS["deep"].build()
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    pictures = np.random.default_rng(0).integers(0, 256, (4, 28, 28), np.uint8)
    first, again = predict_proba(pictures, network), predict_proba(pictures, network)
    assert network.training
    np.testing.assert_array_equal(first, again)  # neither dropout nor batch averages
    assert all(torch.equal(before[name], now) for name, now in network.state_dict().items())


@pytest.mark.parametrize("kind", [np.float64, np.int8, np.bool_])
def test_pictures_of_other_numbers_are_refused(kind: type) -> None:
    pictures = np.zeros((2, 28, 28), kind)  # of which 1 would be next to no ink
    with pytest.raises(InputError, match="bytes"):
        predict_proba(pictures, "softmax")  # type: ignore[arg-type]
    assert predict_proba(np.zeros((2, 28, 28), np.uint8)[::-1], "softmax").shape == (2, 10)


@pytest.mark.parametrize("nothing", [[], [([0.5], [0.5])], np.zeros((30, 30), np.uint8)])
def test_nothing_is_no_digit(nothing: object) -> None:
    with pytest.raises(NoDigitError):
        predict(nothing)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [None, 3, {"x": 1}, [1, 2], "there/is/none.png", b"text"])
def test_what_is_neither_strokes_nor_picture_is_refused(wrong: object) -> None:
    with pytest.raises(InputError):
        predict(wrong)  # type: ignore[arg-type]


def test_an_unknown_model_is_named() -> None:
    with pytest.raises(InputError, match="no model “best”"):
        predict(SEVEN, "best")
    with pytest.raises(InputError, match="this is NoneType"):
        predict(SEVEN, None)  # type: ignore[arg-type]


def test_most_scribbles_are_rejected_and_hardly_any_digit() -> None:
    doubted = [is_rejected(p) for p in predict_proba(non_digit_pictures(300, 2**31 - 1), "deep")]
    rng = np.random.default_rng(5)
    wronged = [
        is_rejected(predict(write_digit(digit, rng), "deep")) for digit in range(10) for _ in "123"
    ]
    assert np.mean(doubted) > 0.8
    assert np.mean(wronged) < 0.05


def test_rejection_is_by_the_average_of_several_classifiers() -> None:
    sure, torn = np.eye(10)[3], np.full(10, 0.1)
    assert not is_rejected(sure)
    assert is_rejected(torn)
    assert is_rejected([sure, torn, torn, torn])
    assert not is_rejected([sure, sure, torn, torn])
