"""The secret with which the cookies of people are signed, the same after a restart."""

from __future__ import annotations

import logging
import os
import secrets
from contextlib import suppress
from functools import cache
from pathlib import Path

from playground.unreadable_files import set_aside

FILE_NAME = ".cookie-secret"
SECRET_BYTES = 32

log = logging.getLogger(__name__)


@cache
def cookie_secret(folder: Path) -> str:
    """Return the secret that is kept in a folder, and make one if there is none.

    Where it can't be kept it lasts as long as the process, which the log says.
    """
    path = folder / FILE_NAME
    try:
        if not path.exists():
            _create(path)
        secret = path.read_text("ascii")
        if len(secret) < 2 * SECRET_BYTES:
            set_aside(path, "it is too short")
            _create(path)
            secret = path.read_text("ascii")
    except (OSError, ValueError) as error:
        log.warning(
            "The secret for cookies can't be kept in %s (%s): after a restart people will not find"
            " their work again.",
            folder,
            error,
        )
        return secrets.token_hex(SECRET_BYTES)
    return secret


def _create(path: Path) -> None:
    """Write a secret whole or not at all, and leave one that another process has just written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{FILE_NAME}.{secrets.token_hex(8)}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(SECRET_BYTES))
        with suppress(FileExistsError):
            os.link(part, path)
    finally:
        part.unlink(missing_ok=True)
