"""The app: `panel serve apps/` or `make run`; `/apps?notebook` lists the notebooks."""

from pathlib import Path

import panel as pn

from playground.pages.app import App
from playground.pages.server import serve
from playground.pages.site.notebook_pages import notebook_requested, serve_notebook

pn.extension("filedropper", reconnect=True)
if notebook_requested():
    serve_notebook(Path(__file__).parent)
else:
    serve(App, "Playground")
