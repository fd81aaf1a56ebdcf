"""One choice of a page: a parameter, or whatever else can be read and set like one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

import param

from playground.settings.kinds import Kind, Maybe, OneOf, Real, Switch, Whole, Words
from playground.settings.lists import MOST_ITEMS, Several, SomeOf

ITEMS: dict[Any, Kind] = {int: Whole(None, None), float: Real(None, None), str: Words()}
"""Kinds of the items of lists, by their type."""

Renamed = Mapping[str, str | None]
"""Public names by a parameter's own, where they differ; None where it is no setting."""


class Choice(Protocol):
    """Something that can be chosen, under a name of its own."""

    @property
    def name(self) -> str:
        """What it is called in public."""

    @property
    def kind(self) -> Kind:
        """What it can be at the moment."""

    @property
    def owner(self) -> param.Parameterized:
        """Whose change it is."""

    @property
    def value(self) -> Any:  # noqa: ANN401 (what JSON can hold)
        """What it is at the moment, as JSON can hold it."""

    def put(self, value: Any) -> None:  # noqa: ANN401
        """Set it to a value that its kind allows; ValueError where something else forbids it."""

    def watch(self, call: Callable[[], None]) -> None:
        """Have a function called whenever it changes."""


Choices = tuple[Choice, ...]


class Parameter:
    """A parameter as a choice.

    Parameters
    ----------
    owner : Parameterized
    own_name : str
        The parameter's.
    name : str
        What it is called in public.
    """

    def __init__(self, owner: param.Parameterized, own_name: str, name: str) -> None:
        self.owner, self.own_name, self.name = owner, own_name, name

    @property
    def kind(self) -> Kind:
        """What its declaration says; its bounds may change with time."""
        kind = kind_of(self.owner, self.own_name)
        assert kind is not None, "choices_of has left such parameters out"
        return kind

    @property
    def value(self) -> Any:  # noqa: ANN401
        """What it is, with lists for tuples."""
        value = getattr(self.owner, self.own_name)
        return list(value) if isinstance(value, list | tuple) else value

    def put(self, value: Any) -> None:  # noqa: ANN401
        """Set the parameter."""
        parameter = self.owner.param[self.own_name]
        # What is offered may lag behind what it depends on, which may have just been set.
        if isinstance(self.kind, OneOf) and value not in list(parameter.objects):
            parameter.objects = [*parameter.objects, value]
        setattr(self.owner, self.own_name, value)

    def watch(self, call: Callable[[], None]) -> None:
        """Have a function called whenever the parameter changes."""
        self.owner.param.watch(lambda _event: call(), self.own_name)


def choices_of(owner: param.Parameterized, renamed: Renamed) -> Iterator[Parameter]:
    """All parameters of an owner that are settings, in the order of their declaration.

    Those are left out that are constant, or hidden by a negative precedence, or hold what text
    cannot say.
    """
    for own_name in owner.param:
        parameter, name = owner.param[own_name], renamed.get(own_name, own_name)
        fixed = own_name == "name" or parameter.constant or parameter.readonly
        hidden = parameter.precedence is not None and parameter.precedence < 0
        if name is not None and not fixed and not hidden and kind_of(owner, own_name) is not None:
            yield Parameter(owner, own_name, name)


def kind_of(owner: param.Parameterized, name: str) -> Kind | None:
    """What a parameter can be; None if text cannot say it."""
    parameter = owner.param[name]
    kind = _sure_kind(parameter, type(owner).param[name], getattr(owner, name))
    return Maybe(kind) if kind is not None and parameter.allow_None else kind


def _sure_kind(parameter: Any, declared: Any, value: object) -> Kind | None:  # noqa: ANN401
    bounds: Any = getattr(parameter, "bounds", None) or (None, None)
    match parameter:
        case param.Selector():
            offered = OneOf((*dict.fromkeys([*declared.objects, *parameter.objects]),))
            return SomeOf(offered) if isinstance(parameter, param.ListSelector) else offered
        case param.Event():
            return None
        case param.Boolean():
            return Switch()
        case param.Integer():
            return Whole(*bounds)
        case param.Number():
            return Real(*bounds)
        case param.String():
            return Words()
        case param.List():
            item = ITEMS.get(parameter.item_type, Maybe(Words()))
            return Several(item, bounds[1] or MOST_ITEMS)
        case _:
            return _kind_of_numbers(value)


def _kind_of_numbers(value: object) -> Kind | None:
    """What a tuple of numbers can be: other numbers of that sort."""
    if not isinstance(value, tuple) or not value:
        return None
    if all(type(each) is int for each in value):
        return Several(Whole(None, None), MOST_ITEMS)
    if all(type(each) is float for each in value):
        return Several(Real(None, None), MOST_ITEMS)
    return None
