"""Patches of Param and Panel that make the components of a page cheaper to construct.

A page has about 450 of them. Each names the smallest example that shows the cost. Nothing is
patched on import: `patch_construction` acts where pages are served.
"""

from __future__ import annotations

from copy import copy
from functools import cache
from typing import Any

from panel.reactive import Reactive
from panel.viewable import Child
from param import parameterized
from param._utils import MUTABLE_TYPES
from param.parameterized import Parameter, Parameterized, Parameters

from playground.serving.patches.known_code import KnownCode, is_unchanged

PLAIN = frozenset({bool, bytes, float, int, str, type(None)})
"""Types of values that are no references, and hold none."""

MUTABLE = (list, dict, set, *MUTABLE_TYPES)
"""Types of values of which each copy of a parameter has its own; the usual ones come first."""

construct = Reactive.__init__
resolve_reference = Parameters._resolve_ref
instantiate_parameter = parameterized._instantiate_param_obj

KNOWN: KnownCode = (
    (construct, "b74bc2021120"),
    (resolve_reference, "27319dacbd74"),
    (instantiate_parameter, "2bf762d389d2"),
)


@cache
def patch_construction() -> None:
    """Patch Param and Panel, once, if they are as they were when this was written."""
    if not is_unchanged(KNOWN):
        return
    Reactive.__init__ = construct_reactive  # type: ignore[assignment, method-assign]
    Parameters._resolve_ref = resolve_value  # type: ignore[assignment, method-assign]
    parameterized._instantiate_param_obj = copy_parameter  # type: ignore[assignment]


def construct_reactive(component: Reactive, refs: object = None, **params: Any) -> None:
    """Allow references for the parameters of a component's class once, not for each component.

    Example: making a hundred times `pn.Column()` sets 2,400 attributes of the same 24 parameters.
    """
    if refs is not None:
        construct(component, refs, **params)
        return
    allow_references(type(component), len(component.param._cls_parameters))
    super(Reactive, component).__init__(**params)


@cache
def allow_references(kind: type[Parameterized], count: int) -> None:
    """Let all parameters of a class be given as references, as Panel does.

    Parameters
    ----------
    kind : type
    count : int
        Number of the class's parameters: one that is added later is seen to as well.
    """
    private = kind._param__private
    for name, parameter in kind.param.objects("existing").items():
        if name not in private.explicit_no_refs and not isinstance(parameter, Child):
            parameter.allow_refs = True


def copy_parameter(parameter: Parameter[Any], owner: Parameterized | None = None) -> Parameter[Any]:
    """Return a component's own copy of a parameter of its class.

    Param asks of each of the 20 attributes of such a copy three times whether it is inherited.
    Example: a page has 1,200 of these copies, which are a tenth of the time to open it.
    """
    kind: Any = type(parameter)
    copied: Parameter[Any] = kind.__new__(kind)
    for name in kind._all_slots_:
        value = object.__getattribute__(parameter, name)
        if type(value) not in PLAIN and name != "default" and isinstance(value, MUTABLE):
            value = copy(value)
        object.__setattr__(copied, name, value)
    object.__setattr__(copied, "owner", owner)
    object.__setattr__(copied, "watchers", {})
    return copied


def resolve_value(
    parameters: Parameters, parameter: Parameter[Any], value: object
) -> tuple[Any, Any, Any, bool]:
    """Return what a parameter is given; a plain value isn't searched for references.

    Example: `pn.Column(width=30, margin=4, sizing_mode="fixed")` asks of each of the three values
    whether it is a coroutine, a generator, a widget or a bound function.
    """
    if type(value) in PLAIN:
        return None, None, value, False
    found: tuple[Any, Any, Any, bool] = resolve_reference(parameters, parameter, value)
    return found
