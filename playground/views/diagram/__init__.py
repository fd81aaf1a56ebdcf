"""The network diagram: its view, hit testing and descriptions of what is hovered."""

from playground.views.diagram.describe import caption, describe, describe_briefly
from playground.views.diagram.diagram_layout import Layout
from playground.views.diagram.hit_testing import TOUCH_TOLERANCE, hit_test
from playground.views.diagram.refs import BiasRef, FeatureRef, LinkRef, Ref, UnitRef
from playground.views.diagram.view import diagram, layout_of

__all__ = [
    "TOUCH_TOLERANCE",
    "BiasRef",
    "FeatureRef",
    "Layout",
    "LinkRef",
    "Ref",
    "UnitRef",
    "caption",
    "describe",
    "describe_briefly",
    "diagram",
    "hit_test",
    "layout_of",
]
