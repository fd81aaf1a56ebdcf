"""The learning side of the digits page without a browser."""

from __future__ import annotations

import asyncio
import math
import threading
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from playground.errors import InputError
from playground.live import Heartbeat
from playground.networks import pretrained
from playground.networks.readers import READERS, OwnReader
from playground.pages.charts import CurvesCard
from playground.pages.digits.data_card import DataCard
from playground.pages.digits.details import ORDER, ReaderDetails
from playground.pages.digits.map_tab import PAUSED, MapTab
from playground.pages.digits.meter import meter
from playground.pages.digits.network_card import NEW, SHIPPED, accuracies
from playground.pages.digits.progress import PACES, Progress, figures, left, rate, reached
from playground.pages.digits.setup_card import SetupCard
from playground.pages.digits.sizes_field import SizesField, shown, sizes
from playground.pages.digits.weights_card import HINT, MOST, WeightsCard
from playground.pages.errand import Errand
from playground.pages.past.bar import PastBar
from playground.pages.past.compare import CompareTab
from playground.pages.transport import Transport
from playground.pages.words import Words
from playground.problems.corpora import Images
from playground.problems.digits import Digits
from playground.training.digits.why import exciting
from playground.views.digits.mosaic import MODES, mosaic
from playground.views.flow import Flow
from playground.views.theme import DARK, LIGHT
from tests.reading import CLASSES, Bars, bars, make_reader
from tests.widgets import click, text, widget

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


@pytest.fixture
def beat() -> Heartbeat:
    return Heartbeat(make_reader(problem=Bars(100, 40)), lambda frame: None, Flow())


def looked(beat: Heartbeat, *parts) -> Heartbeat:
    """Show the state of things, as the heartbeat does."""
    beat.frame = beat.trainer.frame()
    for part in parts:
        part.follow(beat.frame)
    return beat


# Work off the loop -----------------------------------------------------------------------------


class Answers:
    """Takes down what an errand brings."""

    def __init__(self) -> None:
        self.given, self.refused = [], []
        self.errand = Errand(self.given.append, self.refused.append)

    async def all(self) -> None:
        while self.errand.busy:
            await asyncio.sleep(0)


def test_without_a_loop_the_answer_is_there_at_once() -> None:
    answers = Answers()
    answers.errand.ask(lambda: 7)
    assert answers.given == [7]


def test_only_the_newest_question_counts() -> None:
    answers, gate, asked = Answers(), threading.Event(), []

    def work(number: int) -> int:
        asked.append(number)
        assert gate.wait(10)
        return number

    async def ask() -> None:
        for number in range(4):
            answers.errand.ask(lambda number=number: work(number))
        gate.set()
        await answers.all()

    asyncio.run(ask())
    assert (asked, answers.given) == ([0, 3], [3])


def test_a_forgotten_question_is_not_answered() -> None:
    answers, gate = Answers(), threading.Event()

    async def ask() -> None:
        answers.errand.ask(gate.wait)
        answers.errand.forget()
        gate.set()
        await answers.all()
        answers.errand.ask(lambda: 3)
        await answers.all()

    asyncio.run(ask())
    assert answers.given == [3]


def test_work_is_not_done_in_the_thread_of_the_loop() -> None:
    answers = Answers()

    async def ask() -> None:
        answers.errand.ask(threading.get_ident)
        await answers.all()

    asyncio.run(ask())
    assert answers.given != [threading.get_ident()]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(InputError("No such thing."), "No such thing."), (OSError("disk"), "That went wrong: disk")],
)
def test_what_fails_is_told(error: Exception, sentence: str) -> None:
    answers = Answers()

    def fail() -> None:
        raise error

    answers.errand.ask(fail)
    assert (answers.given, answers.refused) == ([], [sentence])


# Pictures ---------------------------------------------------------------------------------------


