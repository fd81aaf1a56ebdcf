"""A text field for a number, with error messages."""

from __future__ import annotations

import panel as pn
import param

from playground.pages.controls.fields.typed_field import TypedField
from playground.settings.value_types import describe_range, parse_number


class NumberField(TypedField):
    """A field for a number, linked both ways with a parameter.

    A number that the parameter does not allow is rejected with a sentence, and the old one stays.
    Where the parameter allows None, an empty field or 0 means None.

    Parameters
    ----------
    owner, name
        The parameter, whose bounds apply.
    label : str
    """

    def __init__(self, owner: param.Parameterized, name: str, label: str) -> None:
        parameter = owner.param[name]
        is_integer = isinstance(parameter, param.Integer)
        # The widget gets no limits, to which the browser would silently clip the number. Fractions
        # are typed as text, since Bokeh's FloatInput shows NaN once it has been emptied.
        kind = pn.widgets.IntInput if is_integer else pn.widgets.TextInput
        empty_text = "never" if parameter.allow_None else ""
        super().__init__(owner, name, label, kind, placeholder=empty_text)

    def format_value(self, value: float | None) -> str | int | None:
        """Return a whole number as it is, others as text; None as an empty field."""
        if isinstance(self.parameter, param.Integer):
            return None if value is None else int(value)
        return "" if value is None else f"{value:g}"

    def parse(self, typed: str | int | None) -> float | None:
        """Parse a number, or None where that is allowed; ValueError for anything else."""
        if self.parameter.allow_None and typed in (None, "", 0, "0"):
            return None
        return typed if isinstance(typed, int) else float(parse_number(str(typed)))

    def error_message(self, typed: str | int | None) -> str:
        """Say which numbers are possible."""
        low, high = self.parameter.bounds
        if isinstance(self.parameter, param.Integer):
            span = f"{low:,} or more" if high is None else f"{low:,} to {high:,}"
        else:
            span = describe_range(low, high)  # as it can be typed, without commas
        empty_text = ", or empty for never" if self.parameter.allow_None else ""
        given = "An empty field" if typed in (None, "") else typed
        return f"{given} is not possible: {self.label.lower()} can be {span}{empty_text}."
