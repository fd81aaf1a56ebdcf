"""The pages' design: style sheets of the layout and of the controls, and the colours."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, ClassVar

import panel as pn
from panel.theme import Design
from panel.theme.base import Inherit
from panel.viewable import Viewable
from panel.widgets import Widget

from playground.views.theme import DARK, LIGHT, css

COLOUR_CSS = css(LIGHT, ":host(.pg)") + css(DARK, ":host(.pg.pg-dark)")
"""Colours as custom properties of the page's root element, from which all else inherits them."""


class PageDesign(Design):
    """Style sheets of the layout for all components, and of the controls for widgets.

    Panel serves files beside this module once; as text they would be sent with each component.
    """

    modifiers: ClassVar[dict[type[Viewable], dict[str, Any]]] = {
        Viewable: {
            "stylesheets": [
                Inherit,
                "shell/layout.css",
                "links/hiding.css",
                "digits/digits.css",
                "checkpoints/checkpoints.css",
                "populations/populations.css",
                "landscape/landscape.css",
                "compare/compare.css",
            ]
        },
        Widget: {"stylesheets": [Inherit, "controls/controls.css"]},
    }


def page_design() -> AbstractContextManager[None]:
    """Give the design to all components that are made within this context."""
    context: AbstractContextManager[None] = pn.config.set(design=PageDesign)
    return context
