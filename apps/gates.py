"""The gates page alone: `panel serve apps/gates.py`."""

import panel as pn

from playground.pages.gates import GatesPage

pn.extension(reconnect=True)
GatesPage().servable(title="Playground: gates")
