"""All settings of a page under short, flat names."""

from __future__ import annotations

from collections.abc import Callable, Collection, ItemsView, Mapping
from contextlib import ExitStack
from reprlib import repr as briefly
from typing import Any

import param
from param.parameterized import batch_call_watchers

from playground.errors import InputError
from playground.settings.setting import PublicNames, Setting, settings_of

Owner = param.Parameterized | tuple[param.Parameterized, PublicNames] | Setting
"""A Parameterized object, optionally with public names for its parameters; or one setting."""

MAX_LETTERS = 60
"""Number of characters of a received value that a message quotes."""


class Settings:
    """All settings of a page by public name.

    Parameters
    ----------
    *owners : Parameterized, (Parameterized, dict) or Setting
        A dict maps parameter names that would clash to public names; None excludes a parameter.

    Attributes
    ----------
    defaults : dict
        The initial values, in JSON types.
    applying : bool
        Whether values are being set by `apply` rather than by a widget.

    Examples
    --------
    >>> settings = Settings(problem, (architecture, {"seed": "weight_seed"}), training)
    >>> settings.apply({"hidden": "8,8", "weight_seed": 3})
    ()
    >>> settings.changed_values()
    {'hidden': [8, 8], 'weight_seed': 3}
    """

    def __init__(self, *owners: Owner) -> None:
        self.defaults: dict[str, Any] = {}
        self._if_missing: dict[str, Any] = {}
        self.applying = False
        self._settings: dict[str, Setting] = {}
        self._watchers: list[Callable[[], None]] = []
        self._pending: dict[str, Any] = {}
        self._stopped_waiting = False
        self.add(*owners)

    def items(self) -> ItemsView[str, Setting]:
        """Return all public names with their settings."""
        return self._settings.items()

    def add(self, *owners: Owner) -> tuple[str, ...]:
        """Add settings, for example when a part of a page is built later than the rest.

        Values that `apply` has received for their names are assigned now.

        Returns
        -------
        tuple of str
            Messages, as from `apply`.

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
            if (missing := getattr(setting, "if_missing", None)) is not None:
                self.defaults[setting.name] = self._if_missing[setting.name] = missing
            setting.watch(self._notify)
        names = {setting.name for setting in added}
        pending = {name: self._pending.pop(name) for name in names & self._pending.keys()}
        return self.apply(pending)

    def values(self, names: Collection[str] | None = None) -> dict[str, Any]:
        """Return the current values in JSON types: all, or those there are of some names."""
        return {
            name: setting.value
            for name, setting in self._settings.items()
            if names is None or name in names
        }

    def changed_values(self) -> dict[str, Any]:
        """Return the values that differ from their defaults, and those pending for `add`."""
        values = self.values()
        changed = {name: value for name, value in values.items() if value != self.defaults[name]}
        return changed | self._pending

    def as_texts(self) -> dict[str, str]:
        """Return `changed_values()` as readable texts, which `apply` accepts."""
        return {
            name: self._settings[name].value_type.text(value)
            if name in self._settings
            else str(value)
            for name, value in self.changed_values().items()
        }

    def apply(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """Assign values; invalid ones are replaced by the nearest allowed value.

        Parameters
        ----------
        values : mapping
            Values by public name, in JSON types or as text such as "8,8". They need not be
            valid. Unknown names are kept for `add` until `stop_waiting`, and ignored after it.

        Returns
        -------
        tuple of str
            A sentence for each value that was not assigned as given.
        """
        if not self._stopped_waiting:
            unknown = values.keys() - self._settings.keys()
            self._pending |= {name: value for name, value in values.items() if name in unknown}
        messages = []
        with ExitStack() as stack:
            # Registered first, so called last: after the watchers of all owners.
            stack.callback(setattr, self, "applying", self.applying)
            self.applying = True
            for owner in {id(each.owner): each.owner for each in self._settings.values()}.values():
                stack.enter_context(batch_call_watchers(owner))
            # In the order of declaration: earlier settings may determine what later ones allow.
            for name, setting in self._settings.items():
                if name in values:
                    messages.append(_apply_one(setting, values[name]))
        return tuple(filter(None, messages))

    def apply_all(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """Assign the values of a link or a run, as `apply` does.

        A setting with an attribute `if_missing` gets that value where there is none for it: links
        and runs that are older than the setting mean it.
        """
        return self.apply({**self._if_missing, **values})

    def stop_waiting(self) -> tuple[str, ...]:
        """Discard the pending values, ignore unknown names from now on, and return the names."""
        self._stopped_waiting = True
        names, self._pending = tuple(self._pending), {}
        return names

    def take_as_defaults(self, *names: str) -> None:
        """Take the current values of some settings as the initial ones."""
        self.defaults |= {name: self._settings[name].value for name in names}

    def watch(self, call: Callable[[], None]) -> None:
        """Call a function after each change of any setting."""
        self._watchers.append(call)

    def _notify(self) -> None:
        for call in self._watchers:
            call()


def _settings(owner: Owner) -> tuple[Setting, ...]:
    if isinstance(owner, tuple):
        return (*settings_of(*owner),)
    return (*settings_of(owner, {}),) if isinstance(owner, param.Parameterized) else (owner,)


def _apply_one(setting: Setting, given: object) -> str | None:
    """Assign one setting; return a sentence if it was not assigned as given, else None."""
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
    """Return a received value in quotation marks, truncated to `MAX_LETTERS` characters."""
    try:
        text = given if isinstance(given, str) else briefly(given)
    except ValueError:  # Python converts no int of thousands of digits to text.
        text = "a very large number"
    return f"“{truncate(text, MAX_LETTERS)}”"


def truncate(text: str, letters: int) -> str:
    """Return a text cut to `letters` characters, with an ellipsis if it was longer."""
    return text if len(text) <= letters else f"{text[:letters]}…"