class Shelf(Digits):
    """Sets of pictures of which some are there, some not, and some something else."""

    def load(self, progress=None) -> Images:
        if self.folder == "/nowhere":
            raise InputError("There is no folder <nowhere>.")
        if progress:
            progress(3_000_000, 12_000_000, self.corpus)
        standing = self.corpus == "KMNIST"
        remark = "KMNIST can't be had." if standing else None
        images = Images(bars(50, 0), bars(20, 1), CLASSES, "a shelf", standing, remark)
        self._loaded = self._choice, images
        return images


def test_pictures_are_loaded_and_described() -> None:
    problem, loads = Shelf(), []
    card = DataCard(problem, lambda: loads.append(problem.corpus))
    assert loads == ["MNIST"]
    assert "50 to learn from, 20 to be tested with." in text(card)
    assert "a shelf" in text(card)
    widget(card, "Pictures").value = "Fashion-MNIST"
    assert loads == ["MNIST", "Fashion-MNIST"]
    assert "clothing" in text(card)
    assert "stand-in" not in text(card)


def test_a_stand_in_is_labelled() -> None:
    card = DataCard(Shelf(corpus="KMNIST"))
    assert "stand-in" in text(card)
    assert "old Japanese" not in text(card)


def test_what_cannot_be_loaded_is_refused_and_the_choice_goes_back() -> None:
    problem = Shelf()
    card = DataCard(problem)
    before = problem.images
    widget(card, "Folder").value = "/nowhere"
    assert (problem.folder, widget(card, "Folder").value) == ("", "")
    assert problem.images is before
    assert "There is no folder &lt;nowhere&gt;." in text(card)
    widget(card, "Pictures").value = "Fashion-MNIST"
    assert "There is no folder" not in text(card)


def test_loading_does_not_hold_up_the_loop_and_says_how_far_it_is() -> None:
    gate, told = threading.Event(), threading.Event()

    class Slow(Shelf):
        def load(self, progress=None) -> Images:
            progress(3_000_000, 12_000_000, "MNIST, file 1 of 4")
            told.set()
            assert gate.wait(10)
            return super().load()

    async def watch() -> str:
        card = DataCard(Slow())
        assert card.loading
        assert "Loading MNIST" in text(card)
        assert told.wait(10)
        while "Downloading" not in text(card):
            await asyncio.sleep(0)
        seen = text(card)
        gate.set()
        while "progress" in text(card):
            await asyncio.sleep(0)
        assert not card.loading
        return seen

    seen = asyncio.run(watch())
    assert "Downloading MNIST, file 1 of 4: 3.0 of 12.0 MB" in seen
    assert 'value="0.2500"' in seen


def test_a_download_that_is_no_longer_wanted_ends() -> None:
    begun, chosen, ended = threading.Event(), threading.Event(), []

    class Slow(Shelf):
        def load(self, progress=None) -> Images:
            if self.corpus == "MNIST":
                begun.set()
                assert chosen.wait(10)
                try:
                    progress(1, 2, "MNIST")
                except Exception:
                    ended.append("MNIST")
                    raise
            return super().load()

    async def choose() -> None:
        problem = Slow()
        card = DataCard(problem)
        assert begun.wait(10)
        problem.corpus = "Fashion-MNIST"
        chosen.set()
        while card.loading:
            await asyncio.sleep(0)
        assert "went wrong" not in text(card)
        assert "clothing" in text(card)

    asyncio.run(choose())
    assert ended == ["MNIST"]


# Network ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", READERS)
def test_every_reader_can_be_chosen(beat: Heartbeat, name: str) -> None:
    card = SetupCard(beat)
    widget(card, "Network").value = name
    assert beat.trainer.reader == name
    looked(beat, card)
    size = sum(each.numel() for each in READERS[name].build().parameters())
    assert f"{size:,} weights." in text(card)


def test_a_network_of_ones_own_is_built(beat: Heartbeat) -> None:
    card = SetupCard(beat)
    widget(card, "Network").value = "own"
    widget(card, "Kind").value = "MLP"
    widget(card, "Dense layers").value = "20 10"
    looked(beat, card)
    own = beat.trainer.reader
    assert isinstance(own, OwnReader)
    assert (own.kind, own.hidden, widget(card, "Dense layers").value) == ("MLP", [20, 10], "20, 10")
    assert beat.frame.tiles.now.shape == (20, 28, 28)


