"""A patch of Bokeh that makes the lists, dicts and sets which are values of models smaller.

Nothing is patched on import: `patch_containers` acts where pages are served.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache, partialmethod
from typing import Any

from bokeh.core.has_props import HasProps
from bokeh.core.property import container as properties
from bokeh.core.property import wrappers
from bokeh.core.property.descriptors import PropertyDescriptor

from playground.serving.patches.known_code import KnownCode, is_unchanged

Owner = tuple[HasProps, PropertyDescriptor[Any]]
"""A model, and which of its properties has a container as its value."""

KNOWN: KnownCode = (
    (wrappers.PropertyValueContainer.__init__, "0acd223c3ab8"),
    (wrappers.PropertyValueContainer._register_owner, "e99c2b6db159"),
    (wrappers.PropertyValueContainer._unregister_owner, "9cc35c9f7fa7"),
    (wrappers.PropertyValueContainer._notify_owners, "8c267bdb26fa"),
    (wrappers.PropertyValueColumnData.update, "ef55b5da7c91"),
    (properties.List.wrap, "707ce37a27c6"),
    (properties.Set.wrap, "4155813b2bb9"),
    (properties.Dict.wrap, "d4f87db12bf8"),
    (properties.ColumnData.wrap, "a338ed30e8c9"),
)


@cache
def patch_containers() -> None:
    """Patch Bokeh, once, if it is as it was when this was written.

    Bokeh gives each container a set for its owners, hardly ever more than one, and a dict of
    attributes for that set. Example: `Div(css_classes=["a"])` takes 550 bytes to note whose list it
    is; a page has a thousand such containers, an eighth of its memory.
    """
    if is_unchanged(KNOWN):
        for kind, (plain, wrapped, small) in SMALL.items():
            kind.wrap = partialmethod(wrap, plain, wrapped, small)


class FewOwners:
    """Keeps the owners of a container in one tuple, in an attribute that needs no dict."""

    owners_in_row: tuple[Any, ...]
    """Model, property, model, property, and so on."""

    @property
    def _owners(self) -> tuple[Owner, ...]:
        row = iter(self.owners_in_row)
        return tuple(zip(row, row, strict=True))

    @_owners.setter
    def _owners(self, owners: Iterable[Owner]) -> None:
        self.owners_in_row = tuple(each for owner in owners for each in owner)

    def _register_owner(self, owner: HasProps, descriptor: PropertyDescriptor[Any]) -> None:
        if not self.owners_in_row:
            self.owners_in_row = owner, descriptor
        elif (owner, descriptor) not in self._owners:
            self.owners_in_row += owner, descriptor

    def _unregister_owner(self, owner: HasProps, descriptor: PropertyDescriptor[Any]) -> None:
        self._owners = tuple(each for each in self._owners if each != (owner, descriptor))


class SmallList(FewOwners, wrappers.PropertyValueList[Any]):  # type: ignore[misc]
    """A list that is a value of a model."""

    __slots__ = ("owners_in_row",)


class SmallSet(FewOwners, wrappers.PropertyValueSet[Any]):  # type: ignore[misc]
    """A set that is a value of a model."""

    __slots__ = ("owners_in_row",)


class SmallDict(FewOwners, wrappers.PropertyValueDict[Any]):  # type: ignore[misc]
    """A dict that is a value of a model."""

    __slots__ = ("owners_in_row",)


class SmallColumnData(FewOwners, wrappers.PropertyValueColumnData):  # type: ignore[misc]
    """The columns of a data source."""

    __slots__ = ("owners_in_row",)


SMALL: dict[Any, tuple[type, type, Callable[[Any], Any]]] = {
    properties.List: (list, wrappers.PropertyValueList, SmallList),
    properties.Set: (set, wrappers.PropertyValueSet, SmallSet),
    properties.Dict: (dict, wrappers.PropertyValueDict, SmallDict),
    properties.ColumnData: (dict, wrappers.PropertyValueColumnData, SmallColumnData),
}
"""Of each kind of property: what is wrapped, what is wrapped already, and what wraps it."""


def wrap(
    _property: object, plain: type, wrapped: type, small: Callable[[Any], Any], value: object
) -> object:
    """Return a value as one that tells its model of changes, where it can be changed."""
    return small(value) if isinstance(value, plain) and not isinstance(value, wrapped) else value
