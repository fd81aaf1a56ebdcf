"""The settings of a server that are about people and their files; part of `ServerSettings`."""

from __future__ import annotations

import param


class PeopleSettings(param.Parameterized):
    """Whose files are whose, and which folders of the server people may use."""

    separate_people: param.Selector[str] = param.Selector(
        default="auto",
        objects=["auto", "yes", "no"],
        doc="Whether each person has runs, autosaves and corrections of their own. auto: all but"
        " the one at this machine, who is not signed in and is reached by no proxy.",
    )
    max_sessions_per_person = param.Integer(
        50,
        bounds=(1, 100_000),
        doc="Largest number of open sessions (pages in browsers) of one person.",
    )
    max_training_sessions_per_person = param.Integer(
        50,
        bounds=(1, 100_000),
        doc="Largest number of sessions of one person that train at the same time.",
    )
    max_autosaves_per_person = param.Integer(
        50,
        bounds=(1, 10_000),
        doc="Tabs of one person whose work is saved automatically; the oldest beyond it go.",
    )
    max_corrections_per_person = param.Integer(
        500, bounds=(1, 2000), doc="Largest number of corrections of one person."
    )
    max_uploads_per_hour = param.Integer(
        200, bounds=(1, 100_000), doc="Files that one person may upload within an hour."
    )
    examples_folder = param.String(
        "", doc="Folder of run files that everybody can open, and nobody can change."
    )
    dataset_folders = param.List(
        [],
        item_type=str,
        doc="Folders of image data sets that people may choose on the page Digits.",
    )
    begin_sweeps: param.Selector[str] = param.Selector(
        default="auto",
        objects=["auto", "yes", "no"],
        doc="Who may begin a sweep on the page Compare, a process that uses all cores for as long"
        " as its trials take. auto: only the one at this machine, who is not signed in and is"
        " reached by no proxy.",
    )
