"""The progress of long work as a bar on the terminal."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Generic, NoReturn, Protocol, Self, TypeVar

from tqdm import tqdm

from playground.number_text import time_left
from playground.pretraining import PretrainingProgress

_FORMAT = "{percentage:3.0f}% |{bar:30}| {desc}"


class HasShare(Protocol):
    """The progress of some work."""

    @property
    def share(self) -> float:
        """The part that is done, 0 to 1."""


ProgressT = TypeVar("ProgressT", bound=HasShare)


class ProgressBar(Generic[ProgressT]):
    """A bar on standard error, from the first progress on: a context manager to call with it.

    Parameters
    ----------
    describe : callable
        Returns the text behind the bar.
    """

    def __init__(self, describe: Callable[[ProgressT], str]) -> None:
        self._describe = describe
        self._bar: tqdm[NoReturn] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, progress: ProgressT) -> None:
        """Update the bar and its text."""
        if self._bar is None:  # What is refused before the work begins needs none.
            self._bar = tqdm(total=100.0, bar_format=_FORMAT, mininterval=0.5)
        self._bar.set_description_str(self._describe(progress), refresh=False)
        self._bar.update(100 * progress.share - self._bar.n)


def pretraining_text(progress: PretrainingProgress) -> str:
    """Return what is done, the loss, the rate, and the time left."""
    if progress.rate is None or progress.seconds_left is None:
        return progress.activity
    return (
        f"{progress.activity}, loss {progress.loss:.3f}, {progress.rate:,.0f} pictures/s, "
        f"{time_left(progress.seconds_left)}"
    )
