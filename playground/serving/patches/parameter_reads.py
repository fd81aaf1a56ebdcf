"""A patch of Param that makes reading a parameter's value cheaper.

Nothing is patched on import: `patch_parameter_reads` acts where pages are served.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from param.parameterized import Parameter
from param.parameters import Number

from playground.serving.patches.known_code import KnownCode, is_unchanged

NUMBERS = frozenset({bool, float, int, type(None)})
"""Types of values that no function makes anew at each reading, as Param's dynamic values are."""

read_number = Number.__get__
"""Param's own reading of a number."""
# Param asks of each attribute of a parameter whether it is one that a class has yet to inherit.
attribute = object.__getattribute__

KNOWN: KnownCode = ((Parameter.__get__, "ce282641b484"), (read_number, "56bd72388a0b"))


@cache
def patch_parameter_reads() -> None:
    """Patch Param, once, if it is as it was when this was written."""
    if not is_unchanged(KNOWN):
        return
    Parameter.__get__ = read_value  # type: ignore[method-assign, assignment]
    Number.__get__ = read_plain_number  # type: ignore[method-assign, assignment]


def read_value(parameter: Parameter[Any], owner: Any, kind: type | None = None) -> Any:  # noqa: ANN401
    """Return the value of a parameter; stands in for `Parameter.__get__`.

    Example: of the 11 ms that a frame of a small network takes a server, a tenth went into the 450
    values that are read for it.
    """
    name = attribute(parameter, "name")
    if name is None:
        raise ValueError("Parameter name is not set")
    if owner is None:
        return attribute(parameter, "default")
    try:
        # Panel's configuration answers each `.` itself, which takes ten times as long.
        return attribute(owner, "__dict__")["_param__private"].values[name]
    except (AttributeError, KeyError):
        return attribute(parameter, "default")


def read_plain_number(parameter: Number[Any], owner: Any, kind: type | None = None) -> Any:  # noqa: ANN401
    """Return the value of a number; Param looks three times whether a function makes it."""
    value = read_value(parameter, owner, kind)
    return value if type(value) in NUMBERS else read_number(parameter, owner, kind)
