"""What a page is to those who keep what is done on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Protocol

from playground.live import Heartbeat
from playground.runs import Run
from playground.settings import Settings
from playground.views.theme import Theme

Ended = Callable[[], None]
Refused = Callable[[str], None]


class Workplace(Protocol):
    """A page whose work can be kept, and gone on with."""

    @property
    def step_count(self) -> int:
        """Optimiser steps so far, as cheaply as can be told: whether there is anything new."""

    def take_run(self, name: str) -> Run:
        """Take down the work as it is. Called in a worker thread."""

    def open_run(self, run: Run, done: Ended, refused: Refused) -> None:
        """Go on with a run. Called on the event loop; what takes longer is done off it.

        Parameters
        ----------
        run : Run
        done : callable
            Called when the page goes on with the run.
        refused : callable
            Told in a sentence why it can't; then all is as it was.

        Raises
        ------
        InputError
            If the run is not for this page; then nothing has changed.
        """


class Kept(Protocol):
    """A page, as far as it must be known to keep its work; see `playground.pages.page.Page`."""

    title: ClassVar[str]
    trainer: Any
    heartbeat: Heartbeat[Any, Any]
    settings: Settings
    begun: bool

    @property
    def theme(self) -> Theme:
        """The colours of the moment."""

    def rest(self) -> None:
        """Pause."""

    def remark(self, *sentences: str) -> None:
        """Say what is worth knowing."""

    def snapshot(self) -> str:
        """Write the page as one HTML file."""

    def extra(self) -> dict[str, Any]:
        """Give what a run holds beside settings."""

    def take_extra(self, extra: Mapping[str, Any]) -> None:
        """Take up what `extra` once returned."""
