"""The field for the folder of the pictures: free text at the machine itself, else a choice."""

from __future__ import annotations

from pathlib import Path

import panel as pn
import param

from playground.pages.controls.fields.parameter_fields import field, setting_tags
from playground.problems.digits import Digits

DEFAULT = "default folder"


def folder_field(
    problem: Digits, allowed: list[str], *, is_local: bool
) -> pn.widgets.Widget | None:
    """Make the field; None if no folder may be chosen.

    Parameters
    ----------
    problem : Digits
    allowed : list of str
        The folders that the operator of the server offers. A browser is told their names, and
        neither where they are nor whether they exist.
    is_local : bool
        Whether the person is at the machine itself, and without such a list may name any folder.
    """
    if allowed:
        return _choice(problem, _named_folders(allowed))
    return field(problem, "folder", placeholder=DEFAULT) if is_local else None


def _named_folders(folders: list[str]) -> dict[str, str]:
    """Return folders by different names: their own, with a number where that is taken."""
    named = {DEFAULT: ""}
    for folder in folders:
        name = Path(folder).name or folder
        taken = sum(each == name or each.startswith(f"{name} (") for each in named)
        named[f"{name} ({taken + 1})" if taken else name] = folder
    return named


def _choice(problem: Digits, folders: dict[str, str]) -> pn.widgets.Select:
    names = {folder: name for name, folder in reversed(folders.items())}
    select = pn.widgets.Select(
        name=str(problem.param.folder.label),
        options=list(folders),
        value=names.get(problem.folder, DEFAULT),
        sizing_mode="stretch_width",
        margin=0,
        tags=setting_tags(problem, "folder"),
    )

    def to_problem(event: param.parameterized.Event) -> None:
        problem.folder = folders.get(event.new, "")

    def from_problem(event: param.parameterized.Event) -> None:
        select.value = names.get(event.new, DEFAULT)

    select.param.watch(to_problem, "value")
    problem.param.watch(from_problem, "folder")
    return select
