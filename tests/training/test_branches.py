"""Going on from a moment of the past, and back to what came after it, without a browser."""

from __future__ import annotations

import numpy as np
import pytest

from playground import Gates
from tests.support.training.trainer_states import assert_same
from tests.support.widgets import click, widget

# Panel 1.9 warns of what Panel 2.0 will call otherwise.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

HERE, OTHER, NOW = "Continue from here", "Other branch", "Back to now"


@pytest.fixture
def lab() -> Gates:
    """A page that has learned for 20 epochs, and shows the sixth moment of them."""
    lab = Gates("xor")
    lab.trainer.train(20)
    lab.heartbeat.shown_checkpoint = 5
    return lab


def visible_buttons(lab: Gates) -> list[str]:
    return [name for name in (HERE, NOW, OTHER) if widget(lab._checkpoint_bar, name).visible]


def test_there_is_no_other_branch_at_first(lab: Gates) -> None:
    assert visible_buttons(lab) == [HERE, NOW]
    click(lab._checkpoint_bar, NOW)
    assert visible_buttons(lab) == []


def test_branching_restores_the_checkpoint(lab: Gates) -> None:
    then = lab.trainer.checkpoints.infos[5]
    weights = lab.trainer.weights_at(5)
    click(lab._checkpoint_bar, HERE)
    assert lab.heartbeat.shown_checkpoint is None
    assert lab.trainer.epoch == then.epoch
    for name, weight in lab.model.state_dict().items():
        assert np.array_equal(weight.numpy(), weights[name])
    assert max(each.epoch for each in lab.trainer.checkpoints.infos) <= then.epoch
    assert visible_buttons(lab) == [OTHER]


def test_branches_can_be_swapped_without_loss(lab: Gates) -> None:
    first = lab.trainer.state()
    click(lab._checkpoint_bar, HERE)
    lab.trainer.train(3)
    second = lab.trainer.state()
    click(lab._checkpoint_bar, OTHER)
    assert_same(lab.trainer.state(), first)
    click(lab._checkpoint_bar, OTHER)
    assert_same(lab.trainer.state(), second)


def test_each_branch_has_the_network_that_it_grew(lab: Gates) -> None:
    click(lab._checkpoint_bar, HERE)
    lab.hidden = [3, 2]
    click(lab._checkpoint_bar, OTHER)
    assert lab.hidden == [6]
    click(lab._checkpoint_bar, OTHER)
    assert lab.hidden == [3, 2]
