"""The digits page as a whole, without a browser: what it is made of, and how it goes on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import playground
from playground.pages.digits.page import DigitsPage
from playground.views.theme import DARK
from tests.reading import Bars

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> DigitsPage:
    """Return a page that learns a few pictures, with the corrections kept elsewhere."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("playground.pages.digits.page.Digits", Bars)
    return DigitsPage(model="softmax", batch_size=50)


def test_the_package_offers_it() -> None:
    assert playground.Digits is DigitsPage


def test_it_learns_and_follows(whole: DigitsPage) -> None:
    assert whole.begun
    before = whole.heartbeat.frame
    whole.follow(whole.trainer.train(epochs=2))
    assert whole.trainer.epoch == 2
    assert not np.array_equal(before.tiles.now, whole.trainer.frame().tiles.now)


def test_every_view_changes_with_the_theme(whole: DigitsPage) -> None:
    whole.dark = True
    assert all(view.theme is DARK for view in whole.views)


def test_resting_ends_what_was_wanted(whole: DigitsPage) -> None:
    whole.heartbeat.running = True
    whole.rest()
    assert not whole.heartbeat.running


def test_an_unknown_choice_is_named() -> None:
    with pytest.raises(TypeError, match="no choice 'learning_rat'"):
        DigitsPage(learning_rat=0.1)
