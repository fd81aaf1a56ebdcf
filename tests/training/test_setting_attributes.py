"""A page in Python's hands: its choices are attributes, and it follows what is done to it."""

from __future__ import annotations

import asyncio
import gc
import weakref
from concurrent.futures import wait
from typing import Any

import numpy as np
import pytest
import torch
from bokeh.document import Document
from bokeh.plotting import figure

from playground.errors import InputError
from playground.pages.cards.view_cell import ViewCell
from playground.pages.digits.digits_page import DigitsPage
from playground.pages.gates import GatesPage
from playground.pages.links.link import parse_link
from playground.pages.points import PointsPage
from playground.pages.shell.part_updates import SELDOM
from playground.serving.threads import slice_place
from playground.training.dense.edits import ParameterRef, SetValue
from playground.training.dense.frame import Frame
from playground.views.theme import DARK
from tests.pages.test_heartbeat import RecordingPool
from tests.support.data.shared_pages import SharedPages, lending_fixture
from tests.support.widgets import text

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


gates = lending_fixture(GatesPage)


@pytest.fixture
def kept_gates(shared_pages: SharedPages) -> Any:
    """Return a page for tests that leave it as it is."""
    return shared_pages.peek(GatesPage)


def test_the_first_choice_needs_no_name_and_no_capitals() -> None:
    page = GatesPage("nand", activation="RELU")
    assert page.problem.gate == "NAND"
    assert page.architecture.activation == "ReLU"


def test_a_weight_seed_holds_from_the_first_step() -> None:
    def first_weights(page: GatesPage) -> np.ndarray[Any, Any]:
        return page.trainer.frame().layers[0].weight

    requested, later = GatesPage("xor", weight_seed=3), GatesPage("xor")
    first = first_weights(requested)
    assert not np.array_equal(first, first_weights(later))
    requested.trainer.reset()
    np.testing.assert_array_equal(first_weights(requested), first)
    later.weight_seed = 3
    np.testing.assert_array_equal(first_weights(later), first)


def test_a_module_keeps_its_weights_until_a_seed_is_given_from_wherever() -> None:
    def make() -> torch.nn.Module:
        torch.manual_seed(1)
        layers = torch.nn.Linear(2, 3), torch.nn.Hardtanh(), torch.nn.Linear(3, 1)
        return torch.nn.Sequential(*layers)

    def weights(page: GatesPage) -> list[np.ndarray[Any, Any]]:
        page.trainer.frame()
        return [each.detach().numpy().copy() for each in page.model.parameters()]

    given = [each.detach().numpy() for each in make().parameters()]
    requested, linked = GatesPage(model=make(), weight_seed=3), GatesPage(model=make())
    first = weights(requested)
    assert not np.array_equal(first[0], given[0])
    assert "have drawn new weights" in text(requested)
    np.testing.assert_equal(weights(linked), given)
    linked.open(parse_link("weight_seed=3"))
    requested.train(2)
    requested.trainer.reset()
    for page in (linked, requested):
        np.testing.assert_equal(weights(page), first)
        assert page.trainer.first_weights is None


def test_a_choice_is_an_attribute_to_read_and_to_set(gates: GatesPage) -> None:
    assert gates.hidden == gates.architecture.hidden == [6]
    gates.hidden = [8, 8]
    assert gates.architecture.hidden == [8, 8]
    gates.hidden = (3,)
    assert gates.architecture.hidden == [3]
    gates.gate = "or"
    assert gates.problem.gate == "OR"
    gates.learning_rate = 0.5
    assert gates.training.learning_rate == 0.5
    gates.weight_seed = 7
    assert (gates.architecture.seed, gates.problem.seed) == (7, 0)
    gates.pace = None
    assert gates.heartbeat.pace is None
    gates.dark = True
    assert gates.theme is DARK


def test_choices_of_every_card_can_be_given_at_the_start() -> None:
    page = PointsPage("CIRCLE", weight_seed=3, show_test=True, smoothing=0.5)
    assert (page.architecture.seed, page.show_test, page.smoothing) == (3, True, 0.5)
    assert page.shape == "circle"


def test_a_name_that_is_none_is_told_with_the_nearest(kept_gates: GatesPage) -> None:
    with pytest.raises(AttributeError, match="no attribute 'hiden'; did you mean 'hidden'"):
        kept_gates.hiden = [8]
    with pytest.raises(AttributeError, match="did you mean 'learning_rate'"):
        kept_gates.lerning_rate  # noqa: B018
    with pytest.raises(TypeError, match=r"no choice 'batchsize'.*did you mean 'batch_size'"):
        GatesPage(batchsize=3)
    assert not hasattr(kept_gates, "_repr_png_")


def test_what_cannot_be_is_refused_and_stays(kept_gates: GatesPage) -> None:
    with pytest.raises(InputError, match="1 to 32 neurons"):
        kept_gates.hidden = [0]
    with pytest.raises(ValueError, match="does not accept"):
        kept_gates.gate = "XORR"
    with pytest.raises(ValueError, match="learning_rate"):
        kept_gates.learning_rate = -1
    with pytest.raises(InputError, match="one digit, 0 or 1"):
        kept_gates.table = "01x0"
    assert (kept_gates.hidden, kept_gates.gate, kept_gates.learning_rate) == ([6], "XOR", 0.05)


