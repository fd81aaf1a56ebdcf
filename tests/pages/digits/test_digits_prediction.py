"""Reading a drawing without a browser: predictions, their cards, and corrections."""

from __future__ import annotations

import re
import zipfile
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from playground.errors import InputError
from playground.ink.mnist_picture import picture_from_strokes
from playground.ink.photos.digit_detection import DetectedDigit
from playground.networks import pretrained
from playground.pages.digits.canvas.canvas_card import CanvasCard
from playground.pages.digits.prediction import predictions
from playground.pages.digits.prediction.corrections_tab import CorrectionsTab
from playground.pages.digits.prediction.explanation_tab import DRAW_FIRST
from playground.pages.digits.prediction.feature_maps_tab import FeatureMapsTab
from playground.pages.digits.prediction.live_predictor import LivePredictor
from playground.pages.digits.prediction.prediction_card import PredictionCard
from playground.pages.digits.prediction.prediction_tab import PredictionTab, verdict
from playground.pages.digits.prediction.predictions import (
    TRAINING_NOW,
    no_predictions,
    predict_with_all,
)
from playground.pages.digits.prediction.what_if_tab import WhatIfTab, change_sentence
from playground.pages.digits.prediction.why_tab import WhyTab, evidence_sentences
from playground.training.images.explain import (
    Counterfactual,
    Occlusion,
    Part,
    PenStroke,
    counterfactual,
    occlusion,
)
from playground.views.images.view_data import DIGITS, BarsData
from playground.views.theme import LIGHT
from tests.support.data.drawings import BAR, STEM, draw
from tests.support.training.image_trainers import make_image_trainer
from tests.support.widgets import click, text, widget

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


class ConstantModel(nn.Module):
    """Predicts the same digit for all inputs."""

    def __init__(self, digit: int, confidence: float = 9.0) -> None:
        super().__init__()
        self.logits = nn.Parameter(confidence * torch.eye(10)[digit])
        self.eval()

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return self.logits + 0 * inputs.flatten(1)[:, :10]


# Predictions ------------------------------------------------------------------------------------


def test_all_networks_answer_for_the_picture_of_the_strokes() -> None:
    seen = predict_with_all([STEM], {"one": ConstantModel(1), TRAINING_NOW: ConstantModel(7)})
    np.testing.assert_array_equal(seen.picture, picture_from_strokes([STEM]))
    assert seen.bars.models == ("one", TRAINING_NOW)
    assert seen.bars.probabilities.argmax(1).tolist() == [1, 7]
    assert seen.votes == {"1": 1}


def test_only_the_network_that_learns_votes_where_there_is_no_other() -> None:
    assert predict_with_all([STEM], {TRAINING_NOW: ConstantModel(7)}).votes == {"7": 1}


def test_without_networks_there_is_still_a_picture() -> None:
    assert predict_with_all([STEM], {}).picture is not None


def test_all_classifiers_predict_the_candidate_with_the_highest_confidence() -> None:
    class Dark(nn.Module):
        """More confident, the more ink there is."""

        def forward(self, inputs):
            return inputs.mean((1, 2, 3))[:, None] * 50 * torch.eye(10)[3]

    pictures = np.stack([np.full((28, 28), 10, np.uint8), np.full((28, 28), 200, np.uint8)])
    seen = predict_with_all(
        DetectedDigit(pictures, (0, 0, 9, 9)), {"a": Dark().eval(), "b": ConstantModel(2)}
    )
    assert seen.picture is not None
    assert seen.picture[0, 0] == 200


def test_a_classifier_that_fails_to_load_does_not_block_the_others(monkeypatch) -> None:
    def predict_or_fail(pictures, model):
        if model == "deep":
            raise InputError("deep is damaged.")
        return np.eye(10)[np.full(len(pictures), 4)]

    monkeypatch.setattr(predictions, "predict_proba", predict_or_fail)
    seen = predict_with_all([STEM], {"Deep": "deep", "Small": "mlp"})
    assert np.isnan(seen.bars.probabilities[0]).all()
    assert seen.votes == {"4": 1}
    assert "deep is damaged." in verdict(seen)