def test_a_network_that_does_not_fit_together_is_refused_in_words(beat: Heartbeat) -> None:
    card = SetupCard(beat)
    widget(card, "Network").value = "own"
    for name, value in {"Window": 9, "Pad pictures": False, "Channels": "4, 4, 4"}.items():
        widget(card, name).value = value
    looked(beat, card)
    for notes in card.notes:
        notes.say(beat.frame.notes)
    assert "a window of 9×9 does not fit into it" in text(card)
    widget(card, "Pooling").value = "none"
    looked(beat, card)
    for notes in card.notes:
        notes.say(beat.frame.notes)
    assert "does not fit" not in text(card)


def test_trained_weights_are_offered_where_there_are_some(
    beat: Heartbeat, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    monkeypatch.setattr(pretrained, "names", lambda: ("softmax",))
    monkeypatch.setattr(pretrained, "card", lambda name: SimpleNamespace(accuracy=0.925))
    monkeypatch.setattr(pretrained, "load", {"softmax": module}.__getitem__)
    card = SetupCard(beat)
    assert "Trained, it reads 92.5% of MNIST" in text(card)
    widget(card, "Start from").value = SHIPPED
    assert beat.trainer.reader is module
    np.testing.assert_array_equal(
        beat.trainer.frame().tiles.now.reshape(10, 784), module[1].weight.detach()
    )
    widget(card, "Network").value = "mlp"
    assert (beat.trainer.reader, widget(card, "Start from").value) == ("mlp", NEW)


def test_a_damaged_file_of_weights_is_told(
    beat: Heartbeat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(name: str) -> nn.Module:
        raise InputError(f"{name} is damaged.")

    monkeypatch.setattr(pretrained, "names", lambda: ("softmax",))
    monkeypatch.setattr(pretrained, "card", lambda name: SimpleNamespace(accuracy=0.925))
    monkeypatch.setattr(pretrained, "load", load)
    card = SetupCard(beat)
    widget(card, "Start from").value = SHIPPED
    assert "softmax is damaged." in text(card)
    assert (beat.trainer.reader, widget(card, "Start from").value) == ("softmax", NEW)


def test_a_damaged_card_offers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def card(name: str) -> pretrained.Card:
        raise InputError(f"{name}.json is damaged.")

    monkeypatch.setattr(pretrained, "names", lambda: ("softmax",))
    monkeypatch.setattr(pretrained, "card", card)
    assert accuracies() == {}


@given(st.lists(st.integers(0, 10**9 - 1), max_size=8))
def test_sizes_are_read_as_they_are_shown(numbers: list[int]) -> None:
    assert sizes(shown(numbers)) == numbers


@given(st.text(max_size=20))
def test_any_text_is_sizes_or_refused(written: str) -> None:
    try:
        numbers = sizes(written)
    except InputError:
        return
    assert sizes(shown(numbers)) == numbers


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("many", "Sizes are whole numbers"),
        ("-3", "Sizes are whole numbers"),
        ("500", "1 to 128 channels"),
        ("", "1 to 6 layers"),
        ("1 2 3 4 5 6 7", "1 to 6 layers"),
    ],
)
def test_impossible_sizes_are_refused(written: str, sentence: str) -> None:
    own = OwnReader(channels=[8])
    field = SizesField(own, "channels", "Channels")
    widget(field, "Channels").value = written
    assert sentence in text(field)
    assert (own.channels, widget(field, "Channels").value) == ([8], "8")
    widget(field, "Channels").value = "4;5"
    assert (own.channels, text(field)) == ([4, 5], "")


def refusals(card: SetupCard) -> list[str]:
    """Return what fields say at the moment."""
    return [
        pane.object
        for pane in card.__panel__().select(Words)
        if pane.visible and "pg-refused" in pane.css_classes
    ]


