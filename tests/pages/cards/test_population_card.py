"""The button "Skill or luck?": many starts of the network on the page, and one of them opened."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from torch import nn

from playground.pages.cards.populations.population_card import PopulationCard, verdict_html
from playground.pages.gates import GatesPage
from playground.pages.points import PointsPage
from playground.training.dense.trainer import Trainer
from playground.training.populations import memory
from playground.views.populations.wall import shape_of

# Panel 1.9 warns of what Panel 2.0 will call otherwise.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


def begin(page: GatesPage | PointsPage, epochs: int) -> PopulationCard:
    """Press the button, and train as the heartbeat does where there is a loop."""
    card = page._population
    card.begin()
    card._show(card.population.trainer.train(epochs))
    return card


def place_of(card: PopulationCard, member: int) -> tuple[float, float]:
    rows, across = shape_of(len(card.population.frame.members))
    row, column = divmod(member, across)
    return column + 0.5, rows - row - 0.5


def test_many_starts_of_the_network_on_the_page_are_trained_and_told() -> None:
    page = GatesPage("XOR", hidden=[2], learning_rate=0.03, weight_seed=4)
    card = begin(page, 300)
    frame = card.view.frame
    assert frame.members.seeds == tuple(range(5, 21))
    assert page.trainer.epoch == 0
    learned = int(frame.learned.sum())
    assert 0 < learned < 16
    assert f"learns XOR in <b>{learned} of 16 starts</b>" in card._verdict.object
    card.goal = 0.5
    assert card.population.trainer.frame().learned.sum() > learned


def test_a_click_opens_a_network_as_it_is_at_that_moment() -> None:
    page = GatesPage("XOR", hidden=[2], batch_size=3)
    page.train(7)
    card = begin(page, 40)
    page.problem.gate, page.architecture.hidden = "AND", [3]
    trainer = card.population.trainer
    card._open(place_of(card, 5))
    assert page.settings.values()["gate"] == "XOR"
    assert (page.trainer.epoch, page.architecture.seed) == (40, 6)
    assert len(page.trainer.frame().curves.epoch) == 41
    alone = Trainer(page.problem, page.architecture, page.training)
    alone.train(40)
    for each in (alone, page.trainer):
        each.train(10)
    trainer.train(10)
    np.testing.assert_allclose(page.trainer.frame().field, alone.frame().field, atol=1e-5)
    loss = trainer.frame().scores[0, 5]
    assert page.trainer.frame().train.loss == pytest.approx(loss, rel=1e-4)
    assert page._population._branches._other_button.visible
    card._open((-1.0, 0.5))
    assert page.trainer.epoch == 50


def test_own_points_come_back_with_the_network() -> None:
    page = PointsPage(hidden=[3])
    page.problem.adopt()
    page.problem.own.add([[1.0, -2.0], [2.0, 1.0]], [1, 0])
    points = page.problem.own.x.copy()
    card = begin(page, 3)
    page.problem.own.add([[0.5, 0.5]], [1])
    card._open(place_of(card, 0))
    np.testing.assert_array_equal(page.problem.own.x, points)
    assert page.trainer.epoch == 3


def test_what_is_impossible_is_said_and_how_sure_the_rest_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory, "MAX_BYTES", 1000)
    page = GatesPage()
    page._population.begin()
    assert "would take 4 MiB of memory" in page._population._verdict.object
    assert page._population.population is None
    assert not page._population._start_button.disabled
    own = GatesPage(model=nn.Sequential(nn.LayerNorm(2), nn.Linear(2, 1)))
    own._population.begin()
    assert "Only networks of dense layers" in own._population._verdict.object
    monkeypatch.undo()
    page.problem.gate, page.architecture.hidden = "XOR", [2]
    card = begin(page, 1)
    sentence = verdict_html(card.view.frame, "<x>", running=True)
    assert "learns &lt;x&gt; in <b>0 of 16 starts</b> so far, 0%, between 0% and 19%" in sentence
    assert "Hardly any start will do" in sentence
    strict = verdict_html(replace(card.view.frame, goal=0.995), "<x>", running=True)
    assert "Learned: at least 99.5% of" in strict
