"""The progress bar of a download in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from tqdm import tqdm

from playground.problems.image_datasets.download import DownloadProgress


@contextmanager
def terminal_progress_bar() -> Iterator[DownloadProgress]:
    """Yield a `DownloadProgress` that draws a bar for each file, if stderr is a terminal."""
    with ExitStack() as open_bar:
        bars: dict[str, tqdm[None]] = {}

        def show(done: int, total: int, what: str) -> None:
            if what not in bars:
                open_bar.close()
                bar = tqdm(total=total or None, desc=what, unit="B", unit_scale=True, disable=None)
                bars[what] = open_bar.enter_context(bar)
            bars[what].update(done - bars[what].n)

        yield show
