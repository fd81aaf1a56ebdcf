"""The choice of pictures to learn from: loaded, described, or refused."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from playground.errors import InputError
from playground.pages.digits.training import dataset_tab
from playground.pages.digits.training.dataset_tab import DatasetTab
from playground.pages.runs.person_files import PersonFiles
from playground.problems.digits import Digits
from playground.problems.image_datasets import LoadedDataset
from playground.runs import Quota
from playground.serving.settings.server_settings import server_settings
from tests.support.training.image_trainers import CLASSES, bar_images
from tests.support.widgets import text, widget, widgets

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")
PATIENCE = 60.0
"""Seconds after which something that should have happened is a failure; never reached otherwise."""


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
