"""Which pictures are learned, where they come from, and how far their download has come."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import escape
from time import perf_counter

import panel as pn

from playground.pages.digits.meter import meter
from playground.pages.errand import Errand, Soon, soon
from playground.pages.fields import field
from playground.pages.part import Part
from playground.pages.words import Words
from playground.problems.corpora import Images
from playground.problems.digits import Digits

OFTEN = 0.15
"""Seconds between two looks at how far a download has come."""

# A download may take minutes, in which the heartbeat's own threads must be free for training.
loaders = ThreadPoolExecutor(max_workers=2, thread_name_prefix="loader")


class _UnwantedError(Exception):
    """Something else has been chosen while a download was under way."""


class DataCard(Part):
    """The choice of pictures. What is chosen but not there yet is loaded, off the loop.

    What can't be loaded is refused in a sentence, and the choice goes back to what is there.

    Parameters
    ----------
    problem : Digits
    loaded : callable
        Called on the event loop whenever pictures that were chosen are there.
    """

    def __init__(self, problem: Digits, loaded: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self._problem, self._loaded = problem, loaded
        self._good = (problem.corpus, problem.folder)
        self._errand: Errand[Images] = Errand(self._take, self._refuse, loaders)
        self._about = Words("", css_classes=["pg-about"], margin=0)
        self._bar = Words(
            "", css_classes=["pg-progress"], margin=0, visible=False, sizing_mode="stretch_width"
        )
        self._said = Words("", css_classes=["pg-refused"], margin=0, visible=False)
        self._column = pn.Column(
            field(problem, "corpus"),
            self._about,
            self._bar,
            self._said,
            field(problem, "folder", placeholder="where they are usually kept"),
            css_classes=["pg-tab"],
            margin=0,
            sizing_mode="stretch_width",
        )
        problem.param.watch(self._choose, ["corpus", "folder"])
        self._describe()
        # What changes while a page is still loading never gets to the browser.
        pn.state.onload(self._load)

    def __panel__(self) -> pn.Column:
        return self._column

    @property
    def loading(self) -> bool:
        """Whether pictures that were chosen are not there yet."""
        return self._problem.images is None

    def _choose(self, *_events: object) -> None:
        self._said.visible = False
        pn.state.onload(self._load)

    def _load(self) -> None:
        self._describe()
        if not self.loading:
            self._errand.forget()
            self._bar.visible = False
            return
        name, problem = self._problem.corpus, self._problem
        self._bar.param.update(object=meter(None, f"Loading {name} …"), visible=True)
        tell = _Teller(problem, self._progress)
        self._errand.ask(lambda: problem.load(tell))

    def _take(self, _images: Images) -> None:
        if self.loading:  # it was chosen anew while the last pictures came
            self._load()
            return
        self._good = (self._problem.corpus, self._problem.folder)
        self._bar.visible = False
        self._describe()
        self._loaded()

    def _refuse(self, sentence: str) -> None:
        corpus, folder = self._good
        self._problem.param.update(corpus=corpus, folder=folder)
        self._bar.visible = False
        self._said.param.update(object=escape(sentence), visible=True)

    def _progress(self, done: int, total: int, what: str) -> None:
        size = f"{done / 1e6:.1f}" + (f" of {total / 1e6:.1f} MB" if total else " MB")
        self._bar.object = meter(done / total if total else None, f"Downloading {what}: {size}")

    def _describe(self) -> None:
        parts = [escape(self._problem.about)]
        if (images := self._problem.images) is not None:
            badge = '<b class="pg-badge">stand-in</b> ' if images.standing_in else ""
            parts = [] if images.standing_in else parts
            parts += [
                f'{badge}<span class="pg-source">{escape(images.source)}</span>',
                f"{len(images.train):,} to learn from, {len(images.test):,} to be tested with.",
            ]
        self._about.object = " ".join(f"<p>{part}</p>" for part in parts)


class _Teller:
    """Brings word of a download from its thread to the page, now and then."""

    def __init__(self, problem: Digits, tell: Callable[[int, int, str], None]) -> None:
        self._problem, self._tell = problem, tell
        self._wanted = (problem.corpus, problem.folder)
        self._soon: Soon | None = soon()
        self._next_at = 0.0

    def __call__(self, done: int, total: int, what: str) -> None:
        if (self._problem.corpus, self._problem.folder) != self._wanted:
            raise _UnwantedError
        if self._soon is not None and perf_counter() > self._next_at:
            self._next_at = perf_counter() + OFTEN
            self._soon(lambda: self._tell(done, total, what))
