"""The choice of a classifier, shipped or of one's own making."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from playground.errors import InputError
from playground.networks import pretrained
from playground.networks.classifiers import CLASSIFIERS, CustomClassifier
from playground.pages.controls.live_html import LiveHTML
from playground.pages.digits.training.custom_classifier_fields import (
    LayerSizesField,
    format_sizes,
    parse_sizes,
)
from playground.pages.digits.training.network_tab import (
    NEW_WEIGHTS,
    PRETRAINED,
    pretrained_accuracies,
)
from playground.pages.digits.training.setup_card import SetupCard
from playground.serving.heartbeat import Heartbeat
from tests.support.training.followed_frames import follow_frame
from tests.support.widgets import text, widget

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_every_classifier_can_be_chosen(heartbeat: Heartbeat, name: str) -> None:
    card = SetupCard(heartbeat)
    widget(card, "Network").value = name
    assert heartbeat.trainer.classifier == name
    follow_frame(heartbeat, card)
    size = sum(each.numel() for each in CLASSIFIERS[name].build().parameters())
    assert f"{size:,} parameters." in text(card)


def test_a_custom_classifier_is_built(heartbeat: Heartbeat) -> None:
    card = SetupCard(heartbeat)
    widget(card, "Network").value = "own"
    widget(card, "Kind").value = "MLP"
    widget(card, "Dense layers").value = "20 10"
    follow_frame(heartbeat, card)
    own = heartbeat.trainer.classifier
    assert isinstance(own, CustomClassifier)
    assert (own.kind, own.hidden, widget(card, "Dense layers").value) == ("MLP", [20, 10], "20, 10")
    assert heartbeat.frame.tiles.now.shape == (20, 28, 28)


def test_a_network_that_does_not_fit_together_is_refused_in_words(heartbeat: Heartbeat) -> None:
    card = SetupCard(heartbeat)
    widget(card, "Network").value = "own"
    for name, value in {"Kernel size": 9, "Padding": False, "Channels": "4, 4, 4"}.items():
        widget(card, name).value = value
    follow_frame(heartbeat, card)
    for notes in card.notes:
        notes.show_notes(heartbeat.frame.notes)
    assert "a kernel of 9×9 does not fit into it" in text(card)
    widget(card, "Pooling").value = "none"
    follow_frame(heartbeat, card)
    for notes in card.notes:
        notes.show_notes(heartbeat.frame.notes)
    assert "does not fit" not in text(card)


def test_trained_weights_are_offered_where_there_are_some(
    heartbeat: Heartbeat, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    monkeypatch.setattr(pretrained, "names", lambda: ("softmax",))
    monkeypatch.setattr(pretrained, "model_card", lambda name: SimpleNamespace(accuracy=0.925))
    monkeypatch.setattr(pretrained, "load", {"softmax": module}.__getitem__)
    card = SetupCard(heartbeat)
    assert "Pretrained accuracy on the MNIST test set: 92.5%." in text(card)
    widget(card, "Start from").value = PRETRAINED
    assert heartbeat.trainer.classifier is module
    np.testing.assert_array_equal(
        heartbeat.trainer.frame().tiles.now.reshape(10, 784), module[1].weight.detach()
    )
    widget(card, "Network").value = "mlp"
    assert (heartbeat.trainer.classifier, widget(card, "Start from").value) == ("mlp", NEW_WEIGHTS)


def test_a_damaged_weights_file_is_reported(
    heartbeat: Heartbeat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(name: str) -> nn.Module:
        raise InputError(f"{name} is damaged.")

    monkeypatch.setattr(pretrained, "names", lambda: ("softmax",))
    monkeypatch.setattr(pretrained, "model_card", lambda name: SimpleNamespace(accuracy=0.925))
    monkeypatch.setattr(pretrained, "load", load)
    card = SetupCard(heartbeat)
    widget(card, "Start from").value = PRETRAINED
    assert "softmax is damaged." in text(card)
    assert (heartbeat.trainer.classifier, widget(card, "Start from").value) == (
        "softmax",
        NEW_WEIGHTS,
    )


def test_a_damaged_card_offers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def card(name: str) -> pretrained.ModelCard:
        raise InputError(f"{name}.json is damaged.")

    monkeypatch.setattr(pretrained, "names", lambda: ("softmax",))
    monkeypatch.setattr(pretrained, "model_card", card)
    assert pretrained_accuracies() == {}


@given(st.lists(st.integers(0, 10**9 - 1), max_size=8))
def test_sizes_are_read_as_they_are_shown(numbers: list[int]) -> None:
    assert parse_sizes(format_sizes(numbers)) == numbers


@pytest.mark.fuzz
@given(st.text(max_size=20))
def test_any_text_is_sizes_or_refused(written: str) -> None:
    try:
        numbers = parse_sizes(written)
    except InputError:
        return
    assert parse_sizes(format_sizes(numbers)) == numbers


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("many", "Sizes are whole numbers"),
        ("-3", "Sizes are whole numbers"),
        ("500", "1 to 128 channels"),
        ("", "1 to 6 layers"),
        ("1 2 3 4 5 6 7", "1 to 6 layers"),
    ],
)
def test_impossible_sizes_are_refused(written: str, sentence: str) -> None:
    own = CustomClassifier(channels=[8])
    field = LayerSizesField(own, "channels", "Channels")
    widget(field, "Channels").value = written
    assert sentence in text(field)
    assert (own.channels, widget(field, "Channels").value) == ([8], "8")
    widget(field, "Channels").value = "4;5"
    assert (own.channels, text(field)) == ([4, 5], "")


def refusals(card: SetupCard) -> list[str]:
    """Return what fields say at the moment."""
    return [
        pane.object
        for pane in card.__panel__().select(LiveHTML)
        if pane.visible and "pg-refused" in pane.css_classes
    ]


def test_only_the_newest_refusal_is_said_and_only_until_something_changes(
    heartbeat: Heartbeat,
) -> None:
    card = SetupCard(heartbeat)
    widget(card, "Channels").value = "500"
    assert ["1 to 128 channels" in said for said in refusals(card)] == [True]
    widget(card, "Dense layers").value = "many"
    assert ["“many” is none" in said for said in refusals(card)] == [True]
    widget(card, "Batch norm").value = True
    assert refusals(card) == []
    widget(card, "Batch size").value = -1
    assert ["-1 is not possible" in said for said in refusals(card)] == [True]
    widget(card, "Optimiser").value = "SGD"
    assert refusals(card) == []


def test_weights_are_those_of_the_network_that_is_there(heartbeat: Heartbeat) -> None:
    card = SetupCard(heartbeat)
    widget(card, "Network").value = "own"
    card.update(heartbeat.trainer.frame())
    assert "A network of your own layers. 105,866 parameters." in text(card)
    widget(card, "Channels").value = "8, 8, 8, 8, 8, 8"
    card.update(heartbeat.trainer.frame())
    assert "It stays the network from before, with 105,866 parameters." in text(card)
    widget(card, "Channels").value = "8"
    card.update(heartbeat.trainer.frame())
    assert "A network of your own layers. 101,146 parameters." in text(card)
