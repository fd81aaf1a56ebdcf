"""The drawing side of the digits page without a browser."""

from __future__ import annotations

import io
import zipfile
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from bokeh import events
from bokeh.models import FreehandDrawTool
from PIL import Image, ImageDraw
from torch import nn

from playground.errors import InputError
from playground.ink.drawing import Drawing
from playground.ink.found import Found
from playground.ink.prepare import from_strokes
from playground.networks import pretrained
from playground.pages.digits import looking
from playground.pages.digits.canvas import THICKNESS, canvas
from playground.pages.digits.drawing import DrawCard
from playground.pages.digits.explanation import FIRST
from playground.pages.digits.keys import UndoKeys
from playground.pages.digits.looking import NOW, look, nothing
from playground.pages.digits.maps_tab import MapsTab
from playground.pages.digits.reading_card import ReadingCard
from playground.pages.digits.readings import Readings, sentence
from playground.pages.digits.subject import Subject
from playground.pages.digits.teach import Teach
from playground.pages.digits.upload import Upload, percent
from playground.pages.digits.what_if_tab import WhatIf
from playground.pages.digits.why import Why
from playground.training.digits.why import saliency, what_if
from playground.views.digits.sights import DIGITS, BarsSight
from playground.views.live import parts
from playground.views.theme import DARK, LIGHT
from tests.patching import render
from tests.reading import Bars, make_reader
from tests.widgets import click, text, widget

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

STEM = ([0.5, 0.5], [0.1, 0.9])
BAR = ([0.2, 0.8], [0.5, 0.5])


class Says(nn.Module):
    """Answers with the same digit whatever it sees."""

    def __init__(self, digit: int, sureness: float = 9.0) -> None:
        super().__init__()
        self.logits = nn.Parameter(sureness * torch.eye(10)[digit])
        self.eval()

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return self.logits + 0 * inputs.flatten(1)[:, :10]


@pytest.fixture
def subject() -> Subject:
    """A subject with a network that learns, and none that is ready-made."""
    made = Subject(make_reader(problem=Bars(100, 40)))
    made.chosen = []
    made.follow(made.trainer.frame())
    return made