@pytest.mark.parametrize(("model", "doubted"), [("mlp", True), ("softmax", False)])
def test_only_classifiers_with_rejection_decide_whether_it_is_a_digit(
    monkeypatch, model, doubted
) -> None:
    monkeypatch.setattr(
        predictions, "predict_proba", lambda pictures, _: np.full((len(pictures), 10), 0.1)
    )
    seen = predict_with_all([STEM], {"x": model, TRAINING_NOW: ConstantModel(1)})
    assert seen.bars.doubtful == doubted
    assert ("Not a digit?" in verdict(seen)) == doubted


def test_sentences_say_who_agrees() -> None:
    def calls(*digits: int) -> str:
        rows = np.eye(10)[list(digits)]
        names = tuple(map(str, range(len(digits))))
        return verdict(predictions.Predictions(None, BarsData(names, rows)))

    assert "Prediction: <b>3</b>" in calls(3, 3)
    assert "Most predict <b>3</b>, others 5." in calls(3, 5, 3)
    assert verdict(no_predictions(("a",), message="<Empty>")) == "<p>&lt;Empty&gt;</p>"


# Live predictor ---------------------------------------------------------------------------------


def test_what_is_drawn_is_read_point_by_point(predictor) -> None:
    predictor.drawing.begin((0.5, 0.1))
    assert predictor.latest.picture is None
    assert "dot" in predictor.latest.message
    predictor.drawing.extend((0.5, 0.9))
    np.testing.assert_array_equal(predictor.latest.picture, picture_from_strokes([STEM]))
    assert predictor.latest.bars.models == (TRAINING_NOW,)
    predictor.drawing.clear()
    assert predictor.latest.picture is None


def test_the_training_network_predicts_again_with_each_frame(predictor) -> None:
    draw(predictor.drawing, STEM)
    before = predictor.latest.bars.probabilities
    predictor.trainer.train(epochs=2)
    predictor.update(predictor.trainer.frame())
    assert not np.allclose(before, predictor.latest.bars.probabilities)


def test_a_new_network_replaces_the_training_network(predictor) -> None:
    draw(predictor.drawing, STEM)
    predictor.trainer.classifier = "mlp"
    predictor.update(predictor.trainer.frame())
    expected = predictor.trainer.predict(predictor.latest.picture[None])
    np.testing.assert_allclose(predictor.latest.bars.probabilities, expected, atol=1e-5)


def test_without_a_dataset_only_pretrained_classifiers_predict() -> None:
    predictor = LivePredictor(make_image_trainer())
    assert not predictor.has_training_model
    assert TRAINING_NOW not in predictor.models
    assert set(predictor.models.values()) <= set(pretrained.names())


def test_digit_classifiers_do_not_predict_clothes(predictor, monkeypatch) -> None:
    predictor.param.chosen.objects = ["mlp"]
    predictor.chosen = ["mlp"]
    frame = predictor.trainer.frame()
    clothes = tuple(f"piece {number}" for number in range(10))
    predictor.update(SimpleNamespace(stages=(), classes=clothes))
    assert list(predictor.models) == [TRAINING_NOW]
    assert predictor.latest.bars.classes == clothes
    assert frame.classes == DIGITS


# Cards ------------------------------------------------------------------------------------------


def test_the_card_shows_what_networks_see_and_takes_strokes_back(predictor) -> None:
    card = CanvasCard(predictor, LIGHT)
    assert widget(card, "Undo").disabled
    draw(predictor.drawing, STEM)
    draw(predictor.drawing, BAR)
    seen = card.views[1]
    np.testing.assert_array_equal(seen.frame.picture, picture_from_strokes([STEM, BAR]))
    click(card, "Undo")
    np.testing.assert_array_equal(seen.frame.picture, picture_from_strokes([STEM]))
    click(card, "Clear")
    assert seen.frame.picture is None


def test_bars_and_words_follow_the_drawing(predictor) -> None:
    prediction_tab = PredictionTab(predictor, LIGHT)
    assert "Draw a digit" in text(prediction_tab)
    draw(predictor.drawing, STEM)
    assert "Prediction:" in text(prediction_tab)
    assert prediction_tab.views[0].frame is predictor.latest.bars


