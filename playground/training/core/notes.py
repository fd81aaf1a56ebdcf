"""Notes: sentences about a training run, each shown beside what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

NotePlace = Literal["network", "curves", "data", "training"]


@dataclass(frozen=True, slots=True)
class Note:
    """One plain sentence about a training run, and the part of a page that it belongs to.

    Attributes
    ----------
    kind : str
        What was recognised, for example "diverged"; stable, for tests and styling.
    place : {"network", "curves", "data", "training"}
        The view beside which it is shown.
    severity : {"info", "warning", "error"}
    sentence : str
    """

    kind: str
    place: NotePlace
    severity: Literal["info", "warning", "error"]
    sentence: str
