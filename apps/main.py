"""The app: `panel serve apps/` or `make run`; `/apps?notebook` lists the notebooks."""

from pathlib import Path

import panel as pn

from playground.pages.app import App
from playground.pages.notebook_pages import notebook_requested, serve_notebook
from playground.pages.server import serve

pn.extension("filedropper", reconnect=True)
if notebook_requested():
    serve_notebook(Path(__file__).parent)
else:
    serve(App, "Playground")
