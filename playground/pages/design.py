"""How the page looks: style sheets for the layout, for digits, and for the controls."""

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
"""For the page's root: everything in it takes its colours from there."""


class PageDesign(Design):
    """The page's own design: the layout's style sheet everywhere, the controls' on widgets.

    As files beside this module they travel once; as text they would with each component.
    """

    modifiers: ClassVar[dict[type[Viewable], dict[str, Any]]] = {
        Viewable: {
            "stylesheets": [
                Inherit,
                "shell/layout.css",
                "links/hiding.css",
                "digits/digits.css",
                "checkpoints/checkpoints.css",
            ]
        },
        Widget: {"stylesheets": [Inherit, "controls/controls.css"]},
    }


def page_design() -> AbstractContextManager[None]:
    """Within this context whatever is made gets the page's design."""
    context: AbstractContextManager[None] = pn.config.set(design=PageDesign)
    return context
