"""The settings of a server that are about lessons; part of `ServerSettings`."""

from __future__ import annotations

import param


class ClassSettings(param.Parameterized):
    """Whether teachers can have pupils join a class, and for how long it is kept."""

    class_password = param.String(
        "",
        doc="Password of teachers for the page /class, where they see what their pupils train;"
        " without one there is no such page. Better set as a variable: options are visible to"
        " others.",
    )
    class_hours = param.Integer(
        3,
        bounds=(1, 24),
        doc="Hours after which a lesson is forgotten whose teacher has no page open any more.",
    )

    @property
    def has_class(self) -> bool:
        """Whether teachers can have pupils join a class."""
        return bool(self.class_password)
