"""Pictures of digits from files, on the page."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from bokeh import events
from PIL import Image

from playground.ink.mnist_picture import picture_from_strokes
from playground.pages.digits.canvas.canvas_card import CanvasCard
from playground.pages.digits.canvas.image_upload import ImageUpload, box_in_percent
from playground.pages.digits.canvas.undo_keys import UndoKeys
from playground.pages.digits.prediction.corrections_tab import cost_sentence
from playground.training.core.metrics import Score
from playground.views.theme import LIGHT
from tests.support.data.drawings import BAR, STEM, draw, file_of, two_ones
from tests.support.patching import render
from tests.support.training.image_frames import make_image_frame
from tests.support.widgets import click, text, widget

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


def upload_file(upload: ImageUpload, name: str, content: bytes | str) -> None:
    """Upload a file as Panel does."""
    upload._file.value[name] = content
    upload._file.param.trigger("value")


def test_each_digit_of_a_picture_can_be_looked_at(predictor) -> None:
    upload = ImageUpload(predictor)
    upload_file(upload, "ones.png", two_ones())
    found = upload.uploaded.detections.found
    assert len(found) == 2
    np.testing.assert_array_equal(predictor.latest.picture, found[0].pictures[0])
    assert text(upload).count("pg-refused") == 0
    widget(upload, "Digits in the picture").value = 1
    np.testing.assert_array_equal(predictor.latest.picture, found[1].pictures[0])
    assert upload._file.value == {}


def test_back_to_the_drawing(predictor) -> None:
    draw(predictor.drawing, STEM, BAR)
    card = CanvasCard(predictor, LIGHT)
    upload_file(card._upload, "ones.png", two_ones())
    assert (card._canvas_column.visible, card._upload.photo.visible) == (False, True)
    click(card, "Back to drawing")
    assert (card._canvas_column.visible, card._upload.photo.visible) == (True, False)
    np.testing.assert_array_equal(predictor.latest.picture, picture_from_strokes([STEM, BAR]))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        ("I am text, no picture.", "not a picture"),
        (two_ones()[:200], "damaged or cut short"),
        (file_of(Image.new("1", (5000, 4100))), "more than 20 million"),
        (file_of(Image.new("L", (200, 200), 255)), "no digit"),
    ],
)
def test_what_is_no_picture_of_digits_is_refused_and_all_stays(predictor, content, words) -> None:
    draw(predictor.drawing, STEM)
    before = predictor.latest
    upload = ImageUpload(predictor)
    upload_file(upload, "digit.png", content)
    assert words in text(upload)
    assert "pg-refused" in text(upload)
    assert upload.uploaded is None
    assert predictor.latest is before


def test_a_refusal_says_what_is_still_shown_until_something_else_is_done(predictor) -> None:
    card = CanvasCard(predictor, LIGHT)
    upload_file(card._upload, "digit.png", b"")
    assert "still shown" not in text(card)
    draw(predictor.drawing, STEM)
    assert "empty" not in text(card)
    upload_file(card._upload, "digit.png", b"")
    assert "empty: it has no bytes at all. What you drew is still shown." in text(card)
    click(card, "Clear")
    assert "empty" not in text(card)
    upload_file(card._upload, "ones.png", two_ones())
    upload_file(card._upload, "digit.png", b"")
    assert "The picture before it is still shown." in text(card)
    click(card, "Back to drawing")
    assert "empty" not in text(card)


def test_a_canvas_with_too_many_strokes_says_so_as_text_and_keeps_the_others(
    predictor, monkeypatch
) -> None:
    monkeypatch.setattr("playground.ink.drawing.MAX_STROKES", 1)
    monkeypatch.setattr("playground.ink.drawing.ADVICE", "<b>Clear</b> the canvas.")
    draw(predictor.drawing, STEM)
    lines = predictor.drawing.lines
    card = CanvasCard(predictor, LIGHT)
    figure = render(card._canvas).state
    figure._trigger_event(events.Tap(figure, x=0.5, y=0.5))
    assert "no room for more. &lt;b&gt;Clear&lt;/b&gt; the canvas." in text(card)
    assert predictor.drawing.lines is lines
    assert predictor.latest.picture is not None
    click(card, "Clear")
    assert "no room" not in text(card)


def test_while_a_picture_is_shown_the_drawing_cannot_be_changed(predictor) -> None:
    draw(predictor.drawing, STEM)
    card = CanvasCard(predictor, LIGHT)
    [keys] = card.__panel__().select(UndoKeys)
    upload_file(card._upload, "ones.png", two_ones())
    assert widget(card, "Undo").disabled
    assert widget(card, "Clear").disabled
    keys._handle_msg("undo")
    assert len(predictor.drawing.lines) == 1
    click(card, "Back to drawing")
    assert not widget(card, "Undo").disabled
    assert not widget(card, "Clear").disabled
    keys._handle_msg("undo")
    assert not predictor.drawing.lines
    assert widget(card, "Undo").disabled


@pytest.mark.parametrize("mode", ["L", "I;16", "RGBA", "1"])
def test_pictures_of_all_kinds_are_shown_again(predictor, mode) -> None:
    image = Image.open(io.BytesIO(two_ones()))
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image).astype(np.uint16) * 257)
    else:
        image = image.convert(mode)
    upload = ImageUpload(predictor)
    upload_file(upload, "ones.png", file_of(image))
    assert "data:image/jpeg;base64," in upload._image.object


def test_frames_are_placed_in_percent_of_the_picture() -> None:
    assert box_in_percent((10, 40, 30, 80), (200, 400)) == (5, 10, 15, 20)


def test_what_a_correction_cost_is_told() -> None:
    classes = ("3", "4", "7")
    before = make_image_frame(classes=classes, confusion=np.diag([10, 10, 10]))
    mistaken = np.array([[10, 0, 0], [0, 10, 0], [0, 4, 6]])
    after = replace(before, confusion=mistaken, test=Score(0.5, 26 / 30))
    before = replace(before, test=Score(0.1, 1.0))
    assert cost_sentence(before, after) == (
        "Test accuracy 100% → 86.6%: it now takes more images of “7” for “4”. Undo?"
    )
    assert cost_sentence(before, before) == "Test accuracy 100% → 100%."
