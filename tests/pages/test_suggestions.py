"""What pages set by themselves where their usual settings would not learn what is chosen."""

from __future__ import annotations

import pytest

from playground.pages.gates import PARITY, GatesPage
from playground.pages.points import PointsPage
from playground.pages.suggestions import DEEP_NETWORK

pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


def suggestions(page: GatesPage | PointsPage) -> list[str]:
    return [note.sentence for note in page.notes(page.trainer.frame()) if note.kind == "suggested"]


def values_of(page: GatesPage | PointsPage, names: object) -> dict[str, object]:
    return {name: getattr(page, name) for name in names}  # type: ignore[attr-defined]


def test_parity_of_four_inputs_is_set_up_to_be_learned_and_others_as_usual() -> None:
    page = GatesPage()
    usual = values_of(page, PARITY.settings)
    page.gate = "parity"
    assert (values_of(page, usual), suggestions(page)) == (usual, [])
    page.inputs_count = 4
    assert values_of(page, usual) == PARITY.settings
    assert "hidden neurons 8, batch size 16, learning rate 0.03" in suggestions(page)[0]
    page.hidden = [6]  # whoever wants something else gets it
    assert page.hidden == [6]
    page.gate = "XOR"
    assert (values_of(page, usual), suggestions(page)) == (usual, [])
    page.learning_rate = 0.2
    page.gate = "parity"
    assert (page.learning_rate, page.hidden) == (0.2, [8])


def test_deep_networks_get_a_smaller_rate_and_new_weights_only_at_the_start() -> None:
    page = PointsPage(count=20)
    page.hidden = [8] * 8
    assert values_of(page, DEEP_NETWORK.settings) == DEEP_NETWORK.settings
    page.train(1)
    page.hidden = [8]
    assert (page.learning_rate, page.initialiser) == (0.02, "Xavier")
    assert page.trainer.epoch == 1


def test_links_say_themselves_what_they_want() -> None:
    page = GatesPage()
    page.settings.apply({"gate": "parity", "inputs_count": 4, "hidden": "6,6,6,6,6"})
    assert (page.learning_rate, page.batch_size, suggestions(page)) == (0.05, 4, [])
