"""Value types of settings that are lists."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from playground.settings.value_types import ChoiceType, ValueType

MAX_ITEMS = 1000
"""Largest length of a list without a limit of its own."""


@dataclass(frozen=True)
class ListType:
    """A list of at most `max_length` values of one type."""

    item: ValueType
    max_length: int

    @property
    def description(self) -> str:
        """Return the maximum length and the values allowed, as the end of a sentence."""
        return f"up to {self.max_length}, separated by commas, each {self.item.description}"

    def parse(self, given: object) -> list[Any]:
        """Parse a list, a comma-separated text, or the text of a JSON list."""
        return [self.item.parse(each) for each in list_items(given, self.max_length)]

    def coerce(self, value: Sequence[Any]) -> list[Any]:
        """Truncate the list to `max_length` and coerce each item."""
        return [self.item.coerce(each) for each in value[: self.max_length]]

    def text(self, value: Sequence[Any]) -> str:
        """Return comma-separated text, or JSON where that would be ambiguous."""
        texts = [self.item.text(each) for each in value]
        joined = ",".join(texts)
        with suppress(ValueError):
            if split_items(joined) == texts:
                return joined
        return json.dumps(texts, ensure_ascii=False)


@dataclass(frozen=True)
class SubsetType:
    """A subset of several values, in the order in which they are given."""

    item: ChoiceType

    @property
    def description(self) -> str:
        """Return the values allowed, as the end of a sentence."""
        return f"some of {self.item.description}"

    def parse(self, given: object) -> list[Any]:
        """Parse a list or comma-separated names; `coerce` removes unknown ones."""
        return list_items(given, MAX_ITEMS)

    def coerce(self, value: Sequence[Any]) -> list[Any]:
        """Remove unknown values and duplicates."""
        found: list[Any] = []
        for each in value:
            with suppress(ValueError):
                if (known := self.item.parse(each)) not in found:
                    found.append(known)
        return found

    def text(self, value: Sequence[Any]) -> str:
        """Return comma-separated text, as `ListType.text` does."""
        return ListType(self.item, MAX_ITEMS).text(value)


def list_items(given: object, max_length: int) -> list[Any]:
    """Return the items of a list, tuple or text, at most `max_length` + 1 of them.

    The extra item shows that there are too many.

    Raises
    ------
    ValueError
        If it is none of these, or a text that begins like JSON and is not a JSON list.
    """
    if isinstance(given, str):
        given = split_items(given)
    if not isinstance(given, list | tuple):
        raise ValueError
    return list(given[: max_length + 1])


def split_items(text: str) -> list[Any]:
    """Split a comma-separated text, or parse a JSON list.

    Raises
    ------
    ValueError
        If the text begins with "[" and is not a JSON list.
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