def test_all_choices_are_offered_for_completion(kept_gates: GatesPage) -> None:
    assert {"hidden", "gate", "learning_rate", "weight_seed", "boundary"} <= {*dir(kept_gates)}


def test_digits_have_attributes_too() -> None:
    page = DigitsPage(corpus="mnist")
    page.learning_rate = 0.25
    assert page.trainer.training.learning_rate == 0.25
    with pytest.raises(AttributeError, match="did you mean 'corpus'"):
        page.korpus = "KMNIST"


def test_the_network_can_be_asked_and_taken(gates: GatesPage) -> None:
    frame = gates.train(epochs=200)
    answers = gates.predict([[0, 0], [0, 1], [1, 0], [1, 1]])
    assert answers.argmax(1).tolist() == [0, 1, 1, 0]
    assert frame.epoch == 200
    assert len(repr(frame)) < 200
    assert sum(each.numel() for each in gates.model.parameters()) == gates.trainer.plan.size


def test_each_view_stands_by_itself(gates: GatesPage) -> None:
    for name in ("boundary", "diagram", "curves", "confusion"):
        cell = getattr(gates, name)
        assert isinstance(cell, ViewCell)
        assert cell is getattr(gates, name)
        root = cell.__panel__().get_root(Document())
        assert len(list(root.select({"type": figure}))) == len(cell.views)
    # A diagram's coordinates are its pixels, so no two places can share one.
    assert gates.diagram.views[0] is not gates._diagram.view
    assert gates.diagram.views[0] in gates.views, "it follows the theme"


class ManualPage:
    """A page whose browser is always ready, beaten by hand."""

    def __init__(self, page: GatesPage, pool: RecordingPool) -> None:
        self.page, self.pool = page, pool
        page.back_pressure._connected = True

    def beat(self) -> None:
        self.page.back_pressure._last_painted = self.page.back_pressure.tick
        self.page.heartbeat.beat()
        wait(self.pool.slices)
        self.page.heartbeat.beat()


@pytest.fixture
def manual_page(gates: GatesPage, monkeypatch: pytest.MonkeyPatch) -> Any:
    with RecordingPool() as pool:
        monkeypatch.setattr(slice_place, "workers", pool)
        monkeypatch.setattr(slice_place, "brief_slice_workers", pool)
        manual_page = ManualPage(gates, pool)
        manual_page.beat()
        yield manual_page


def test_the_views_follow_what_is_learned_elsewhere(
    gates: GatesPage, manual_page: ManualPage
) -> None:
    slices = len(manual_page.pool.slices)
    manual_page.beat()
    assert len(manual_page.pool.slices) == slices, "nothing has happened"
    gates.trainer.train(epochs=50)
    manual_page.beat()
    assert gates.heartbeat.frame.epoch == 50
    cells = gates.boundary, gates.diagram, gates.curves, gates.confusion
    gates.trainer.train(epochs=1)
    manual_page.beat()
    for cell in cells:
        assert [view.frame.epoch for view in cell.views] == [51] * len(cell.views)


def test_a_page_that_learns_keeps_a_whole_frame_its_picture_and_the_one_to_compare_with(
    gates: GatesPage, manual_page: ManualPage
) -> None:
    gates.heartbeat.running = True
    while gates.heartbeat.running and gates._updates._frames < SELDOM - 2:
        manual_page.beat()
    frames = {id(each.frame) for each in gates.views if isinstance(each.frame, Frame)}
    assert len(frames) == 3
    assert id(gates.heartbeat.frame) in frames


def test_the_views_follow_edits_made_elsewhere(gates: GatesPage, manual_page: ManualPage) -> None:
    gates.trainer.edit(SetValue(ParameterRef(0, 0, 0), 4.5))
    gates.trainer.frame()  # somebody has looked at it meanwhile
    manual_page.beat()
    assert gates.heartbeat.frame.layers[0].weight[0, 0] == 4.5
    gates.train(epochs=3)
    gates.trainer.reset()
    manual_page.beat()
    assert gates.heartbeat.frame.epoch == 0


def test_a_page_that_is_shown_nowhere_learns_no_more(gates: GatesPage) -> None:
    document = Document()
    with_flow = gates.boundary.__panel__()

    async def show_and_remove() -> bool:
        gates.heartbeat.start()
        root = with_flow.get_root(document)
        gates.heartbeat.running = True
        with_flow._cleanup(root)
        gates.heartbeat.stop()
        return bool(gates.heartbeat.running)

    assert asyncio.run(show_and_remove()) is False


def test_an_unreferenced_page_is_garbage_collected() -> None:
    async def make_page() -> weakref.ref[GatesPage]:
        page = GatesPage()
        assert page.heartbeat._callback is not None
        return weakref.ref(page)

    async def is_alive() -> bool:
        page = await make_page()
        await asyncio.sleep(0)
        gc.collect()
        return page() is not None

    assert not asyncio.run(is_alive())


def test_answers_are_those_of_the_module(gates: GatesPage) -> None:
    gates.train(epochs=20)
    rows = np.random.default_rng(0).normal(size=(10, 2)).astype(np.float32)
    odds = gates.model(torch.tensor(rows)).detach().numpy().ravel()
    np.testing.assert_allclose(gates.predict(rows)[:, 1], 1 / (1 + np.exp(-odds)), atol=1e-6)
