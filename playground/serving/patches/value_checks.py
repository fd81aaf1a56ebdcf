"""A patch of Bokeh that checks a value of a model once, not for each model that is given it.

Nothing is patched on import: `patch_checks` acts where pages are served.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from bokeh.core.property.bases import Property, validation_on

from playground.serving.patches.known_code import KnownCode, is_unchanged

PLAIN = frozenset({bool, int, str, type(None)})
"""Types of values that can't be changed, and have few different ones."""
MAX_LENGTH = 40
"""Longest text that is kept: names and sizes are, what people read is not."""
MAX_KEPT = 10_000
"""Values of properties that are kept; a page has 400."""

prepare = Property.prepare_value
"""Bokeh's own check."""

KNOWN: KnownCode = ((prepare, "8cafcfe88f92"),)

_unchanged: dict[tuple[int, type, object], Property[Any]] = {}
"""The properties that take a value as it is, by their ids, and the type of the value, and it."""


@cache
def patch_checks() -> None:
    """Patch Bokeh, once, if it is as it was when this was written.

    Bokeh goes through all types that a property may have, and what those consist of, for each value
    of each model. Example: `Div(sizing_mode="stretch_width", visible=True)` a hundred times; of the
    4,600 values of a page's models 2,500 are plain, and 400 of those are different.
    """
    if is_unchanged(KNOWN):
        Property.prepare_value = prepare_once  # type: ignore[method-assign, assignment]


def prepare_once(
    checked: Property[Any], owner: object, name: str, value: object, *, hint: object = None
) -> Any:  # noqa: ANN401 (any value of a property)
    """Return what a property makes of a value for a model.

    Parameters
    ----------
    checked : Property
    owner : HasProps
        A model, or its class.
    name : str
        Of the property, for the message of an error.
    value
    hint
        Of a change of a part of the value.

    Raises
    ------
    ValueError
        If it is not allowed.
    """
    kind = type(value)
    if kind not in PLAIN or (kind is str and len(value) > MAX_LENGTH):  # type: ignore[arg-type]
        return prepare(checked, owner, name, value, hint=hint)  # type: ignore[arg-type]
    key = id(checked), kind, value
    if key in _unchanged:
        return value
    prepared = prepare(checked, owner, name, value, hint=hint)  # type: ignore[arg-type]
    # What asks its model, makes another value or reads a file may find something else next time.
    if prepared is value and not checked.assertions and validation_on():
        if len(_unchanged) >= MAX_KEPT:
            _unchanged.clear()
        _unchanged[key] = checked
    return prepared
