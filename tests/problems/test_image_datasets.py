from __future__ import annotations

import hashlib

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from playground.errors import InputError
from playground.problems.image_datasets import (
    IMAGE_DATASETS,
    data_folder,
    locations,
    normalise_pictures,
)
from playground.problems.image_datasets.idx import read_idx
from playground.problems.image_datasets.mnist_files import MNIST_FILES
from tests.support.data import idx_files


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(locations, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    monkeypatch.delenv("PLAYGROUND_DATA", raising=False)
    return tmp_path / "cache" / "data"


def test_pictures_and_labels_are_those_in_the_files(tmp_path):
    files = idx_files.write(tmp_path)
    images = idx_files.tiny_dataset().load(tmp_path)
    for part, first in ((images.train, 0), (images.test, 2)):
        np.testing.assert_array_equal(part.pictures, files[MNIST_FILES[first]])
        np.testing.assert_array_equal(part.labels, files[MNIST_FILES[first + 1]])
        assert part.pictures.dtype == torch.uint8
        assert part.labels.dtype == torch.int64
        assert len(part) == len(part.pictures)
    assert images.classes == ("a", "b", "c")
    assert not images.is_fallback
    assert images.remark is None


def test_torchvision_reads_the_same(tmp_path):
    from torchvision.datasets import MNIST

    idx_files.write(tmp_path)
    images = idx_files.tiny_dataset().load(tmp_path)
    theirs = MNIST(tmp_path, train=False)
    assert images.test.pictures.equal(theirs.data)
    assert images.test.labels.equal(theirs.targets)


def test_equal_files_are_read_once_and_changed_files_anew(tmp_path):
    idx_files.write(tmp_path)
    corpus = idx_files.tiny_dataset()
    first = corpus.load(tmp_path)
    assert corpus.load(str(tmp_path)) is first
    longer = np.ones((20, 28, 28))
    (idx_files.raw_folder(tmp_path) / MNIST_FILES[0]).write_bytes(idx_files.idx_bytes(longer))
    (idx_files.raw_folder(tmp_path) / MNIST_FILES[1]).write_bytes(idx_files.idx_bytes(np.zeros(20)))
    assert len(corpus.load(tmp_path).train) == 20


def test_the_checksum_tells_sets_apart_and_ignores_where_they_lie(tmp_path):
    for folder, seed in (("a", 0), ("b", 0), ("c", 1)):
        idx_files.write(tmp_path / folder, idx_files.random_files(seed))
    a, b, c = (idx_files.tiny_dataset().load(tmp_path / folder).checksum() for folder in "abc")
    assert a == b != c
    assert len(a) == 64


@pytest.mark.parametrize("name", MNIST_FILES)
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda content: b"", "not an IDX file"),
        (lambda content: content[:10], r"not an IDX file|cut short"),
        (lambda content: content[:-1], "cut short"),
        (lambda content: content + b"x", "too long"),
        (lambda content: b"\x1f\x8b" + content, "not an IDX file"),
        (lambda content: content[:-1] + bytes([content[-1] ^ 1]), "checksum"),
    ],
)
def test_a_broken_file_is_said_and_never_used(tmp_path, name, spoil, said):
    idx_files.write(tmp_path)
    home = idx_files.raw_folder(tmp_path)
    sums = tuple(hashlib.sha256((home / file).read_bytes()).hexdigest() for file in MNIST_FILES)
    (home / name).write_bytes(spoil((home / name).read_bytes()))
    with pytest.raises(InputError, match=said) as caught:
        idx_files.tiny_dataset(sha256=sums).load(tmp_path)
    assert name in str(caught.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({MNIST_FILES[1]: np.zeros(11)}, "11 labels"),
        ({MNIST_FILES[0]: np.zeros((12, 20, 20))}, r"\(12, 20, 20\)"),
        ({MNIST_FILES[3]: np.full(5, 3)}, "label 3"),
        ({MNIST_FILES[0]: np.zeros((0, 28, 28)), MNIST_FILES[1]: np.zeros(0)}, "0 labels"),
    ],
)
def test_files_that_do_not_fit_each_other_are_refused(tmp_path, change, said):
    idx_files.write(tmp_path, {**idx_files.random_files(), **change})
    with pytest.raises(InputError, match=said):
        idx_files.tiny_dataset().load(tmp_path)


@pytest.mark.fuzz
@given(content=st.binary(max_size=60), dimensions=st.sampled_from([1, 3]))
def test_any_bytes_are_a_tensor_or_an_input_error(tmp_path_factory, content, dimensions):
    path = tmp_path_factory.getbasetemp() / "any.idx"
    path.write_bytes(content)
    try:
        found = read_idx(path, dimensions)
    except InputError:
        return
    assert content == idx_files.idx_bytes(found.numpy())


def test_where_goes_by_the_folder_then_the_variable_then_the_cache(
    tmp_path, monkeypatch, own_cache
):
    named, other = tmp_path / "named", tmp_path / "other"
    named.mkdir()
    other.mkdir()
    assert data_folder() == own_cache
    monkeypatch.setenv("PLAYGROUND_DATA", str(other))
    assert data_folder() == data_folder("") == other
    assert data_folder(named) == named


@pytest.mark.parametrize("folder", ["/no/such/place", "~nobody-of-that-name/x", "a\0b", "x" * 5000])
def test_a_folder_that_is_none_is_said(folder, monkeypatch):
    with pytest.raises(InputError, match="no folder"):
        data_folder(folder)
    if "\0" not in folder:
        monkeypatch.setenv("PLAYGROUND_DATA", folder)
        with pytest.raises(InputError, match="PLAYGROUND_DATA names it"):
            data_folder()


def test_a_named_folder_without_the_set_is_said(tmp_path, monkeypatch):
    with pytest.raises(InputError, match="there is no MNIST/raw/train-images"):
        idx_files.tiny_dataset().load(tmp_path)
    idx_files.write(tmp_path)
    (idx_files.raw_folder(tmp_path) / MNIST_FILES[3]).unlink()
    monkeypatch.setenv("PLAYGROUND_DATA", str(tmp_path))
    with pytest.raises(InputError, match=MNIST_FILES[3]):
        idx_files.tiny_dataset().load()


def test_a_variable_that_names_a_folder_of_other_sets_leaves_the_cache(
    tmp_path, monkeypatch, own_cache
):
    (tmp_path / "others").mkdir()
    monkeypatch.setenv("PLAYGROUND_DATA", str(tmp_path / "others"))
    idx_files.write(own_cache)
    assert str(own_cache) in idx_files.tiny_dataset().load().source


def test_normalised_pictures_go_from_minus_one_to_one():
    pictures = torch.arange(256, dtype=torch.uint8).reshape(1, 16, 16).expand(3, 16, 16)
    values = normalise_pictures(pictures)
    assert values.shape == (3, 1, 16, 16)
    assert values.dtype == torch.float32
    np.testing.assert_allclose(values[2, 0].ravel(), np.linspace(-1, 1, 256), atol=1e-6)


@pytest.mark.parametrize("corpus", IMAGE_DATASETS.values(), ids=lambda corpus: corpus.name)
def test_every_dataset_describes_itself(corpus):
    from torchvision import datasets

    assert corpus.about.endswith(".")
    assert len(corpus.classes) == 10
    theirs = getattr(datasets, corpus.torchvision_name).classes
    for ours, name in zip(corpus.classes, theirs, strict=True):
        assert name.startswith(ours)
    assert len(corpus.sha256) in (0, 4)
