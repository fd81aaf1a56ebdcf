"""All lessons of a server, by their codes."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from time import monotonic

from playground.classroom.lesson import Lesson
from playground.classroom.pupil import Pupil, PupilPage
from playground.errors import InputError

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Characters of codes: none that is easily mistaken for another one."""
CODE_LENGTH = 6
MAX_LESSONS = 20
"""Lessons at the same time."""
HOUR = 3600.0


class Lessons:
    """The lessons under way.

    Parameters
    ----------
    clock : callable
        Returns seconds.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._by_code: dict[str, Lesson] = {}

    def __len__(self) -> int:
        return len(self._by_code)

    def begin(self) -> Lesson:
        """Begin a lesson.

        Raises
        ------
        InputError
            If there are too many.
        """
        if len(self._by_code) >= MAX_LESSONS:
            raise InputError(f"There are {MAX_LESSONS} lessons already, which is the most.")
        while (code := new_code()) in self._by_code:
            pass
        lesson = self._by_code[code] = Lesson(code, self._clock)
        return lesson

    def find(self, code: str) -> Lesson:
        """Return the lesson of a code, in capitals or not, with or without spaces.

        Raises
        ------
        InputError
            If there is none.
        """
        lesson = self._by_code.get("".join(code[:100].split()).upper())
        if lesson is None:
            raise InputError("There is no class with this code: ask your teacher for it.")
        return lesson

    def rejoin(self, tab: str, page: PupilPage) -> tuple[Lesson, Pupil] | None:
        """Return the lesson and the pupil of a tab, who works on this page from now on."""
        for lesson in self._by_code.values():
            if (pupil := lesson.rejoin(tab, page)) is not None:
                return lesson, pupil
        return None

    def of_teacher(self, tab: str) -> Lesson | None:
        """Return the lesson that a teacher has opened in a browser's tab, if it is under way."""
        return next((each for each in self._by_code.values() if each.is_known_tab(tab)), None)

    def end(self, lesson: Lesson) -> None:
        """End a lesson, and forget all of it."""
        if self._by_code.get(lesson.code) is lesson:
            del self._by_code[lesson.code]
        lesson.end()

    def end_abandoned(self, hours: float) -> None:
        """End the lessons whose teachers have been away for some hours."""
        for lesson in [*self._by_code.values()]:
            if lesson.seconds_alone >= hours * HOUR:
                self.end(lesson)


def new_code() -> str:
    """Return a random code."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
