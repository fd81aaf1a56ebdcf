"""The app: `panel serve apps/` or `make run`."""

import panel as pn

from playground.pages.app import serve
from playground.pages.house import House

pn.extension("filedropper", reconnect=True)
serve(House, "Playground")
