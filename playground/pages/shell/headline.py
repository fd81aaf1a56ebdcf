"""How the learning goes, in a few words for the line above the picture."""

from __future__ import annotations

from html import escape
from typing import NamedTuple

from playground.number_text import format_percent
from playground.training.core.notes import Note, Remedy
from playground.training.dense.evaluator import GOOD_ACCURACY
from playground.training.dense.frame import Frame
from playground.training.images.frame import ImageFrame
from playground.training.images.training_loop import LEARNED_ACCURACY
from playground.training.sweeps.frame import SweepFrame

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
    return None if epoch is None else _solved(epoch, frame.test.accuracy, LEARNED_ACCURACY)


def sweep_success(frame: SweepFrame) -> Headline | None:
    """Say by when all networks have learned; None before."""
    if frame.learned_epoch is None:
        return None
    return Headline(f'<b class="pg-solved">All have learned</b> by epoch {frame.learned_epoch:,}.')


def how_it_goes(frame: Frame) -> Headline | None:
    """Say what goes wrong in a frame, or that its network had learned all; None while it learns."""
    told = [note for note in frame.notes if note.headline]
    errors = [note for note in told if note.severity == "error"]
    shown = frame.test if len(frame.samples.test) else frame.train
    falls_short = shown.accuracy < GOOD_ACCURACY
    if errors:
        return _of_note(errors[0])
    if told and (frame.learned_epoch is None or falls_short):
        return _of_note(told[0])
    if frame.learned_epoch is None:
        return _nearly_solved(shown.accuracy) if shown.accuracy >= NEARLY else None
    return _solved(frame.learned_epoch, shown.accuracy, GOOD_ACCURACY)


def _of_note(note: Note) -> Headline:
    gist, colon, rest = note.headline.partition(":")
    words = f"<b>{escape(gist + colon)}</b>{escape(rest)}"
    return Headline(f'<span class="pg-told">{words}</span>', note.remedy)


def _nearly_solved(accuracy: float) -> Headline:
    if accuracy == 1:
        return Headline("<b>All are right,</b> but not yet for sure.")
    return Headline(f"<b>Nearly solved:</b> {format_percent(accuracy)} are right.")


def _solved(epoch: int, accuracy: float, enough: float) -> Headline:
    """Say what solved means, and when it was reached; it stays so until clearly less is right."""
    share = f"{format_percent(accuracy)} right"
    if accuracy < enough:
        return Headline(f'<b class="pg-solved">Solved at epoch {epoch:,}</b> Now {share}.')
    return Headline(
        f'<b class="pg-solved">Solved: {share}</b> first at epoch {epoch:,}.',
        invitation="Can it be done with less?",
    )
