"""The points page alone: `panel serve apps/points.py`."""

import panel as pn

from playground.pages.app import serve
from playground.pages.points import PointsPage

pn.extension("filedropper", reconnect=True)
serve(PointsPage, "Playground: points")
