"""How far a run has come: all of it that is not weights, pictures or memory of an optimiser."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import Tensor

from playground.problems.problem import Floats
from playground.training.core import diagnosis
from playground.training.core.metrics import Score
from playground.training.core.notes import Note
from playground.training.core.state.state import State
from playground.training.core.state.state_parts import read_scores, scores_tensor
from playground.training.core.state.state_reader import StateReader
from playground.training.images.frame import ImagePredictions, Integers
from playground.training.training import Training

MAX_MISTAKES = 60
"""Mistakes that are shown at the most."""


@dataclass(frozen=True, slots=True, eq=False)
class EvaluationResults:
    """How well a network did; see `ImageFrame`."""

    scores: tuple[Score, Score]
    tested_count: int
    confusion: Integers


@dataclass(frozen=True, slots=True, eq=False)
class RunProgress:
    """Where a run stands, between two optimiser steps.

    Attributes
    ----------
    epoch, steps, learned, trouble, mistakes
        See `ImageRun`.
    epoch_started : bool
        Whether an epoch has begun and is not examined yet.
    evaluating : bool
        Whether all of it is learned.
    parts_recorded : int
        Parts of it that have been looked back on.
    pending : int or None
        Test pictures still to be looked at in the look under way, if one is.
    now, at_epoch_end : EvaluationResults
        When it was looked at last, and when the last epoch ended.
    tiles_start, tiles_last_epoch : float32 arrays of shape (k, h, w)
    answers : Tensor of shape (n, classes)
        What was answered since it was last looked back.
    labels : Tensor of shape (n,), int64
        What would have been right.
    """

    epoch: int
    steps: int
    learned_epoch: int | None
    divergence_note: Note | None
    epoch_started: bool
    evaluating: bool
    parts_recorded: int
    pending: int | None
    now: EvaluationResults
    at_epoch_end: EvaluationResults
    mistakes: ImagePredictions
    tiles_start: Floats
    tiles_last_epoch: Floats
    answers: Tensor
    labels: Tensor

    def at_epoch_start(self) -> RunProgress:
        """Have the epoch under way begin anew."""
        none, nothing = self.answers[:0], self.labels[:0]
        return replace(self, epoch_started=False, evaluating=False, answers=none, labels=nothing)


def run_progress_state(progress: RunProgress) -> State:
    """Copy a standing out."""
    numbers = {
        "epoch": progress.epoch,
        "steps": progress.steps,
        "learned": progress.learned_epoch,
        "under_way": progress.epoch_started,
        "examining": progress.evaluating,
        "looked": progress.parts_recorded,
        "unseen": progress.pending,
    }
    tensors = {
        "tiles_start": torch.tensor(progress.tiles_start),
        "tiles_last_epoch": torch.tensor(progress.tiles_last_epoch),
        "answers": progress.answers.clone(),
        "labels": progress.labels.clone(),
        "mistakes_pictures": torch.tensor(progress.mistakes.pictures),
        "mistakes_labels": torch.tensor(progress.mistakes.labels),
        "mistakes_probabilities": torch.tensor(progress.mistakes.probabilities),
    }
    for name, results in (("now", progress.now), ("ended", progress.at_epoch_end)):
        numbers[f"{name}_tested"] = results.tested_count
        tensors[f"{name}_scores"] = scores_tensor(results.scores)
        tensors[f"{name}_confusion"] = torch.tensor(results.confusion)
    return State({**numbers, "diverged": progress.divergence_note is not None}, tensors)


def read_run_progress(saved: StateReader, like: RunProgress, training: Training) -> RunProgress:
    """Check what `run_progress_state` made.

    Parameters
    ----------
    like : RunProgress
        Of the run that is to go on from it.

    Raises
    ------
    InputError
        If it is not the standing of a run with such a network.
    """
    classes, epoch = len(like.now.confusion), saved.integer("epoch")
    answers = saved.tensor("answers", (None, classes), torch.float32)
    tiles = partial(saved.tensor, shape=like.tiles_start.shape, dtype=torch.float32, finite=True)
    return RunProgress(
        epoch=epoch,
        steps=saved.integer("steps"),
        learned_epoch=saved.optional_integer("learned"),
        divergence_note=diagnosis.diverged(epoch, training) if saved.boolean("diverged") else None,
        epoch_started=saved.boolean("under_way"),
        evaluating=saved.boolean("examining"),
        parts_recorded=saved.integer("looked"),
        pending=saved.optional_integer("unseen"),
        now=_read_results(saved, "now", classes),
        at_epoch_end=_read_results(saved, "ended", classes),
        mistakes=_read_mistakes(saved, classes),
        tiles_start=tiles("tiles_start").numpy().copy(),
        tiles_last_epoch=tiles("tiles_last_epoch").numpy().copy(),
        answers=answers.clone(),
        labels=saved.indices("labels", len(answers), classes).clone(),
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
