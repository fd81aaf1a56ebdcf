"""How far a run has come: all of it that is not weights, pictures or memory of an optimiser."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import Tensor

from playground.problems.problem import Floats
from playground.training import diagnosis
from playground.training.checked import Checked
from playground.training.digits.frame import Numbers, Readings
from playground.training.frame import Note, Score
from playground.training.parts import read_scores, scores_row
from playground.training.state import State
from playground.training.training import Training

MISTAKES = 60
"""Mistakes that are shown at the most."""


@dataclass(frozen=True, slots=True, eq=False)
class Results:
    """How well a network did; see `ReaderFrame`."""

    scores: tuple[Score, Score]
    tested: int
    confusion: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Where a run stands, between two optimiser steps.

    Attributes
    ----------
    epoch, steps, learned, trouble, mistakes
        See `ReaderRun`.
    under_way : bool
        Whether an epoch has begun and is not examined yet.
    examining : bool
        Whether all of it is learned.
    looked : int
        Parts of it that have been looked back on.
    unseen : int or None
        Test pictures still to be looked at in the look under way, if one is.
    now, ended : Results
        When it was looked at last, and when the last epoch ended.
    tiles_start, tiles_last_epoch : float32 arrays of shape (k, h, w)
    answers : Tensor of shape (n, classes)
        What was answered since it was last looked back.
    labels : Tensor of shape (n,), int64
        What would have been right.
    """

    epoch: int
    steps: int
    learned: int | None
    trouble: Note | None
    under_way: bool
    examining: bool
    looked: int
    unseen: int | None
    now: Results
    ended: Results
    mistakes: Readings
    tiles_start: Floats
    tiles_last_epoch: Floats
    answers: Tensor
    labels: Tensor

    def before_epoch(self) -> Standing:
        """Have the epoch under way begin anew."""
        none, nothing = self.answers[:0], self.labels[:0]
        return replace(self, under_way=False, examining=False, answers=none, labels=nothing)


def standing_state(standing: Standing) -> State:
    """Copy a standing out."""
    names = ("epoch", "steps", "learned", "under_way", "examining", "looked", "unseen")
    numbers = {name: getattr(standing, name) for name in names}
    tensors = {
        "tiles_start": torch.tensor(standing.tiles_start),
        "tiles_last_epoch": torch.tensor(standing.tiles_last_epoch),
        "answers": standing.answers.clone(),
        "labels": standing.labels.clone(),
        "mistakes_pictures": torch.tensor(standing.mistakes.pictures),
        "mistakes_labels": torch.tensor(standing.mistakes.labels),
        "mistakes_probabilities": torch.tensor(standing.mistakes.probabilities),
    }
    for name, results in (("now", standing.now), ("ended", standing.ended)):
        numbers[f"{name}_tested"] = results.tested
        tensors[f"{name}_scores"] = scores_row(results.scores)
        tensors[f"{name}_confusion"] = torch.tensor(results.confusion)
    return State({**numbers, "diverged": standing.trouble is not None}, tensors)


def read_standing(given: Checked, like: Standing, training: Training) -> Standing:
    """Check what `standing_state` made.

    Parameters
    ----------
    like : Standing
        Of the run that is to go on from it.

    Raises
    ------
    InputError
        If it is not the standing of a run with such a network.
    """
    classes, epoch = len(like.now.confusion), given.whole("epoch")
    answers = given.tensor("answers", (None, classes), torch.float32)
    tiles = partial(given.tensor, shape=like.tiles_start.shape, dtype=torch.float32, finite=True)
    return Standing(
        epoch=epoch,
        steps=given.whole("steps"),
        learned=given.whole_or_none("learned"),
        trouble=diagnosis.diverged(epoch, training) if given.truth("diverged") else None,
        under_way=given.truth("under_way"),
        examining=given.truth("examining"),
        looked=given.whole("looked"),
        unseen=given.whole_or_none("unseen"),
        now=_read_results(given, "now", classes),
        ended=_read_results(given, "ended", classes),
        mistakes=_read_mistakes(given, classes),
        tiles_start=tiles("tiles_start").numpy().copy(),
        tiles_last_epoch=tiles("tiles_last_epoch").numpy().copy(),
        answers=answers.clone(),
        labels=given.indices("labels", len(answers), classes).clone(),
    )


def _read_results(given: Checked, name: str, classes: int) -> Results:
    confusion = given.tensor(f"{name}_confusion", (classes, classes), torch.int64)
    tested = given.whole(f"{name}_tested")
    return Results(read_scores(given, f"{name}_scores"), tested, confusion.numpy().copy())


def _read_mistakes(given: Checked, classes: int) -> Readings:
    pictures = given.tensor("mistakes_pictures", (None, 28, 28), torch.uint8)
    labels = given.indices("mistakes_labels", len(pictures), classes)
    if len(pictures) > MISTAKES:
        raise given.refusal("mistakes_pictures", f"should be up to {MISTAKES}")
    shape = (len(pictures), classes)
    probabilities = given.tensor("mistakes_probabilities", shape, torch.float32)
    return Readings(pictures.numpy().copy(), labels.numpy().copy(), probabilities.numpy().copy())
