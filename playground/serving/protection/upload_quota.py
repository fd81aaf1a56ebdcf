"""How many files one person may upload within an hour."""

from __future__ import annotations

import time
from collections import deque

from playground.errors import InputError
from playground.serving.identity.person import current_person
from playground.serving.settings.server_settings import server_settings

HOUR = 3600.0

_uploads: dict[str, deque[float]] = {}
"""When each person has uploaded within the last hour."""


def count_upload() -> None:
    """Count an upload by the person of the current session; the local user's are not counted.

    Raises
    ------
    InputError
        If it is one too many.
    """
    person = current_person()
    if person is None:
        return
    now, limit = time.monotonic(), server_settings().max_uploads_per_hour
    for name, times in list(_uploads.items()):
        while times and now - times[0] >= HOUR:
            times.popleft()
        if not times:
            del _uploads[name]
    times = _uploads.setdefault(person.folder_name, deque())
    if len(times) >= limit:
        minutes = (HOUR - (now - times[0])) / 60
        raise InputError(
            f"You have uploaded {limit:,} files within an hour, which is the most here; the next"
            f" one is possible in {minutes:.0f} minutes."
        )
    times.append(now)
