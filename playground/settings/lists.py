"""Kinds of values that are lists."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from playground.settings.kinds import Kind, OneOf

MOST_ITEMS = 1000


@dataclass(frozen=True)
class Several:
    """A list of values of one kind, up to so many."""

    item: Kind
    most: int

    @property
    def about(self) -> str:
        """What the items can be."""
        return f"up to {self.most}, parted by commas, each {self.item.about}"

    def read(self, given: object) -> list[Any]:
        """Take a list, or items in writing, parted by commas; or a list in JSON."""
        return [self.item.read(each) for each in listed(given, self.most)]

    def near(self, value: Sequence[Any]) -> list[Any]:
        """Cut what is too much."""
        return [self.item.near(each) for each in value[: self.most]]

    def text(self, value: Sequence[Any]) -> str:
        """Parted by commas, or as JSON where that could be misread."""
        texts = [self.item.text(each) for each in value]
        plain = ",".join(texts)
        with suppress(ValueError):
            if items_of(plain) == texts:
                return plain
        return json.dumps(texts, ensure_ascii=False)


@dataclass(frozen=True)
class SomeOf:
    """Some of several values, in the order in which they are given."""

    item: OneOf

    @property
    def about(self) -> str:
        """What is offered."""
        return f"some of {self.item.about}"

    def read(self, given: object) -> list[Any]:
        """Take a list, or names parted by commas; what nobody knows shows in `near`."""
        return listed(given, MOST_ITEMS)

    def near(self, value: Sequence[Any]) -> list[Any]:
        """Leave out what is not offered, and what has come before."""
        found: list[Any] = []
        for each in value:
            with suppress(ValueError):
                if (known := self.item.read(each)) not in found:
                    found.append(known)
        return found

    def text(self, value: Sequence[Any]) -> str:
        """Parted by commas."""
        return Several(self.item, MOST_ITEMS).text(value)


def listed(given: object, most: int) -> list[Any]:
    """The items of a list, or of one in writing, up to one more than there may be.

    That one shows that there are too many; how many does not matter.
    """
    if isinstance(given, str):
        given = items_of(given)
    if not isinstance(given, list | tuple):
        raise ValueError
    return list(given[: most + 1])


def items_of(text: str) -> list[Any]:
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
