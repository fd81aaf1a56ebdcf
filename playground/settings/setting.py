"""One setting of a page: a parameter, or anything else that can be read and assigned."""

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
"""Value types of list items by Python type."""

PublicNames = Mapping[str, str | None]
"""Public names by parameter name, where they differ; None excludes a parameter."""


class Setting(Protocol):
    """A value that can be read, assigned and watched under a public name."""

    @property
    def name(self) -> str:
        """Return the public name."""

    @property
    def value_type(self) -> ValueType:
        """Return the values currently allowed."""

    @property
    def owner(self) -> param.Parameterized:
        """Return the object whose watchers an assignment triggers."""

    @property
    def value(self) -> Any:  # noqa: ANN401 (what JSON can hold)
        """Return the current value in JSON types."""

    def assign(self, value: Any) -> None:  # noqa: ANN401
        """Assign a value that `value_type` allows; ValueError if it is refused otherwise."""

    def watch(self, call: Callable[[], None]) -> None:
        """Call a function after each change."""


Choices = tuple[Setting, ...]


class ParameterSetting:
    """A setting that is a parameter of a Parameterized object.

    Parameters
    ----------
    owner : Parameterized
    parameter_name : str
    name : str
        The public name.
    """

    def __init__(self, owner: param.Parameterized, parameter_name: str, name: str) -> None:
        self.owner, self.parameter_name, self.name = owner, parameter_name, name

    @property
    def value_type(self) -> ValueType:
        """Return the value type declared by the parameter; bounds may change over time."""
        value_type = value_type_of(self.owner, self.parameter_name)
        assert value_type is not None, "settings_of has left such parameters out"
        return value_type

    @property
    def value(self) -> Any:  # noqa: ANN401
        """Return the current value; tuples are returned as lists."""
        value = getattr(self.owner, self.parameter_name)
        return list(value) if isinstance(value, list | tuple) else value

    def assign(self, value: Any) -> None:  # noqa: ANN401
        """Set the parameter; options of a selector are extended if necessary."""
        parameter = self.owner.param[self.parameter_name]
        # The options may be out of date if a parameter they depend on has just been set.
        if isinstance(self.value_type, ChoiceType) and value not in list(parameter.objects):
            parameter.objects = [*parameter.objects, value]
        setattr(self.owner, self.parameter_name, value)

    def watch(self, call: Callable[[], None]) -> None:
        """Call a function after each change of the parameter."""
        self.owner.param.watch(lambda _event: call(), self.parameter_name)


def settings_of(
    owner: param.Parameterized, public_names: PublicNames
) -> Iterator[ParameterSetting]:
    """Yield the parameters of an owner that are settings, in the order of declaration.

    Constant parameters, those hidden by a negative precedence, and those without a text form
    are left out.
    """
    # Those of the class where the owner has none of its own: it need not get copies to be read.
    for parameter_name, parameter in owner.param.objects("existing").items():
        name = public_names.get(parameter_name, parameter_name)
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
    """Return the value type of a parameter; None if it has no text form."""
    parameter = owner.param.objects("existing")[name]
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
    """Return the list type for a tuple of ints or of floats; None for any other value."""
    if not isinstance(value, tuple) or not value:
        return None
    if all(type(each) is int for each in value):
        return ListType(IntegerType(None, None), MAX_ITEMS)
    if all(type(each) is float for each in value):
        return ListType(FloatType(None, None), MAX_ITEMS)
    return None
