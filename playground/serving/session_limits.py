"""How many sessions there may be, and train: in all, and of one person.

Of several workers all count, as they last reported: those who come within a quarter of a second may
be some more.
"""

from __future__ import annotations

from playground.serving.sessions import BrowserSession, open_sessions
from playground.serving.settings.server_settings import server_settings
from playground.serving.workers.worker_group import worker_group

FULL = (
    "There is no room at present: as many people are here as this server admits. Reload the page"
    " in a few minutes."
)
FULL_FOR_PERSON = (
    "You have as many pages open as this server admits for one person: close one, and reload this"
    " page."
)
TOO_MANY_TRAIN = (
    "The server trains as many networks as its operator allows. Press Play again in a few minutes."
)
TOO_MANY_OF_PERSON = (
    "You train as many networks at the same time as this server allows one person: pause one in"
    " another tab."
)


def is_full() -> bool:
    """Whether the server has as many sessions as its operator allows, each with its browser."""
    here = sum(each.is_admitted and each.is_connected for each in open_sessions())
    return here + sessions_elsewhere() >= server_settings().max_sessions


def admit(session: BrowserSession, owner: str) -> str:
    """Let a session have a page; return why it may not, or "".

    Where there are too many sessions, the one goes whose browser has been away for longest: of the
    same person, if it is a person's limit.

    Parameters
    ----------
    session : BrowserSession
    owner : str
        Whose page it is; "" if people are not told apart.
    """
    settings = server_settings()
    if owner and not _has_room(settings.max_sessions_per_person, owner):
        return FULL_FOR_PERSON
    if not _has_room(settings.max_sessions):
        return FULL
    session.is_admitted, session.owner = True, owner
    return ""


def _has_room(most: int, owner: str = "") -> bool:
    """Whether there are fewer sessions than so many; makes room if one's browser is away."""
    admitted = [
        each
        for each in open_sessions()
        if each.is_admitted and not each.is_leaving and owner in ("", each.owner)
    ]
    if len(admitted) + sessions_elsewhere(owner) < most:
        return True
    away = max(admitted, key=lambda each: each.seconds_disconnected, default=None)
    if away is None or away.is_connected:
        return False
    away.expire()
    return True


def sessions_elsewhere(owner: str = "") -> int:
    """Return how many sessions other workers have, each with its browser."""
    group = worker_group()
    return 0 if group is None else group.pages_elsewhere(owner)


def training_refusal(session: BrowserSession) -> str:
    """Return why a session may not begin to train a network now; "" if it may."""
    settings, group, owner = server_settings(), worker_group(), session.owner
    others = [each.owner for each in open_sessions() if each is not session and each.is_training]
    elsewhere = 0 if group is None else group.training_elsewhere()
    if len(others) + elsewhere >= settings.max_training_sessions:
        return TOO_MANY_TRAIN
    elsewhere = 0 if group is None else group.training_elsewhere(owner)
    if owner and others.count(owner) + elsewhere >= settings.max_training_sessions_per_person:
        return TOO_MANY_OF_PERSON
    return ""
