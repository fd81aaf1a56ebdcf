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
MAX_ITEMS = 300
"""Longest list of such texts that is kept: palettes and CSS classes are."""
MAX_LISTS = 500
"""Such lists that are kept; a page has 100."""
MAX_KEPT = 10_000
"""Other values of properties that are kept; a page has 400."""

prepare = Property.prepare_value
"""Bokeh's own check."""

KNOWN: KnownCode = ((prepare, "8cafcfe88f92"),)


class CheckedList(list[Any]):
    """A list of which each model gets a copy, all of whose items are values of models already."""


Key = tuple[int, type, object]
_unchanged: dict[Key, Property[Any]] = {}
"""The properties that take a value as it is, by their ids, and the type of the value, and it."""
_unchanged_lists: dict[Key, Property[Any]] = {}
"""The same for lists of texts, of which fewer are kept: they may come from people, and be long."""


@cache
def patch_checks() -> None:
    """Patch Bokeh, once, if it is as it was when this was written.

    Bokeh goes through all types that a property may have, and what those consist of, for each value
    of each model. Example: `Div(sizing_mode="stretch_width", visible=True)` a hundred times; of the
    4,600 values of a page's models 2,500 are plain, and 400 of those are different. Of a palette it
    reads each colour anew: of `LinearColorMapper(palette="Viridis256")` that is nearly all.
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
    if kind is CheckedList:
        return checked.wrap(value)
    key = key_of(checked, kind, value)
    if key is None:
        return prepare(checked, owner, name, value, hint=hint)  # type: ignore[arg-type]
    kept, most = (_unchanged_lists, MAX_LISTS) if kind is list else (_unchanged, MAX_KEPT)
    if key in kept:
        return checked.wrap(value) if kind is list else value
    prepared = prepare(checked, owner, name, value, hint=hint)  # type: ignore[arg-type]
    is_same = prepared == value if kind is list else prepared is value
    # What asks its model, makes another value or reads a file may find something else next time.
    if is_same and not checked.assertions and validation_on():
        if len(kept) >= most:
            kept.clear()
        kept[key] = checked
    return prepared


def key_of(checked: Property[Any], kind: type, value: Any) -> Key | None:  # noqa: ANN401
    """Return by what a value of a property is found again; None if it is not to be kept."""
    if kind is list:
        texts = 0 < len(value) <= MAX_ITEMS and all(map(is_short_text, value))
        return (id(checked), kind, tuple(value)) if texts else None
    if kind not in PLAIN or (kind is str and len(value) > MAX_LENGTH):
        return None
    return id(checked), kind, value


def is_short_text(value: object) -> bool:
    """Whether a value is a text that is kept."""
    return type(value) is str and len(value) <= MAX_LENGTH
