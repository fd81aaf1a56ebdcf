"""A patch of Bokeh that makes models cheaper: what every model of a class begins with is kept.

Nothing is patched on import: `keep_defaults` acts where pages are served.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from bokeh.core.has_props import HasProps
from bokeh.core.property.descriptors import PropertyDescriptor

from playground.serving.patches.known_code import KnownCode, is_unchanged

IMMUTABLE = frozenset({type(None), bool, int, float, str, bytes})
"""Types of defaults that all models may share."""

find_default = PropertyDescriptor._get_default
"""Bokeh's own look-up of a default."""

KNOWN: KnownCode = (
    (find_default, "6173b5a328b1"),
    (PropertyDescriptor.has_unstable_default, "5508a3739436"),
    (HasProps._overridden_defaults.__func__, "c3b1c82a295e"),  # type: ignore[attr-defined]
    (HasProps.themed_values, "668c1fc00de3"),
)


@cache
def keep_defaults() -> None:
    """Have Bokeh look up the defaults of a class of models once, not for each model.

    Bokeh gathers the defaults of all base classes anew, and validates what it finds, for each
    property of each model that is not set. Example: a figure with ten glyphs, `figure().scatter`,
    spends a third of its time on that.
    """
    if not is_unchanged(KNOWN):
        return
    defaults: dict[tuple[Any, type[HasProps]], Any] = {}
    find_overridden = cache(HasProps._overridden_defaults.__func__)  # type: ignore[attr-defined]
    is_unstable = PropertyDescriptor.has_unstable_default
    unstable: dict[tuple[Any, type[HasProps]], bool] = {}

    def has_unstable_default(descriptor: PropertyDescriptor[Any], model: HasProps) -> bool:
        key = descriptor, type(model)
        if key not in unstable:
            unstable[key] = is_unstable(descriptor, model)
        return unstable[key]

    def get_default(descriptor: PropertyDescriptor[Any], model: HasProps) -> Any:  # noqa: ANN401
        if "__themed_values__" in model.__dict__:
            return find_default(descriptor, model)
        key = descriptor, type(model)
        if key in defaults:
            return defaults[key]
        found = find_default(descriptor, model)
        if type(found) in IMMUTABLE and not has_unstable_default(descriptor, model):
            defaults[key] = found
        return found

    def get_themed_values(model: HasProps) -> dict[str, Any] | None:
        # Bokeh asks by `getattr`, which looks for similar names before it finds none.
        return model.__dict__.get("__themed_values__")

    PropertyDescriptor._get_default = get_default  # type: ignore[method-assign, assignment]
    PropertyDescriptor.has_unstable_default = has_unstable_default  # type: ignore[method-assign, assignment]
    HasProps._overridden_defaults = classmethod(find_overridden)  # type: ignore[method-assign, assignment, arg-type]
    HasProps.themed_values = get_themed_values  # type: ignore[method-assign, assignment]
