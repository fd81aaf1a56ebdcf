"""A page's settings as attributes, for whoever writes Python: `page.hidden = [8, 8]`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

import param

from playground.errors import InputError
from playground.settings import ParameterSetting, Setting, Settings


class SettingAttributes:
    """Forwards attributes that are none of its own to the choices of the same name.

    Raises
    ------
    AttributeError
        Where there is no such attribute and no such choice; names the nearest.
    InputError, ValueError
        Where the choice cannot be what is wished; it stays as it was.
    """

    settings: Settings

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever is chosen)
        setting = self._choices().get(name)
        if setting is None:
            # Those with an underscore are what tools look for in everything they meet.
            message = name if name.startswith("_") else self._unknown_message(name)
            raise AttributeError(message, name=name, obj=self)
        if isinstance(setting, ParameterSetting):
            return getattr(setting.owner, setting.parameter_name)
        return setting.value

    def __setattr__(self, name: str, value: object) -> None:
        if name.startswith("_") or "settings" not in self.__dict__ or self._is_own(name):
            super().__setattr__(name, value)
        elif (setting := self._choices().get(name)) is not None:
            choose(setting, value)
        else:
            raise AttributeError(self._unknown_message(name), name=name, obj=self)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._choices()]

    def choose(self, values: Mapping[str, object]) -> None:
        """Set choices by name.

        Raises
        ------
        TypeError
            If there is no choice of a name; nothing has been set then.
        """
        choices = self._choices()
        for name in values.keys() - choices.keys():
            message = f"There is no choice {name!r}; there are {sorted(choices)}"
            raise TypeError(message + suggestion(name, choices))
        for name, value in values.items():
            choose(choices[name], value)

    def _is_own(self, name: str) -> bool:
        declared = (name in vars(each).get("__annotations__", {}) for each in type(self).__mro__)
        return name in self.__dict__ or hasattr(type(self), name) or any(declared)

    def _choices(self) -> dict[str, Setting]:
        # Not by its name: while there are no settings yet, that would ask here again.
        settings = self.__dict__.get("settings")
        return {} if settings is None else dict(settings.items())

    def _unknown_message(self, name: str) -> str:
        public = (each for each in dir(self) if not each.startswith("_"))
        return f"{type(self).__name__!r} has no attribute {name!r}{suggestion(name, public)}"


def choose(setting: Setting, value: object) -> None:
    """Set a choice to a value as Python has it, not to the nearest that is possible."""
    if isinstance(setting, ParameterSetting):
        parameter = setting.owner.param[setting.parameter_name]
        setattr(setting.owner, setting.parameter_name, normalised(parameter, value))
        return
    try:
        setting.assign(setting.value_type.parse(value))
    except InputError:
        raise
    except ValueError:
        raise InputError(
            f"{setting.name} can't be {value!r}; give {setting.value_type.description}."
        ) from None


def normalised(parameter: param.Parameter[Any], value: object) -> object:
    """Let a name be written without its capitals, and a list as a tuple."""
    if isinstance(parameter, param.List) and isinstance(value, tuple):
        return list(value)
    if isinstance(parameter, param.Selector) and isinstance(value, str):
        names = {each.casefold(): each for each in parameter.objects if isinstance(each, str)}
        return value if value in parameter.objects else names.get(value.casefold(), value)
    return value


def suggestion(name: str, known: Iterable[str]) -> str:
    """The end of a sentence about a name that is not known: which one may have been meant."""
    close = get_close_matches(name, [*known], 1)
    return f"; did you mean {close[0]!r}?" if close else "."
