"""Going on from a moment of the past, and back to what came after it, without a browser."""

from __future__ import annotations

import numpy as np
import pytest

from playground import Gates
from tests.states import assert_same
from tests.widgets import click, widget

# Panel 1.9 warns of what Panel 2.0 will call otherwise.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

HERE, OTHER, NOW = "Go on from here", "Other branch", "Now"


@pytest.fixture
def lab() -> Gates:
    """A page that has learned for 20 epochs, and shows the sixth moment of them."""
    lab = Gates("xor")
    lab.trainer.train(20)
    lab.heartbeat.back = 5
    return lab


def shown(lab: Gates) -> list[str]:
    return [name for name in (HERE, NOW, OTHER) if widget(lab._past, name).visible]


def test_there_is_no_other_branch_at_first(lab: Gates) -> None:
    assert shown(lab) == [HERE, NOW]
    click(lab._past, NOW)
    assert shown(lab) == []


def test_going_on_takes_up_the_network_of_then(lab: Gates) -> None:
    then = lab.trainer.past.moments[5]
    weights = lab.trainer.weights_at(5)
    click(lab._past, HERE)
    assert lab.heartbeat.back is None
    assert lab.trainer.epoch == then.epoch
    for name, weight in lab.model.state_dict().items():
        assert np.array_equal(weight.numpy(), weights[name])
    assert max(each.epoch for each in lab.trainer.past.moments) <= then.epoch
    assert shown(lab) == [OTHER]


def test_one_goes_to_and_fro_between_branches_and_nothing_is_lost(lab: Gates) -> None:
    first = lab.trainer.state()
    click(lab._past, HERE)
    lab.trainer.train(3)
    second = lab.trainer.state()
    click(lab._past, OTHER)
    assert_same(lab.trainer.state(), first)
    click(lab._past, OTHER)
    assert_same(lab.trainer.state(), second)


def test_each_branch_has_the_network_that_it_grew(lab: Gates) -> None:
    click(lab._past, HERE)
    lab.hidden = [3, 2]
    click(lab._past, OTHER)
    assert lab.hidden == [6]
    click(lab._past, OTHER)
    assert lab.hidden == [3, 2]
