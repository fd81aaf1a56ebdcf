"""Links to single runs: whoever has one can open a copy of the run, until its owner ends that.

A link has a token that can't be guessed. It is kept in a file beside the run, which is what makes
the link valid, and a file named after a hash of the token says where that run is.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from contextlib import suppress
from pathlib import Path

from playground.errors import InputError
from playground.runs import atomic_files
from playground.runs.ids import checked_id, is_id
from playground.runs.record import PAGES
from playground.runs.run import Run
from playground.runs.store import SHARE_SUFFIX, Store

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_NOT_VALID = (
    "This link to a run is not valid: it is incomplete, or whoever shared the run has ended that,"
    " or has deleted the run."
)


class Shares:
    """The links to runs of one folder.

    Parameters
    ----------
    runs : Path
        The folder of the runs.
    links : Path
        A folder for the links to runs of all folders. Both lie in the same folder, at any depth.
    """

    def __init__(self, runs: Path, links: Path) -> None:
        self._runs, self._links = runs, links

    def tokens(self) -> dict[str, str]:
        """Return the tokens of all runs that are shared, by the id of the run."""
        ids = [path.name.removesuffix(SHARE_SUFFIX) for path in self._runs.glob(f"*{SHARE_SUFFIX}")]
        found = {id: _read_token(self._runs, id) for id in ids if is_id(id)}
        return {id: token for id, token in found.items() if token}

    def share(self, id: str, page: str) -> str:
        """Return the token of a link to a run; the same as before if it is shared already.

        Parameters
        ----------
        id : str
        page : str
            The page on which the run was made.

        Raises
        ------
        InputError
            If `id` is not an id, or the link can't be saved.
        """
        token = _read_token(self._runs, checked_id(id)) or secrets.token_urlsafe(24)
        where = str(self._runs.relative_to(self._links.parent))
        link = json.dumps({"runs": where, "id": id, "page": page})
        atomic_files.write(_link_path(self._links, token), link.encode())
        atomic_files.write(self._runs / f"{id}{SHARE_SUFFIX}", token.encode())
        return token

    def stop(self, id: str) -> None:
        """Make the link to a run invalid for good; a later one is another one.

        Raises
        ------
        InputError
            If `id` is not an id, or the link can't be deleted.
        """
        token = _read_token(self._runs, checked_id(id))
        atomic_files.remove(self._runs / f"{id}{SHARE_SUFFIX}")
        if token:
            atomic_files.remove(_link_path(self._links, token))


def shared_page(token: str, links: Path) -> str | None:
    """Return the page of the run that a link leads to; None if the link is not valid.

    Parameters
    ----------
    token : str
        Whatever was given as one.
    links : Path
        The folder of links.
    """
    found = _find(token, links)
    return found[2] if found else None


def open_shared(token: str, links: Path) -> Run:
    """Read the run that a link leads to.

    Raises
    ------
    InputError
        If the link is not valid, or the run can't be read.
    """
    found = _find(token, links)
    if found is None:
        raise InputError(_NOT_VALID)
    return Store(found[0]).open(found[1])


def _find(token: str, links: Path) -> tuple[Path, str, str] | None:
    """Return the folder, the id and the page of the run that a valid link leads to."""
    if not _TOKEN.fullmatch(token):
        return None
    try:
        link = json.loads(_link_path(links, token).read_text())
        folder, id, page = links.parent / link["runs"], checked_id(link["id"]), link["page"]
    except (OSError, ValueError, KeyError, TypeError):  # includes InputError
        return None
    if page not in PAGES or not hmac.compare_digest(_read_token(folder, id), token):
        return None
    return folder, id, page


def _read_token(runs: Path, id: str) -> str:
    """Return the token beside a run; "" if there is none."""
    with suppress(OSError, ValueError):
        token = (runs / f"{id}{SHARE_SUFFIX}").read_text("ascii")
        if _TOKEN.fullmatch(token):
            return token
    return ""


def _link_path(links: Path, token: str) -> Path:
    return links / f"{hashlib.sha256(token.encode()).hexdigest()[:32]}.json"
