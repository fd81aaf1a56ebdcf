"""The gates page alone: `panel serve apps/gates.py`."""

import panel as pn

from playground.pages.gates import GatesPage
from playground.pages.server import serve

pn.extension("filedropper", reconnect=True)
serve(GatesPage, "Playground: gates")
