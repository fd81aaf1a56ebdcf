"""How the page looks: one style sheet for the layout, one for the controls."""

from __future__ import annotations

from contextlib import AbstractContextManager
from importlib.resources import files
from typing import Any, ClassVar

import panel as pn
from panel.theme import Design
from panel.theme.base import Inherit
from panel.viewable import Viewable
from panel.widgets import Widget

from playground.views.theme import DARK, LIGHT, css

_FOLDER = files("playground.pages")
COLOURS = css(LIGHT, ":host(.pg)") + css(DARK, ":host(.pg.pg-dark)")
LAYOUT = COLOURS + (_FOLDER / "layout.css").read_text("utf-8")
CONTROLS = (_FOLDER / "controls.css").read_text("utf-8")


class PageDesign(Design):
    """The page's own design: the layout's style sheet everywhere, the controls' on widgets."""

    modifiers: ClassVar[dict[type[Viewable], dict[str, Any]]] = {
        Viewable: {"stylesheets": [Inherit, LAYOUT]},
        Widget: {"stylesheets": [Inherit, CONTROLS]},
    }


def dressed() -> AbstractContextManager[None]:
    """Within this context whatever is made gets the page's design."""
    context: AbstractContextManager[None] = pn.config.set(design=PageDesign)
    return context
