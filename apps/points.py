"""The points page alone: `panel serve apps/points.py`."""

import panel as pn

from playground.pages.points import PointsPage
from playground.pages.server import serve

pn.extension("filedropper", reconnect=True)
serve(PointsPage, "Playground: points")
