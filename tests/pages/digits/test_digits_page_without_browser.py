"""The digits page as a whole, without a browser: what it is made of, and how it goes on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

import playground
from playground.networks.classifiers import CustomClassifier
from playground.pages.digits.digits_page import DigitsPage
from playground.views.theme import DARK, LIGHT
from tests.support.training.image_trainers import BarImages, bar_images
from tests.support.widgets import text, widget

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


@pytest.fixture(scope="module")
def digits_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DigitsPage]:
    """Return a page that learns a few pictures, with the corrections kept elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.setattr("playground.pages.digits.digits_page.Digits", BarImages)
        yield DigitsPage(model="softmax", batch_size=50)


def test_the_package_offers_it() -> None:
    assert playground.Digits is DigitsPage


def test_a_weight_seed_is_a_choice_and_so_is_a_network_that_can_be_built(
    digits_page: DigitsPage,
) -> None:
    slow = CustomClassifier(channels=[128, 128], kernel=9, pool="none", hidden=[])
    wished = DigitsPage(model=slow, weight_seed=3)
    assert (wished.trainer.seed, digits_page.trainer.seed) == (3, 0)
    assert "multiply 1,049,581,568 times" in text(wished._notices)
    assert wished.is_ready
    assert (wished._choice.model, wished.trainer.classifier) == ("mlp", "mlp")


def test_it_predicts_pictures_as_its_trainer_does(digits_page: DigitsPage) -> None:
    pictures = bar_images(3, 0).pictures.numpy()
    expected = digits_page.trainer.predict(pictures)
    np.testing.assert_array_equal(digits_page.predict(pictures), expected)
    last = digits_page.trainer.history.train_loss[-1]
    assert last == np.float32(digits_page.trainer.scores[0].loss)


def test_it_learns_and_follows(digits_page: DigitsPage) -> None:
    assert digits_page.is_ready
    alone = digits_page.curves, digits_page.confusion, digits_page.diagram, digits_page.weights
    assert {view for cell in alone for view in cell.views} < {*digits_page.views}
    assert all(cell.__panel__().objects for cell in alone)
    before = digits_page.heartbeat.frame
    digits_page.update(digits_page.trainer.train(epochs=2))
    assert digits_page.trainer.epoch == before.epoch + 2
    assert not np.array_equal(before.tiles.now, digits_page.trainer.frame().tiles.now)


def test_it_continues_a_run_made_elsewhere_and_keeps_what_it_has_trained(
    digits_page: DigitsPage,
) -> None:
    digits_page.trainer.train(epochs=1)
    run = digits_page.run_session.prepare_capture("A trial")()
    digits_page.trainer.train(epochs=1)
    digits_page.continue_run(run)
    assert digits_page.trainer.epoch == run.summary.epoch
    assert widget(digits_page, "Other branch").visible


def test_every_view_changes_with_the_theme(digits_page: DigitsPage) -> None:
    for dark, theme in ((True, DARK), (False, LIGHT)):
        digits_page.dark = dark
        assert all(view.theme is theme for view in digits_page.views)


def test_resting_ends_what_was_wanted(digits_page: DigitsPage) -> None:
    digits_page.heartbeat.running = True
    digits_page.pause()
    assert not digits_page.heartbeat.running


def test_an_unknown_choice_is_named() -> None:
    with pytest.raises(TypeError, match="no choice 'learning_rat'"):
        DigitsPage(learning_rat=0.1)


def test_its_loss_landscape_is_computed_when_asked_for_and_can_be_gone_to(
    digits_page: DigitsPage,
) -> None:
    trainer, card = digits_page.trainer, digits_page._landscape
    digits_page.update(trainer.train(epochs=1))
    assert card.view is None
    assert not card.__panel__().visible
    card.settings.side = 5
    card.open()
    assert card.__panel__().visible
    found = card.view.frame
    assert found.kind == "path"
    assert not card._progress.visible
    place = float(found.across[1]), float(found.up[1])
    card.go_to(place)
    np.testing.assert_array_equal(trainer.weight_path().weights, found.weights_at(*place))
    assert "Press Play" in card._reading.object
    digits_page.heartbeat.running = True
    digits_page.update(trainer.train(epochs=1))
    assert card.view.frame is found  # it takes seconds, and training goes first
    digits_page.heartbeat.running = False
    digits_page.update(trainer.frame())
    assert card.view.frame is not found
    card.settings.directions = "random"
    assert card.view.frame.kind == "random"
    assert list(card.settings.param.directions.objects) == ["path", "random"]
    # Where a loop runs, work is under way when it is stopped, and tells its progress too late.
    card.prepare(None, trainer.frame())
    assert card._progress.visible
    told = card._request_shown
    card.cancel()
    card._show_progress(told, 0.5)
    assert "Stopped" in card._words.object
    assert not card._progress.visible
