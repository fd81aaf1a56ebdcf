"""A field for a number that says what is wrong with what was typed."""

from __future__ import annotations

import panel as pn
import param

from playground.pages.controls.typed_field import TypedField


class NumberField(TypedField):
    """A number typed by hand, linked both ways with a parameter.

    What the parameter does not allow is refused with a sentence, and the old number stays. Where
    the parameter may be None, an empty field or 0 says so.

    Parameters
    ----------
    owner, name
        The parameter, whose own bounds hold.
    label : str
    """

    def __init__(self, owner: param.Parameterized, name: str, label: str) -> None:
        parameter = owner.param[name]
        is_integer = isinstance(parameter, param.Integer)
        # No limits here: the browser would bend the number to them without a word. Fractions are
        # typed as text, since Bokeh's own field for them shows NaN once it has been emptied.
        kind = pn.widgets.IntInput if is_integer else pn.widgets.TextInput
        empty_text = "never" if parameter.allow_None else ""
        super().__init__(owner, name, label, kind, placeholder=empty_text)

    def format_value(self, value: float | None) -> str | int | None:
        """A whole number as itself, others as text."""
        if isinstance(self.parameter, param.Integer):
            return None if value is None else int(value)
        return "" if value is None else f"{value:g}"

    def parse(self, typed: str | int | None) -> float | None:
        """Read a number, or that there is none; ValueError if it is neither."""
        if self.parameter.allow_None and typed in (None, "", 0, "0"):
            return None
        return typed if isinstance(typed, int) else float(str(typed).replace(",", "."))

    def error_message(self, typed: str | int | None) -> str:
        """Name the bounds."""
        low, high = self.parameter.bounds
        span = f"{low:,} or more" if high is None else f"{low:,} to {high:,}"
        empty_text = ", or empty for never" if self.parameter.allow_None else ""
        given = "An empty field" if typed in (None, "") else typed
        return f"{given} is not possible: {self.label.lower()} can be {span}{empty_text}."
