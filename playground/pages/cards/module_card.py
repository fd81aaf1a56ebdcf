"""The card of a custom module, in place of a network diagram."""

from __future__ import annotations

from html import escape

import panel as pn
from torch import nn

from playground.pages.controls.fields.parameter_fields import card
from playground.pages.controls.notes import Notes
from playground.pages.part import Part
from playground.views.live_view import LiveView

ABOUT = "Your own module: its predictions are shown, its layers are not."


class ModuleCard(Part):
    """The text of a module, and notes about the network.

    Attributes
    ----------
    notes : Notes
    views : tuple of LiveView
        Empty; the card of a dense network has a diagram.
    """

    views: tuple[LiveView, ...] = ()

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.notes = Notes("network", hint=ABOUT)
        self._card = card("Network", ModuleText(module), self.notes, area="network")

    def __panel__(self) -> pn.Column:
        return self._card


class ModuleText(Part):
    """The text of a module, as `print` shows it."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self._text = pn.pane.HTML(
            f"<pre>{escape(str(module))}</pre>",
            css_classes=["pg-outline"],
            sizing_mode="stretch_both",
            min_height=120,
            margin=0,
        )

    def __panel__(self) -> pn.pane.HTML:
        return self._text
