"""The points page alone: `panel serve apps/points.py`."""

import panel as pn

from playground.pages.points import PointsPage

pn.extension("filedropper", reconnect=True)
PointsPage().servable(title="Playground: points")
