"""What a pupil trains, and how it goes: in training, paused, stuck or not begun."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from playground.training.core.frame_protocols import HasSteps
from playground.training.core.notes import Note

Activity = Literal["training", "paused", "idle", "stuck", "hidden", "away"]
"""Also the words on a pupil's tile, its CSS class, and the column `state` of the results."""

IDLE_SECONDS = 120.0
"""Seconds without anything new after which a network that is not trained counts as idle."""
NO_HINDRANCE = frozenset({"overfitting"})
"""Warnings about the network or its curves that do not say that nothing is learned any more."""


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """A page as it is at one moment.

    Attributes
    ----------
    page : str
        Title of the page that is open.
    task : str
        What is learned, in a few words; it may hold what a pupil has typed.
    frame : HasSteps or None
        The latest frame; None before there is a network.
    is_training : bool
    failure : str
        Why training has stopped; "" if it has not failed.
    notes : tuple of Note
        What the diagnosis has found.
    paused_by : Note or None
        Why training has paused by itself.
    is_hidden : bool
        Whether the page is behind another tab or window, and therefore gets no frames.
    """

    page: str
    task: str = ""
    frame: HasSteps | None = None
    is_training: bool = False
    failure: str = ""
    notes: tuple[Note, ...] = ()
    paused_by: Note | None = None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class ShownWork:
    """The network of one pupil, as the teacher shows it to all.

    Attributes
    ----------
    nickname : str
    picture : bytes
        PNG.
    words : str
        What is learned, and how well.
    """

    nickname: str
    picture: bytes
    words: str


def activity_of(work: Work, still_seconds: float) -> tuple[Activity, str]:
    """Return whether a pupil trains, pauses, idles, is stuck or hidden, and why, or "".

    Parameters
    ----------
    work : Work
    still_seconds : float
        For how long nothing has changed on the page.
    """
    if work.is_hidden:
        return "hidden", "The page is behind another tab or window."
    if work.failure:
        return "stuck", work.failure
    for note in (*filter(None, [work.paused_by]), *work.notes):
        if _hinders(note):
            return "stuck", note.sentence
    if work.is_training:
        return "training", ""
    if still_seconds >= IDLE_SECONDS:
        return "idle", f"Nothing new for {still_seconds / 60:.0f} minutes."
    return "paused", ""


def _hinders(note: Note) -> bool:
    if note.severity == "error":
        return True
    hinders_learning = note.place in {"network", "curves"} and note.kind not in NO_HINDRANCE
    return note.severity == "warning" and hinders_learning
