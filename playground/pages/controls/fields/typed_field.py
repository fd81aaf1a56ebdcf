"""The base of text fields that explain why an input was rejected."""

from __future__ import annotations

from html import escape
from typing import Any

import panel as pn
import param

from playground.errors import InputError
from playground.pages.controls.fields.parameter_fields import setting_tags
from playground.pages.controls.live_html import LiveHTML
from playground.pages.design import page_design
from playground.pages.part import Part


class TypedField(Part):
    """A text field, linked both ways with a parameter.

    An input that the parameter does not allow is rejected with a sentence, and the old value stays.
    The sentence disappears when another parameter of the same owner changes.

    Subclasses implement `format_value`, `parse` and `error_message`.

    Parameters
    ----------
    owner, name
        The parameter, whose bounds apply.
    label : str
    kind : class of widget
    **options
        Of the widget.

    Attributes
    ----------
    parameter : param.Parameter
    label : str
    """

    rejected = param.Event(doc="An input was rejected.")

    def __init__(
        self,
        owner: param.Parameterized,
        name: str,
        label: str,
        kind: type[pn.widgets.Widget] = pn.widgets.TextInput,
        **options: Any,
    ) -> None:
        super().__init__()
        self._owner, self._name, self.label = owner, name, label
        self.parameter = owner.param[name]
        self._input = kind(
            name=label, value=self._current_text, sizing_mode="stretch_width", margin=0, **options
        )
        self._error_text: LiveHTML | None = None
        self._column = pn.Column(
            self._input,
            margin=0,
            sizing_mode="stretch_width",
            tags=setting_tags(owner, name),
        )
        self._input.param.watch(self._on_input, "value")
        owner.param.watch(self._show, name)
        owner.param.watch(self.clear_error, list(owner.param))

    def __panel__(self) -> pn.Column:
        return self._column

    # To be implemented ------------------------------------------------------------------------

    def format_value(self, value: Any) -> str | int | None:  # noqa: ANN401 (the parameter's type)
        """Return a value of the parameter as the widget shows it."""
        raise NotImplementedError

    def parse(self, typed: Any) -> object:  # noqa: ANN401 (the widget's type)
        """Return the value of an input; ValueError if it is none."""
        raise NotImplementedError

    def error_message(self, typed: Any) -> str:  # noqa: ANN401
        """Return a sentence that says what can be typed instead."""
        raise NotImplementedError

    # For subclasses ----------------------------------------------------------------------------

    def clear_error(self, *_events: object) -> None:
        """Remove the sentence about a rejected input."""
        if self._error_text is not None:
            self._error_text.param.update(object="", visible=False)

    @property
    def _current_text(self) -> str | int | None:
        return self.format_value(getattr(self._owner, self._name))

    def _on_input(self, event: param.parameterized.Event) -> None:
        if event.new == self._current_text:
            return
        try:
            setattr(self._owner, self._name, self.parse(event.new))
        except InputError as error:
            self._reject(str(error))
        except ValueError:
            self._reject(self.error_message(event.new))
        else:
            self.clear_error()
            self._input.value = self._current_text

    def _reject(self, sentence: str) -> None:
        if self._error_text is None:  # Most fields never need one.
            with page_design():
                self._error_text = LiveHTML("", css_classes=["pg-refused"], margin=0)
            self._column.append(self._error_text)
        self._error_text.param.update(object=escape(sentence), visible=True)
        self._input.value = self._current_text
        self.param.trigger("rejected")

    def _show(self, _event: param.parameterized.Event) -> None:
        self._input.value = self._current_text


def share_error(*fields: TypedField) -> None:
    """Show an error only at the field that rejected an input last."""
    for field in fields:
        for other in fields:
            if other is not field:
                field.param.watch(other.clear_error, "rejected")
