"""Readers that ship with the package: whole, honest about themselves, and refused if tampered."""

from __future__ import annotations

import json
import os
import struct
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path
from shutil import copy

import pytest
import safetensors.torch
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from playground.errors import InputError
from playground.networks import pretrained
from playground.networks.classifiers import CLASSIFIERS
from playground.networks.pretrained.cards_table import model_table
from playground.pretraining.accuracy import accuracy
from playground.pretraining.datasets import HELD_OUT_SEED, labelled_set, synthetic_set
from playground.pretraining.recipes import RECIPES
from playground.problems.image_datasets import IMAGE_DATASETS
from tests.support.servers.server import ROOT

MIN_ACCURACY = {"softmax": 0.925, "mlp": 0.985, "cnn": 0.994, "lenet": 0.985, "deep": 0.996}
"""What the issue asks of each on MNIST's 10,000."""

MNIST = Path(os.environ.get("PLAYGROUND_DATA", "")) / "MNIST" / "raw"
needs_mnist = pytest.mark.skipif(
    "PLAYGROUND_DATA" not in os.environ or not MNIST.is_dir(), reason="MNIST is not at hand"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a copy of one shipped reader."""
    for suffix in ("json", "safetensors"):
        copy(pretrained.PRETRAINED_FOLDER / f"softmax.{suffix}", tmp_path)
    return tmp_path


def weights() -> dict[str, Tensor]:
    return CLASSIFIERS["softmax"].build().state_dict()


def test_every_classifier_ships() -> None:
    assert pretrained.names() == tuple(CLASSIFIERS)


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_card_keeps_what_is_asked(name: str) -> None:
    model_card = pretrained.model_card(name)
    assert model_card.reader == name
    assert model_card.accuracy >= MIN_ACCURACY[name]
    assert model_card.parameters == sum(p.numel() for p in pretrained.load(name).parameters())
    assert model_card.command == f"playground train digits --model {name} --seed {model_card.seed}"
    assert model_card.recipe == RECIPES[name].as_json()


@needs_mnist
@pytest.mark.parametrize("name", CLASSIFIERS)
def test_the_accuracy_on_the_card_is_true(name: str) -> None:
    images = IMAGE_DATASETS["MNIST"].load()
    model_card = pretrained.model_card(name)
    assert images.checksum() == model_card.data_sha256
    exam = labelled_set(images.test.pictures, images.test.labels)
    # In this format convolutions take half as long.
    network = deepcopy(pretrained.load(name)).to(memory_format=torch.channels_last)
    assert accuracy(network, exam) == pytest.approx(model_card.accuracy, abs=2e-4)


@pytest.mark.parametrize("name", ["mlp", "cnn", "deep"])
def test_unseen_handwriting_is_read(name: str) -> None:
    exam = synthetic_set(500, HELD_OUT_SEED)
    assert accuracy(pretrained.load(name), exam) > pretrained.model_card(name).hands_accuracy - 0.03


def test_the_readme_has_the_table_of_the_cards() -> None:
    assert model_table() in (ROOT / "README.md").read_text(encoding="utf-8")


def test_loading_gives_the_same_classifier_to_all_threads() -> None:
    with ThreadPoolExecutor(8) as pool:
        readers = list(pool.map(pretrained.load, ["mlp"] * 16))
    assert len(set(map(id, readers))) == 1
    assert not readers[0].training
    assert not any(p.requires_grad for p in readers[0].parameters())


def test_an_unknown_classifier_is_named() -> None:
    with pytest.raises(InputError, match="no model “resnet”; there are softmax"):
        pretrained.load("resnet")


def test_one_changed_bit_is_noticed(folder: Path) -> None:
    file = folder / "softmax.safetensors"
    data = bytearray(file.read_bytes())
    data[-7] ^= 1
    file.write_bytes(data)
    with pytest.raises(InputError, match="the checksum differs"):
        pretrained.load("softmax", folder)


def test_weights_of_another_network_are_noticed(folder: Path) -> None:
    copy(pretrained.PRETRAINED_FOLDER / "mlp.safetensors", folder / "softmax.safetensors")
    with pytest.raises(InputError, match="weights of another network"):
        pretrained.load("softmax", folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "softmax.safetensors").unlink()
    with pytest.raises(InputError, match=r"softmax\.safetensors cannot be read"):
        pretrained.load("softmax", folder)


@pytest.mark.parametrize("text", ["", "[]", "null", '{"reader": 1}', "\0"])
def test_a_broken_card_is_noticed(folder: Path, text: str) -> None:
    (folder / "softmax.json").write_text(text)
    with pytest.raises(InputError, match=r"softmax\.json is not the card"):
        pretrained.load("softmax", folder)


def test_a_file_cut_short_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "mine.safetensors"
    data = safetensors.torch.save(weights())
    file.write_bytes(data[:-5])
    with pytest.raises(InputError, match=f"{len(data):,} bytes, and has {len(data) - 5:,}"):
        pretrained.load_weights(file, CLASSIFIERS["softmax"].build())


def test_a_header_may_not_claim_what_the_network_has_no_room_for(tmp_path: Path) -> None:
    header = json.dumps(
        {"1.weight": {"dtype": "F32", "shape": [10**9, 10**9], "data_offsets": [0, 4 * 10**18]}}
    ).encode()
    file = tmp_path / "huge.safetensors"
    file.write_bytes(struct.pack("<Q", len(header)) + header)
    with pytest.raises(InputError, match=r"another network: “1\.weight” is F32 of"):
        pretrained.load_weights(file, CLASSIFIERS["softmax"].build())


def test_weights_that_are_not_finite_are_noticed(tmp_path: Path) -> None:
    bad = weights()
    bad["1.bias"][3] = torch.nan
    file = tmp_path / "mine.safetensors"
    safetensors.torch.save_file(bad, file)
    reader = CLASSIFIERS["softmax"].build()
    before = reader[1].bias.clone()  # type: ignore[index]
    with pytest.raises(InputError, match="not finite"):
        pretrained.load_weights(file, reader)
    assert torch.equal(before, reader[1].bias)  # type: ignore[index]


@given(
    junk=st.one_of(
        st.binary(max_size=200),
        st.recursive(
            st.none() | st.integers() | st.text(max_size=5),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=8), inner),
            max_leaves=6,
        ).map(lambda tree: struct.pack("<Q", len(json.dumps(tree))) + json.dumps(tree).encode()),
    )
)
def test_junk_is_no_file_of_weights(tmp_path_factory: pytest.TempPathFactory, junk: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "junk.safetensors"
    file.write_bytes(junk)
    with pytest.raises(InputError):
        pretrained.load_weights(file, CLASSIFIERS["softmax"].build())
