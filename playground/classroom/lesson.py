"""One lesson: its code, its pupils, and what a teacher asks of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic

from playground.classroom.nicknames import clean_nickname, nickname_key
from playground.classroom.pupil import Pupil, PupilPage
from playground.classroom.work import ShownWork
from playground.errors import InputError

MAX_PUPILS = 100
"""Pupils of one lesson."""
ENDED = "The lesson has ended."
ALREADY = "You take part in a class already."
REMOVED = "Your teacher has taken you out of the class."
ELSEWHERE = "You take part in the class in another window now."


class Lesson:
    """A lesson; made by `Lessons.begin`.

    Attributes
    ----------
    code : str
        What pupils join by.
    shown : Pupil or None
        The pupil whose network is shown to all.
    has_ended : bool
    """

    def __init__(self, code: str, clock: Callable[[], float] = monotonic) -> None:
        self.code = code
        self.shown: Pupil | None = None
        self.has_ended = False
        self._clock = clock
        self._pupils: dict[str, Pupil] = {}
        self._shown_work: ShownWork | None = None
        self._teachers: set[object] = set()
        self._tabs: set[str] = set()
        self._alone_since = clock()

    @property
    def pupils(self) -> tuple[Pupil, ...]:
        """All pupils, in the order in which they have joined."""
        return (*self._pupils.values(),)

    def pupil(self, id: str) -> Pupil | None:
        """Return the pupil with an id, if there is one."""
        return next((each for each in self._pupils.values() if each.id == id), None)

    # Pupils ------------------------------------------------------------------------------------

    def join(self, nickname: str, page: PupilPage, tab: str = "") -> Pupil:
        """Let a pupil take part.

        Parameters
        ----------
        nickname : str
            As it was typed.
        page : PupilPage
        tab : str
            Id of the browser's tab, by which the pupil is known again after a reload.

        Raises
        ------
        InputError
            If the lesson has ended or is full, the page has a pupil already, or the nickname can't
            be taken.
        """
        if self.has_ended:
            raise InputError(ENDED)
        if any(each.page is page for each in self._pupils.values()):
            raise InputError(ALREADY)
        name = clean_nickname(nickname)
        key = nickname_key(name)
        if key in self._pupils:
            raise InputError(f"Somebody is called “{name}” already: choose another nickname.")
        if len(self._pupils) >= MAX_PUPILS:
            raise InputError(f"The class is full: it has {MAX_PUPILS} pupils.")
        pupil = self._pupils[key] = Pupil(name, page, tab, self._clock)
        if self._shown_work is not None:
            page.show(self._shown_work)
        return pupil

    def rejoin(self, tab: str, page: PupilPage) -> Pupil | None:
        """Give a tab's pupil another page; return the pupil, or None if the tab has none."""
        pupil = next((each for each in self._pupils.values() if tab and each.tab == tab), None)
        if pupil is not None and pupil.page is not page:
            before, pupil.page = pupil.page, page
            before.release(ELSEWHERE)
            if self._shown_work is not None:
                page.show(self._shown_work)
        return pupil

    def leave(self, pupil: Pupil, page: PupilPage) -> None:
        """Forget a pupil, unless the pupil works on another page by now."""
        if pupil.page is page:
            self._forget(pupil)

    def remove(self, pupil: Pupil) -> None:
        """Take a pupil out of the lesson."""
        if self._forget(pupil):
            pupil.page.release(REMOVED)

    def _forget(self, pupil: Pupil) -> bool:
        key = nickname_key(pupil.nickname)
        if self._pupils.get(key) is not pupil:
            return False
        del self._pupils[key]
        if pupil is self.shown:
            self.show(None)
        return True

    # What a teacher asks for -------------------------------------------------------------------

    def pause_all(self) -> None:
        """Pause the training of all pupils."""
        for each in self._pages():
            each.pause()

    def send_all_to(self, query: str) -> None:
        """Have all pupils go to a link."""
        for each in self._pages():
            each.follow(query)

    def show(self, pupil: Pupil | None) -> None:
        """Choose whose network is shown to all; None for nobody's."""
        self.shown = pupil
        if pupil is None:
            self.show_work(None)

    def show_work(self, work: ShownWork | None) -> None:
        """Show the network of `shown` as it is now, if it differs from what was shown before."""
        if work != self._shown_work:
            self._shown_work = work
            for each in self._pages():
                each.show(work)

    def end(self) -> None:
        """End the lesson: all that is known of the pupils is forgotten."""
        self.has_ended, self.shown, self._shown_work = True, None, None
        pages = [*self._pages()]
        self._pupils.clear()
        self._teachers.clear()
        self._tabs.clear()
        for each in pages:
            each.release(ENDED)

    def _pages(self) -> Iterator[PupilPage]:
        return iter([each.page for each in self._pupils.values()])

    # Teachers ----------------------------------------------------------------------------------

    def open_for(self, teacher: object, tab: str = "") -> None:
        """Note that a page of a teacher is open, in a browser's tab that may be known again."""
        self._teachers.add(teacher)
        if tab:
            self._tabs.add(tab)

    def close_for(self, teacher: object) -> None:
        """Note that a page of a teacher is not open any more."""
        self._teachers.discard(teacher)
        if not self._teachers:
            self._alone_since = self._clock()

    def is_known_tab(self, tab: str) -> bool:
        """Whether a teacher has opened the lesson in this tab of a browser."""
        return tab in self._tabs

    @property
    def seconds_alone(self) -> float:
        """Seconds for which no teacher has been here."""
        return 0.0 if self._teachers else self._clock() - self._alone_since
