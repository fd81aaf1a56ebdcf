"""A field for a list of layer sizes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import panel as pn
import param

from playground.errors import InputError
from playground.pages.part import Part


class SizesField(Part):
    """A list of whole numbers typed by hand, such as "16, 32", linked with a parameter.

    What the parameter does not allow is refused with a sentence, and the old list stays.

    Parameters
    ----------
    owner, name
        The parameter, a list of int.
    label : str
    """

    def __init__(self, owner: param.Parameterized, name: str, label: str) -> None:
        super().__init__()
        self._owner, self._name, self._label = owner, name, label
        self._input = pn.widgets.TextInput(
            name=label, value=shown(getattr(owner, name)), sizing_mode="stretch_width", margin=0
        )
        self._said = pn.pane.HTML("", css_classes=["pg-refused"], margin=0, visible=False)
        self._column = pn.Column(self._input, self._said, margin=0, sizing_mode="stretch_width")
        self._input.param.watch(self._take, "value")
        owner.param.watch(self._show, name)

    def __panel__(self) -> pn.Column:
        return self._column

    def _take(self, event: param.parameterized.Event) -> None:
        if event.new == shown(getattr(self._owner, self._name)):
            return
        try:
            setattr(self._owner, self._name, sizes(event.new))
        except InputError as error:
            self._refuse(str(error))
        except ValueError:
            low, high = self._owner.param[self._name].bounds
            self._refuse(f"{self._label}: {low} to {high} layers are possible.")
        else:
            self._said.visible = False
            self._input.value = shown(getattr(self._owner, self._name))

    def _refuse(self, sentence: str) -> None:
        self._said.param.update(object=escape(sentence), visible=True)
        self._input.value = shown(getattr(self._owner, self._name))

    def _show(self, event: param.parameterized.Event) -> None:
        self._input.value = shown(event.new)


def sizes(text: str) -> list[int]:
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


def shown(numbers: Sequence[int]) -> str:
    """A list as it is typed."""
    return ", ".join(map(str, numbers))
