"""A field for a list of layer sizes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from playground.errors import InputError
from playground.pages.controls.typed_field import TypedField


class LayerSizesField(TypedField):
    """A list of whole numbers typed by hand, such as "16, 32", linked with a parameter.

    What the parameter does not allow is refused with a sentence, and the old list stays.

    Parameters
    ----------
    owner, name
        The parameter, a list of int.
    label : str
    """

    def format_value(self, value: Sequence[int]) -> str:
        """The sizes with commas between them."""
        return format_sizes(value)

    def parse(self, typed: str) -> list[int]:
        """Read the sizes."""
        return parse_sizes(typed)

    def error_message(self, typed: str) -> str:
        """Say how many layers there can be."""
        low, high = self.parameter.bounds
        return f"{self.label}: {low} to {high} layers are possible."


def parse_sizes(text: str) -> list[int]:
    """Read whole numbers, parted by commas or blanks; none from an empty text.

    Raises
    ------
    InputError
        If something else is among them.
    """
    words = re.split(r"[\s,;]+", text.strip(" ,;"))
    for word in filter(None, words):
        if not re.fullmatch(r"[0-9]{1,9}", word):
            raise InputError(f"Sizes are whole numbers, such as “16, 32”; “{word[:20]}” is none.")
    return [int(word) for word in words if word]


def format_sizes(numbers: Sequence[int]) -> str:
    """A list as it is typed."""
    return ", ".join(map(str, numbers))
