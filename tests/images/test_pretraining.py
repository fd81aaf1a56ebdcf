"""Training of shipped readers: restartable, repeatable, and what it learns from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from playground.errors import InputError
from playground.networks import pretrained
from playground.networks.classifiers import CLASSIFIERS
from playground.networks.classifiers.conv_block import conv_bn_relu
from playground.pretraining import PretrainingProgress, train
from playground.pretraining.accuracy import accuracy
from playground.pretraining.datasets import labelled_set, training_set
from playground.pretraining.pretraining_run import PretrainingRun
from playground.pretraining.recipes import RECIPES, Recipe
from playground.pretraining.soft_label_dataset import SoftLabelDataset, concatenate_datasets
from playground.problems.image_datasets import LabelledImages, LoadedDataset, normalise_pictures
from playground.training.images.augmentation.augmentation import Augmentation

SHORT = Recipe(epochs=2, batch=32, hands=64, scribbles=32)


@pytest.fixture
def mnist(monkeypatch: pytest.MonkeyPatch) -> LoadedDataset:
    """Let a small random set pass for MNIST."""
    random = torch.Generator().manual_seed(0)
    part = LabelledImages(
        torch.randint(0, 256, (96, 28, 28), generator=random, dtype=torch.uint8),
        torch.arange(96) % 10,
    )
    images = LoadedDataset(part, part, tuple("0123456789"), "a test")
    monkeypatch.setattr("playground.pretraining.pipeline._mnist", lambda _: images)
    monkeypatch.setattr("playground.pretraining.pipeline.HELD_OUT_COUNT", 100)
    return images


def small_network(classes: int) -> nn.Module:
    """Make a network with all that a training has to continue: statistics, and chance."""
    return nn.Sequential(
        *conv_bn_relu(1, 4, pooled=True),
        nn.Flatten(),
        nn.Dropout(0.3),
        nn.Linear(4 * 14 * 14, classes),
    )


def weights(name: str, home: Path) -> bytes:
    return (home / f"{name}.safetensors").read_bytes()


def test_every_classifier_has_a_recipe() -> None:
    assert set(RECIPES) == set(CLASSIFIERS)
    for recipe in RECIPES.values():
        Augmentation(**recipe.augmentation)


@pytest.fixture
def small_deep(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a small network be the classifier "deep"."""
    small = replace(CLASSIFIERS["deep"], make=small_network)
    monkeypatch.setitem(CLASSIFIERS, "deep", small)


@pytest.mark.usefixtures("mnist", "small_deep")
def test_training_ends_with_weights_and_their_card(tmp_path: Path) -> None:
    reports: list[PretrainingProgress] = []
    model_card = train("mlp", 3, out=tmp_path, progress=reports.append, recipe=SHORT)
    assert model_card == pretrained.model_card("mlp", tmp_path)
    assert pretrained.load("mlp", tmp_path)  # checks shapes and checksum
    assert model_card.seed == 3
    assert reports[-1].share == 1.0
    assert sorted(file.name for file in tmp_path.iterdir()) == ["mlp.json", "mlp.safetensors"]


@pytest.mark.usefixtures("mnist", "small_deep")
def test_a_stopped_training_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    whole, parted = tmp_path / "whole", tmp_path / "parted"
    whole.mkdir(), parted.mkdir()

    class Stop(Exception):  # noqa: N818
        pass

    def stop_in_second_epoch(progress: PretrainingProgress) -> None:
        if (parted / "deep.unfinished").exists():
            raise Stop

    long = replace(SHORT, batch=8)  # long enough to be told of the second epoch
    train("deep", out=whole, recipe=long)
    with pytest.raises(Stop):
        train("deep", out=parted, recipe=long, progress=stop_in_second_epoch)
    assert not (parted / "deep.json").exists()
    train("deep", out=parted, recipe=long)
    assert weights("deep", whole) == weights("deep", parted)


def test_another_recipe_does_not_take_up_what_was_left(
    mnist: LoadedDataset, tmp_path: Path
) -> None:
    dataset = training_set(SHORT, 0, mnist.train)
    run = PretrainingRun(CLASSIFIERS["softmax"].build(), SHORT, dataset, 0)
    run.save(tmp_path / "left")
    other = replace(SHORT, rate=0.1)
    assert PretrainingRun(CLASSIFIERS["softmax"].build(), SHORT, dataset, 0).resume(
        tmp_path / "left"
    )
    assert not PretrainingRun(CLASSIFIERS["softmax"].build(), other, dataset, 0).resume(
        tmp_path / "left"
    )
    assert not PretrainingRun(CLASSIFIERS["softmax"].build(), SHORT, dataset, 1).resume(
        tmp_path / "left"
    )


def test_without_mnist_nothing_is_shipped(
    monkeypatch: pytest.MonkeyPatch, mnist: LoadedDataset, tmp_path: Path
) -> None:
    monkeypatch.undo()
    is_fallback = replace(mnist, is_fallback=True, remark="The network is down.")
    monkeypatch.setattr(
        "playground.problems.image_datasets.ImageDataset.load", lambda *_: is_fallback, raising=True
    )
    with pytest.raises(InputError, match=r"trained on MNIST only\. The network is down\."):
        train("softmax", out=tmp_path)


def test_an_unknown_classifier_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no recipe for “resnet”; there are deep"):
        train("resnet", out=tmp_path)


def test_a_pretraining_run_learns(mnist: LoadedDataset) -> None:
    torch.manual_seed(0)
    recipe = replace(SHORT, epochs=12, rate=0.01, averaged=0.5, augmentation={"untouched": 1})
    dataset = labelled_set(mnist.train.pictures, mnist.train.labels)
    run = PretrainingRun(CLASSIFIERS["mlp"].build(), recipe, dataset, 0)
    before = accuracy(run.averaged.module, dataset)
    for _ in range(recipe.epochs):
        list(run.run_epoch())
    assert accuracy(run.averaged.module, dataset) > max(0.9, before)


def test_targets_are_what_they_are_said_to_be(mnist: LoadedDataset) -> None:
    dataset = training_set(SHORT, 0, mnist.train)
    assert len(dataset) == 96 + 64 + 32
    torch.testing.assert_close(dataset.targets.sum(1), torch.ones(len(dataset)))
    sure = dataset.targets[: 96 + 64].max(1).values
    torch.testing.assert_close(sure, torch.full_like(sure, 1 - 0.02 + 0.002))
    torch.testing.assert_close(dataset.targets[-32:], torch.full((32, 10), 0.1))


def test_batches_go_through_all_once_in_order_or_in_a_repeatable_disorder() -> None:
    pictures = torch.arange(10, dtype=torch.uint8).view(10, 1, 1).expand(10, 28, 28)
    dataset = SoftLabelDataset(pictures, torch.eye(10))
    seen = torch.cat([batch for batch, _ in dataset.batches(4)])
    torch.testing.assert_close(seen, normalise_pictures(pictures))

    def epoch_targets() -> torch.Tensor:
        return torch.cat([t for _, t in dataset.batches(4, torch.Generator().manual_seed(1))])

    assert len(epoch_targets()) == 8
    assert torch.equal(epoch_targets(), epoch_targets())
    assert (epoch_targets().sum(0) <= 1).all()
    assert len(concatenate_datasets([dataset, dataset])) == 20
