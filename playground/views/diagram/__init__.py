"""The network diagram: features, units and links, drawn, patched, pointed at and described."""

from playground.views.diagram.describe import caption, describe
from playground.views.diagram.hit import TOUCH, at
from playground.views.diagram.layout import Layout
from playground.views.diagram.refs import BiasRef, LinkRef, Ref, UnitRef
from playground.views.diagram.view import diagram, layout_of

__all__ = [
    "TOUCH",
    "BiasRef",
    "Layout",
    "LinkRef",
    "Ref",
    "UnitRef",
    "at",
    "caption",
    "describe",
    "diagram",
    "layout_of",
]
