"""The learning side of the digits page without a browser."""

from __future__ import annotations

import asyncio
import math
import threading
from concurrent.futures import CancelledError
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from playground import deadlines
from playground.deadlines import check_deadline
from playground.errors import InputError
from playground.networks import pretrained
from playground.networks.classifiers import CLASSIFIERS, CustomClassifier
from playground.pages.cards.curves_card import CurvesCard
from playground.pages.checkpoints.checkpoint_bar import CheckpointBar
from playground.pages.checkpoints.compare_tab import CompareTab
from playground.pages.controls.live_html import LiveHTML
from playground.pages.digits.training import dataset_tab
from playground.pages.digits.training.custom_classifier_fields import (
    LayerSizesField,
    format_sizes,
    parse_sizes,
)
from playground.pages.digits.training.dataset_tab import DatasetTab
from playground.pages.digits.training.embedding_tab import PAUSE_FIRST, EmbeddingTab
from playground.pages.digits.training.image_details_card import ORDER, ImageDetailsCard
from playground.pages.digits.training.network_tab import (
    NEW_WEIGHTS,
    PRETRAINED,
    pretrained_accuracies,
)
from playground.pages.digits.training.progress_bar_html import progress_bar_html
from playground.pages.digits.training.setup_card import SetupCard
from playground.pages.digits.training.training_progress import (
    PACES,
    TrainingProgress,
    format_rate,
    header_numbers,
    progress_and_scores,
)
from playground.pages.digits.training.weights_card import HINT, MAX_PICTURES, WeightsCard
from playground.pages.runs.person_files import PersonFiles
from playground.pages.shell.latest_task import LatestTask
from playground.pages.shell.transport import Transport
from playground.pages.shell.worker_result import worker_result
from playground.problems.digits import Digits
from playground.problems.image_datasets import LoadedDataset
from playground.runs import Quota
from playground.serving.browser.back_pressure import BackPressure
from playground.serving.heartbeat import Heartbeat
from playground.serving.settings.server_settings import server_settings
from playground.serving.threads import worker_pool
from playground.serving.threads.worker_pool import WorkerPool
from playground.training.images.explain import top_activating_images
from playground.views.images.weight_tiles import MODES, weight_tiles
from playground.views.theme import DARK, LIGHT
from tests.support.clock import Clock
from tests.support.training.image_trainers import CLASSES, BarImages, bar_images, make_image_trainer
from tests.support.widgets import click, text, widget, widgets

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

PATIENCE = 60.0
"""Seconds after which something that should have happened is a failure; never reached otherwise."""


@pytest.fixture
def heartbeat() -> Heartbeat:
    return Heartbeat(
        make_image_trainer(problem=BarImages(100, 40)), lambda frame: None, BackPressure()
    )


def follow_frame(heartbeat: Heartbeat, *parts) -> Heartbeat:
    """Show the state of things, as the heartbeat does."""
    heartbeat.frame = heartbeat.trainer.frame()
    for part in parts:
        part.update(heartbeat.frame)
    return heartbeat


# Work off the loop -----------------------------------------------------------------------------


class RecordedTask:
    """Records the results of a task."""

    def __init__(self) -> None:
        self.given, self.refused = [], []
        self.task = LatestTask(self.given.append, self.refused.append)

    async def all(self) -> None:
        while self.task.busy:
            await asyncio.sleep(0)


def test_without_a_loop_the_answer_is_there_at_once() -> None:
    answers = RecordedTask()
    answers.task.submit(lambda: 7)
    assert answers.given == [7]


def test_only_the_newest_question_counts() -> None:
    answers, begun, gate, asked = RecordedTask(), threading.Event(), threading.Event(), []

    def work(number: int) -> int:
        asked.append(number)
        begun.set()
        assert gate.wait(PATIENCE)
        return number

    async def submit() -> None:
        for number in range(4):
            answers.task.submit(lambda number=number: work(number))
            assert begun.wait(PATIENCE)
        gate.set()
        await answers.all()

    asyncio.run(submit())
    assert (asked, answers.given) == ([0, 3], [3])


def test_a_forgotten_question_is_not_answered() -> None:
    answers, gate = RecordedTask(), threading.Event()

    async def submit() -> None:
        answers.task.submit(gate.wait)
        answers.task.cancel()
        gate.set()
        await answers.all()
        answers.task.submit(lambda: 3)
        await answers.all()

    asyncio.run(submit())
    assert answers.given == [3]


