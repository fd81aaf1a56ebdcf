"""Patches of Param that make what it keeps of a component smaller: most of it is never read.

A page has about 300 components. Nothing is patched on import: `patch_component_memory` acts where
pages are served.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache, partial
from typing import Any, Literal

from param.parameterized import Parameters, Watcher, _InstancePrivate

from playground.serving.patches.known_code import KnownCode, is_unchanged

Entry = dict[str, list[Watcher]]
"""The watchers of one name, by what of it they watch; here that is always "value"."""

watch_names = Parameters._watch
register_watcher = Parameters._register_watcher
begin_private = _InstancePrivate.__init__

NOTHING: frozenset[str] = frozenset()
"""The names that are just being synced: Param replaces them, and puts none into the set itself."""
FIRST_VALUES: dict[str, Callable[[], Any]] = {
    "async_ref_scheduled": partial(defaultdict, int),
    "async_ref_settled": partial(defaultdict, int),
    "async_refs": dict,
    "dynamic_watchers": partial(defaultdict, list),
    "parameters_state": lambda: {
        "BATCH_WATCH": False,
        "TRIGGER": False,
        "events": [],
        "watchers": [],
    },
    "params": dict,
    "ref_watchers": list,
    "refs": dict,
    "watchers": lambda: WatcherTable(),
}
"""What is made when it is first asked for, by the names of the slots."""

KNOWN: KnownCode = (
    (watch_names, "a66d27c92617"),
    (register_watcher, "e19074d6fccf"),
    (begin_private, "3b2b5d297fce"),
)


@cache
def patch_component_memory() -> None:
    """Patch Param, once, if it is as it was when this was written."""
    if not is_unchanged(KNOWN):
        return
    Parameters._watch = watch_alike  # type: ignore[assignment, method-assign]
    Parameters._register_watcher = register_once  # type: ignore[assignment, method-assign]
    _InstancePrivate.__init__ = begin_without_containers  # type: ignore[assignment, method-assign]
    _InstancePrivate.__getattr__ = make_when_read  # type: ignore[attr-defined]


class WatcherTable(Mapping[str, Entry]):
    """The watchers of a component's values by name, in the order in which they were registered.

    A watcher is noted once, whatever the number of names that it watches. Param's lists by name
    are made for the names that are asked for: those whose value changes.
    """

    __slots__ = ("_entries", "_registered")

    def __init__(self) -> None:
        self._registered: list[Watcher] = []
        self._entries: dict[str, Entry] = {}

    def register(self, watcher: Watcher) -> None:
        """Add a watcher to those of each name that it watches."""
        for name in watcher.parameter_names:
            if name in self._entries:
                self._entries[name].setdefault("value", []).append(watcher)
        self._registered.append(watcher)

    def remove(self, watcher: Watcher) -> None:
        """Remove a watcher, if it is there."""
        lists = [self._registered]
        for name in watcher.parameter_names:
            if name in self._entries:
                lists.append(self._entries[name].get("value", []))
        for each in lists:
            if watcher in each:
                each.remove(watcher)

    def __getitem__(self, name: str) -> Entry:
        if name not in self._entries:
            names = ((each, name) for each in self._registered for name in each.parameter_names)
            watchers = [watcher for watcher, watched in names if watched == name]
            if not watchers:
                raise KeyError(name)
            self._entries[name] = {"value": watchers}
        return self._entries[name]

    def __setitem__(self, name: str, entry: Entry) -> None:
        self._entries[name] = entry

    def __contains__(self, name: object) -> bool:
        return name in self._entries or any(
            name in each.parameter_names for each in self._registered
        )

    def __iter__(self) -> Iterator[str]:
        watched = (name for each in self._registered for name in each.parameter_names)
        return iter(dict.fromkeys([*self._entries, *watched]))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def watch_alike(
    parameters: Parameters,
    fn: Callable[..., Any],
    parameter_names: str | list[str] | tuple[str, ...],
    *choices: Any,
    **named: Any,
) -> Watcher:
    """Watch values of a component; their names are one tuple for all components of a class.

    Example: making a hundred times `pn.Column()` makes a hundred times the tuple of its 25 names.
    """
    is_many = isinstance(parameter_names, list | tuple)
    names = tuple(parameter_names) if is_many else (parameter_names,)
    return watch_names(parameters, fn, shared_names(names), *choices, **named)


@lru_cache(maxsize=1024)
def shared_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the same tuple for names that are the same."""
    return names


def register_once(
    parameters: Parameters,
    action: Literal["append", "remove"],
    watcher: Watcher,
    what: str = "value",
) -> None:
    """Register a watcher of a component's values, or remove it.

    Param checks each name in Python, and keeps two containers for each. Example: `pn.Column()` has
    all of its values watched, 25 names by 7 watchers: 50 containers, 6 kB.
    """
    component = parameters.self
    private: Any = None if component is None else component._param__private
    if (
        private is None
        or what != "value"
        or not private.initialized
        or type(private.watchers) is not WatcherTable
        or not parameters._cls_parameters.keys() >= set(watcher.parameter_names)
    ):
        register_watcher(parameters, action, watcher, what)
    elif action == "append":
        private.watchers.register(watcher)
    else:
        private.watchers.remove(watcher)


def begin_without_containers(
    private: _InstancePrivate,
    initialized: bool = False,
    parameters_state: dict[str, Any] | None = None,
    dynamic_watchers: dict[str, list[Watcher]] | None = None,
    refs: dict[str, Any] | None = None,
    params: dict[str, Any] | None = None,
    watchers: dict[str, Entry] | None = None,
    values: dict[str, Any] | None = None,
    explicit_no_refs: list[str] | None = None,
) -> None:
    """Begin what Param keeps of a component without containers that may stay empty.

    Example: making a hundred times `pn.Column()` makes 1,400 lists, dicts and sets, 1 kB for each
    column; three of four are never put anything into.
    """
    private.initialized = initialized
    private.values = {} if values is None else values
    private.explicit_no_refs = [] if explicit_no_refs is None else explicit_no_refs
    if dynamic_watchers is not None:
        private.dynamic_watchers = defaultdict(list, dynamic_watchers)
    given = {
        "parameters_state": parameters_state,
        "refs": refs,
        "params": params,
        "watchers": watchers,
    }
    for name, value in given.items():
        if value is not None:
            setattr(private, name, value)


def make_when_read(private: _InstancePrivate, name: str) -> Any:  # noqa: ANN401 (of each slot)
    """Return what is in a slot at first; stands in for what Param fills all slots with."""
    if name == "syncing":
        return NOTHING
    if name not in FIRST_VALUES:
        raise AttributeError(name)
    value = FIRST_VALUES[name]()
    setattr(private, name, value)
    return value
