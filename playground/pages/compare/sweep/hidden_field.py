"""A text field for the widths of the hidden layers."""

from __future__ import annotations

import re

from playground.networks.architecture import MAX_LAYERS, MAX_UNITS
from playground.pages.controls.fields.typed_field import TypedField


class HiddenField(TypedField):
    """The neurons of each hidden layer, with commas between them; empty for no hidden layer."""

    def format_value(self, value: list[int]) -> str:
        """Return the widths with commas."""
        return ", ".join(map(str, value))

    def parse(self, typed: str) -> list[int]:
        """Return widths; ValueError if the text holds anything but numbers."""
        return [int(each) for each in re.split(r"[\s,;]+", str(typed).strip()) if each]

    def error_message(self, typed: str) -> str:
        """Say which widths are possible."""
        return (
            f"{str(typed)[:40]} is not possible: give up to {MAX_LAYERS} numbers from 1 to "
            f"{MAX_UNITS}, such as 8, 4, or nothing."
        )
