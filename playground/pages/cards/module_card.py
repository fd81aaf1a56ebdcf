"""A module of somebody's own in words, where there is no diagram of it."""

from __future__ import annotations

from html import escape

import panel as pn
from torch import nn

from playground.pages.controls.notes import Notes
from playground.pages.controls.parameter_fields import card
from playground.pages.part import Part
from playground.views.live_view import LiveView

ABOUT = "Your own module: its predictions are shown, its layers are not."


class ModuleCard(Part):
    """The layers of a module, as it writes them itself.

    Attributes
    ----------
    notes : Notes
    views : tuple of LiveView
        None; other cards about the network have some.
    """

    views: tuple[LiveView, ...] = ()

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.notes = Notes("network", hint=ABOUT)
        self._card = card("Network", ModuleText(module), self.notes, area="network")

    def __panel__(self) -> pn.Column:
        return self._card


class ModuleText(Part):
    """The words alone."""

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
