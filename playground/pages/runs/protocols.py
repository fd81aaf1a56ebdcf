"""What a page is to those who keep what is done on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Protocol

from playground.runs import Run
from playground.serving.heartbeat import Heartbeat
from playground.settings import Settings
from playground.views.theme import Theme

OnDone = Callable[[], None]
OnRefused = Callable[[str], None]


class SupportsRuns(Protocol):
    """A page whose work can be kept, and gone on with."""

    @property
    def step_count(self) -> int:
        """Optimiser steps so far, as cheaply as can be told: whether there is anything new."""

    def capture_run(self, name: str) -> Run:
        """Take down the work as it is. Called in a worker thread."""

    def resume_run(self, run: Run, on_done: OnDone, on_refused: OnRefused) -> None:
        """Go on with a run. Called on the event loop; what takes longer is done off it.

        Parameters
        ----------
        run : Run
        on_done : callable
            Called when the page goes on with the run.
        on_refused : callable
            Told in a sentence why it can't; then all is as it was.

        Raises
        ------
        InputError
            If the run is not for this page; then nothing has changed.
        """


class SavablePage(Protocol):
    """A page, as far as it must be known to keep its work; see `playground.pages.page.Page`."""

    title: ClassVar[str]
    trainer: Any
    heartbeat: Heartbeat[Any, Any]
    settings: Settings
    is_ready: bool

    @property
    def theme(self) -> Theme:
        """The colours of the moment."""

    def pause(self) -> None:
        """Pause."""

    def remark(self, *sentences: str) -> None:
        """Say what is worth knowing."""

    def snapshot(self) -> str:
        """Write the page as one HTML file."""

    def extra(self) -> dict[str, Any]:
        """Give what a run holds beside settings."""

    def restore_extra(self, extra: Mapping[str, Any]) -> None:
        """Take up what `extra` once returned."""