def test_tabs_work_only_while_they_are_open(predictor) -> None:
    card = PredictionCard(predictor, LIGHT, CorrectionsTab(predictor, LIGHT))
    why = card._explanations["Why"]
    draw(predictor.drawing, STEM)
    assert why.views[0].frame.picture is None
    card.open.tab = "Why"
    assert why.views[0].frame.picture is not None
    card.open.tab = "They read"
    predictor.drawing.clear()
    assert why.views[0].frame.picture is not None


@pytest.mark.parametrize("kind", [WhyTab, FeatureMapsTab, WhatIfTab])
def test_an_explanation_of_nothing_is_nothing(predictor, kind) -> None:
    tab = kind(predictor, LIGHT)
    tab.open = True
    assert DRAW_FIRST in text(tab)
    draw(predictor.drawing, STEM)
    assert DRAW_FIRST not in text(tab)
    predictor.drawing.clear()
    assert DRAW_FIRST in text(tab)


def test_the_deciding_parts_are_shown_with_the_drawing_without_each(predictor) -> None:
    predictor.trainer.advance(epochs=2)
    tab = WhyTab(predictor, LIGHT)
    tab.open = True
    draw(predictor.drawing, STEM)
    picture = predictor.latest.picture
    label = int(predictor.latest.bars.probabilities[0].argmax())
    expected = occlusion(predictor.trainer.model, picture, label)
    overlay, without = (view.frame for view in tab.views)
    np.testing.assert_allclose(overlay.overlay, expected.overlay, atol=1e-6)
    np.testing.assert_array_equal(without.pictures, [part.picture for part in expected.parts])
    assert len(without.captions) == len(expected.parts) > 0
    assert evidence_sentences(expected, DIGITS) in tab.caption.object


BLANK = np.zeros((28, 28), np.uint8)


def a_part(effect: float, predicted: int, probability: float, **kind: object) -> Part:
    return Part(
        **{"region": BLANK / 1.0, "is_gap": False, "in_loop": False, "place": "at the top"} | kind,
        effect=effect,
        picture=BLANK,
        predicted=predicted,
        probability=probability,
        remaining=probability if predicted == 8 else 0.1,
    )


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ([], "No single part decides: whichever is erased, 8 stays about as probable."),
        ([a_part(4, 3, 0.84)], "Blue speaks for 8: without the ink at the top it reads 3 (84%)."),
        (
            [a_part(4, 3, 0.31, in_loop=True)],
            "Blue speaks for 8: without the loop at the top nothing is certain (3 at most, 31%).",
        ),
        (
            [a_part(4, 3, 0.84, is_gap=True), a_part(-1, 8, 0.99)],
            "Blue speaks for 8: with the gap at the top closed it reads 3 (84%). "
            "Orange speaks against 8: without the ink at the top its probability rises from 90% to "
            "99%.",
        ),
    ],
)
def test_the_deciding_parts_are_named_in_a_sentence(parts, sentence) -> None:
    found = evidence_sentences(Occlusion(8, 0.9, tuple(parts)), DIGITS)
    assert re.sub("<[^>]*>", "", found) == sentence


@pytest.mark.parametrize(
    ("strokes", "probability", "reached", "sentence"),
    [
        ([], 0.9, True, "It reads 8 already. Choose another target class."),
        ([], 0.1, False, "No single stroke makes 8 more probable than 10%."),
        (
            [(False, "at the left"), (True, "at the top"), (True, "at the top")],
            0.64,
            True,
            "Draw the blue line at the left and erase the orange ink at the top: then it reads 8 "
            "(64%).",
        ),
        ([(True, "in the middle")], 0.3, True, "8 is the most probable, with 30%."),
        ([(True, "in the middle")], 0.3, False, "even then 8 has only 30%."),
    ],
)
def test_what_if_is_told_in_a_sentence(strokes, probability, reached, sentence) -> None:
    pens = tuple(PenStroke(*each) for each in strokes)
    change = Counterfactual(BLANK, BLANK / 1.0, pens, probability, reached)
    assert sentence in re.sub("<[^>]*>", "", change_sentence(change, "8"))


