"""How the learning goes, in a few words for the line above the picture."""

from __future__ import annotations

from html import escape
from math import nan
from typing import NamedTuple

import numpy as np

from playground.number_text import format_percent
from playground.training.core.metrics import Curves
from playground.training.core.notes import Note, Remedy
from playground.training.dense.evaluator import GOOD_ACCURACY
from playground.training.dense.frame import Frame
from playground.training.images.frame import ImageFrame
from playground.training.images.training_loop import LEARNED_ACCURACY
from playground.training.sweeps.frame import SweepFrame

FLUCTUATION = 0.01
"""Shares of right answers that differ by less are told as the same."""
NEARLY = 0.95
"""The share of samples that are right, from which on only a few are missing."""


class Headline(NamedTuple):
    """What is to be said of a frame, and what can be done about it.

    Attributes
    ----------
    html : str
    remedy : Remedy or None
    invitation : str
        To what can be tried after that; "" for the usual one.
    """

    html: str
    remedy: Remedy | None = None
    invitation: str = ""


def image_success(frame: ImageFrame) -> Headline | None:
    """Say how many images are right once that is enough, and when it was first; None before."""
    epoch = frame.learned_epoch
    if epoch is None:
        return None
    return _solved(epoch, frame.test.accuracy, LEARNED_ACCURACY, frame.curves)


def sweep_success(frame: SweepFrame) -> Headline | None:
    """Say by when all networks have learned; None before."""
    if frame.learned_epoch is None:
        return None
    return Headline(f'<b class="pg-solved">All have learned</b> by epoch {frame.learned_epoch:,}.')


def how_it_goes(frame: Frame) -> Headline | None:
    """Say what goes wrong in a frame, or that its network had learned all; None while it learns."""
    told = [note for note in frame.notes if note.headline]
    errors = [note for note in told if note.severity == "error"]
    accuracy = frame.shown_score.accuracy
    if errors:
        return _of_note(errors[0])
    if told and not frame.is_solved:
        return _of_note(told[0])
    if frame.learned_epoch is None:
        return _nearly_solved(accuracy) if accuracy >= NEARLY else None
    return _solved(frame.learned_epoch, accuracy, GOOD_ACCURACY, frame.curves)


def _of_note(note: Note) -> Headline:
    gist, colon, rest = note.headline.partition(":")
    words = f"<b>{escape(gist + colon)}</b>{escape(rest)}"
    return Headline(f'<span class="pg-told">{words}</span>', note.remedy)


def _nearly_solved(accuracy: float) -> Headline:
    if accuracy == 1:
        return Headline("<b>All are right,</b> but not yet for sure.")
    return Headline(f"<b>Nearly solved:</b> {format_percent(accuracy)} are right.")


def _solved(epoch: float, accuracy: float, enough: float, curves: Curves) -> Headline:
    """Say what solved means, and when it was reached; not where clearly less is right by now.

    Parameters
    ----------
    epoch : float
        When it was solved first.
    accuracy : float
        Of the moment.
    enough : float
        The accuracy of what is solved.
    curves : Curves
        Tell how much was right when it was solved.
    """
    share = f"{format_percent(accuracy)} right"
    if accuracy < enough:
        then = _accuracy_at(epoch, curves)
        if accuracy < then < accuracy + FLUCTUATION:
            return Headline(f"<b>{share},</b> close to its best.")
        best = format_percent(then) if then > accuracy else "solved"
        return Headline(f"<b>{share}.</b> It was {best} at epoch {epoch:,}: drag back to see it.")
    return Headline(
        f'<b class="pg-solved">Solved: {share}</b> first at epoch {epoch:,}.',
        invitation="Can it be done with less?",
    )


def _accuracy_at(epoch: float, curves: Curves) -> float:
    """Accuracy at an epoch, or right after it where curves are thinned; NaN where none is known."""
    tested = curves.test_accuracy
    known = curves.train_accuracy if np.isnan(tested).all() else tested
    rows = np.flatnonzero(curves.epoch >= epoch - 0.01)
    return float(known[rows[0]]) if len(rows) else nan
