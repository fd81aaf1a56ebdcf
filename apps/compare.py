"""The page Compare, with the pages that its networks open on: `panel serve apps/compare.py`."""

import panel as pn

from playground.pages.app import CompareApp
from playground.pages.server import serve

pn.extension("filedropper", reconnect=True)
serve(CompareApp, "Playground: compare")