def file_of(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def two_ones() -> bytes:
    image = Image.new("L", (300, 200), 255)
    pen = ImageDraw.Draw(image)
    for across in (80, 220):
        pen.line([(across, 40), (across, 160)], fill=0, width=12)
    return file_of(image)


# Canvas ------------------------------------------------------------------------------------------


def refused(sentence: str) -> None:
    raise AssertionError(sentence)


def sheet(drawing: Drawing, said=refused):
    """A canvas as a page would render it: the view, the figure, its source."""
    view = canvas(drawing, LIGHT, said)
    plot = render(view)
    return view, plot.state, parts(plot)[0].handles["source"]


def move(figure, kind, x, y) -> None:
    figure._trigger_event(kind(figure, x=x, y=y))


def test_the_freehand_tool_draws_on_the_unit_square_y_downwards() -> None:
    _view, figure, source = sheet(Drawing())
    (tool,) = figure.tools
    assert isinstance(tool, FreehandDrawTool)
    assert tool.renderers[0].data_source is source
    assert figure.toolbar.active_drag is tool
    assert (figure.x_range.start, figure.x_range.end) == (0, 1)
    assert (figure.y_range.start, figure.y_range.end) == (1, 0)


def test_points_reach_the_drawing_while_the_pen_moves_and_do_not_come_back() -> None:
    drawing = Drawing()
    _view, figure, source = sheet(drawing)
    move(figure, events.PanStart, 0.1, 0.2)
    move(figure, events.Pan, 0.3, 0.4)
    assert [line.tolist() for line in drawing.lines] == [[[0.1, 0.2], [0.3, 0.4]]]
    assert source.data["xs"] == []


def test_a_pen_that_leaves_the_sheet_draws_on_when_it_returns() -> None:
    drawing = Drawing()
    _view, figure, _source = sheet(drawing)
    move(figure, events.PanStart, 0.1, 0.2)
    move(figure, events.Pan, None, None)
    move(figure, events.Pan, 0.3, 0.4)
    assert drawing.lines[0].tolist() == [[0.1, 0.2], [0.3, 0.4]]


def test_a_finished_stroke_is_taken_as_the_browser_has_it() -> None:
    drawing = Drawing()
    _view, figure, source = sheet(drawing)
    move(figure, events.PanStart, 0.1, 0.2)
    source.data = {"xs": [[0.1, 0.3, 0.5]], "ys": [[0.2, 0.4, 0.6]]}
    move(figure, events.PanEnd, 0.5, 0.6)
    assert drawing.lines[0].tolist() == [[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]


def test_undo_and_clear_show_on_the_sheet_wherever_it_is_rendered() -> None:
    drawing = Drawing()
    view, _figure, source = sheet(drawing)
    source.data = {"xs": [[0.1, 0.3], [0.5, 0.6]], "ys": [[0.2, 0.4], [0.5, 0.6]]}
    drawing.take([BAR])
    drawing.undo()
    assert len(source.data["xs"]) == 2
    drawing.clear()
    assert len(source.data["xs"]) == 0
    drawing.undo()
    other = parts(render(view))[0].handles["source"]
    assert [line.tolist() for line in other.data["xs"]] == [[0.1, 0.3], [0.5, 0.6]]


def test_a_later_render_shows_what_was_drawn_in_the_browser() -> None:
    drawing = Drawing()
    view, figure, _source = sheet(drawing)
    move(figure, events.PanStart, 0.1, 0.2)
    move(figure, events.Pan, 0.3, 0.4)
    other = parts(render(view))[0].handles["source"]
    assert [line.tolist() for line in other.data["xs"]] == [[0.1, 0.3]]


def test_brush_and_theme_show_in_the_ink() -> None:
    drawing = Drawing()
    view = canvas(drawing, LIGHT, refused)
    plot = render(view)
    glyph = parts(plot)[0].handles["glyph"]
    drawing.brush = 5
    view.restyle(DARK)
    assert (glyph.line_width, glyph.line_color) == (5 * THICKNESS, DARK.ink)


@pytest.mark.parametrize("junk", [{"xs": [[float("nan")]], "ys": [[0]]}, {"xs": ["no"], "ys": [1]}])
def test_junk_from_a_browser_is_refused_in_a_sentence(junk) -> None:
    drawing, said = Drawing(), []
    drawing.take([BAR])
    _view, _figure, source = sheet(drawing, said.append)
    source.data = junk
    assert len(said) == 1
    assert len(drawing.lines) == 1
    assert source.data["xs"][0].tolist() == BAR[0]


# Looking -----------------------------------------------------------------------------------------


def test_all_networks_answer_for_the_picture_of_the_strokes() -> None:
    seen = look([STEM], {"one": Says(1), NOW: Says(7)})
    np.testing.assert_array_equal(seen.picture, from_strokes([STEM]))
    assert seen.bars.models == ("one", NOW)
    assert seen.bars.probabilities.argmax(1).tolist() == [1, 7]
    assert seen.votes == {"1": 1}


def test_only_the_network_that_learns_votes_where_there_is_no_other() -> None:
    assert look([STEM], {NOW: Says(7)}).votes == {"7": 1}


def test_without_networks_there_is_still_a_picture() -> None:
    assert look([STEM], {}).picture is not None


def test_of_two_candidates_all_answer_for_the_surest() -> None:
    class Dark(nn.Module):
        """Surer, the more ink there is."""

        def forward(self, inputs):
            return inputs.mean((1, 2, 3))[:, None] * 50 * torch.eye(10)[3]

    pictures = np.stack([np.full((28, 28), 10, np.uint8), np.full((28, 28), 200, np.uint8)])
    seen = look(Found(pictures, (0, 0, 9, 9)), {"a": Dark().eval(), "b": Says(2)})
    assert seen.picture is not None
    assert seen.picture[0, 0] == 200


def test_a_reader_that_cannot_be_had_does_not_keep_the_others_back(monkeypatch) -> None:
    def damaged(pictures, model):
        if model == "deep":
            raise InputError("deep is damaged.")
        return np.eye(10)[np.full(len(pictures), 4)]

    monkeypatch.setattr(looking, "read", damaged)
    seen = look([STEM], {"Deep": "deep", "Small": "mlp"})
    assert np.isnan(seen.bars.probabilities[0]).all()
    assert seen.votes == {"4": 1}
    assert "deep is damaged." in sentence(seen)


@pytest.mark.parametrize(("model", "doubted"), [("mlp", True), ("softmax", False)])
def test_only_readers_that_can_tell_are_asked_whether_it_is_a_digit(
    monkeypatch, model, doubted
) -> None:
    monkeypatch.setattr(looking, "read", lambda pictures, _: np.full((len(pictures), 10), 0.1))
    seen = look([STEM], {"x": model, NOW: Says(1)})
    assert seen.bars.doubtful == doubted
    assert ("Not a digit?" in sentence(seen)) == doubted


def test_sentences_say_who_agrees() -> None:
    def told(*digits: int) -> str:
        rows = np.eye(10)[list(digits)]
        names = tuple(map(str, range(len(digits))))
        return sentence(looking.Look(None, BarsSight(names, rows)))

    assert "Read as <b>3</b>" in told(3, 3)
    assert "Most read <b>3</b>, others 5." in told(3, 5, 3)
    assert sentence(nothing(("a",), said="<Empty>")) == "<p>&lt;Empty&gt;</p>"


# Subject -----------------------------------------------------------------------------------------


def test_what_is_drawn_is_read_point_by_point(subject) -> None:
    subject.drawing.begin(0.5, 0.1)
    assert subject.look.picture is None
    assert "dot" in subject.look.said
    subject.drawing.extend(0.5, 0.9)
    np.testing.assert_array_equal(subject.look.picture, from_strokes([STEM]))
    assert subject.look.bars.models == (NOW,)
    subject.drawing.clear()
    assert subject.look.picture is None


def test_the_network_that_learns_is_asked_again_with_each_frame(subject) -> None:
    subject.drawing.take([STEM])
    before = subject.look.bars.probabilities
    subject.trainer.train(epochs=2)
    subject.follow(subject.trainer.frame())
    assert not np.allclose(before, subject.look.bars.probabilities)


def test_another_network_is_another_to_ask(subject) -> None:
    subject.drawing.take([STEM])
    subject.trainer.reader = "mlp"
    subject.follow(subject.trainer.frame())
    expected = subject.trainer.predict(subject.look.picture[None])
    np.testing.assert_allclose(subject.look.bars.probabilities, expected, atol=1e-5)


def test_before_there_are_pictures_only_ready_readers_are_asked() -> None:
    subject = Subject(make_reader())
    assert not subject.learns
    assert NOW not in subject.models
    assert set(subject.models.values()) <= set(pretrained.names())


def test_readers_of_digits_are_not_asked_about_clothes(subject, monkeypatch) -> None:
    subject.param.chosen.objects = ["mlp"]
    subject.chosen = ["mlp"]
    frame = subject.trainer.frame()
    clothes = tuple(f"piece {number}" for number in range(10))
    subject.follow(SimpleNamespace(stages=(), classes=clothes))
    assert list(subject.models) == [NOW]
    assert subject.look.bars.classes == clothes
    assert frame.classes == DIGITS


# Cards -------------------------------------------------------------------------------------------


def test_the_card_shows_what_networks_see_and_takes_strokes_back(subject) -> None:
    card = DrawCard(subject, LIGHT)
    assert widget(card, "Undo").disabled
    subject.drawing.take([STEM])
    subject.drawing.take([STEM, BAR])
    seen = card.views[1]
    np.testing.assert_array_equal(seen.frame.picture, from_strokes([STEM, BAR]))
    click(card, "Undo")
    np.testing.assert_array_equal(seen.frame.picture, from_strokes([STEM]))
    click(card, "Clear")
    assert seen.frame.picture is None


def test_bars_and_words_follow_the_drawing(subject) -> None:
    readings = Readings(subject, LIGHT)
    assert "Draw a digit" in text(readings)
    subject.drawing.take([STEM])
    assert "Read as" in text(readings)
    assert readings.views[0].frame is subject.look.bars


def test_tabs_work_only_while_they_are_open(subject) -> None:
    card = ReadingCard(subject, LIGHT, Teach(subject, LIGHT))
    why = card._explanations["Why"]
    subject.drawing.take([STEM])
    assert why.views[0].frame.picture is None
    card.open.tab = "Why"
    assert why.views[0].frame.picture is not None
    card.open.tab = "They read"
    subject.drawing.clear()
    assert why.views[0].frame.picture is not None


@pytest.mark.parametrize("kind", [Why, MapsTab, WhatIf])
def test_an_explanation_of_nothing_is_nothing(subject, kind) -> None:
    tab = kind(subject, LIGHT)
    tab.open = True
    assert FIRST in text(tab)
    subject.drawing.take([STEM])
    assert FIRST not in text(tab)
    subject.drawing.clear()
    assert FIRST in text(tab)


def test_why_shows_what_speaks_for_the_reading(subject) -> None:
    tab = Why(subject, LIGHT)
    tab.open = True
    subject.drawing.take([STEM])
    picture = subject.look.picture
    label = int(subject.look.bars.probabilities[0].argmax())
    expected = saliency(subject.trainer.model, picture, label)
    np.testing.assert_allclose(tab.views[0].frame.overlay, expected, atol=1e-6)
    assert f"<b>{label}</b>" in text(tab)


def test_feature_maps_of_the_chosen_layer_are_shown(subject) -> None:
    subject.trainer.reader = "lenet"
    subject.follow(subject.trainer.frame())
    tab = MapsTab(subject, LIGHT)
    tab.open = True
    subject.drawing.take([STEM])
    layers = widget(tab, "Layer")
    assert next(iter(layers.options)) == "1. Conv2d: 6 of 28×28"
    layers.value = 3
    assert tab.views[0].choices["layer"] == 3
    assert len(tab.views[0].frame.layers) == len(layers.options)


def test_what_if_shows_the_change_and_says_what_it_does(subject) -> None:
    tab = WhatIf(subject, LIGHT)
    tab.open = True
    subject.drawing.take([STEM])
    widget(tab, "To be read as").value = 3
    expected = what_if(subject.trainer.model, subject.look.picture, 3)
    np.testing.assert_array_equal(tab.views[0].frame.picture, expected.picture)
    np.testing.assert_allclose(tab.views[1].frame.overlay, expected.delta)
    assert "<b>3</b>" in text(tab)


# Teaching ----------------------------------------------------------------------------------------


def test_a_correction_is_learned_counted_packed_and_taken_back(subject) -> None:
    told = []
    teach = Teach(subject, LIGHT, lambda: told.append(1))
    subject.drawing.take([STEM, BAR])
    before = subject.look.bars.probabilities
    click(teach, "6")
    assert len(subject.trainer.corrections.items) == 1
    assert subject.look.bars.probabilities[0, 6] > before[0, 6]
    assert "1 correction" in text(teach)
    assert teach.views[0].frame.captions == ("6",)
    names = zipfile.ZipFile(teach._archive()).namelist()
    assert any(name.endswith(".png") for name in names)
    click(teach, "Undo")
    assert not subject.trainer.corrections.items
    np.testing.assert_allclose(subject.look.bars.probabilities, before, atol=1e-6)
    assert len(told) == 2


def test_a_correction_of_an_earlier_run_can_be_taken_back(subject) -> None:
    subject.trainer.corrections.add(from_strokes([STEM]), 1, "1")
    teach = Teach(subject, LIGHT)
    click(teach, "Undo")
    assert not subject.trainer.corrections.items
    click(teach, "Undo")
    assert "no correction" in text(teach)


def test_nothing_is_taught_without_a_drawing_or_a_network(subject) -> None:
    teach = Teach(subject, LIGHT)
    click(teach, "6")
    assert "draw something first" in text(teach)
    early = Subject(make_reader())
    early.drawing.take([STEM])
    teach = Teach(early, LIGHT)
    click(teach, "6")
    assert "pictures to learn from come first" in text(teach)
    assert not early.trainer.corrections.items


# Uploads -----------------------------------------------------------------------------------------


def put(upload: Upload, name: str, content: bytes | str) -> None:
    """Have a file arrive as Panel brings it."""
    upload._file.value[name] = content
    upload._file.param.trigger("value")


def test_each_digit_of_a_picture_can_be_looked_at(subject) -> None:
    upload = Upload(subject)
    put(upload, "ones.png", two_ones())
    found = upload.page.sighting.found
    assert len(found) == 2
    np.testing.assert_array_equal(subject.look.picture, found[0].pictures[0])
    assert text(upload).count("pg-refused") == 0
    widget(upload, "Digits in the picture").value = 1
    np.testing.assert_array_equal(subject.look.picture, found[1].pictures[0])
    assert upload._file.value == {}


def test_back_to_the_drawing(subject) -> None:
    subject.drawing.take([STEM, BAR])
    card = DrawCard(subject, LIGHT)
    put(card._upload, "ones.png", two_ones())
    assert (card._sheet.visible, card._upload.photo.visible) == (False, True)
    click(card, "Back to drawing")
    assert (card._sheet.visible, card._upload.photo.visible) == (True, False)
    np.testing.assert_array_equal(subject.look.picture, from_strokes([STEM, BAR]))


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
def test_what_is_no_picture_of_digits_is_refused_and_all_stays(subject, content, words) -> None:
    subject.drawing.take([STEM])
    before = subject.look
    upload = Upload(subject)
    put(upload, "digit.png", content)
    assert words in text(upload)
    assert "pg-refused" in text(upload)
    assert upload.page is None
    assert subject.look is before


def test_a_refusal_says_what_is_still_shown_until_something_else_is_done(subject) -> None:
    card = DrawCard(subject, LIGHT)
    put(card._upload, "digit.png", b"")
    assert "still shown" not in text(card)
    subject.drawing.take([STEM])
    assert "empty" not in text(card)
    put(card._upload, "digit.png", b"")
    assert "empty: it has no bytes at all. What you drew is still shown." in text(card)
    click(card, "Clear")
    assert "empty" not in text(card)
    put(card._upload, "ones.png", two_ones())
    put(card._upload, "digit.png", b"")
    assert "The picture before it is still shown." in text(card)
    click(card, "Back to drawing")
    assert "empty" not in text(card)


def test_while_a_picture_is_shown_the_drawing_cannot_be_changed(subject) -> None:
    subject.drawing.take([STEM])
    card = DrawCard(subject, LIGHT)
    [keys] = card.__panel__().select(UndoKeys)
    put(card._upload, "ones.png", two_ones())
    assert widget(card, "Undo").disabled
    assert widget(card, "Clear").disabled
    keys._handle_msg("undo")
    assert len(subject.drawing.lines) == 1
    click(card, "Back to drawing")
    assert not widget(card, "Undo").disabled
    assert not widget(card, "Clear").disabled
    keys._handle_msg("undo")
    assert not subject.drawing.lines
    assert widget(card, "Undo").disabled


@pytest.mark.parametrize("mode", ["L", "I;16", "RGBA", "1"])
def test_pictures_of_all_kinds_are_shown_again(subject, mode) -> None:
    image = Image.open(io.BytesIO(two_ones()))
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image).astype(np.uint16) * 257)
    else:
        image = image.convert(mode)
    upload = Upload(subject)
    put(upload, "ones.png", file_of(image))
    assert "data:image/jpeg;base64," in upload._image.object


def test_frames_are_placed_in_percent_of_the_picture() -> None:
    assert percent((10, 40, 30, 80), (200, 400)) == (5, 10, 15, 20)
