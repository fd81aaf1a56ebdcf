"""One pupil of a lesson: a nickname, and the page in whose browser session the pupil works."""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from playground.classroom.work import Activity, ShownWork, Work, activity_of
from playground.training.core.metrics import NO_SCORE, Score


class PupilPage(Protocol):
    """The page of a pupil, in a session of its own: `Membership` in `pages/classroom`.

    A protocol, since this package is below pages and imports none.

    All methods are called from elsewhere: what they change must be changed by the session itself.
    """

    @property
    def is_here(self) -> bool:
        """Whether anything reaches the browser."""

    def work(self) -> Work | None:
        """Return what is on the page now; None while it is being built."""

    def query(self) -> str:
        """Return the link to the page as it is, without what comes before the "?"."""

    def pause(self) -> None:
        """Pause training."""

    def follow(self, query: str) -> None:
        """Go to a link in place of what is on the page."""

    def show(self, work: ShownWork | None) -> None:
        """Show another pupil's network; None shows it no more."""

    def refresh(self) -> None:
        """Show the pupil's own part in the lesson as it is now."""

    def release(self, sentence: str) -> None:
        """Take part no more; the sentence says why."""


@dataclass(frozen=True, slots=True)
class PupilState:
    """What a teacher sees of a pupil, the picture aside.

    Attributes
    ----------
    page, task : str
        Which page is open, and what is learned there.
    epoch, train, test
        Of the latest frame; NaN without one.
    activity : {"training", "paused", "idle", "stuck", "hidden", "away"}
    reason : str
        Why, where something hinders.
    needs_help : bool
    """

    page: str = ""
    task: str = ""
    epoch: float = math.nan
    train: Score = NO_SCORE
    test: Score = NO_SCORE
    activity: Activity = "paused"
    reason: str = ""
    needs_help: bool = False


class Pupil:
    """A pupil; made by `Lesson.join`.

    Parameters
    ----------
    nickname : str
    page : PupilPage
    tab : str
        Id of the browser's tab, which outlives the session; "" where it is not known.

    Attributes
    ----------
    id : str
        Random; a teacher's browser names the pupil by it.
    needs_help : bool
        Whether the pupil asks for help.
    """

    def __init__(
        self,
        nickname: str,
        page: PupilPage,
        tab: str = "",
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.id = secrets.token_hex(8)
        self.nickname, self.page, self.tab = nickname, page, tab
        self.needs_help = False
        self._clock = clock
        self._seen: tuple[str, str] = ("", "")
        self._frame: object = None
        self._changed_at = clock()

    def end_help(self) -> None:
        """Note that the teacher has helped."""
        self.needs_help = False
        self.page.refresh()

    def work(self) -> Work | None:
        """Return what is on the pupil's page now."""
        return self.page.work()

    def state(self, work: Work | None = None) -> PupilState:
        """Return what there is to say about the pupil now.

        Parameters
        ----------
        work : Work, optional
            What `work` has just returned.
        """
        work = work or self.work()
        if work is None:
            away = not self.page.is_here
            return PupilState(activity="away" if away else "paused", needs_help=self.needs_help)
        frame, now = work.frame, self._clock()
        # Frames are compared by identity: to compare their arrays takes long.
        if frame is not self._frame or (work.page, work.task) != self._seen:
            self._seen, self._frame, self._changed_at = (work.page, work.task), frame, now
        activity, reason = activity_of(work, now - self._changed_at)
        if not self.page.is_here:
            activity, reason = "away", ""
        if frame is None:
            return PupilState(
                work.page,
                work.task,
                activity=activity,
                reason=reason,
                needs_help=self.needs_help,
            )
        return PupilState(
            work.page,
            work.task,
            frame.epoch,
            frame.train,
            frame.test,
            activity,
            reason,
            self.needs_help,
        )
