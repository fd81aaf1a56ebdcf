"""How far the epoch under way has come, and the latest results; as a state, and back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import torch

from playground.problems.problem import Floats
from playground.training.core.metrics import Scores
from playground.training.core.state.state import State
from playground.training.core.state.state_parts import read_scores, scores_tensor
from playground.training.core.state.state_reader import StateReader
from playground.training.images.frame import ImagePredictions, Integers

MAX_MISTAKES = 60
"""Mistakes that are shown at most."""


@dataclass(frozen=True, slots=True, eq=False)
class EvaluationResults:
    """How well a classifier did; see `ImageFrame`."""

    scores: Scores
    tested_count: int
    confusion: Integers


@dataclass(slots=True, eq=False)
class ImageProgress:
    """Where a session is between two pieces of work.

    Attributes
    ----------
    results, results_at_epoch_end : EvaluationResults
        The latest ones, and those of the last epoch that was finished.
    mistakes : ImagePredictions
    tiles_start, tiles_last_epoch : float32 array of shape (k, h, w)
        See `ImageFrame`.
    epoch_started : bool
        Whether an epoch has begun, and its evaluation is not done.
    evaluating : bool
        Whether all steps of the epoch are taken, and its evaluation is not done.
    parts_recorded : int
        Parts of the epoch that are in the history.
    pending : int or None
        Test images left to evaluate, where an evaluation is under way.
    """

    results: EvaluationResults
    results_at_epoch_end: EvaluationResults
    mistakes: ImagePredictions
    tiles_start: Floats
    tiles_last_epoch: Floats
    epoch_started: bool = False
    evaluating: bool = False
    parts_recorded: int = 0
    pending: int | None = None


def progress_state(progress: ImageProgress) -> State:
    """Copy progress."""
    numbers = {
        "under_way": progress.epoch_started,
        "examining": progress.evaluating,
        "looked": progress.parts_recorded,
        "unseen": progress.pending,
    }
    tensors = {
        "tiles_start": torch.tensor(progress.tiles_start),
        "tiles_last_epoch": torch.tensor(progress.tiles_last_epoch),
        "mistakes_pictures": torch.tensor(progress.mistakes.pictures),
        "mistakes_labels": torch.tensor(progress.mistakes.labels),
        "mistakes_probabilities": torch.tensor(progress.mistakes.probabilities),
    }
    for name, results in (("now", progress.results), ("ended", progress.results_at_epoch_end)):
        numbers[f"{name}_tested"] = results.tested_count
        tensors[f"{name}_scores"] = scores_tensor(results.scores)
        tensors[f"{name}_confusion"] = torch.tensor(results.confusion)
    return State(numbers, tensors)


def read_progress(saved: StateReader, like: ImageProgress) -> ImageProgress:
    """Check what `progress_state` made.

    Parameters
    ----------
    saved : StateReader
    like : ImageProgress
        Of the session that is to be restored.

    Raises
    ------
    InputError
        If it is not the progress of a session with such a network.
    """
    classes = len(like.results.confusion)
    tiles = partial(saved.tensor, shape=like.tiles_start.shape, dtype=torch.float32, finite=True)
    return ImageProgress(
        results=_read_results(saved, "now", classes),
        results_at_epoch_end=_read_results(saved, "ended", classes),
        mistakes=_read_mistakes(saved, classes),
        tiles_start=tiles("tiles_start").numpy().copy(),
        tiles_last_epoch=tiles("tiles_last_epoch").numpy().copy(),
        epoch_started=saved.boolean("under_way"),
        evaluating=saved.boolean("examining"),
        parts_recorded=saved.integer("looked"),
        pending=saved.optional_integer("unseen"),
    )


def _read_results(saved: StateReader, name: str, classes: int) -> EvaluationResults:
    confusion = saved.tensor(f"{name}_confusion", (classes, classes), torch.int64)
    tested_count = saved.integer(f"{name}_tested")
    return EvaluationResults(
        read_scores(saved, f"{name}_scores"), tested_count, confusion.numpy().copy()
    )


def _read_mistakes(saved: StateReader, classes: int) -> ImagePredictions:
    pictures = saved.tensor("mistakes_pictures", (None, 28, 28), torch.uint8)
    labels = saved.indices("mistakes_labels", len(pictures), classes)
    if len(pictures) > MAX_MISTAKES:
        raise saved.invalid("mistakes_pictures", f"should be up to {MAX_MISTAKES}")
    shape = (len(pictures), classes)
    probabilities = saved.tensor("mistakes_probabilities", shape, torch.float32)
    return ImagePredictions(
        pictures.numpy().copy(), labels.numpy().copy(), probabilities.numpy().copy()
    )
