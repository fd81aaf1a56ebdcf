"""Settings: all choices of a page under short, flat names."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Mapping
from contextlib import ExitStack
from reprlib import repr as briefly
from typing import Any

import param
from param.parameterized import batch_call_watchers

from playground.errors import InputError
from playground.settings.setting import PublicNames, Setting, settings_of

Owner = param.Parameterized | tuple[param.Parameterized, PublicNames] | Setting
"""An object all of whose parameters are settings; or with other names for some; or one choice."""

MAX_LETTERS = 60
"""Length at which a value is cut off in an error message."""


class Settings:
    """All choices of a page, by their public names.

    Parameters
    ----------
    *owners : Parameterized, (Parameterized, dict) or Setting
        A dict gives public names to parameters whose own would clash; None leaves one out.

    Attributes
    ----------
    defaults : dict
        The values at the beginning, as JSON can hold them.
    applying : bool
        Whether values are being set by `apply`, as opposed to one by one by a person.

    Examples
    --------
    >>> settings = Settings(problem, (architecture, {"seed": "weight_seed"}), training)
    >>> settings.apply({"hidden": "8,8", "weight_seed": 3})
    ()
    >>> settings.changed()
    {'hidden': [8, 8], 'weight_seed': 3}
    """

    def __init__(self, *owners: Owner) -> None:
        self.defaults: dict[str, Any] = {}
        self.applying = False
        self._settings: dict[str, Setting] = {}
        self._watchers: list[Callable[[], None]] = []
        self._pending: dict[str, Any] = {}
        self._stopped_waiting = False
        self.add(*owners)

    def items(self) -> ItemsView[str, Setting]:
        """Return all choices with their public names."""
        return self._settings.items()

    def add(self, *owners: Owner) -> tuple[str, ...]:
        """Let others have settings too, as when a part of a page comes later than the rest.

        What has been taken already under their names is theirs now.

        Returns
        -------
        tuple of str
            As from `apply`.

        Raises
        ------
        ValueError
            If two settings would have the same name.
        """
        added = [setting for owner in owners for setting in _settings(owner)]
        for setting in added:
            if setting.name in self._settings:
                raise ValueError(f"Two settings are called {setting.name!r}: rename one.")
            self._settings[setting.name] = setting
            self.defaults[setting.name] = setting.value
            setting.watch(self._notify)
        names = {setting.name for setting in added}
        pending = {name: self._pending.pop(name) for name in names & self._pending.keys()}
        return self.apply(pending)

    def values(self) -> dict[str, Any]:
        """Return what is chosen, as JSON can hold it."""
        return {name: setting.value for name, setting in self._settings.items()}

    def changed(self) -> dict[str, Any]:
        """Return what is chosen and not usual; and what waits for a part that is yet to come."""
        values = self.values()
        changed = {name: value for name, value in values.items() if value != self.defaults[name]}
        return changed | self._pending

    def as_texts(self) -> dict[str, str]:
        """Return `changed()` as texts that people can read, and `apply` too."""
        return {
            name: self._settings[name].value_type.text(value)
            if name in self._settings
            else str(value)
            for name, value in self.changed().items()
        }

    def apply(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """Set what can be set as given, and the rest to the nearest that is possible.

        Parameters
        ----------
        values : mapping
            By public names; from JSON, or in writing such as "8,8". Anything may be in it. What
            has no name here yet waits for `add`, until `stop_waiting`; afterwards it is left out.

        Returns
        -------
        tuple of str
            A sentence for each value that was not taken as it is.
        """
        if not self._stopped_waiting:
            unknown = values.keys() - self._settings.keys()
            self._pending |= {name: value for name, value in values.items() if name in unknown}
        messages = []
        with ExitStack() as stack:
            # Registered first, so run last: after the watchers of all owners.
            stack.callback(setattr, self, "applying", self.applying)
            self.applying = True
            for owner in {id(each.owner): each.owner for each in self._settings.values()}.values():
                stack.enter_context(batch_call_watchers(owner))
            # In the order of declaration: what comes first may decide on what is possible later.
            for name, setting in self._settings.items():
                if name in values:
                    messages.append(_apply_one(setting, values[name]))
        return tuple(filter(None, messages))

    def stop_waiting(self) -> tuple[str, ...]:
        """Wait for no more parts; return the names that none of them has."""
        self._stopped_waiting = True
        names, self._pending = tuple(self._pending), {}
        return names

    def watch(self, call: Callable[[], None]) -> None:
        """Have a function called after each change of any setting."""
        self._watchers.append(call)

    def _notify(self) -> None:
        for call in self._watchers:
            call()


def _settings(owner: Owner) -> tuple[Setting, ...]:
    if isinstance(owner, tuple):
        return (*settings_of(*owner),)
    return (*settings_of(owner, {}),) if isinstance(owner, param.Parameterized) else (owner,)


def _apply_one(setting: Setting, given: object) -> str | None:
    """Set one choice; a sentence if it could not be set as given."""
    name, value_type = setting.name, setting.value_type
    try:
        parse = value_type.parse(given)
        nearest = value_type.coerce(parse)
        setting.assign(nearest)
    except InputError as error:
        return f"“{name}” stays as it is. {truncate(str(error), 4 * MAX_LETTERS)}"
    except ValueError:
        text = value_type.text(setting.value)
        current = quote_briefly(text) if text else "empty"
        return (
            f"“{name}” can't be {quote_briefly(given)} and stays {current}; "
            f"it can be {value_type.description}."
        )
    if nearest == parse:
        return None
    current = quote_briefly(value_type.text(nearest))
    return (
        f"“{name}” can't be {quote_briefly(given)} and is {current} instead; "
        f"it can be {value_type.description}."
    )


def quote_briefly(given: object) -> str:
    """Return a value as text in quotation marks, cut short for an error message."""
    try:
        text = given if isinstance(given, str) else briefly(given)
    except ValueError:  # Python writes no numbers of thousands of digits.
        text = "a giant number"
    return f"“{truncate(text, MAX_LETTERS)}”"


def truncate(text: str, letters: int) -> str:
    """The beginning of a text that is too long."""
    return text if len(text) <= letters else f"{text[:letters]}…"
