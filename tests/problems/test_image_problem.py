from __future__ import annotations

import pytest

from playground.errors import InputError
from playground.problems.digits import Digits
from playground.problems.image_datasets import IMAGE_DATASETS
from tests.support.data import idx_files


@pytest.fixture
def folder(tmp_path, monkeypatch):
    idx_files.write(tmp_path)
    monkeypatch.setitem(IMAGE_DATASETS, "MNIST", idx_files.tiny_dataset())
    return tmp_path


def test_pictures_are_there_once_they_are_loaded(folder):
    digits = Digits(folder=str(folder))
    assert digits.images is None
    assert digits.remark is None
    assert digits.classes == ("a", "b", "c")
    images = digits.load()
    assert digits.images is images
    assert digits.load() is images
    assert Digits(folder=str(folder)).load() is images


def test_another_choice_is_another_load(folder):
    digits = Digits(folder=str(folder))
    images = digits.load()
    digits.corpus = "KMNIST"
    assert digits.images is None
    assert digits.classes == IMAGE_DATASETS["KMNIST"].classes
    assert digits.about == IMAGE_DATASETS["KMNIST"].about
    digits.corpus = "MNIST"
    assert digits.images is images


def test_a_choice_made_while_loading_is_not_taken_for_loaded(folder, monkeypatch):
    digits = Digits(folder=str(folder))
    corpus = idx_files.tiny_dataset()

    class Slow:
        classes = corpus.classes

        def load(self, folder, progress):
            digits.corpus = "KMNIST"
            return corpus.load(folder, progress)

    monkeypatch.setitem(IMAGE_DATASETS, "MNIST", Slow())
    images = digits.load()
    assert digits.images is None
    digits.corpus = "MNIST"
    assert digits.images is images


def test_a_wrong_folder_loses_nothing(folder):
    digits = Digits(folder=str(folder))
    images = digits.load()
    digits.folder = "/no/such/place"
    with pytest.raises(InputError, match="no folder"):
        digits.load()
    digits.folder = str(folder)
    assert digits.images is images


@pytest.mark.parametrize(("name", "value"), [("corpus", "CIFAR"), ("folder", 3)])
def test_choices_are_checked(name, value):
    with pytest.raises(ValueError, match=name):
        Digits(**{name: value})
