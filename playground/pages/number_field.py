"""A field for a number that says what is wrong with what was typed."""

from __future__ import annotations

from html import escape

import panel as pn
import param

from playground.pages.part import Part


class NumberField(Part):
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
        super().__init__()
        self._owner, self._name, self._label = owner, name, label
        self._parameter = owner.param[name]
        self._whole = whole = isinstance(self._parameter, param.Integer)
        # No limits here: the browser would bend the number to them without a word. Fractions are
        # typed as text, since Bokeh's own field for them shows NaN once it has been emptied.
        self._input = (pn.widgets.IntInput if whole else pn.widgets.TextInput)(
            name=label,
            value=self._shown(getattr(owner, name)),
            placeholder="never" if self._parameter.allow_None else "",
            sizing_mode="stretch_width",
            margin=0,
        )
        self._said = pn.pane.HTML("", css_classes=["pg-refused"], margin=0, visible=False)
        self._column = pn.Column(self._input, self._said, margin=0, sizing_mode="stretch_width")
        self._input.param.watch(self._take, "value")
        owner.param.watch(self._show, name)

    def __panel__(self) -> pn.Column:
        return self._column

    def _take(self, event: param.parameterized.Event) -> None:
        if event.new == self._shown(getattr(self._owner, self._name)):
            return
        try:
            setattr(self._owner, self._name, self._number(event.new))
        except ValueError:
            self._refuse(event.new)
        else:
            self._said.param.update(object="", visible=False)
            self._input.value = self._shown(getattr(self._owner, self._name))

    def _number(self, given: str | int | None) -> float | None:
        """What was typed as a number; ValueError if it is none."""
        if self._parameter.allow_None and given in (None, "", 0, "0"):
            return None
        return given if isinstance(given, int) else float(str(given).replace(",", "."))

    def _shown(self, number: float | None) -> str | int | None:
        if self._whole:
            return None if number is None else int(number)
        return "" if number is None else f"{number:g}"

    def _refuse(self, given: str | int | None) -> None:
        low, high = self._parameter.bounds
        span = f"{low:,} or more" if high is None else f"{low:,} to {high:,}"
        never = ", or empty for never" if self._parameter.allow_None else ""
        given = "An empty field" if given in (None, "") else given
        said = f"{given} is not possible: {self._label.lower()} can be {span}{never}."
        self._said.param.update(object=escape(said), visible=True)
        self._input.value = self._shown(getattr(self._owner, self._name))

    def _show(self, event: param.parameterized.Event) -> None:
        self._input.value = self._shown(event.new)
