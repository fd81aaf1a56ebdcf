"""The training cards of digits: how far it is, weights and details."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest

from playground.pages.cards.curves_card import CurvesCard
from playground.pages.checkpoints.checkpoint_bar import CheckpointBar
from playground.pages.checkpoints.compare_tab import CompareTab
from playground.pages.digits.training.embedding_tab import PAUSE_FIRST, EmbeddingTab
from playground.pages.digits.training.image_details_card import ORDER, ImageDetailsCard
from playground.pages.digits.training.progress_bar_html import progress_bar_html
from playground.pages.digits.training.setup_card import SetupCard
from playground.pages.digits.training.training_progress import (
    PACES,
    TrainingProgress,
    format_rate,
    header_numbers,
    progress_and_scores,
)
from playground.pages.digits.training.weights_card import HINT, MAX_PICTURES, WeightsCard
from playground.pages.shell.transport import Transport
from playground.serving.browser.back_pressure import BackPressure
from playground.serving.heartbeat import Heartbeat
from playground.training.images.explain import top_activating_images
from playground.views.images.weight_tiles import MODES, weight_tiles
from playground.views.theme import DARK, LIGHT
from tests.support.training.followed_frames import follow_frame
from tests.support.training.image_trainers import BarImages, make_image_trainer
from tests.support.widgets import click, text, widget

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


# Training and augmentation ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "label", "value"),
    [
        ("optimiser", "Optimiser", "SGD"),
        ("batch_size", "Batch size", 64),
        ("schedule", "Schedule", "one-cycle"),
        ("horizon", "Schedule length", 4),
        ("loss", "Loss", "squared error"),
        ("class_weights", "Class weights", "balanced"),
        ("stop_epoch", "Run to epoch", 3),
        ("early_stopping", "Early stopping", 3),
    ],
)
def test_choices_of_training_go_both_ways(
    heartbeat: Heartbeat, name: str, label: str, value: object
) -> None:
    card = SetupCard(heartbeat)
    widget(card, label).value = value
    assert getattr(heartbeat.trainer.training, name) == value
    other = type(heartbeat.trainer.training)().param[name].default
    setattr(heartbeat.trainer.training, name, other)
    assert widget(card, label).value == other


def test_augmentation_is_switched_on_and_off(heartbeat: Heartbeat) -> None:
    card = SetupCard(heartbeat)
    limits = heartbeat.trainer.augmentation
    switch = widget(card, "Augment the training pictures")
    assert (limits.untouched, switch.value) == (1.0, False)
    switch.value = True
    assert limits.untouched == 0.25
    widget(card, "Rotation").value = 20
    assert limits.rotate == 20
    limits.untouched = 1.0
    assert not switch.value


# Progress ---------------------------------------------------------------------------------------


def test_bars_say_how_far_it_is(heartbeat: Heartbeat) -> None:
    heartbeat.trainer.training.stop_epoch = 4
    progress = TrainingProgress(heartbeat)
    heartbeat.trainer.advance(steps=3)
    follow_frame(heartbeat, progress)
    seen = progress.__panel__().object
    assert 'value="0.5000"' in seen  # 3 steps of 2 an epoch: one and a half
    assert 'value="0.3750"' in seen
    assert "Epoch 2" in seen
    assert "Run to epoch 4" in seen
    assert "left" in seen


def test_a_run_without_an_end_has_no_bar(heartbeat: Heartbeat) -> None:
    assert TrainingProgress(heartbeat).__panel__().object.count("<progress") == 1


def test_rates_have_three_digits() -> None:
    assert [format_rate(each) for each in (math.nan, 12.3456, 23456.7)] == ["–", "12", "23,500"]


def test_a_progress_bar_stays_within_its_ends_and_escapes_text() -> None:
    assert 'value="1.0000"' in progress_bar_html(1.7, "x")
    assert "value" not in progress_bar_html(None, "x")
    assert "<b>" not in progress_bar_html(0.5, "<b>")


def test_the_header_shows_metrics(heartbeat: Heartbeat) -> None:
    transport = Transport(heartbeat, partial(header_numbers, heartbeat.trainer.problem), PACES)
    heartbeat.trainer.train(2)
    follow_frame(heartbeat, transport)
    for words in ("<b>2</b>epoch", "images/s", "%</b><div>test accuracy <small>on all 40<"):
        assert words in transport.numbers.object
    [pace] = transport.__panel__().select(lambda each: hasattr(each, "options"))
    assert pace.value == "full speed"
    pace.value = "0.3 epochs/s"
    assert heartbeat.pace == 0.3
    click(transport, "New initial weights")
    assert (heartbeat.trainer.frame().epoch, heartbeat.trainer.seed) == (0, 1)


def test_the_curves_card_shows_image_frames(heartbeat: Heartbeat) -> None:
    card = CurvesCard(heartbeat, LIGHT, (TrainingProgress(heartbeat),))
    heartbeat.trainer.train(1)
    follow_frame(heartbeat, card)
    assert all(view.frame is heartbeat.frame for view in card.views)
    assert "Epoch 1" in text(card)


# Weights ----------------------------------------------------------------------------------------


def test_a_tile_is_selected_with_the_pictures_that_excite_it_most(heartbeat: Heartbeat) -> None:
    heartbeat.trainer.train(2)
    card = WeightsCard(follow_frame(heartbeat), LIGHT)
    card.selected = 4
    tile = card.views[1].frame
    pictures = heartbeat.frame.probe_set.pictures
    wanted = top_activating_images(heartbeat.trainer.model, 4, pictures, MAX_PICTURES)
    assert tile.unit == 4
    np.testing.assert_array_equal(tile.top_pictures, pictures[wanted])
    assert "Unit 4" in text(card)
    card.selected = None
    assert HINT in text(card)


def test_a_tap_selects_and_a_second_one_lets_go(heartbeat: Heartbeat) -> None:
    card = WeightsCard(heartbeat, LIGHT)
    width, height = card.views[0].choices["size"]
    place = width / 2, height / 2
    card._tap(place)
    assert card.selected is not None
    assert card.views[0].choices["selected"] == card.selected
    card._tap(place)
    assert card.selected is None


def test_another_network_has_no_tile_selected(heartbeat: Heartbeat) -> None:
    card = WeightsCard(heartbeat, LIGHT)
    card.selected = 9
    heartbeat.trainer.train(1)
    follow_frame(heartbeat, card)
    assert card.selected == 9
    heartbeat.trainer.classifier = "lenet"
    follow_frame(heartbeat, card)
    assert card.selected is None
    assert card.views[0].choices["selected"] is None


def test_both_views_show_the_same_change(heartbeat: Heartbeat) -> None:
    card = WeightsCard(heartbeat, DARK)
    widget(card, "Weights").value = MODES[1]
    assert {view.choices["mode"] for view in card.views} == {MODES[1]}


# Details ----------------------------------------------------------------------------------------


def test_all_tabs_follow(heartbeat: Heartbeat) -> None:
    compare = CompareTab(
        heartbeat, LIGHT, CheckpointBar(heartbeat), weight_tiles, progress_and_scores
    )
    details = ImageDetailsCard(heartbeat, LIGHT, compare)
    assert len(details.views) == len(ORDER)  # Compare has two, Classes is a table
    assert "once an epoch has ended" in text(details)
    heartbeat.trainer.train(1)
    follow_frame(heartbeat, details)
    held, *following = compare.views
    assert held.frame is not heartbeat.frame
    assert all(view.frame is heartbeat.frame for view in details.views if view is not held)
    assert following[0] in details.views


def test_the_embedding_is_computed_on_demand_and_kept_until_the_next_step(
    heartbeat: Heartbeat,
) -> None:
    heartbeat.trainer.train(1)
    tab = EmbeddingTab(follow_frame(heartbeat), LIGHT)
    widget(tab, "Projection").value = "t-SNE"
    shown = tab.view.frame.points
    assert shown.shape == heartbeat.frame.points.shape
    assert not np.allclose(shown, heartbeat.frame.points)
    follow_frame(heartbeat, tab)
    assert tab.view.frame.points is shown
    heartbeat.trainer.step()
    follow_frame(heartbeat, tab)
    assert widget(tab, "Projection").value == "PCA"
    assert tab.view.frame is heartbeat.frame


def test_no_embedding_is_computed_during_training(heartbeat: Heartbeat) -> None:
    tab = EmbeddingTab(heartbeat, LIGHT)
    heartbeat.running = True
    widget(tab, "Projection").value = "t-SNE"
    assert widget(tab, "Projection").value == "PCA"
    assert PAUSE_FIRST in text(tab)


def test_too_few_pictures_for_an_embedding_are_reported() -> None:
    heartbeat = Heartbeat(
        make_image_trainer(problem=BarImages(50, 5)), lambda frame: None, BackPressure()
    )
    tab = EmbeddingTab(heartbeat, LIGHT)
    widget(tab, "Projection").value = "t-SNE"
    assert "needs 10 pictures or more, not 5" in text(tab)
