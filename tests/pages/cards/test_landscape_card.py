"""The card "Loss landscape": what opens it, what it follows, and where a click leads."""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue
from threading import Event, current_thread
from typing import Any

import numpy as np
import pytest
from torch import nn

from playground.deadlines import check_deadline
from playground.pages.cards.landscape.dense_landscape_card import DenseLandscapeCard
from playground.pages.gates import GatesPage
from playground.pages.points import PointsPage
from playground.pages.shell import latest_task
from playground.training.landscape import Landscape
from playground.training.landscape.settings import DIRECTIONS
from playground.views.landscape import landscape as landscape_view
from playground.views.live_view import LiveView
from playground.views.rendering import figure_template
from playground.views.theme import DARK

# Panel 1.9 warns of what Panel 2.0 will call otherwise.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


def unfold(page: GatesPage | PointsPage) -> tuple[DenseLandscapeCard, Landscape]:
    """Unfold the card, where no loop runs and all is computed at once."""
    card = page._landscape
    card.fold.collapsed = False
    return card, card.view.frame


def follow(page: GatesPage | PointsPage) -> Landscape:
    """Show the newest frame on the page, as the heartbeat does, and return the landscape."""
    shown = page.heartbeat.shown_checkpoint
    page.heartbeat.frame = page.trainer.frame() if shown is None else page.trainer.frame_at(shown)
    for _ in range(2):  # the second one once the slider has settled
        page.update(page.heartbeat.frame)
    return page._landscape.view.frame


def test_it_is_computed_when_it_is_opened_and_follows_the_slider() -> None:
    page = GatesPage("XOR", hidden=[3], learning_rate=0.03)
    page.train(30)
    page.update(page.trainer.frame())
    assert page._landscape.view is None
    card, now = unfold(page)
    assert now.here == pytest.approx(page.trainer.frame().train.loss, rel=1e-5)
    page.heartbeat.shown_checkpoint = 4
    then = follow(page)
    assert then.here == pytest.approx(page.trainer.checkpoints.infos[4].train.loss, rel=1e-5)
    assert f"<b>{100 * sum(then.shares):.1f}%"[:6] in card._words.object
    page.update(page.heartbeat.frame)
    assert card.view.frame is then  # nothing has changed
    page.training.l2 = 0.01
    assert "without L1 and L2" in " ".join(follow(page).remarks)
    card.fold.collapsed = True
    page.heartbeat.shown_checkpoint = None
    page.train(2)
    assert follow(page) is not now
    assert follow(page).here != pytest.approx(page.trainer.frame().train.loss, rel=1e-6)


def test_a_click_gives_the_network_the_weights_and_training_goes_on_from_there() -> None:
    page = GatesPage("XOR", hidden=[3], learning_rate=0.03)
    page.train(20)
    before = page.trainer.frame().train.loss
    card, found = unfold(page)
    place = float(found.across[5]), float(found.up[44])
    card.read(place)
    assert "Loss here" in card._reading.object
    card.go_to(place)
    assert page.trainer.frame().train.loss == pytest.approx(found.loss[44, 5], rel=1e-4)
    assert "Press Play" in card._reading.object
    assert follow(page).here == pytest.approx(found.loss[44, 5], rel=1e-4)
    page.train(10)
    assert page.trainer.epoch == 30
    assert page.trainer.frame_at(20).train.loss == pytest.approx(before, rel=1e-5)
    # By keyboard: two numbers and a button.
    card.across, card.upwards = float(card.view.frame.across[0]), 0.0
    assert card.view.choices["pointer"] == (card.across, 0.0)
    wanted = card.view.frame.weights_at(card.across, 0.0)
    card._go_to_fields(None)
    np.testing.assert_allclose(page.trainer.weight_path().weights, wanted, rtol=1e-5)
    card.go_to((1e5, 0))
    assert "choose a place in it" in card._reading.object
    page.architecture.hidden = [2]
    card.go_to((0, 0))
    assert "another shape" in card._reading.object


def test_the_past_is_a_place_to_go_on_from_too() -> None:
    page = PointsPage(hidden=[4])
    page.train(6)
    page.heartbeat.shown_checkpoint = 2
    page.heartbeat.frame = page.trainer.frame_at(2)
    card, found = unfold(page)
    card.go_to((0.0, 0.0))
    assert page.heartbeat.shown_checkpoint is None
    assert page.trainer.frame().train.loss == pytest.approx(found.here, rel=1e-4)
    assert page.trainer.epoch == 6


def test_each_choice_shows_its_own_fields_and_picture() -> None:
    page = GatesPage("XOR", hidden=[2])
    page.train(5)
    card, _found = unfold(page)
    kinds, fields = [], []
    for kind in DIRECTIONS.values():
        card.settings.directions = kind
        kinds.append(card.view.frame.kind)
        fields.append((card._seed.__panel__().visible, card._weights[0].visible))
    assert kinds == list(DIRECTIONS.values())
    assert fields == [(False, False), (True, False), (False, True), (False, False)]
    card.settings.directions = "two weights"
    across, upwards = card._weights
    assert across.options[:2] == [
        "feature A → hidden 1, neuron 1",
        "feature B → hidden 1, neuron 1",
    ]
    upwards.value = across.options[-1]
    assert card.view.frame.names == (across.options[0], "bias of output")
    upwards.value = across.value
    assert "two different weights" in card._words.object
    page.problem.inputs_count = 3
    page.architecture.hidden = [4]
    follow(page)
    assert "feature C → hidden 1, neuron 4" in across.options
    page.dark = True
    assert card.view.theme is DARK


def test_what_has_no_landscape_says_so() -> None:
    page = GatesPage(model=nn.Sequential(nn.LayerNorm(2), nn.Linear(2, 1)))
    assert page._landscape not in page.views
    empty = PointsPage(shape="your own")
    card = empty._landscape
    card.fold.collapsed = False
    assert "without samples to learn from" in card._words.object
    found = GatesPage("XOR").landscape(directions="random", side=5, seed=3)
    assert (found.kind, found.loss.shape) == ("random", (5, 5))


def test_it_stops_while_nobody_sees_the_page_and_its_first_picture_is_made_by_a_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = GatesPage("XOR", hidden=[2])
    card, on_loop = page._landscape, SimpleQueue[Callable[[], None]]()
    begun, stopped, renderers = Event(), Event(), []
    render = LiveView._render_template

    def endless() -> Landscape:
        begun.set()
        try:
            while not stopped.wait(0.01):
                check_deadline()
            raise AssertionError
        finally:
            stopped.set()

    def tell(view: LiveView) -> Any:
        renderers.append(current_thread().name)
        return render(view)

    monkeypatch.setattr(latest_task, "loop_scheduler", lambda: on_loop.put)
    monkeypatch.setattr(LiveView, "_render_template", tell)
    monkeypatch.delitem(figure_template._templates, landscape_view.draw, raising=False)
    with monkeypatch.context() as slow:
        slow.setattr(card, "prepare", lambda *_: endless)
        card.fold.collapsed = False
        assert begun.wait(60)
        page.pause()
        assert stopped.wait(60)
    page.resume()
    while card.view is None:
        on_loop.get(timeout=60)()
    card.view.figure()
    assert [name.split("-")[0] for name in renderers] == ["landscape"]
    page.resume()
    assert not card._task.busy
