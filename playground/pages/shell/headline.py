"""How the learning goes, in a few words for the line above the picture."""

from __future__ import annotations

from html import escape
from typing import Any, NamedTuple

from playground.number_text import format_percent
from playground.training.core.notes import Note, Remedy
from playground.training.dense.evaluator import GOOD_ACCURACY
from playground.training.dense.frame import Frame

NEARLY = 0.95
"""The share of samples that are right, from which on only a few are missing."""


class Headline(NamedTuple):
    """What is to be said of a frame, and what can be done about it.

    Attributes
    ----------
    html : str
    remedy : Remedy or None
    """

    html: str
    remedy: Remedy | None = None


def success(frame: Any) -> Headline | None:  # noqa: ANN401 (any trainer's)
    """Say since when all is learned; None before."""
    return None if frame.learned_epoch is None else _solved(frame.learned_epoch)


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
    # It counts as solved until clearly less is right: the numbers beside tell how much that is.
    return _solved(frame.learned_epoch, format_percent(shown.accuracy) if falls_short else "")


def _of_note(note: Note) -> Headline:
    gist, colon, rest = note.headline.partition(":")
    words = f"<b>{escape(gist + colon)}</b>{escape(rest)}"
    return Headline(f'<span class="pg-told">{words}</span>', note.remedy)


def _nearly_solved(accuracy: float) -> Headline:
    if accuracy == 1:
        return Headline("<b>All are right,</b> but not yet for sure.")
    return Headline(f"<b>Nearly solved:</b> {format_percent(accuracy)} are right.")


def _solved(epoch: int, now: str = "") -> Headline:
    if now:
        return Headline(f'<b class="pg-solved">Solved at epoch {epoch:,} · {now} now.</b>')
    return Headline(
        f'<b class="pg-solved">Solved at epoch {epoch:,}.</b> '
        '<span class="pg-and-then">Can it be done with less?</span>'
    )
