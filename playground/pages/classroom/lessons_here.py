"""The lessons of this process, and the limits on guessing their codes and the password."""

from __future__ import annotations

import hmac

from playground.classroom import Lesson, Lessons
from playground.errors import InputError
from playground.serving.protection.guess_limit import GuessLimit, visitor_address
from playground.serving.settings.server_settings import server_settings

lessons = Lessons()
"""The lessons under way; nothing of them outlives the process."""

MAX_WRONG_CODES = 60
"""Wrong codes a minute from one address: a whole class may have one, and mistypes."""
MAX_WRONG_PASSWORDS = 10
"""Wrong passwords a minute from one address."""

_codes = GuessLimit("codes", MAX_WRONG_CODES)
_passwords = GuessLimit("passwords", MAX_WRONG_PASSWORDS)


def lesson_of_code(code: str) -> Lesson:
    """Return the lesson of a code that was typed in.

    Raises
    ------
    InputError
        If there is none, or too many codes were tried.
    """
    address = visitor_address()
    _codes.check(address)
    try:
        return lessons.find(code)
    except InputError:
        _codes.count(address)
        raise


def check_password(password: str) -> None:
    """Check a teacher's password.

    Raises
    ------
    InputError
        If it is wrong, or too many were tried.
    """
    address = visitor_address()
    _passwords.check(address)
    expected = server_settings().class_password
    # JSON may hold half a character, which has no bytes of its own.
    given = password.encode(errors="surrogatepass")
    if not expected or not hmac.compare_digest(given, expected.encode()):
        _passwords.count(address)
        raise InputError("This is not the password: ask whoever runs the server.")
