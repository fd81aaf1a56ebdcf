"""What an operator should know of the settings before others are let in."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

from playground.errors import InputError
from playground.serving.settings.server_settings import (
    OTHER_VARIABLES,
    PREFIX,
    ServerSettings,
    variable_of,
)
from playground.training.remote.address import LOCAL

MIN_SECRET_LENGTH = 32
MIN_PASSWORD_LENGTH = 10


def check_authentication(settings: ServerSettings, environment: Mapping[str, str]) -> None:
    """Check that people can sign in, where they must.

    Parameters
    ----------
    settings : ServerSettings
    environment : mapping of str to str
        With the variables of Panel.

    Raises
    ------
    InputError
        If a file or a variable is missing without which nobody could sign in.
    """
    if sentence := _authentication_fault(settings, environment):
        raise InputError(sentence)


def operator_warnings(settings: ServerSettings, environment: Mapping[str, str]) -> list[str]:
    """Return what an operator should know before others are let in, a sentence each.

    Parameters
    ----------
    settings : ServerSettings
    environment : mapping of str to str
        Searched for misspelt variables.
    """
    secret, password = len(settings.secret_key), len(settings.class_password)
    fault, workers = _authentication_fault(settings, environment), workers_fault(settings)
    sentences = {
        f"host is {settings.host or 'empty, which is every address'}: everybody who reaches this"
        " machine can use it, because authentication is none.": settings.is_public
        and settings.authentication == "none",
        "behind_proxy is off: what is typed, passwords too, is sent without TLS.": (
            settings.is_public and not settings.behind_proxy
        ),
        fault: bool(fault),
        workers: bool(workers),
        f"users_file {settings.users_file!r} can be read by other users of this machine: mode 0600"
        " keeps its passwords from them.": _others_read(settings.users_file),
        **dict.fromkeys(_variables_of_libraries(settings, environment), True),
        "behind_proxy is on, and allow_origin names nothing: browsers that know the server by a"
        " name are refused.": settings.behind_proxy and not settings.allow_origin,
        "secret_key is not set: a restart ends every session, and signs everybody out.": not secret,
        f"secret_key has {secret} characters: at least {MIN_SECRET_LENGTH} can't be guessed.": (
            0 < secret < MIN_SECRET_LENGTH
        ),
        f"class_password has {password} characters: at least {MIN_PASSWORD_LENGTH} are hard to"
        " guess.": settings.has_class and password < MIN_PASSWORD_LENGTH,
        "allow_origin is *: other sites can use what visitors are signed in to.": (
            "*" in settings.allow_origin
        ),
        "separate_people is no: everybody can open, rename and delete the runs of all.": (
            settings.is_public and settings.separate_people == "no"
        ),
        **dict.fromkeys(_missing_folders(settings), True),
        "train_on is set, but dask.distributed is not installed: every page trains its own"
        " network.": bool(settings.train_on) and find_spec("distributed") is None,
        "metrics is all: everybody can read how many people are here.": settings.metrics == "all",
        **dict.fromkeys(_ineffective_quotas(settings), True),
        **dict.fromkeys(_unknown_variables(settings, environment), True),
    }
    return [sentence for sentence, applies in sentences.items() if applies]


def _authentication_fault(settings: ServerSettings, environment: Mapping[str, str]) -> str:
    """Return what is missing for people to sign in; "" if nothing is."""
    if settings.authentication == "basic" and not Path(settings.users_file).is_file():
        return f"users_file is {settings.users_file!r}, which is no file: nobody can sign in."
    if settings.authentication == "basic":
        return _users_fault(Path(settings.users_file))
    # A variable that is set to nothing counts as not set.
    if settings.authentication == "oauth" and not environment.get("PANEL_OAUTH_PROVIDER"):
        return "PANEL_OAUTH_PROVIDER is not set: nobody can sign in by OAuth."
    return ""


def workers_fault(settings: ServerSettings) -> str:
    """Return why several processes can't serve with these settings; "" if they can."""
    if settings.workers == 1:
        return ""
    if settings.has_class:
        return (
            f"workers is {settings.workers}, and class_password is set: a lesson is kept in the"
            " memory of one process. Leave one of them out."
        )
    if settings.train_on == LOCAL:
        return (
            f"workers is {settings.workers}, and train_on is local: each of them would start "
            "workers of its own. Start a scheduler with `dask scheduler`, and give its address."
        )
    return ""


def _users_fault(path: Path) -> str:
    """Return why nobody can sign in by a file of names and passwords; "" if somebody can."""
    try:
        users = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return f"users_file {str(path)!r} can't be read ({error}): nobody can sign in."
    if not isinstance(users, dict) or not all(isinstance(each, str) for each in users.values()):
        return f"users_file {str(path)!r} is no JSON object of names and passwords."
    return ""


def _others_read(path: str) -> bool:
    """Whether a file can be read by those who don't own it."""
    return bool(path) and Path(path).is_file() and bool(Path(path).stat().st_mode & stat.S_IROTH)


def _variables_of_libraries(
    settings: ServerSettings, environment: Mapping[str, str]
) -> Iterator[str]:
    """Yield what variables of Bokeh and Panel change, which no setting here shows."""
    if allowed := environment.get("BOKEH_ALLOW_WS_ORIGIN"):
        yield f"BOKEH_ALLOW_WS_ORIGIN is set: {allowed} counts as allow_origin too."
    for variable in ("PANEL_BASIC_AUTH", "PANEL_OAUTH_PROVIDER"):
        if environment.get(variable) and settings.authentication == "none":
            yield f"{variable} is set, but authentication is none: nobody need sign in."


def _missing_folders(settings: ServerSettings) -> Iterator[str]:
    for folder in filter(None, [settings.examples_folder, *settings.dataset_folders]):
        if not Path(folder).expanduser().is_dir():
            yield f"There is no folder {folder!r}, which a setting names."


def _ineffective_quotas(settings: ServerSettings) -> Iterator[str]:
    for name in ("max_mb_total", "max_mb_per_person"):
        if getattr(settings, name) == settings.param[name].bounds[1]:
            yield f"{name} is at its largest: there is in effect no quota."


def _unknown_variables(settings: ServerSettings, environment: Mapping[str, str]) -> Iterator[str]:
    known = {variable_of(name) for name in settings.names} | OTHER_VARIABLES
    for variable in sorted(environment):
        if variable.startswith(PREFIX) and variable not in known:
            yield f"{variable} is set, but there is no such setting."
