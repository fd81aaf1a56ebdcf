"""What an operator should know of the settings before others are let in."""

from __future__ import annotations

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
    fault = _authentication_fault(settings, environment)
    sentences = {
        f"host is {settings.host}: everybody who reaches this machine can use it, because"
        " authentication is none.": settings.is_public and settings.authentication == "none",
        "behind_proxy is off: what is typed, passwords too, is sent without TLS.": (
            settings.is_public and not settings.behind_proxy
        ),
        fault: bool(fault),
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
    # A variable that is set to nothing counts as not set.
    if settings.authentication == "oauth" and not environment.get("PANEL_OAUTH_PROVIDER"):
        return "PANEL_OAUTH_PROVIDER is not set: nobody can sign in by OAuth."
    return ""


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
