"""A page's settings as attributes: `page.hidden = [8, 8]`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

import param

from playground.errors import InputError
from playground.settings import ParameterSetting, Setting, Settings


class SettingAttributes:
    """A mixin that forwards unknown attributes to the settings of the same names.

    Raises
    ------
    AttributeError
        If there is no such attribute and no such setting; the message names the nearest.
    InputError, ValueError
        If a value is not allowed; the setting stays as it was.
    """

    settings: Settings

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever the setting holds)
        setting = self._named_settings().get(name)
        if setting is None:
            # Tools look up names with an underscore on any object: they need no suggestion.
            message = name if name.startswith("_") else self._unknown_message(name)
            raise AttributeError(message, name=name, obj=self)
        if isinstance(setting, ParameterSetting):
            return getattr(setting.owner, setting.parameter_name)
        return setting.value

    def __setattr__(self, name: str, value: object) -> None:
        if name.startswith("_") or "settings" not in self.__dict__ or self._is_own(name):
            super().__setattr__(name, value)
        elif (setting := self._named_settings().get(name)) is not None:
            assign(setting, value)
        else:
            raise AttributeError(self._unknown_message(name), name=name, obj=self)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._named_settings()]

    def choose(self, values: Mapping[str, object]) -> None:
        """Set settings by name.

        Raises
        ------
        TypeError
            If there is no setting of a name; nothing has been set then.
        """
        settings = self._named_settings()
        for name in values.keys() - settings.keys():
            message = f"There is no choice {name!r}; there are {sorted(settings)}"
            raise TypeError(message + suggestion(name, settings))
        for name, value in values.items():
            assign(settings[name], value)

    def _is_own(self, name: str) -> bool:
        declared = (name in vars(each).get("__annotations__", {}) for each in type(self).__mro__)
        return name in self.__dict__ or hasattr(type(self), name) or any(declared)

    def _named_settings(self) -> dict[str, Setting]:
        # Not `self.settings`: before it is set, that would call `__getattr__` without end.
        settings = self.__dict__.get("settings")
        return {} if settings is None else dict(settings.items())

    def _unknown_message(self, name: str) -> str:
        public = (each for each in dir(self) if not each.startswith("_"))
        return f"{type(self).__name__!r} has no attribute {name!r}{suggestion(name, public)}"


def assign(setting: Setting, value: object) -> None:
    """Set a setting to a Python value, and not, as `Settings.apply`, to the nearest possible."""
    if isinstance(setting, ParameterSetting):
        parameter = setting.owner.param[setting.parameter_name]
        setattr(setting.owner, setting.parameter_name, normalise_value(parameter, value))
        return
    try:
        setting.assign(setting.value_type.parse(value))
    except InputError:
        raise
    except ValueError:
        raise InputError(
            f"{setting.name} can't be {value!r}; give {setting.value_type.description}."
        ) from None


def normalise_value(parameter: param.Parameter[Any], value: object) -> object:
    """Accept the name of an option in any case, and a tuple for a list."""
    if isinstance(parameter, param.List) and isinstance(value, tuple):
        return list(value)
    if isinstance(parameter, param.Selector) and isinstance(value, str):
        names = {each.casefold(): each for each in parameter.objects if isinstance(each, str)}
        return value if value in parameter.objects else names.get(value.casefold(), value)
    return value


def pop_parameters(
    choices: dict[str, Any], owner_class: type[param.Parameterized]
) -> dict[str, Any]:
    """Remove the parameters of a class from `choices`, and return them normalised."""
    names = [name for name in choices if name in owner_class.param]
    return {name: normalise_value(owner_class.param[name], choices.pop(name)) for name in names}


def suggestion(name: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name, with the nearest known one if any is near."""
    close = get_close_matches(name, [*known], 1)
    return f"; did you mean {close[0]!r}?" if close else "."
