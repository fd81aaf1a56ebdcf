"""Kinds of values that are lists."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from playground.settings.value_types import ChoiceType, ValueType

MAX_ITEMS = 1000


@dataclass(frozen=True)
class ListType:
    """A list of values of one kind, up to so many."""

    item: ValueType
    max_length: int

    @property
    def description(self) -> str:
        """What the items can be."""
        return f"up to {self.max_length}, parted by commas, each {self.item.description}"

    def parse(self, given: object) -> list[Any]:
        """Take a list, or items in writing, parted by commas; or a list in JSON."""
        return [self.item.parse(each) for each in list_items(given, self.max_length)]

    def coerce(self, value: Sequence[Any]) -> list[Any]:
        """Cut what is too much."""
        return [self.item.coerce(each) for each in value[: self.max_length]]

    def text(self, value: Sequence[Any]) -> str:
        """Parted by commas, or as JSON where that could be misread."""
        texts = [self.item.text(each) for each in value]
        joined = ",".join(texts)
        with suppress(ValueError):
            if split_items(joined) == texts:
                return joined
        return json.dumps(texts, ensure_ascii=False)


@dataclass(frozen=True)
class SubsetType:
    """Some of several values, in the order in which they are given."""

    item: ChoiceType

    @property
    def description(self) -> str:
        """What is offered."""
        return f"some of {self.item.description}"

    def parse(self, given: object) -> list[Any]:
        """Take a list, or names parted by commas; what nobody knows shows in `coerce`."""
        return list_items(given, MAX_ITEMS)

    def coerce(self, value: Sequence[Any]) -> list[Any]:
        """Leave out what is not offered, and what has come before."""
        found: list[Any] = []
        for each in value:
            with suppress(ValueError):
                if (known := self.item.parse(each)) not in found:
                    found.append(known)
        return found

    def text(self, value: Sequence[Any]) -> str:
        """Parted by commas."""
        return ListType(self.item, MAX_ITEMS).text(value)


def list_items(given: object, max_length: int) -> list[Any]:
    """The items of a list, or of one in writing, up to one more than there may be.

    That one shows that there are too many; how many does not matter.
    """
    if isinstance(given, str):
        given = split_items(given)
    if not isinstance(given, list | tuple):
        raise ValueError
    return list(given[: max_length + 1])


def split_items(text: str) -> list[Any]:
    """What is parted by commas, or is in a list in JSON.

    Raises
    ------
    ValueError
        If it begins like JSON and is none.
    """
    if not text.strip():
        return []
    if not text.startswith("["):
        return [each.strip() for each in text.split(",")]
    try:
        items = json.loads(text)
    except RecursionError:
        raise ValueError from None
    if not isinstance(items, list):
        raise ValueError
    return items
