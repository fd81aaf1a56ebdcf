"""Training by a recipe, which results in a file of weights and a model card."""

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
"""Number of unseen synthetic digits on which a card's `hands_accuracy` is measured."""


@dataclass(frozen=True, slots=True)
class PretrainingProgress:
    """The progress of training.

    Attributes
    ----------
    activity : str
        The current activity in a few words.
    share : float
        Share of all optimiser steps that are done, 0 to 1.
    loss : float or None
        Moving average over the latest steps.
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
    """Train a classifier by its recipe, and write its weights and its card.

    Training can be interrupted: a call with the same arguments resumes after the last complete
    epoch.

    Parameters
    ----------
    name : str
        A key of `CLASSIFIERS` and `RECIPES`.
    seed : int
        Seed of the initial weights, the synthetic digits, the order and the augmentation.
    folder : Path, optional
        Folder with MNIST, as in `playground.problems.image_datasets.where`.
    out : Path
        Output folder for the weights, the card and the state of unfinished training.
    progress : callable
        Called from time to time with the progress.
    recipe : Recipe, optional
        The recipe; `RECIPES[name]` by default.

    Returns
    -------
    ModelCard
        The card, which is also written to `out`.

    Raises
    ------
    InputError
        If there is no such classifier, or MNIST is not available.
    """
    if name not in RECIPES:
        raise InputError(f"There is no recipe for “{name}”; there are {', '.join(RECIPES)}.")
    recipe = recipe or RECIPES[name]
    images = _mnist(folder)
    torch.manual_seed(seed)
    reader = CLASSIFIERS[name].build()
    progress(PretrainingProgress("rendering synthetic digits"))
    run = PretrainingRun(reader, recipe, training_set(recipe, seed, images.train), seed)
    _train_remaining_epochs(run, recipe, out / f"{name}.unfinished", progress)
    progress(PretrainingProgress("evaluating", 1.0))
    trained = run.averaged.module.to(memory_format=torch.contiguous_format).eval()
    model_card = _write_weights_and_card(name, seed, recipe, images, trained, run.seconds, out)
    (out / f"{name}.unfinished").unlink()
    return model_card


def _mnist(folder: Path | None) -> LoadedDataset:
    images = IMAGE_DATASETS["MNIST"].load(folder)
    if images.is_fallback:
        raise InputError(f"Pretrained classifiers are trained on MNIST only. {images.remark}")
    return images


def _train_remaining_epochs(
    run: PretrainingRun, recipe: Recipe, unfinished: Path, progress: ProgressListener
) -> None:
    """Resume from a saved state and train all remaining epochs."""
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
    parts += [f"{recipe.hands:,} digits of synthetic handwriting"] if recipe.hands else []
    parts += [f"{recipe.scribbles:,} scribbles"] if recipe.scribbles else []
    return ", ".join(parts)
