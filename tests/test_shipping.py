"""Training of shipped readers: restartable, repeatable, and what it learns from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from playground.errors import InputError
from playground.networks import pretrained
from playground.networks.readers import READERS
from playground.problems.corpora import Images, Labelled, normalised
from playground.training.augmentation import Augmentation
from playground.training.recipes import RECIPES, Recipe
from playground.training.shipping import Progress, train
from playground.training.shipping.course import Course
from playground.training.shipping.exam import accuracy
from playground.training.shipping.ingredients import gathered, labelled
from playground.training.shipping.pool import Pool, joined

SHORT = Recipe(epochs=2, batch=32, hands=64, scribbles=32)


@pytest.fixture
def mnist(monkeypatch: pytest.MonkeyPatch) -> Images:
    """Let a small random set pass for MNIST."""
    random = torch.Generator().manual_seed(0)
    part = Labelled(
        torch.randint(0, 256, (96, 28, 28), generator=random, dtype=torch.uint8),
        torch.arange(96) % 10,
    )
    images = Images(part, part, tuple("0123456789"), "a test")
    monkeypatch.setattr("playground.training.shipping.making._mnist", lambda _: images)
    return images


def weights(name: str, home: Path) -> bytes:
    return (home / f"{name}.safetensors").read_bytes()


def test_every_reader_has_a_recipe() -> None:
    assert set(RECIPES) == set(READERS)
    for recipe in RECIPES.values():
        Augmentation(**recipe.augmentation)


@pytest.mark.usefixtures("mnist")
def test_training_ends_with_weights_and_their_card(tmp_path: Path) -> None:
    told: list[Progress] = []
    card = train("deep", 3, out=tmp_path, progress=told.append, recipe=SHORT)
    assert card == pretrained.card("deep", tmp_path)
    assert pretrained.load("deep", tmp_path)  # checks shapes and checksum
    assert card.seed == 3
    assert told[-1].share == 1.0
    assert sorted(file.name for file in tmp_path.iterdir()) == ["deep.json", "deep.safetensors"]


@pytest.mark.usefixtures("mnist")
def test_a_stopped_training_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    whole, parted = tmp_path / "whole", tmp_path / "parted"
    whole.mkdir(), parted.mkdir()

    class Stop(Exception):  # noqa: N818
        pass

    def stop_in_second_epoch(progress: Progress) -> None:
        if (parted / "deep.unfinished").exists():
            raise Stop

    long = replace(SHORT, hands=640)  # long enough to be told of the second epoch
    train("deep", out=whole, recipe=long)
    with pytest.raises(Stop):
        train("deep", out=parted, recipe=long, progress=stop_in_second_epoch)
    assert not (parted / "deep.json").exists()
    train("deep", out=parted, recipe=long)
    assert weights("deep", whole) == weights("deep", parted)


def test_another_recipe_does_not_take_up_what_was_left(mnist: Images, tmp_path: Path) -> None:
    pool = gathered(SHORT, 0, mnist.train)
    course = Course(READERS["softmax"].build(), SHORT, pool, 0)
    course.save(tmp_path / "left")
    other = replace(SHORT, rate=0.1)
    assert Course(READERS["softmax"].build(), SHORT, pool, 0).resume(tmp_path / "left")
    assert not Course(READERS["softmax"].build(), other, pool, 0).resume(tmp_path / "left")
    assert not Course(READERS["softmax"].build(), SHORT, pool, 1).resume(tmp_path / "left")


def test_without_mnist_nothing_is_shipped(
    monkeypatch: pytest.MonkeyPatch, mnist: Images, tmp_path: Path
) -> None:
    monkeypatch.undo()
    standing_in = replace(mnist, standing_in=True, remark="The network is down.")
    monkeypatch.setattr(
        "playground.problems.corpora.Corpus.load", lambda *_: standing_in, raising=True
    )
    with pytest.raises(InputError, match=r"only when trained on MNIST\. The network is down\."):
        train("softmax", out=tmp_path)


def test_an_unknown_reader_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no recipe for “resnet”; there are deep"):
        train("resnet", out=tmp_path)


def test_a_course_learns(mnist: Images) -> None:
    torch.manual_seed(0)
    recipe = replace(SHORT, epochs=30, rate=0.01, averaged=0.5, augmentation={"untouched": 1})
    pool = labelled(mnist.train.pictures, mnist.train.labels)
    course = Course(READERS["mlp"].build(), recipe, pool, 0)
    before = accuracy(course.averaged.module, pool)
    for _ in range(recipe.epochs):
        list(course.run_epoch())
    assert accuracy(course.averaged.module, pool) > max(0.9, before)


def test_targets_are_what_they_are_said_to_be(mnist: Images) -> None:
    pool = gathered(SHORT, 0, mnist.train)
    assert len(pool) == 96 + 64 + 32
    torch.testing.assert_close(pool.targets.sum(1), torch.ones(len(pool)))
    sure = pool.targets[: 96 + 64].max(1).values
    torch.testing.assert_close(sure, torch.full_like(sure, 1 - 0.02 + 0.002))
    torch.testing.assert_close(pool.targets[-32:], torch.full((32, 10), 0.1))


def test_batches_go_through_all_once_in_order_or_in_a_repeatable_disorder() -> None:
    pictures = torch.arange(10, dtype=torch.uint8).view(10, 1, 1).expand(10, 28, 28)
    pool = Pool(pictures, torch.eye(10))
    seen = torch.cat([batch for batch, _ in pool.batches(4)])
    torch.testing.assert_close(seen, normalised(pictures))

    def shuffled() -> torch.Tensor:
        return torch.cat([t for _, t in pool.batches(4, torch.Generator().manual_seed(1))])

    assert len(shuffled()) == 8
    assert torch.equal(shuffled(), shuffled())
    assert (shuffled().sum(0) <= 1).all()
    assert len(joined([pool, pool])) == 20