def test_a_network_that_learns_faster_than_it_is_explained_is_explained(predictor) -> None:
    """A request while one is at work would cancel it, and so all of them while it trains."""
    tab = WhyTab(predictor, LIGHT)
    submitted: list[object] = []
    tab._task = SimpleNamespace(
        busy=False, submit=submitted.append, cancel=lambda: submitted.clear()
    )
    tab.open = True
    draw(predictor.drawing, STEM)
    assert len(submitted) == 1
    tab._task.busy = True
    predictor.update(predictor.trainer.frame())
    tab.request()
    assert len(submitted) == 1  # it goes on
    tab._task.busy = False
    tab._show_result(submitted[0]())
    assert len(submitted) == 2  # and the last weights are explained too


def test_feature_maps_of_the_chosen_layer_are_shown(predictor) -> None:
    predictor.trainer.classifier = "lenet"
    predictor.update(predictor.trainer.frame())
    tab = FeatureMapsTab(predictor, LIGHT)
    tab.open = True
    draw(predictor.drawing, STEM)
    layers = widget(tab, "Layer")
    assert next(iter(layers.options)) == "1. Conv2d: 6 of 28×28"
    layers.value = 3
    assert tab.views[0].choices["layer"] == 3
    assert len(tab.views[0].frame.layers) == len(layers.options)


def test_what_if_shows_the_change_and_says_what_it_does(predictor) -> None:
    tab = WhatIfTab(predictor, LIGHT)
    tab.open = True
    draw(predictor.drawing, STEM)
    bars = predictor.latest.bars
    second = bars.classes[np.argsort(bars.probabilities[0])[-2]]
    assert f"<b>{second}</b>" in text(tab)
    widget(tab, "Target class").value = 3
    expected = counterfactual(predictor.trainer.model, predictor.latest.picture, 3)
    difference, changed = (view.frame for view in tab.views)
    np.testing.assert_array_equal(changed.picture, expected.picture)
    np.testing.assert_allclose(difference.overlay, expected.delta)
    assert "<b>3</b>" in text(tab)


# Corrections ------------------------------------------------------------------------------------


def test_a_correction_is_learned_counted_archived_and_undone(predictor) -> None:
    calls = []
    teach = CorrectionsTab(predictor, LIGHT, lambda: calls.append(1))
    draw(predictor.drawing, STEM, BAR)
    before = predictor.latest.bars.probabilities
    click(teach, "6")
    assert len(predictor.trainer.corrections.items) == 1
    assert predictor.latest.bars.probabilities[0, 6] > before[0, 6]
    assert "1 correction" in text(teach)
    assert re.search(r"Test accuracy \d+\.\d% → \d+\.\d%", text(teach))
    assert teach.views[0].frame.captions == ("6",)
    names = zipfile.ZipFile(teach._archive()).namelist()
    assert any(name.endswith(".png") for name in names)
    click(teach, "Undo")
    assert not predictor.trainer.corrections.items
    np.testing.assert_allclose(predictor.latest.bars.probabilities, before, atol=1e-6)
    assert len(calls) == 2


def test_a_correction_of_an_earlier_run_can_be_undone(predictor) -> None:
    predictor.trainer.corrections.add(picture_from_strokes([STEM]), 1, "1")
    teach = CorrectionsTab(predictor, LIGHT)
    click(teach, "Undo")
    assert not predictor.trainer.corrections.items
    click(teach, "Undo")
    assert "no correction" in text(teach)


def test_no_correction_without_a_drawing_or_a_network(predictor) -> None:
    teach = CorrectionsTab(predictor, LIGHT)
    click(teach, "6")
    assert "draw something first" in text(teach)
    early = LivePredictor(make_image_trainer())
    draw(early.drawing, STEM)
    teach = CorrectionsTab(early, LIGHT)
    click(teach, "6")
    assert "load the training pictures first" in text(teach)
    assert not early.trainer.corrections.items