def test_only_the_newest_refusal_is_said_and_only_until_something_changes(beat: Heartbeat) -> None:
    card = SetupCard(beat)
    widget(card, "Channels").value = "500"
    assert ["1 to 128 channels" in said for said in refusals(card)] == [True]
    widget(card, "Dense layers").value = "many"
    assert ["“many” is none" in said for said in refusals(card)] == [True]
    widget(card, "Batch norm").value = True
    assert refusals(card) == []
    widget(card, "Batch size").value = -1
    assert ["-1 is not possible" in said for said in refusals(card)] == [True]
    widget(card, "Optimiser").value = "SGD"
    assert refusals(card) == []


def test_weights_are_those_of_the_network_that_is_there(beat: Heartbeat) -> None:
    card = SetupCard(beat)
    widget(card, "Network").value = "own"
    card.follow(beat.trainer.frame())
    assert "Layers as you like them. 105,866 weights." in text(card)
    widget(card, "Channels").value = "8, 8, 8, 8, 8, 8"
    card.follow(beat.trainer.frame())
    assert "It stays the network from before, with 105,866 weights." in text(card)
    widget(card, "Channels").value = "8"
    card.follow(beat.trainer.frame())
    assert "Layers as you like them. 101,146 weights." in text(card)


# Training and augmentation ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "label", "value"),
    [
        ("optimiser", "Optimiser", "SGD"),
        ("batch_size", "Batch size", 64),
        ("schedule", "Schedule", "one-cycle"),
        ("horizon", "Schedule spans", 4),
        ("loss", "Loss", "squared error"),
        ("stop_epoch", "Run to epoch", 3),
    ],
)
def test_choices_of_training_go_both_ways(
    beat: Heartbeat, name: str, label: str, value: object
) -> None:
    card = SetupCard(beat)
    widget(card, label).value = value
    assert getattr(beat.trainer.training, name) == value
    other = type(beat.trainer.training)().param[name].default
    setattr(beat.trainer.training, name, other)
    assert widget(card, label).value == other


def test_augmentation_is_switched_on_and_off(beat: Heartbeat) -> None:
    card = SetupCard(beat)
    limits = beat.trainer.augmentation
    switch = widget(card, "Shift, turn and bend pictures a little")
    assert (limits.untouched, switch.value) == (1.0, False)
    switch.value = True
    assert limits.untouched == 0.25
    widget(card, "Turn").value = 20
    assert limits.rotate == 20
    limits.untouched = 1.0
    assert not switch.value


# Progress -----------------------------------------------------------------------------------------


def test_bars_say_how_far_it_is(beat: Heartbeat) -> None:
    beat.trainer.training.stop_epoch = 4
    progress = Progress(beat)
    beat.trainer.advance(steps=3)
    looked(beat, progress)
    seen = progress.__panel__().object
    assert 'value="0.5000"' in seen  # 3 steps of 2 an epoch: one and a half
    assert 'value="0.3750"' in seen
    assert "Epoch 2" in seen
    assert "Run to epoch 4" in seen
    assert "left" in seen


def test_a_run_without_an_end_has_no_bar(beat: Heartbeat) -> None:
    assert Progress(beat).__panel__().object.count("<progress") == 1


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(math.nan, ""), (3.4, "3 s left"), (180, "3 min left"), (7200, "2 h left")],
)
def test_time_left_in_words(seconds: float, said: str) -> None:
    assert left(seconds) == said


def test_rates_have_three_digits() -> None:
    assert [rate(each) for each in (math.nan, 12.3456, 23456.7)] == ["–", "12", "23,500"]


def test_a_meter_stays_within_its_ends_and_shows_text_as_text() -> None:
    assert 'value="1.0000"' in meter(1.7, "x")
    assert "value" not in meter(None, "x")
    assert "<b>" not in meter(0.5, "<b>")


def test_the_header_shows_a_reader(beat: Heartbeat) -> None:
    transport = Transport(beat, partial(figures, beat.trainer.problem), PACES)
    beat.trainer.train(2)
    looked(beat, transport)
    for words in ("<b>2</b>epoch", "images/s", "%</b><div>test accuracy <small>on all 40<"):
        assert words in text(transport)
    [pace] = [each for each in transport.__panel__() if hasattr(each, "options")]
    assert pace.value == "full speed"
    pace.value = "0.3 epochs/s"
    assert beat.pace == 0.3
    click(transport, "New initial weights")
    assert (beat.trainer.frame().epoch, beat.trainer.seed) == (0, 1)


