"""A patch of Bokeh that makes models cheaper: what every model of a class begins with is kept.

Nothing is patched on import: `keep_defaults` acts where pages are served.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from bokeh.core.has_props import HasProps
from bokeh.core.property.descriptors import PropertyDescriptor
from bokeh.core.property.singletons import Intrinsic, Undefined
from bokeh.core.property.wrappers import PropertyValueContainer

from playground.serving.patches.known_code import KnownCode, is_unchanged

IMMUTABLE = frozenset({type(None), bool, int, float, str, bytes})
"""Types of defaults that all models may share."""

EMPTY = frozenset({dict, list})
"""Types of values that are given to most models though they are empty, as they are at first."""

find_default = PropertyDescriptor._get_default
"""Bokeh's own look-up of a default."""
values_of = HasProps.query_properties_with_values
"""Bokeh's own search for the values of a model."""

Descriptor = PropertyDescriptor[Any]

_made_at_first: dict[type[HasProps], tuple[Descriptor, ...]] = {}

KNOWN: KnownCode = (
    (find_default, "6173b5a328b1"),
    (PropertyDescriptor.has_unstable_default, "5508a3739436"),
    (HasProps._overridden_defaults.__func__, "c3b1c82a295e"),  # type: ignore[attr-defined]
    (HasProps.themed_values, "668c1fc00de3"),
    (HasProps.__init__, "8184f3bb9444"),
    (values_of, "e864a09d3846"),
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
    HasProps.__init__ = begin_without_containers  # type: ignore[method-assign, assignment]
    HasProps.query_properties_with_values = values_that_are_set  # type: ignore[method-assign, assignment]


def begin_without_containers(model: HasProps, **properties: Any) -> None:
    """Make a model without the lists, dicts and sets that it begins with; they are made when read.

    Bokeh makes four for each model, `tags` and three for callbacks, with a dict and a set of owners
    each. They are sent to no browser before something is put into them. Example: of a page of 500
    models these were 2.2 of 7.4 MiB.
    """
    super(HasProps, model).__init__()
    model._property_values = {}
    model._unstable_default_values = {}
    model._unstable_themed_values = {}
    kind = type(model)
    for name, value in properties.items():
        if value is Undefined or value is Intrinsic:
            continue
        if type(value) in EMPTY and not value and empty_at_first(kind, name) is type(value):
            continue  # Bokeh makes the default, finds that it is the same, and keeps that.
        setattr(model, name, value)
    if kind not in _made_at_first:
        _made_at_first[kind] = tuple(filter(partial(is_made_at_first, model), kind.descriptors()))
    for descriptor in _made_at_first[kind]:
        if descriptor.name not in properties:
            descriptor._get(model)
    model._initialized = True


@cache
def empty_at_first(kind: type[HasProps], name: str) -> type | None:
    """Return which empty container a property of a class of models begins with; None if none."""
    descriptor = kind.lookup(name, raises=False)
    default = None if descriptor is None else descriptor.class_default(kind)
    return next((each for each in EMPTY if isinstance(default, each) and not default), None)


def is_made_at_first(model: HasProps, descriptor: Descriptor) -> bool:
    """Whether each model needs a value of its own at once, which other models are, for the most."""
    return descriptor.has_unstable_default(model) and not isinstance(
        descriptor.instance_default(model), PropertyValueContainer
    )


def values_that_are_set(
    model: HasProps,
    query: Callable[[Descriptor], bool],
    *,
    include_defaults: bool = True,
    include_undefined: bool = False,
) -> dict[str, Any]:
    """Return the values of a model that are no defaults, unless others are asked for too.

    Bokeh reads all values and then leaves most of them out. Example: a tenth of the time in which
    a page is opened goes into reading the 60 values of each of its models, of which 8 are sent.
    """
    if include_defaults or include_undefined:
        return values_of(
            model, query, include_defaults=include_defaults, include_undefined=include_undefined
        )
    unstable, themed = model._unstable_default_values, model.themed_values() or {}
    chosen = model._property_values.keys() | unstable.keys() | themed.keys()
    found: dict[str, Any] = {}
    for name in model.properties(_with_props=True):
        descriptor = model.lookup(name) if name in chosen else None
        if descriptor is None or not query(descriptor):
            continue
        value = descriptor.get_value(model)
        is_first = isinstance(value, PropertyValueContainer) and name in unstable
        if name in themed or not is_first:
            found[name] = value
    return found