def test_work_is_not_done_in_the_thread_of_the_loop() -> None:
    answers = RecordedTask()

    async def submit() -> None:
        answers.task.submit(threading.get_ident)
        await answers.all()

    asyncio.run(submit())
    assert answers.given != [threading.get_ident()]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(InputError("No such thing."), "No such thing."), (OSError("disk"), "That went wrong: disk")],
)
def test_failures_are_reported(error: Exception, sentence: str) -> None:
    answers = RecordedTask()

    def fail() -> None:
        raise error

    answers.task.submit(fail)
    assert (answers.given, answers.refused) == ([], [sentence])


def test_a_result_that_cannot_be_shown_is_reported_and_work_that_waits_is_done() -> None:
    given, refused = [], []

    def show(result: int) -> None:
        given.append(result)
        if result == 0:
            task.submit(lambda: 1)
            raise OSError("a watcher failed")

    def report(sentence: str) -> None:
        refused.append(sentence)
        raise OSError("so did this one")

    task = LatestTask(show, report)
    failures: list[object] = []

    async def submit() -> None:
        asyncio.get_running_loop().set_exception_handler(
            lambda _loop, context: failures.append(str(context["exception"]))
        )
        task.submit(lambda: 0)
        while len(given) < 2 or task.busy:
            await asyncio.sleep(0)

    asyncio.run(submit())
    assert (given, refused) == ([0, 1], ["That went wrong: a watcher failed"])
    assert failures == ["so did this one"]


def test_work_that_hangs_ends_in_a_sentence_and_what_comes_next_is_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers, begun, gate = RecordedTask(), threading.Event(), threading.Event()
    clock, pool = Clock(), WorkerPool(1, "test", deadline=0.05)
    for module in (deadlines, worker_pool):
        monkeypatch.setattr(module, "monotonic", clock)
    answers.task = LatestTask(answers.given.append, answers.refused.append, pool)

    async def submit() -> None:
        answers.task.submit(lambda: (begun.set(), gate.wait()))
        assert begun.wait(PATIENCE)
        clock.now = 0.05
        await answers.all()
        answers.task.submit(lambda: 7)
        await answers.all()

    asyncio.run(submit())
    gate.set()
    pool.shutdown()
    assert answers.given == [7]
    assert [each.split(" and ")[0] for each in answers.refused] == [
        "This took longer than 0.05 seconds"
    ]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(InputError("No such thing."), "No such thing."), (OSError("disk"), "Sorry: disk")],
)
def test_a_coroutine_gets_a_result_or_the_person_a_sentence(
    error: Exception, sentence: str
) -> None:
    refused: list[str] = []

    def fail() -> None:
        raise error

    async def ask() -> tuple[object, object]:
        right = await worker_result(lambda: 7, refused.append)
        return right, await worker_result(fail, refused.append, failed="Sorry")

    assert asyncio.run(ask()) == (7, None)
    assert refused == [sentence]


def test_newer_work_stops_the_work_before_it() -> None:
    answers, begun, stopped = RecordedTask(), threading.Event(), []

    def work() -> None:
        begun.set()
        try:
            while True:
                check_deadline()
        except CancelledError:
            stopped.append(True)
            raise

    async def submit() -> None:
        answers.task.submit(work)
        assert begun.wait(PATIENCE)
        answers.task.submit(lambda: 7)
        await answers.all()

    asyncio.run(submit())
    assert (answers.given, answers.refused, stopped) == ([7], [], [True])


# Pictures ---------------------------------------------------------------------------------------


class FakeDigits(Digits):
    """Sets of pictures of which some are there, some not, and some something else."""

    def load(self, progress=None) -> LoadedDataset:
        if self.folder == "/nowhere":
            raise InputError("There is no folder <nowhere>.")
        if progress:
            progress(3_000_000, 12_000_000, self.corpus)
        standing = self.corpus == "KMNIST"
        remark = "KMNIST can't be had." if standing else None
        images = LoadedDataset(
            bar_images(50, 0), bar_images(20, 1), CLASSES, "a shelf", standing, remark
        )
        self._loaded = self._choice, images
        return images


