"""Fields for the layers of a custom classifier."""

from __future__ import annotations

import re
from collections.abc import Sequence

import panel as pn

from playground.errors import InputError
from playground.networks.classifiers import CustomClassifier
from playground.pages.controls.fields.parameter_fields import field, group
from playground.pages.controls.fields.typed_field import TypedField, share_error
from playground.pages.controls.help_tags import help_tags
from playground.pages.part import Part

KINDS = {"Dense layers only": "MLP", "Convolutions first": "CNN"}


class CustomClassifierFields(Part):
    """Fields for a CustomClassifier; those about convolutions only while it has some."""

    def __init__(self, own: CustomClassifier) -> None:
        super().__init__()
        channels = LayerSizesField(own, "channels", "Channels")
        hidden = LayerSizesField(own, "hidden", "Dense layers")
        share_error(channels, hidden)
        convolution_fields = pn.Column(
            group(
                channels,
                field(own, "kernel", name="Kernel size"),
                field(own, "pool", name="Pooling"),
                field(own, "padded", name="Padding"),
            ),
            margin=0,
            sizing_mode="stretch_width",
            visible=own.param.kind.rx() == "CNN",
        )
        self._column = pn.Column(
            self._kind_select(own),
            convolution_fields,
            group(
                hidden,
                field(own, "activation"),
                field(own, "dropout", step=0.05),
                field(own, "batch_norm", name="Batch norm"),
            ),
            css_classes=["pg-own"],
            margin=0,
            sizing_mode="stretch_width",
        )

    def __panel__(self) -> pn.Column:
        return self._column

    @staticmethod
    def _kind_select(own: CustomClassifier) -> pn.widgets.RadioButtonGroup:
        kinds = pn.widgets.RadioButtonGroup(
            name="Kind",
            options=KINDS,
            value=own.kind,
            margin=0,
            css_classes=["pg-modes"],
            tags=help_tags(own.param.kind.doc),
        )
        kinds.link(own, value="kind", bidirectional=True)
        return kinds


class LayerSizesField(TypedField):
    """A text field for a list of layer sizes, such as "16, 32", linked with a parameter.

    Values that the parameter does not allow are refused with a sentence, and the old list stays.

    Parameters
    ----------
    owner, name
        The parameter, a list of int.
    label : str
    """

    def format_value(self, value: Sequence[int]) -> str:
        """Format the sizes, separated by commas."""
        return format_sizes(value)

    def parse(self, typed: str) -> list[int]:
        """Parse the sizes."""
        return parse_sizes(typed)

    def error_message(self, typed: str) -> str:
        """Return how many layers are possible."""
        low, high = self.parameter.bounds
        return f"{self.label}: {low} to {high} layers are possible."


def parse_sizes(text: str) -> list[int]:
    """Parse whole numbers separated by commas or blanks; an empty text has none.

    Raises
    ------
    InputError
        If anything else is among them.
    """
    words = re.split(r"[\s,;]+", text.strip(" ,;"))
    for word in filter(None, words):
        if not re.fullmatch(r"[0-9]{1,9}", word):
            raise InputError(f"Sizes are whole numbers, such as “16, 32”; “{word[:20]}” is none.")
    return [int(word) for word in words if word]


def format_sizes(numbers: Sequence[int]) -> str:
    """Format a list as it is typed."""
    return ", ".join(map(str, numbers))
