"""How training goes, as a bar."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from tqdm import tqdm

from playground.training.shipping import Progress

_FORMAT = "{percentage:3.0f}% |{bar:30}| {desc}{postfix}"


class ProgressBar:
    """A bar on standard error; call it with each `Progress`, and close it by leaving `with`."""

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

    def __call__(self, progress: Progress) -> None:
        """Show how far training has come."""
        self._bar.set_description_str(_told(progress), refresh=False)
        self._bar.update(100 * progress.share - self._bar.n)


def _told(progress: Progress) -> str:
    if progress.rate is None or progress.seconds_left is None:
        return progress.doing
    minutes, seconds = divmod(round(progress.seconds_left), 60)
    return (
        f"{progress.doing}, loss {progress.loss:.3f}, {progress.rate:,.0f} pictures/s, "
        f"{minutes}:{seconds:02} left"
    )
