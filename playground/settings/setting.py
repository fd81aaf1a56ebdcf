"""One choice of a page: a parameter, or whatever else can be read and set like one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

import param

from playground.settings.list_types import MAX_ITEMS, ListType, SubsetType
from playground.settings.value_types import (
    BooleanType,
    ChoiceType,
    FloatType,
    IntegerType,
    OptionalType,
    TextType,
    ValueType,
)

ITEMS: dict[Any, ValueType] = {
    int: IntegerType(None, None),
    float: FloatType(None, None),
    str: TextType(),
}
"""Kinds of the items of lists, by their type."""

PublicNames = Mapping[str, str | None]
"""Public names by a parameter's own, where they differ; None where it is no setting."""


class Setting(Protocol):
    """Something that can be chosen, under a name of its own."""

    @property
    def name(self) -> str:
        """What it is called in public."""

    @property
    def value_type(self) -> ValueType:
        """The type of its values, which may change."""

    @property
    def owner(self) -> param.Parameterized:
        """Whose change it is."""

    @property
    def value(self) -> Any:  # noqa: ANN401 (what JSON can hold)
        """The current value, as JSON can hold it."""

    def assign(self, value: Any) -> None:  # noqa: ANN401
        """Set it to a value that its kind allows; ValueError where something else forbids it."""

    def watch(self, call: Callable[[], None]) -> None:
        """Have a function called whenever it changes."""


Choices = tuple[Setting, ...]


class ParameterSetting:
    """A parameter as a choice.

    Parameters
    ----------
    owner : Parameterized
    parameter_name : str
        The parameter's.
    name : str
        What it is called in public.
    """

    def __init__(self, owner: param.Parameterized, parameter_name: str, name: str) -> None:
        self.owner, self.parameter_name, self.name = owner, parameter_name, name

    @property
    def value_type(self) -> ValueType:
        """What its declaration says; its bounds may change with time."""
        value_type = value_type_of(self.owner, self.parameter_name)
        assert value_type is not None, "settings_of has left such parameters out"
        return value_type

    @property
    def value(self) -> Any:  # noqa: ANN401
        """What it is, with lists for tuples."""
        value = getattr(self.owner, self.parameter_name)
        return list(value) if isinstance(value, list | tuple) else value

    def assign(self, value: Any) -> None:  # noqa: ANN401
        """Set the parameter."""
        parameter = self.owner.param[self.parameter_name]
        # What is offered may lag behind what it depends on, which may have just been set.
        if isinstance(self.value_type, ChoiceType) and value not in list(parameter.objects):
            parameter.objects = [*parameter.objects, value]
        setattr(self.owner, self.parameter_name, value)

    def watch(self, call: Callable[[], None]) -> None:
        """Have a function called whenever the parameter changes."""
        self.owner.param.watch(lambda _event: call(), self.parameter_name)


def settings_of(
    owner: param.Parameterized, public_names: PublicNames
) -> Iterator[ParameterSetting]:
    """All parameters of an owner that are settings, in the order of their declaration.

    Those are left out that are constant, or hidden by a negative precedence, or hold what text
    cannot say.
    """
    for parameter_name in owner.param:
        parameter, name = (
            owner.param[parameter_name],
            public_names.get(parameter_name, parameter_name),
        )
        fixed = parameter_name == "name" or parameter.constant or parameter.readonly
        hidden = parameter.precedence is not None and parameter.precedence < 0
        if (
            name is not None
            and not fixed
            and not hidden
            and value_type_of(owner, parameter_name) is not None
        ):
            yield ParameterSetting(owner, parameter_name, name)


def value_type_of(owner: param.Parameterized, name: str) -> ValueType | None:
    """What a parameter can be; None if text cannot say it."""
    parameter = owner.param[name]
    value_type = _declared_type(parameter, type(owner).param[name], getattr(owner, name))
    return (
        OptionalType(value_type) if value_type is not None and parameter.allow_None else value_type
    )


def _declared_type(parameter: Any, declared: Any, value: object) -> ValueType | None:  # noqa: ANN401
    bounds: Any = getattr(parameter, "bounds", None) or (None, None)
    match parameter:
        case param.Selector():
            options = ChoiceType((*dict.fromkeys([*declared.objects, *parameter.objects]),))
            return SubsetType(options) if isinstance(parameter, param.ListSelector) else options
        case param.Event():
            return None
        case param.Boolean():
            return BooleanType()
        case param.Integer():
            return IntegerType(*bounds)
        case param.Number():
            return FloatType(*bounds)
        case param.String():
            return TextType()
        case param.List():
            item = ITEMS.get(parameter.item_type, OptionalType(TextType()))
            return ListType(item, bounds[1] or MAX_ITEMS)
        case _:
            return _tuple_type(value)


def _tuple_type(value: object) -> ValueType | None:
    """What a tuple of numbers can be: other numbers of that sort."""
    if not isinstance(value, tuple) or not value:
        return None
    if all(type(each) is int for each in value):
        return ListType(IntegerType(None, None), MAX_ITEMS)
    if all(type(each) is float for each in value):
        return ListType(FloatType(None, None), MAX_ITEMS)
    return None
