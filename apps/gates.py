"""The gates page alone: `panel serve apps/gates.py`."""

import panel as pn

from playground.pages.app import serve
from playground.pages.gates import GatesPage

pn.extension("filedropper", reconnect=True)
serve(GatesPage, "Playground: gates")
