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
from playground.networks.classifiers import CLASSIFIERS
from playground.pretraining.accuracy import accuracy
from playground.pretraining.datasets import HELD_OUT_SEED, labelled_set, synthetic_set, training_set
from playground.pretraining.pretraining_run import PretrainingRun
from playground.pretraining.recipes import RECIPES, Recipe
from playground.problems.image_datasets import IMAGE_DATASETS, LoadedDataset

HELD_OUT_COUNT = 5_000
"""Synthetic digits outside the training set, on which `hands_accuracy` is measured."""


@dataclass(frozen=True, slots=True)
class PretrainingProgress:
    """How far training has come.

    Attributes
    ----------
    activity : str
        What is being done now, in a few words for people.
    share : float
        Share of all optimiser steps that is done, 0 to 1.
    loss : float or None
        Mean over the latest steps.
    rate : float or None
        Pictures per second.
    seconds_left : float or None
    """

    activity: str
    share: float = 0.0
    loss: float | None = None
    rate: float | None = None
    seconds_left: float | None = None


ProgressListener = Callable[[PretrainingProgress], object]


def train(
    name: str,
    seed: int = 0,
    folder: Path | None = None,
    out: Path = pretrained.PRETRAINED_FOLDER,
    progress: ProgressListener = lambda _: None,
    recipe: Recipe | None = None,
) -> pretrained.ModelCard:
    """Train a model by its recipe, and write its weights and its card.

    It can be stopped at any time: it goes on from the last whole epoch when called again with
    the same arguments.

    Parameters
    ----------
    name : str
        A key of `CLASSIFIERS` and `RECIPES`.
    seed : int
        Fixes the first weights, the written digits, their order and their distortions.
    folder : Path, optional
        Where MNIST lies, as in `playground.problems.image_datasets.where`.
    out : Path
        Where weights, card and the unfinished state are written.
    progress : callable
        Told now and then how far it has come.
    recipe : Recipe, optional
        Another recipe than the one in `RECIPES`.

    Returns
    -------
    ModelCard
        Also written beside the weights.

    Raises
    ------
    InputError
        If there is no such model, or MNIST cannot be had.
    """
    if name not in RECIPES:
        raise InputError(f"There is no recipe for “{name}”; there are {', '.join(RECIPES)}.")
    recipe = recipe or RECIPES[name]
    images = _mnist(folder)
    torch.manual_seed(seed)
    reader = CLASSIFIERS[name].build()
    progress(PretrainingProgress("writing digits"))
    run = PretrainingRun(reader, recipe, training_set(recipe, seed, images.train), seed)
    _train_remaining_epochs(run, recipe, out / f"{name}.unfinished", progress)
    progress(PretrainingProgress("examining", 1.0))
    trained = run.averaged.module.to(memory_format=torch.contiguous_format).eval()
    model_card = _write_weights_and_card(name, seed, recipe, images, trained, run.seconds, out)
    (out / f"{name}.unfinished").unlink()
    return model_card


def _mnist(folder: Path | None) -> LoadedDataset:
    images = IMAGE_DATASETS["MNIST"].load(folder)
    if images.is_fallback:
        raise InputError(f"Readers are shipped only when trained on MNIST. {images.remark}")
    return images


def _train_remaining_epochs(
    run: PretrainingRun, recipe: Recipe, unfinished: Path, progress: ProgressListener
) -> None:
    """Go through all epochs that are still to come."""
    run.resume(unfinished)
    while run.epoch < recipe.epochs:
        started, activity = time.monotonic(), f"epoch {run.epoch + 1} of {recipe.epochs}"
        before, mean = run.seconds, 0.0
        for step, loss in enumerate(run.run_epoch(), 1):
            mean += (loss - mean) / min(step, 50)
            run.seconds = before + time.monotonic() - started
            if step % 20 == 0:
                progress(_progress(run, recipe, activity, step, mean, started))
        run.save(unfinished)


def _progress(
    run: PretrainingRun, recipe: Recipe, activity: str, step: int, loss: float, started: float
) -> PretrainingProgress:
    pace = (time.monotonic() - started) / step
    total = recipe.epochs * run.steps_per_epoch
    done = run.epoch * run.steps_per_epoch + step
    return PretrainingProgress(
        activity, done / total, loss, recipe.batch / pace, (total - done) * pace
    )


def _write_weights_and_card(
    name: str,
    seed: int,
    recipe: Recipe,
    images: LoadedDataset,
    reader: nn.Module,
    seconds: float,
    out: Path,
) -> pretrained.ModelCard:
    data = safetensors.torch.save(
        {key: tensor.contiguous() for key, tensor in reader.state_dict().items()}
    )
    model_card = pretrained.ModelCard(
        reader=name,
        command=f"playground train digits --model {name} --seed {seed}",
        seed=seed,
        epochs=recipe.epochs,
        recipe=recipe.as_json(),
        accuracy=accuracy(reader, labelled_set(images.test.pictures, images.test.labels)),
        hands_accuracy=accuracy(reader, synthetic_set(HELD_OUT_COUNT, HELD_OUT_SEED)),
        parameters=sum(parameter.numel() for parameter in reader.parameters()),
        data=_describe_data(recipe, images),
        data_sha256=images.checksum(),
        weights_sha256=hashlib.sha256(data).hexdigest(),
        torch=torch.__version__,
        seconds=round(seconds, 1),
        threads=torch.get_num_threads(),
    )
    (out / f"{name}.safetensors").write_bytes(data)
    model_card.write(out / f"{name}.json")
    return model_card


def _describe_data(recipe: Recipe, images: LoadedDataset) -> str:
    parts = [f"{len(images.train):,} pictures of MNIST"]
    parts += [f"{recipe.hands:,} digits in synthetic hands"] if recipe.hands else []
    parts += [f"{recipe.scribbles:,} scribbles"] if recipe.scribbles else []
    return ", ".join(parts)
