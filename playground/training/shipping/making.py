"""From a recipe to a file of weights and its card."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import safetensors.torch
import torch
from torch import nn

from playground.errors import InputError
from playground.networks import pretrained
from playground.networks.readers import READERS
from playground.problems.corpora import CORPORA, Images
from playground.training.recipes import RECIPES, Recipe
from playground.training.shipping.course import Course
from playground.training.shipping.exam import accuracy
from playground.training.shipping.ingredients import (
    HELD_OUT_SEED,
    gathered,
    handwritten,
    labelled,
)

HELD_OUT = 5_000
"""Digits in hands never learned from, that a card's `hands_accuracy` is measured on."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far training has come.

    Attributes
    ----------
    doing : str
        What is being done now, in a few words for people.
    share : float
        Share of all optimiser steps that is done, 0 to 1.
    loss : float or None
        Mean over the latest steps.
    rate : float or None
        Pictures per second.
    seconds_left : float or None
    """

    doing: str
    share: float = 0.0
    loss: float | None = None
    rate: float | None = None
    seconds_left: float | None = None


Listener = Callable[[Progress], object]


def train(
    name: str,
    seed: int = 0,
    folder: Path | None = None,
    out: Path = pretrained.HOME,
    progress: Listener = lambda _: None,
    recipe: Recipe | None = None,
) -> pretrained.Card:
    """Train a reader by its recipe, and write its weights and its card.

    It can be stopped at any time: it goes on from the last whole epoch when called again with
    the same arguments.

    Parameters
    ----------
    name : str
        A key of `READERS` and `RECIPES`.
    seed : int
        Fixes the first weights, the written digits, their order and their distortions.
    folder : Path, optional
        Where MNIST lies, as in `playground.problems.corpora.where`.
    out : Path
        Where weights, card and the unfinished state are written.
    progress : callable
        Told now and then how far it has come.
    recipe : Recipe, optional
        Another recipe than the one in `RECIPES`.

    Returns
    -------
    Card
        Also written beside the weights.

    Raises
    ------
    InputError
        If there is no such reader, or MNIST cannot be had.
    """
    if name not in RECIPES:
        raise InputError(f"There is no recipe for “{name}”; there are {', '.join(RECIPES)}.")
    recipe = recipe or RECIPES[name]
    images = _mnist(folder)
    torch.manual_seed(seed)
    reader = READERS[name].build()
    progress(Progress("writing digits"))
    course = Course(reader, recipe, gathered(recipe, seed, images.train), seed)
    _follow(course, recipe, out / f"{name}.unfinished", progress)
    progress(Progress("examining", 1.0))
    trained = course.averaged.module.to(memory_format=torch.contiguous_format).eval()
    card = _ship(name, seed, recipe, images, trained, course.seconds, out)
    (out / f"{name}.unfinished").unlink()
    return card


def _mnist(folder: Path | None) -> Images:
    images = CORPORA["MNIST"].load(folder)
    if images.standing_in:
        raise InputError(f"Readers are shipped only when trained on MNIST. {images.remark}")
    return images


def _follow(course: Course, recipe: Recipe, unfinished: Path, progress: Listener) -> None:
    """Go through all epochs that are still to come."""
    course.resume(unfinished)
    while course.epoch < recipe.epochs:
        started, doing = time.monotonic(), f"epoch {course.epoch + 1} of {recipe.epochs}"
        before, mean = course.seconds, 0.0
        for step, loss in enumerate(course.run_epoch(), 1):
            mean += (loss - mean) / min(step, 50)
            course.seconds = before + time.monotonic() - started
            if step % 20 == 0:
                progress(_progress(course, recipe, doing, step, mean, started))
        course.save(unfinished)


def _progress(
    course: Course, recipe: Recipe, doing: str, step: int, loss: float, started: float
) -> Progress:
    pace = (time.monotonic() - started) / step
    total = recipe.epochs * course.steps_per_epoch
    done = course.epoch * course.steps_per_epoch + step
    return Progress(doing, done / total, loss, recipe.batch / pace, (total - done) * pace)


def _ship(
    name: str,
    seed: int,
    recipe: Recipe,
    images: Images,
    reader: nn.Module,
    seconds: float,
    out: Path,
) -> pretrained.Card:
    data = safetensors.torch.save(
        {key: tensor.contiguous() for key, tensor in reader.state_dict().items()}
    )
    card = pretrained.Card(
        reader=name,
        command=f"playground train digits --model {name} --seed {seed}",
        seed=seed,
        epochs=recipe.epochs,
        recipe=recipe.as_json(),
        accuracy=accuracy(reader, labelled(images.test.pictures, images.test.labels)),
        hands_accuracy=accuracy(reader, handwritten(HELD_OUT, HELD_OUT_SEED)),
        parameters=sum(parameter.numel() for parameter in reader.parameters()),
        data=_told(recipe, images),
        data_sha256=images.checksum(),
        weights_sha256=hashlib.sha256(data).hexdigest(),
        torch=torch.__version__,
        seconds=round(seconds, 1),
        threads=torch.get_num_threads(),
    )
    (out / f"{name}.safetensors").write_bytes(data)
    card.write(out / f"{name}.json")
    return card


def _told(recipe: Recipe, images: Images) -> str:
    parts = [f"{len(images.train):,} pictures of MNIST"]
    parts += [f"{recipe.hands:,} digits in synthetic hands"] if recipe.hands else []
    parts += [f"{recipe.scribbles:,} scribbles"] if recipe.scribbles else []
    return ", ".join(parts)