def test_pictures_are_loaded_and_described() -> None:
    problem, loads = FakeDigits(), []
    card = DatasetTab(problem, lambda: loads.append(problem.corpus))
    assert loads == ["MNIST"]
    assert "50 for training, 20 for testing." in text(card)
    assert "a shelf" in text(card)
    widget(card, "Pictures").value = "Fashion-MNIST"
    assert loads == ["MNIST", "Fashion-MNIST"]
    assert "clothing" in text(card)
    assert "stand-in" not in text(card)


def test_a_stand_in_is_labelled() -> None:
    card = DatasetTab(FakeDigits(corpus="KMNIST"))
    assert "stand-in" in text(card)
    assert "old Japanese" not in text(card)


def test_what_cannot_be_loaded_is_refused_and_the_choice_goes_back() -> None:
    problem = FakeDigits()
    card = DatasetTab(problem)
    before = problem.images
    widget(card, "Folder").value = "/nowhere"
    assert (problem.folder, widget(card, "Folder").value) == ("", "")
    assert problem.images is before
    assert "There is no folder &lt;nowhere&gt;." in text(card)
    widget(card, "Pictures").value = "Fashion-MNIST"
    assert "There is no folder" not in text(card)


class Elsewhere(FakeDigits):
    """Pictures of which a sentence tells where they are looked for."""

    def load(self, progress=None) -> LoadedDataset:
        if self.folder:
            raise InputError(f"{self.folder} does not hold all of MNIST.")
        return super().load(progress)


def test_other_people_cannot_name_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    files = PersonFiles(Path("runs"), Path("c"), Quota(Path("f"), Path("f"), 1, 1, 1))
    monkeypatch.setattr(dataset_tab, "person_files", lambda: files)
    card = DatasetTab(FakeDigits())
    assert [each.name for each in widgets(card)] == ["Pictures"]


def test_of_the_folders_on_offer_people_learn_the_names_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    there, missing = tmp_path / "scans", tmp_path / "not there" / "scans"
    there.mkdir()
    files = PersonFiles(Path("runs"), Path("c"), Quota(Path("f"), Path("f"), 1, 1, 1))
    monkeypatch.setattr(dataset_tab, "person_files", lambda: files)
    monkeypatch.setattr(server_settings(), "dataset_folders", [str(there), str(missing)])
    problem = Elsewhere()
    card = DatasetTab(problem)
    choice = widget(card, "Folder")
    assert choice.options == ["default folder", "scans", "scans (2)"]
    said, searched = [], []
    problem.param.watch(lambda event: searched.append(event.new), "folder")
    for name in ("scans", "scans (2)"):
        choice.value = name
        said.append(text(card))
        assert choice.value == "default folder"
    assert {*searched} == {str(there), str(missing), ""}
    assert said[0] == said[1]
    assert "MNIST can&#x27;t be loaded from there." in said[0]
    assert str(tmp_path) not in "".join(said)
    choice.value = "/etc"
    assert problem.folder == ""


def test_loading_does_not_hold_up_the_loop_and_says_how_far_it_is() -> None:
    gate, reported = threading.Event(), threading.Event()

    class Slow(FakeDigits):
        def load(self, progress=None) -> LoadedDataset:
            progress(3_000_000, 12_000_000, "MNIST, file 1 of 4")
            reported.set()
            assert gate.wait(PATIENCE)
            return super().load()

    async def watch() -> str:
        card = DatasetTab(Slow())
        assert card.loading
        assert "Loading MNIST" in text(card)
        assert reported.wait(PATIENCE)
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

    class Slow(FakeDigits):
        def load(self, progress=None) -> LoadedDataset:
            if self.corpus == "MNIST":
                begun.set()
                assert chosen.wait(PATIENCE)
                try:
                    progress(1, 2, "MNIST")
                except Exception:
                    ended.append("MNIST")
                    raise
            return super().load()

    async def choose() -> None:
        problem = Slow()
        card = DatasetTab(problem)
        assert begun.wait(PATIENCE)
        problem.corpus = "Fashion-MNIST"
        chosen.set()
        while card.loading:
            await asyncio.sleep(0)
        assert "went wrong" not in text(card)
        assert "clothing" in text(card)

    asyncio.run(choose())
    assert ended == ["MNIST"]


# Network ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_every_classifier_can_be_chosen(heartbeat: Heartbeat, name: str) -> None:
    card = SetupCard(heartbeat)
    widget(card, "Network").value = name
    assert heartbeat.trainer.classifier == name
    follow_frame(heartbeat, card)
    size = sum(each.numel() for each in CLASSIFIERS[name].build().parameters())
    assert f"{size:,} parameters." in text(card)


