"""Where the files of a session's person are: runs, autosaves and corrections."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playground.runs import Autosaves, Examples, Quota, Shares, Store, default_folder
from playground.runs.autosaves import MAX_FILES
from playground.runs.quota import MB
from playground.serving.identity.person import current_person, install_cookie
from playground.serving.settings.server_settings import server_settings
from playground.training.images.corrections.corrections import MAX_CORRECTIONS
from playground.training.images.corrections.storage import default_path

PEOPLE = "people"
"""Folder beside the runs of the local user, with a folder for each person."""
LINKS = "links"
"""Folder beside it for the links to runs that people share."""
EXAMPLES_INDEX = ".examples.sqlite3"


@dataclass(frozen=True, slots=True)
class PersonFiles:
    """The files of one person.

    Attributes
    ----------
    runs : Path
        The folder of runs and autosaves.
    corrections : Path
        The file of corrections.
    quota : Quota or None
        None for the local user, whose own disk it is.
    is_lasting : bool
        Whether the person finds the files again in the next session.
    max_autosaves, max_corrections : int
    """

    runs: Path
    corrections: Path
    quota: Quota | None = None
    is_lasting: bool = True
    max_autosaves: int = MAX_FILES
    max_corrections: int = MAX_CORRECTIONS

    @property
    def store(self) -> Store:
        """The saved runs."""
        return Store(self.runs, self.quota)

    @property
    def shares(self) -> Shares | None:
        """The links to single runs; None where there is nobody else to share them with."""
        return None if self.quota is None else Shares(self.runs, links_folder())

    @property
    def autosaves(self) -> Autosaves:
        """The work that was saved automatically."""
        return Autosaves(self.runs, self.quota, self.max_autosaves)


def prepare_people() -> None:
    """Have the server know browsers by a cookie from now on; called where pages are made."""
    install_cookie(default_folder())


def person_files() -> PersonFiles:
    """Return where the files of the current session's person are; see `prepare_people`."""
    everything = default_folder()
    person = current_person()
    if person is None:
        return PersonFiles(everything, default_path())
    settings = server_settings()
    everybody = everything / PEOPLE
    folder = everybody / person.folder_name
    quota = Quota(
        folder,
        everybody,
        settings.max_runs_per_person,
        settings.max_mb_per_person * MB,
        settings.max_mb_total * MB,
    )
    return PersonFiles(
        folder / "runs",
        folder / "corrections.npz",
        quota,
        person.is_lasting,
        settings.max_autosaves_per_person,
        settings.max_corrections_per_person,
    )


def examples() -> Examples | None:
    """Return the runs that the operator of the server offers to everybody, if there are any."""
    folder = server_settings().examples_folder
    if not folder:
        return None
    return Examples(Path(folder).expanduser(), default_folder() / EXAMPLES_INDEX)


def links_folder() -> Path:
    """Return the folder of the links to runs of all people."""
    return default_folder() / LINKS
