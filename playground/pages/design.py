"""The pages' design: style sheets of the layout and of the controls, and the colours."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import panel as pn
from panel.theme import Design
from panel.theme.base import Inherit, Theme
from panel.viewable import Viewable
from panel.widgets import Widget

from playground.serving.giving_way import give_way
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
                "digits/digits.css",
                "links/hiding.css",
                "checkpoints/checkpoints.css",
                "cards/populations/populations.css",
                "cards/landscape/landscape.css",
                "compare/compare.css",
            ]
        },
        Widget: {"stylesheets": [Inherit, "controls/controls.css"]},
    }
    _found: ClassVar[dict[object, tuple[dict[str, Any], dict[str, Any]]]] = {}

    @classmethod
    def _get_modifiers(
        cls, viewable: Viewable, theme: Theme | None = None, isolated: bool = True
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what the design sets on a component; looked up once for each class of them.

        Panel looks for the style sheets' files on the disk, for each component anew. It asks for
        each component that it renders, and for nothing else as often. Addresses get versions here,
        so that browsers need not ask each time whether a file has changed.
        """
        give_way()
        document = pn.state.curdoc
        is_served = document is not None and document.session_context is not None
        key = cls, type(viewable), type(theme), isolated, is_served, pn.state.rel_path
        if key not in cls._found:
            cls._found[key] = found = super()._get_modifiers(viewable, theme, isolated)
            if not pn.config.autoreload:
                found[0]["stylesheets"] = [with_version(each) for each in found[0]["stylesheets"]]
        own, children = cls._found[key]
        # Panel puts models in the place of addresses.
        copied = {
            name: list(value) if isinstance(value, list) else value for name, value in own.items()
        }
        return copied, children


def with_version(style_sheet: str) -> str:
    """Return the address of a style sheet with what tells one version of the file from another.

    Text that is no address of a file beside this module is left as it is.
    """
    _, found, name = style_sheet.partition(f"/{PageDesign.__name__}/modifiers/")
    if not found:
        return style_sheet
    digest = hashlib.sha256((Path(__file__).parent / name).read_bytes()).hexdigest()
    return f"{style_sheet}?v={digest[:16]}.css"  # Panel knows addresses by how they end.


@contextmanager
def page_design() -> Iterator[None]:
    """Give the design to all components that are made within this context.

    Panel's own `config.set` reads and compares all of its settings, a tenth of the time in which a
    page is made.
    """
    before = pn.config.design
    pn.config.design = PageDesign
    try:
        yield
    finally:
        pn.config.design = before
