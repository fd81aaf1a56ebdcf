"""A page's work as runs: saved, continued exactly, refused where it does not fit."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from playground.errors import InputError
from playground.pages.app import page_from_run
from playground.pages.gates import GatesPage
from playground.pages.links.link import Link
from playground.pages.page import Page
from playground.pages.points import PointsPage
from playground.problems.points.points import OWN
from playground.runs import Autosaves, Run, default_folder
from playground.runs.format import decode_run, encode_run
from playground.runs.ids import new_id
from playground.training.core.state.state import State
from tests.support.data.shared_pages import SharedPages, lending_fixture

# Panel 1.9 warns of what Panel 2.0 will call otherwise.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


def weights(page: Page) -> torch.Tensor:
    return torch.cat([each.detach().flatten() for each in page.trainer.model.parameters()])


def refuse(sentence: str) -> None:
    raise AssertionError(sentence)


def save_and_load(page: Page, name: str = "a run") -> Run:
    return decode_run(encode_run(page.run_session.prepare_capture(name)()))


gates, points = lending_fixture(GatesPage), lending_fixture(PointsPage)


@pytest.mark.parametrize(
    ("kind", "choices"),
    [
        (
            GatesPage,
            {"gate": "parity", "inputs_count": 3, "hidden": [5, 3], "optimiser": "momentum"},
        ),
        (PointsPage, {"shape": "spiral", "hidden": [8, 8], "dropout": 0.1, "l2": 0.003}),
    ],
)
def test_a_resumed_run_is_identical_to_an_uninterrupted_one(
    shared_pages: SharedPages, kind: type[Page], choices: dict[str, object]
) -> None:
    with shared_pages.lend(kind) as first:
        assert first.settings.apply(choices) == ()
        first.trainer.train(30)
        second = page_from_run(save_and_load(first))
        assert second.settings.values() == first.settings.values()
        assert second.trainer.checkpoints.infos == first.trainer.checkpoints.infos
        for each in (first, second):
            each.trainer.train(20)
        assert torch.equal(weights(first), weights(second))
        assert second.trainer.epoch == 50
        assert [each.epoch for each in second.trainer.checkpoints.infos] == list(range(51))


def test_own_points_are_saved_and_whether_test_points_are_shown(points: PointsPage) -> None:
    page = points
    page.problem.adopt()
    page.problem.own.add([[1.234567, -2.5]], [1])
    page.trainer.train(3)
    page.brush = "paint"
    page.show_test = False
    again = page_from_run(save_and_load(page))
    assert again.problem.shape == OWN
    assert (again.problem.own.x == page.problem.own.x).all()
    assert (again.brush, again.show_test) == ("paint", False)


def test_a_run_of_another_page_is_refused_there(gates: GatesPage, points: PointsPage) -> None:
    with pytest.raises(InputError, match="made on the page Gates: open it there"):
        points.run_session.resume_run(
            gates.run_session.prepare_capture("a run")(), lambda: None, refuse
        )


def test_a_run_that_does_not_fit_itself_leaves_all_as_it_was(gates: GatesPage) -> None:
    page = gates
    page.choose({"gate": "OR", "hidden": [3]})
    run = page.run_session.prepare_capture("a run")()
    page.choose({"gate": "AND", "hidden": [6]})
    page.trainer.reset()
    page.trainer.train(12)
    before, known = weights(page).clone(), page.settings.values()
    broken = replace(
        run,
        state=State(
            run.state.numbers, {name: each[:0] for name, each in run.state.tensors.items()}
        ),
    )
    said: list[str] = []
    page.run_session.resume_run(broken, lambda: refuse("it was opened"), said.append)
    assert len(said) == 1
    assert page.settings.values() == known
    assert page.trainer.epoch == 12
    assert torch.equal(weights(page), before)


def test_a_page_is_saved_as_one_file(tmp_path, gates: GatesPage) -> None:
    page = gates
    page.problem.gate = "NAND"
    page.trainer.train(10)
    page.save(tmp_path / "nand.html")
    text = (tmp_path / "nand.html").read_text()
    assert text.startswith("<!doctype html>")
    assert "NAND" in text
    assert len(text) < 6_000_000


@pytest.mark.parametrize("from_other_page", [False, True])
def test_the_address_applies_only_to_its_own_page(gates: GatesPage, from_other_page: bool) -> None:
    page = gates
    page.architecture.hidden = [3]
    page.trainer.train(5)
    tab = new_id()
    Autosaves(default_folder()).save(tab, page.run_session.prepare_capture("a")())
    # Reloaded: with an address that says nothing of hidden layers, or one of another page.
    again = GatesPage()
    again.open(Link(from_other_page=from_other_page))
    again._persistence.tab._handle_msg({"tab": tab, "reloaded": True})
    assert again.hidden == ([3] if from_other_page else [6])
    assert again.trainer.epoch == 5
