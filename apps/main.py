"""The app: `panel serve apps/` or `make run`."""

import panel as pn

from playground.pages.app import App
from playground.pages.server import serve

pn.extension("filedropper", reconnect=True)
serve(App, "Playground")