def test_the_curves_of_a_reader_are_shown(beat: Heartbeat) -> None:
    card = CurvesCard(beat, LIGHT, (Progress(beat),))
    beat.trainer.train(1)
    looked(beat, card)
    assert all(view.frame is beat.frame for view in card.views)
    assert "Epoch 1" in text(card)


# Weights ------------------------------------------------------------------------------------------


def test_a_tile_is_selected_with_the_pictures_that_excite_it_most(beat: Heartbeat) -> None:
    beat.trainer.train(2)
    card = WeightsCard(looked(beat), LIGHT)
    card.selected = 4
    tile = card.views[1].frame
    pictures = beat.frame.panel.pictures
    wanted = exciting(beat.trainer.model, 4, pictures, MOST)
    assert tile.unit == 4
    np.testing.assert_array_equal(tile.exciting, pictures[wanted])
    assert "Unit 4" in text(card)
    card.selected = None
    assert HINT in text(card)


def test_a_tap_selects_and_a_second_one_lets_go(beat: Heartbeat) -> None:
    card = WeightsCard(beat, LIGHT)
    width, height = card.views[0].choices["size"]
    place = width / 2, height / 2
    card._tap(place)
    assert card.selected is not None
    assert card.views[0].choices["selected"] == card.selected
    card._tap(place)
    assert card.selected is None


def test_another_network_has_no_tile_selected(beat: Heartbeat) -> None:
    card = WeightsCard(beat, LIGHT)
    card.selected = 9
    beat.trainer.train(1)
    looked(beat, card)
    assert card.selected == 9
    beat.trainer.reader = "lenet"
    looked(beat, card)
    assert card.selected is None
    assert card.views[0].choices["selected"] is None


def test_both_views_show_the_same_change(beat: Heartbeat) -> None:
    card = WeightsCard(beat, DARK)
    widget(card, "Weights").value = MODES[1]
    assert {view.choices["mode"] for view in card.views} == {MODES[1]}


# Details ------------------------------------------------------------------------------------------


def test_all_tabs_follow(beat: Heartbeat) -> None:
    compare = CompareTab(beat, LIGHT, PastBar(beat), mosaic, reached)
    details = ReaderDetails(beat, LIGHT, compare)
    assert len(details.views) == len(ORDER) + 1
    assert "once an epoch has ended" in text(details)
    beat.trainer.train(1)
    looked(beat, details)
    held, *following = compare.views
    assert held.frame is not beat.frame
    assert all(view.frame is beat.frame for view in details.views if view is not held)
    assert following[0] in details.views


def test_the_map_is_placed_anew_on_demand_and_until_the_next_step(beat: Heartbeat) -> None:
    beat.trainer.train(1)
    tab = MapTab(looked(beat), LIGHT)
    widget(tab, "Placed by").value = "t-SNE"
    shown = tab.view.frame.points
    assert shown.shape == beat.frame.points.shape
    assert not np.allclose(shown, beat.frame.points)
    looked(beat, tab)
    assert tab.view.frame.points is shown
    beat.trainer.step()
    looked(beat, tab)
    assert widget(tab, "Placed by").value == "PCA"
    assert tab.view.frame is beat.frame


def test_the_map_is_not_placed_while_the_network_learns(beat: Heartbeat) -> None:
    tab = MapTab(beat, LIGHT)
    beat.running = True
    widget(tab, "Placed by").value = "t-SNE"
    assert widget(tab, "Placed by").value == "PCA"
    assert PAUSED in text(tab)


def test_too_few_pictures_for_a_map_are_told() -> None:
    beat = Heartbeat(make_reader(problem=Bars(50, 5)), lambda frame: None, Flow())
    tab = MapTab(beat, LIGHT)
    widget(tab, "Placed by").value = "t-SNE"
    assert "needs 10 pictures or more, not 5" in text(tab)
