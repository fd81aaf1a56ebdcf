"""The state of lessons: who takes part, what each pupil trains, and what the teacher asks for.

Everything is in memory, and forgotten with the lesson. All of it is used on one event loop.
"""

from playground.classroom.lesson import Lesson
from playground.classroom.lessons import Lessons
from playground.classroom.nicknames import MAX_NICKNAME_LENGTH, clean_nickname
from playground.classroom.pupil import Pupil, PupilPage, PupilState
from playground.classroom.results import results_csv
from playground.classroom.work import Activity, ShownWork, Work

__all__ = [
    "MAX_NICKNAME_LENGTH",
    "Activity",
    "Lesson",
    "Lessons",
    "Pupil",
    "PupilPage",
    "PupilState",
    "ShownWork",
    "Work",
    "clean_nickname",
    "results_csv",
]