def test_a_custom_classifier_is_built(heartbeat: Heartbeat) -> None:
    card = SetupCard(heartbeat)
    widget(card, "Network").value = "own"
    widget(card, "Kind").value = "MLP"
    widget(card, "Dense layers").value = "20 10"
    follow_frame(heartbeat, card)
    own = heartbeat.trainer.classifier
    assert isinstance(own, CustomClassifier)
    assert (own.kind, own.hidden, widget(card, "Dense layers").value) == ("MLP", [20, 10], "20, 10")
    assert heartbeat.frame.tiles.now.shape == (20, 28, 28)


def test_a_network_that_does_not_fit_together_is_refused_in_words(heartbeat: Heartbeat) -> None:
    card = SetupCard(heartbeat)
    widget(card, "Network").value = "own"
    for name, value in {"Kernel size": 9, "Padding": False, "Channels": "4, 4, 4"}.items():
        widget(card, name).value = value
    follow_frame(heartbeat, card)
    for notes in card.notes:
        notes.show_notes(heartbeat.frame.notes)
    assert "a kernel of 9×9 does not fit into it" in text(card)
    widget(card, "Pooling").value = "none"
    follow_frame(heartbeat, card)
    for notes in card.notes:
        notes.show_notes(heartbeat.frame.notes)
    assert "does not fit" not in text(card)


