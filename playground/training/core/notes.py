"""Notes: sentences about a training run, each shown beside what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

NotePlace = Literal["network", "curves", "data", "training"]


@dataclass(frozen=True, slots=True)
class Remedy:
    """A change of settings that helps, as data.

    Attributes
    ----------
    label : str
        What it does, in a few words: "L2 to 0".
    settings : tuple of (str, object)
        New values by public name.
    """

    label: str
    settings: tuple[tuple[str, Any], ...]


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
    remedy : Remedy or None
        What can be done about it with one click.
    headline : str
        The same in a few words, for a line above all else; "" for what needs none there. What
        stands before a colon is the gist.
    """

    kind: str
    place: NotePlace
    severity: Literal["info", "warning", "error"]
    sentence: str
    remedy: Remedy | None = None
    headline: str = ""
