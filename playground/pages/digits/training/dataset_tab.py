"""The tab “Pictures”: the choice of a dataset, its source, and the progress of its download."""

from __future__ import annotations

import logging
from collections.abc import Callable
from html import escape
from time import perf_counter

import panel as pn

from playground.pages.controls.fields.parameter_fields import field
from playground.pages.controls.live_html import LiveHTML
from playground.pages.digits.training.folder_field import folder_field
from playground.pages.digits.training.progress_bar_html import progress_bar_html
from playground.pages.part import Part
from playground.pages.runs.person_files import person_files
from playground.pages.shell.latest_task import LatestTask
from playground.problems.digits import Digits
from playground.problems.image_datasets import LoadedDataset
from playground.serving.sessions import Scheduler, loop_scheduler
from playground.serving.settings.server_settings import server_settings
from playground.serving.threads.thread_pools import loading_workers

log = logging.getLogger(__name__)

PROGRESS_INTERVAL = 0.15
"""Seconds between two updates of the progress of a download."""


class _SupersededError(Exception):
    """Another dataset was chosen during the download."""


class DatasetTab(Part):
    """The choice of a dataset, which is loaded outside the event loop.

    If loading fails, the page says why, and the choice returns to the last dataset that was loaded.

    Parameters
    ----------
    problem : Digits
    on_loaded : callable
        Called on the event loop whenever the chosen dataset has been loaded.
    """

    def __init__(self, problem: Digits, on_loaded: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self._problem, self._on_loaded = problem, on_loaded
        self._last_loaded = (problem.corpus, problem.folder)
        self._task: LatestTask[LoadedDataset] = LatestTask(
            self._on_images, self._show_error, loading_workers
        )
        self._description = LiveHTML("", css_classes=["pg-about"], margin=0)
        self._progress_bar = LiveHTML(
            "", css_classes=["pg-progress"], margin=0, visible=False, sizing_mode="stretch_width"
        )
        self._message = LiveHTML("", css_classes=["pg-refused"], margin=0, visible=False)
        self._is_local = person_files().quota is None
        folder = folder_field(problem, server_settings().dataset_folders, is_local=self._is_local)
        self._column = pn.Column(
            field(problem, "corpus"),
            self._description,
            self._progress_bar,
            self._message,
            *filter(None, [folder]),
            css_classes=["pg-tab"],
            margin=0,
            sizing_mode="stretch_width",
        )
        problem.param.watch(self._on_choice, ["corpus", "folder"])
        self._describe()
        # Changes made while a page still loads are not sent to the browser.
        pn.state.onload(self._load)

    def __panel__(self) -> pn.Column:
        return self._column

    @property
    def loading(self) -> bool:
        """Whether the chosen dataset has not been loaded yet."""
        return self._problem.images is None

    def _on_choice(self, *_events: object) -> None:
        self._message.visible = False
        pn.state.onload(self._load)

    def _load(self) -> None:
        self._describe()
        if not self.loading:
            self._task.cancel()
            self._progress_bar.visible = False
            return
        name, problem = self._problem.corpus, self._problem
        self._progress_bar.param.update(
            object=progress_bar_html(None, f"Loading {name} …"), visible=True
        )
        report = _ThrottledProgress(problem, self._progress)
        self._task.submit(lambda: problem.load(report))

    def _on_images(self, _images: LoadedDataset) -> None:
        if self.loading:  # another choice was made while these were loaded
            self._load()
            return
        self._last_loaded = (self._problem.corpus, self._problem.folder)
        self._progress_bar.visible = False
        self._describe()
        self._on_loaded()

    def _show_error(self, sentence: str) -> None:
        corpus, folder = self._last_loaded
        if not self._is_local:
            # The sentence tells which folders and files there are on the server.
            log.warning("%s can't be loaded: %s", self._problem.corpus, sentence)
            sentence = f"{self._problem.corpus} can't be loaded from there."
        self._problem.param.update(corpus=corpus, folder=folder)
        self._progress_bar.visible = False
        self._message.param.update(object=escape(sentence), visible=True)

    def _progress(self, done: int, total: int, file: str) -> None:
        size = f"{done / 1e6:.1f}" + (f" of {total / 1e6:.1f} MB" if total else " MB")
        self._progress_bar.object = progress_bar_html(
            done / total if total else None, f"Downloading {file}: {size}"
        )

    def _describe(self) -> None:
        parts = [escape(self._problem.about)]
        if (images := self._problem.images) is not None:
            source = images.source if self._is_local else images.source.partition(", from ")[0]
            badge = '<b class="pg-badge">stand-in</b> ' if images.is_fallback else ""
            parts = [] if images.is_fallback else parts
            parts += [
                f'{badge}<span class="pg-source">{escape(source)}</span>',
                f"{len(images.train):,} for training, {len(images.test):,} for testing.",
            ]
        self._description.object = " ".join(f"<p>{part}</p>" for part in parts)


class _ThrottledProgress:
    """Reports the progress of a download from its thread to the event loop, at intervals."""

    def __init__(self, problem: Digits, report: Callable[[int, int, str], None]) -> None:
        self._problem, self._report = problem, report
        self._requested = (problem.corpus, problem.folder)
        self._schedule: Scheduler | None = loop_scheduler()
        self._next_at = 0.0

    def __call__(self, done: int, total: int, file: str) -> None:
        if (self._problem.corpus, self._problem.folder) != self._requested:
            raise _SupersededError
        if self._schedule is not None and perf_counter() > self._next_at:
            self._next_at = perf_counter() + PROGRESS_INTERVAL
            self._schedule(lambda: self._report(done, total, file))
