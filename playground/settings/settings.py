"""Settings: all choices of a page under short, flat names."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Mapping
from contextlib import ExitStack
from reprlib import repr as briefly
from typing import Any

import param
from param.parameterized import batch_call_watchers

from playground.errors import InputError
from playground.settings.choice import Choice, Renamed, choices_of

Owner = param.Parameterized | tuple[param.Parameterized, Renamed] | Choice
"""An object all of whose parameters are settings; or with other names for some; or one choice."""

MOST_LETTERS = 60
"""Of what somebody has sent, in a sentence about it."""


class Settings:
    """All choices of a page, by their public names.

    Parameters
    ----------
    *owners : Parameterized, (Parameterized, dict) or Choice
        A dict gives public names to parameters whose own would clash; None leaves one out.

    Attributes
    ----------
    usual : dict
        The values at the beginning, as JSON can hold them.

    Examples
    --------
    >>> settings = Settings(problem, (architecture, {"seed": "weight_seed"}), training)
    >>> settings.take({"hidden": "8,8", "weight_seed": 3})
    ()
    >>> settings.changed()
    {'hidden': [8, 8], 'weight_seed': 3}
    """

    def __init__(self, *owners: Owner) -> None:
        self.usual: dict[str, Any] = {}
        self._choices: dict[str, Choice] = {}
        self._calls: list[Callable[[], None]] = []
        self._waiting: dict[str, Any] = {}
        self._complete = False
        self.add(*owners)

    def items(self) -> ItemsView[str, Choice]:
        """Return all choices with their public names."""
        return self._choices.items()

    def add(self, *owners: Owner) -> tuple[str, ...]:
        """Let others have settings too, as when a part of a page comes later than the rest.

        What has been taken already under their names is theirs now.

        Returns
        -------
        tuple of str
            As from `take`.

        Raises
        ------
        ValueError
            If two settings would have the same name.
        """
        added = [choice for owner in owners for choice in _choices(owner)]
        for choice in added:
            if choice.name in self._choices:
                raise ValueError(f"Two settings are called {choice.name!r}: rename one.")
            self._choices[choice.name] = choice
            self.usual[choice.name] = choice.value
            choice.watch(self._tell)
        names = {choice.name for choice in added}
        asked = {name: self._waiting.pop(name) for name in names & self._waiting.keys()}
        return self.take(asked)

    def values(self) -> dict[str, Any]:
        """Return what is chosen, as JSON can hold it."""
        return {name: choice.value for name, choice in self._choices.items()}

    def changed(self) -> dict[str, Any]:
        """Return what is chosen and not usual; and what waits for a part that is yet to come."""
        values = self.values()
        changed = {name: value for name, value in values.items() if value != self.usual[name]}
        return changed | self._waiting

    def texts(self) -> dict[str, str]:
        """Return `changed()` as texts that people can read, and `take` too."""
        return {
            name: self._choices[name].kind.text(value) if name in self._choices else str(value)
            for name, value in self.changed().items()
        }

    def take(self, values: Mapping[str, Any]) -> tuple[str, ...]:
        """Set what can be set as given, and the rest to the nearest that is possible.

        Parameters
        ----------
        values : mapping
            By public names; from JSON, or in writing such as "8,8". Anything may be in it. What
            has no name here yet waits for `add`, until `settle`; afterwards it is left out.

        Returns
        -------
        tuple of str
            A sentence for each value that was not taken as it is.
        """
        if not self._complete:
            unknown = values.keys() - self._choices.keys()
            self._waiting |= {name: value for name, value in values.items() if name in unknown}
        told = []
        with ExitStack() as stack:
            for owner in {id(each.owner): each.owner for each in self._choices.values()}.values():
                stack.enter_context(batch_call_watchers(owner))
            # In the order of declaration: what comes first may decide on what is possible later.
            for name, choice in self._choices.items():
                if name in values:
                    told.append(_attempt(choice, values[name]))
        return tuple(filter(None, told))

    def settle(self) -> tuple[str, ...]:
        """Wait for no more parts; return the names that none of them has."""
        self._complete = True
        names, self._waiting = tuple(self._waiting), {}
        return names

    def watch(self, call: Callable[[], None]) -> None:
        """Have a function called after each change of any setting."""
        self._calls.append(call)

    def _tell(self) -> None:
        for call in self._calls:
            call()


def _choices(owner: Owner) -> tuple[Choice, ...]:
    if isinstance(owner, tuple):
        return (*choices_of(*owner),)
    return (*choices_of(owner, {}),) if isinstance(owner, param.Parameterized) else (owner,)


def _attempt(choice: Choice, given: object) -> str | None:
    """Set one choice; a sentence if it could not be set as given."""
    name, kind = choice.name, choice.kind
    try:
        read = kind.read(given)
        nearest = kind.near(read)
        choice.put(nearest)
    except InputError as error:
        return f"“{name}” stays as it is. {cut(str(error), 4 * MOST_LETTERS)}"
    except ValueError:
        text = kind.text(choice.value)
        now = quoted(text) if text else "empty"
        return f"“{name}” can't be {quoted(given)} and stays {now}; it can be {kind.about}."
    if nearest == read:
        return None
    now = quoted(kind.text(nearest))
    return f"“{name}” can't be {quoted(given)} and is {now} instead; it can be {kind.about}."


def quoted(given: object) -> str:
    """What somebody has sent, cut short."""
    try:
        text = given if isinstance(given, str) else briefly(given)
    except ValueError:  # Python writes no numbers of thousands of digits.
        text = "a giant number"
    return f"“{cut(text, MOST_LETTERS)}”"


def cut(text: str, letters: int) -> str:
    """The beginning of a text that is too long."""
    return text if len(text) <= letters else f"{text[:letters]}…"
