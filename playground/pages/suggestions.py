"""Settings that a page changes by itself where its usual ones would not learn what is chosen."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

import param

DEEP = 5
"""Hidden layers from which on the usual learning rate is too high, and first weights too small."""


SUGGESTED = ("hidden", "learning_rate", "batch_size", "initialiser")
"""Names of the settings that suggestions have."""


class Suggestion(NamedTuple):
    """Settings that learn what the usual ones don't.

    Attributes
    ----------
    about : str
        What they are for, as it begins a sentence; "" where the usual ones do.
    settings : mapping of str to object
        Values by public name.
    """

    about: str
    settings: Mapping[str, Any]


USUAL = Suggestion("", {})
DEEP_NETWORK = Suggestion(
    f"A network of {DEEP} hidden layers or more",
    {"learning_rate": 0.005, "initialiser": "Xavier"},
)


class Suggestions:
    """Applies suggested settings, except those that a user has changed.

    Parameters
    ----------
    usual : mapping of str to object
        What settings are where nothing else is suggested, by public name.
    suggest : callable
        Returns the present suggestion.
    """

    def __init__(self, usual: Mapping[str, Any], suggest: Callable[[], Suggestion]) -> None:
        self._usual, self._suggest = dict(usual), suggest
        self._followed, self._last = dict(usual), USUAL

    def changes(self, now: Mapping[str, Any], *, keep: Collection[str] = ()) -> dict[str, Any]:
        """Return the settings to change because another suggestion applies; those a user set stay.

        Parameters
        ----------
        now : mapping of str to object
            All settings as they are.
        keep : collection of str
            Settings that must not be changed at present.
        """
        suggestion = self._suggest()
        if suggestion == self._last:
            return {}
        self._last = suggestion
        found = {
            name: value
            for name, value in {**self._usual, **suggestion.settings}.items()
            if name not in keep
            and now[name] != value
            and now[name] in (self._followed[name], self._usual[name])
        }
        self._followed |= found
        return found

    def sentence(self, now: Callable[[str], object]) -> str:
        """Say what was set and why; "" where nothing was, or it was changed since.

        Parameters
        ----------
        now : callable
            Takes the name of a setting and returns its value.
        """
        about, settings = self._suggest()
        held = {
            name: value
            for name, value in settings.items()
            if now(name) == self._followed[name] == value
        }
        if not held:
            return ""
        listed = ", ".join(f"{_words(name)} {_text(value)}" for name, value in held.items())
        return f"{about} learns with other settings than usual, which are set: {listed}."


def usual_settings(presets: Mapping[str, Any], *kinds: type[param.Parameterized]) -> dict[str, Any]:
    """Return what a page begins with of the settings that suggestions have.

    Parameters
    ----------
    presets : mapping of str to object
        Of the page.
    *kinds : Parameterized classes
        With the defaults of the others.
    """
    defaults = {
        name: kind.param[name].default for kind in kinds for name in SUGGESTED if name in kind.param
    }
    return {**defaults, **{name: presets[name] for name in defaults.keys() & presets.keys()}}


def _words(name: str) -> str:
    return {"hidden": "hidden neurons", "initialiser": "initialisation"}.get(
        name, name.replace("_", " ")
    )


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
