"""Setting of parameters that keep their values nine times of ten."""

from __future__ import annotations

import param


def set_changed(component: param.Parameterized, **values: object) -> None:
    """Set those parameters of a component whose values are others.

    Param and Panel take as long to set a value that a parameter has already as to set another one.
    """
    for name, value in values.items():
        if getattr(component, name) != value:
            setattr(component, name, value)