def test_trained_weights_are_offered_where_there_are_some(
    heartbeat: Heartbeat, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    monkeypatch.setattr(pretrained, "names", lambda: ("softmax",))
    monkeypatch.setattr(pretrained, "model_card", lambda name: SimpleNamespace(accuracy=0.925))
    monkeypatch.setattr(pretrained, "load", {"softmax": module}.__getitem__)
    card = SetupCard(heartbeat)
    assert "Pretrained accuracy on the MNIST test set: 92.5%." in text(card)
    widget(card, "Start from").value = PRETRAINED
    assert heartbeat.trainer.classifier is module
    np.testing.assert_array_equal(
        heartbeat.trainer.frame().tiles.now.reshape(10, 784), module[1].weight.detach()
    )
    widget(card, "Network").value = "mlp"
    assert (heartbeat.trainer.classifier, widget(card, "Start from").value) == ("mlp", NEW_WEIGHTS)


def test_a_damaged_weights_file_is_reported(
    heartbeat: Heartbeat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(name: str) -> nn.Module:
        raise InputError(f"{name} is damaged.")

    monkeypatch.setattr(pretrained, "names", lambda: ("softmax",))
    monkeypatch.setattr(pretrained, "model_card", lambda name: SimpleNamespace(accuracy=0.925))
    monkeypatch.setattr(pretrained, "load", load)
    card = SetupCard(heartbeat)
    widget(card, "Start from").value = PRETRAINED
    assert "softmax is damaged." in text(card)
    assert (heartbeat.trainer.classifier, widget(card, "Start from").value) == (
        "softmax",
        NEW_WEIGHTS,
    )


def test_a_damaged_card_offers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def card(name: str) -> pretrained.ModelCard:
        raise InputError(f"{name}.json is damaged.")

    monkeypatch.setattr(pretrained, "names", lambda: ("softmax",))
    monkeypatch.setattr(pretrained, "model_card", card)
    assert pretrained_accuracies() == {}


@given(st.lists(st.integers(0, 10**9 - 1), max_size=8))
def test_sizes_are_read_as_they_are_shown(numbers: list[int]) -> None:
    assert parse_sizes(format_sizes(numbers)) == numbers


@pytest.mark.fuzz
@given(st.text(max_size=20))
def test_any_text_is_sizes_or_refused(written: str) -> None:
    try:
        numbers = parse_sizes(written)
    except InputError:
        return
    assert parse_sizes(format_sizes(numbers)) == numbers


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
    own = CustomClassifier(channels=[8])
    field = LayerSizesField(own, "channels", "Channels")
    widget(field, "Channels").value = written
    assert sentence in text(field)
    assert (own.channels, widget(field, "Channels").value) == ([8], "8")
    widget(field, "Channels").value = "4;5"
    assert (own.channels, text(field)) == ([4, 5], "")


def refusals(card: SetupCard) -> list[str]:
    """Return what fields say at the moment."""
    return [
        pane.object
        for pane in card.__panel__().select(LiveHTML)
        if pane.visible and "pg-refused" in pane.css_classes
    ]


def test_only_the_newest_refusal_is_said_and_only_until_something_changes(
    heartbeat: Heartbeat,
) -> None:
    card = SetupCard(heartbeat)
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


def test_weights_are_those_of_the_network_that_is_there(heartbeat: Heartbeat) -> None:
    card = SetupCard(heartbeat)
    widget(card, "Network").value = "own"
    card.update(heartbeat.trainer.frame())
    assert "A network of your own layers. 105,866 parameters." in text(card)
    widget(card, "Channels").value = "8, 8, 8, 8, 8, 8"
    card.update(heartbeat.trainer.frame())
    assert "It stays the network from before, with 105,866 parameters." in text(card)
    widget(card, "Channels").value = "8"
    card.update(heartbeat.trainer.frame())
    assert "A network of your own layers. 101,146 parameters." in text(card)


# Training and augmentation ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "label", "value"),
    [
        ("optimiser", "Optimiser", "SGD"),
        ("batch_size", "Batch size", 64),
        ("schedule", "Schedule", "one-cycle"),
        ("horizon", "Schedule length", 4),
        ("loss", "Loss", "squared error"),
        ("class_weights", "Class weights", "balanced"),
        ("stop_epoch", "Run to epoch", 3),
        ("early_stopping", "Early stopping", 3),
    ],
)
def test_choices_of_training_go_both_ways(
    heartbeat: Heartbeat, name: str, label: str, value: object
) -> None:
    card = SetupCard(heartbeat)
    widget(card, label).value = value
    assert getattr(heartbeat.trainer.training, name) == value
    other = type(heartbeat.trainer.training)().param[name].default
    setattr(heartbeat.trainer.training, name, other)
    assert widget(card, label).value == other


def test_augmentation_is_switched_on_and_off(heartbeat: Heartbeat) -> None:
    card = SetupCard(heartbeat)
    limits = heartbeat.trainer.augmentation
    switch = widget(card, "Augment the training pictures")
    assert (limits.untouched, switch.value) == (1.0, False)
    switch.value = True
    assert limits.untouched == 0.25
    widget(card, "Rotation").value = 20
    assert limits.rotate == 20
    limits.untouched = 1.0
    assert not switch.value


# Progress -----------------------------------------------------------------------------------------


def test_bars_say_how_far_it_is(heartbeat: Heartbeat) -> None:
    heartbeat.trainer.training.stop_epoch = 4
    progress = TrainingProgress(heartbeat)
    heartbeat.trainer.advance(steps=3)
    follow_frame(heartbeat, progress)
    seen = progress.__panel__().object
    assert 'value="0.5000"' in seen  # 3 steps of 2 an epoch: one and a half
    assert 'value="0.3750"' in seen
    assert "Epoch 2" in seen
    assert "Run to epoch 4" in seen
    assert "left" in seen


def test_a_run_without_an_end_has_no_bar(heartbeat: Heartbeat) -> None:
    assert TrainingProgress(heartbeat).__panel__().object.count("<progress") == 1


def test_rates_have_three_digits() -> None:
    assert [format_rate(each) for each in (math.nan, 12.3456, 23456.7)] == ["–", "12", "23,500"]


def test_a_progress_bar_stays_within_its_ends_and_escapes_text() -> None:
    assert 'value="1.0000"' in progress_bar_html(1.7, "x")
    assert "value" not in progress_bar_html(None, "x")
    assert "<b>" not in progress_bar_html(0.5, "<b>")


def test_the_header_shows_metrics(heartbeat: Heartbeat) -> None:
    transport = Transport(heartbeat, partial(header_numbers, heartbeat.trainer.problem), PACES)
    heartbeat.trainer.train(2)
    follow_frame(heartbeat, transport)
    for words in ("<b>2</b>epoch", "images/s", "%</b><div>test accuracy <small>on all 40<"):
        assert words in transport.numbers.object
    [pace] = transport.__panel__().select(lambda each: hasattr(each, "options"))
    assert pace.value == "full speed"
    pace.value = "0.3 epochs/s"
    assert heartbeat.pace == 0.3
    click(transport, "New initial weights")
    assert (heartbeat.trainer.frame().epoch, heartbeat.trainer.seed) == (0, 1)


def test_the_curves_card_shows_image_frames(heartbeat: Heartbeat) -> None:
    card = CurvesCard(heartbeat, LIGHT, (TrainingProgress(heartbeat),))
    heartbeat.trainer.train(1)
    follow_frame(heartbeat, card)
    assert all(view.frame is heartbeat.frame for view in card.views)
    assert "Epoch 1" in text(card)


# Weights ------------------------------------------------------------------------------------------


def test_a_tile_is_selected_with_the_pictures_that_excite_it_most(heartbeat: Heartbeat) -> None:
    heartbeat.trainer.train(2)
    card = WeightsCard(follow_frame(heartbeat), LIGHT)
    card.selected = 4
    tile = card.views[1].frame
    pictures = heartbeat.frame.probe_set.pictures
    wanted = top_activating_images(heartbeat.trainer.model, 4, pictures, MAX_PICTURES)
    assert tile.unit == 4
    np.testing.assert_array_equal(tile.top_pictures, pictures[wanted])
    assert "Unit 4" in text(card)
    card.selected = None
    assert HINT in text(card)


def test_a_tap_selects_and_a_second_one_lets_go(heartbeat: Heartbeat) -> None:
    card = WeightsCard(heartbeat, LIGHT)
    width, height = card.views[0].choices["size"]
    place = width / 2, height / 2
    card._tap(place)
    assert card.selected is not None
    assert card.views[0].choices["selected"] == card.selected
    card._tap(place)
    assert card.selected is None


def test_another_network_has_no_tile_selected(heartbeat: Heartbeat) -> None:
    card = WeightsCard(heartbeat, LIGHT)
    card.selected = 9
    heartbeat.trainer.train(1)
    follow_frame(heartbeat, card)
    assert card.selected == 9
    heartbeat.trainer.classifier = "lenet"
    follow_frame(heartbeat, card)
    assert card.selected is None
    assert card.views[0].choices["selected"] is None


def test_both_views_show_the_same_change(heartbeat: Heartbeat) -> None:
    card = WeightsCard(heartbeat, DARK)
    widget(card, "Weights").value = MODES[1]
    assert {view.choices["mode"] for view in card.views} == {MODES[1]}


# Details ------------------------------------------------------------------------------------------


def test_all_tabs_follow(heartbeat: Heartbeat) -> None:
    compare = CompareTab(
        heartbeat, LIGHT, CheckpointBar(heartbeat), weight_tiles, progress_and_scores
    )
    details = ImageDetailsCard(heartbeat, LIGHT, compare)
    assert len(details.views) == len(ORDER) + 1
    assert "once an epoch has ended" in text(details)
    heartbeat.trainer.train(1)
    follow_frame(heartbeat, details)
    held, *following = compare.views
    assert held.frame is not heartbeat.frame
    assert all(view.frame is heartbeat.frame for view in details.views if view is not held)
    assert following[0] in details.views


def test_the_embedding_is_computed_on_demand_and_kept_until_the_next_step(
    heartbeat: Heartbeat,
) -> None:
    heartbeat.trainer.train(1)
    tab = EmbeddingTab(follow_frame(heartbeat), LIGHT)
    widget(tab, "Projection").value = "t-SNE"
    shown = tab.view.frame.points
    assert shown.shape == heartbeat.frame.points.shape
    assert not np.allclose(shown, heartbeat.frame.points)
    follow_frame(heartbeat, tab)
    assert tab.view.frame.points is shown
    heartbeat.trainer.step()
    follow_frame(heartbeat, tab)
    assert widget(tab, "Projection").value == "PCA"
    assert tab.view.frame is heartbeat.frame


def test_no_embedding_is_computed_during_training(heartbeat: Heartbeat) -> None:
    tab = EmbeddingTab(heartbeat, LIGHT)
    heartbeat.running = True
    widget(tab, "Projection").value = "t-SNE"
    assert widget(tab, "Projection").value == "PCA"
    assert PAUSE_FIRST in text(tab)


def test_too_few_pictures_for_an_embedding_are_reported() -> None:
    heartbeat = Heartbeat(
        make_image_trainer(problem=BarImages(50, 5)), lambda frame: None, BackPressure()
    )
    tab = EmbeddingTab(heartbeat, LIGHT)
    widget(tab, "Projection").value = "t-SNE"
    assert "needs 10 pictures or more, not 5" in text(tab)
