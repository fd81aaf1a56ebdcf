"""Setting aside of files that can't be read: they stay as they are, and make room for new ones."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime
from pathlib import Path

log = logging.getLogger(__name__)


def set_aside(path: Path, reason: object) -> str:
    """Rename a file to `NAME.unreadable-DATE`, and log it.

    Parameters
    ----------
    path : Path
    reason : object
        Why it can't be read; for the log.

    Returns
    -------
    str
        The file's new name, without its folder; its old one if it can't be renamed.
    """
    when = datetime.now(UTC)
    for suffix in (f"{when:%Y-%m-%d}", f"{when:%Y-%m-%d-%H%M%S.%f}"):
        aside = path.with_name(f"{path.name}.unreadable-{suffix}")
        if aside.exists():
            continue
        try:
            os.rename(path, aside)
        except OSError as error:
            log.warning("%s can't be read (%s), nor renamed: %s", path, reason, error)
            return path.name
        log.warning("%s can't be read (%s); it is kept as %s.", path, reason, aside.name)
        return aside.name
    return path.name
