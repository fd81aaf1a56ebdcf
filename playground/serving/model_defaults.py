"""A patch of Bokeh that remembers what the defaults of each class of models are.

Bokeh works them out for each property of each model that it makes, and again when it sends it,
although they differ from class to class only (https://github.com/bokeh/bokeh/pull/13174 tells of
the cost). To see it, profile `Document.to_json` with a hundred models of `bokeh.models.Button`.
Opening a page, which makes 700 models, takes a quarter less time with what is remembered here.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from bokeh.core.has_props import HasProps
from bokeh.core.property.descriptors import PropertyDescriptor

_IMMUTABLE = (str, int, float, bool, type(None))

Descriptor = PropertyDescriptor[Any]
_instance_default = PropertyDescriptor.instance_default
_has_unstable_default = PropertyDescriptor.has_unstable_default


@cache
def remember_defaults() -> None:
    """Patch Bokeh in this process, once."""
    overridden: Any = cache(HasProps._overridden_defaults.__func__)  # type: ignore[attr-defined]
    patches: dict[type, dict[str, Any]] = {
        HasProps: {"_overridden_defaults": classmethod(overridden)},
        PropertyDescriptor: {
            "has_unstable_default": has_unstable_default,
            "instance_default": instance_default,
        },
    }
    for cls, methods in patches.items():
        for name, method in methods.items():
            setattr(cls, name, method)


def has_unstable_default(descriptor: Descriptor, model: HasProps | type[HasProps]) -> bool:
    """Return whether each model has a default of its own, such as an empty list."""
    return _is_unstable(descriptor, model if isinstance(model, type) else type(model))


def instance_default(descriptor: Descriptor, model: HasProps) -> Any:  # noqa: ANN401 (any property's)
    """Return the default of a model's property."""
    themed = model.themed_values()
    if themed is not None and descriptor.name in themed:
        return _instance_default(descriptor, model)
    known = _shared_defaults(type(model))
    if descriptor.name in known:
        return known[descriptor.name]
    value = _instance_default(descriptor, model)
    if type(value) in _IMMUTABLE and not _is_unstable(descriptor, type(model)):
        known[descriptor.name] = value
    return value


@cache
def _shared_defaults(_cls: type[HasProps]) -> dict[str, Any]:
    """Immutable defaults that all models of a class share, by property, as far as asked for."""
    return {}


@cache
def _is_unstable(descriptor: Descriptor, cls: type[HasProps]) -> bool:
    return _has_unstable_default(descriptor, cls)  # type: ignore[arg-type]
