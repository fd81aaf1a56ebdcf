"""A page's work as runs: taken down, gone on with exactly, refused where it does not fit."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from playground.errors import InputError
from playground.pages.address import Link
from playground.pages.gates import GatesPage
from playground.pages.page import Page
from playground.pages.points import PointsPage
from playground.pages.reopen import reopened
from playground.problems.points import OWN
from playground.runs import Autosaves, Run, usual_folder
from playground.runs.format import decoded, encoded
from playground.runs.identity import new_id
from playground.training.state import State

# Panel 1.9 warns of what Panel 2.0 will call otherwise.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


def weights(page: Page) -> torch.Tensor:
    return torch.cat([each.detach().flatten() for each in page.trainer.model.parameters()])


def refuse(sentence: str) -> None:
    raise AssertionError(sentence)


def through_a_file(page: Page, name: str = "a run") -> Run:
    return decoded(encoded(page.work.take_run(name)))


@pytest.mark.parametrize(
    "make",
    [
        lambda: GatesPage(gate="parity", inputs_count=3, hidden=[5, 3], optimiser="momentum"),
        lambda: PointsPage(shape="spiral", hidden=[8, 8], dropout=0.1, l2=0.003),
    ],
)
def test_a_run_goes_on_as_if_nothing_had_been_between(make) -> None:
    first = make()
    first.trainer.train(30)
    second = reopened(through_a_file(first))
    assert second.settings.values() == first.settings.values()
    for each in (first, second):
        each.trainer.train(20)
    assert torch.equal(weights(first), weights(second))
    assert second.trainer.epoch == 50
    assert [each.epoch for each in second.trainer.past.moments] == list(range(51))


def test_points_of_ones_own_come_along() -> None:
    page = PointsPage()
    page.problem.adopt()
    page.problem.own.add([[1.234567, -2.5]], [1])
    page.trainer.train(3)
    again = reopened(through_a_file(page))
    assert again.problem.shape == OWN
    assert (again.problem.own.x == page.problem.own.x).all()


def test_a_run_of_another_page_is_refused_there() -> None:
    gates, points = GatesPage(), PointsPage()
    with pytest.raises(InputError, match="made on the page Gates: open it there"):
        points.work.open_run(gates.work.take_run("a run"), lambda: None, refuse)


def test_a_run_that_does_not_fit_itself_leaves_all_as_it_was() -> None:
    page, other = GatesPage(gate="AND"), GatesPage(gate="OR", hidden=[3])
    page.trainer.train(12)
    before, known = weights(page).clone(), page.settings.values()
    run = other.work.take_run("a run")
    broken = replace(
        run,
        state=State(
            run.state.numbers, {name: each[:0] for name, each in run.state.tensors.items()}
        ),
    )
    said: list[str] = []
    page.work.open_run(broken, lambda: refuse("it was opened"), said.append)
    assert len(said) == 1
    assert page.settings.values() == known
    assert page.trainer.epoch == 12
    assert torch.equal(weights(page), before)


def test_a_run_has_the_whole_past() -> None:
    page = GatesPage()
    page.trainer.train(20)
    again = reopened(page.work.take_run("a")).trainer
    assert again.past.moments == page.trainer.past.moments


def test_a_page_is_saved_as_one_file(tmp_path) -> None:
    page = GatesPage(gate="NAND")
    page.trainer.train(10)
    page.save(tmp_path / "nand.html")
    text = (tmp_path / "nand.html").read_text()
    assert text.startswith("<!doctype html>")
    assert "NAND" in text
    assert len(text) < 6_000_000


@pytest.mark.parametrize("leads_on", [False, True])
def test_only_the_page_that_the_address_speaks_of_obeys_it(leads_on: bool) -> None:
    page = GatesPage(hidden=[3])
    page.trainer.train(5)
    tab = new_id()
    Autosaves(usual_folder()).save(tab, page.work.take_run("a"))
    # Reloaded: with an address that says nothing of hidden layers, or one of another page.
    again = GatesPage()
    again.open(Link(leads_on=leads_on))
    again._keeping.tab._handle_msg({"tab": tab, "reloaded": True})
    assert again.hidden == ([3] if leads_on else [6])
    assert again.trainer.epoch == 5
