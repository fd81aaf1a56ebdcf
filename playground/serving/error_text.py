"""Errors as sentences for a person: nothing about the server that is not theirs to know."""

from __future__ import annotations

from playground.errors import InputError
from playground.serving.current_session import session_label
from playground.serving.identity.person import current_person


def error_text(error: BaseException) -> str:
    """Return the sentence about an error for the person of the current session.

    Parameters
    ----------
    error : BaseException

    Returns
    -------
    str
        The error's own words where they were written for people, and where nobody but the owner of
        the machine reads them: the fault may be in a module or data of their own. Elsewhere they
        could tell of files and people on the server, and the text only says where to look.
    """
    if isinstance(error, InputError) or current_person() is None:
        return str(error)
    return f"an error of the server, which its log knows as {session_label()}"
