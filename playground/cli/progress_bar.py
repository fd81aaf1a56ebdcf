"""The progress of training as a bar on the terminal."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from tqdm import tqdm

from playground.pretraining import PretrainingProgress

_FORMAT = "{percentage:3.0f}% |{bar:30}| {desc}{postfix}"


class ProgressBar:
    """A progress bar on standard error: a context manager to call with `PretrainingProgress`."""

    def __init__(self) -> None:
        self._bar = tqdm(total=100.0, bar_format=_FORMAT, mininterval=1.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.close()

    def __call__(self, progress: PretrainingProgress) -> None:
        """Update the bar and its text."""
        self._bar.set_description_str(_description(progress), refresh=False)
        self._bar.update(100 * progress.share - self._bar.n)


def _description(progress: PretrainingProgress) -> str:
    if progress.rate is None or progress.seconds_left is None:
        return progress.activity
    minutes, seconds = divmod(round(progress.seconds_left), 60)
    return (
        f"{progress.activity}, loss {progress.loss:.3f}, {progress.rate:,.0f} pictures/s, "
        f"{minutes}:{seconds:02} left"
    )
