"""The digits page alone: `panel serve apps/digits.py`."""

import panel as pn

from playground.pages.app import serve
from playground.pages.digits.page import DigitsPage

pn.extension("filedropper", reconnect=True)
serve(DigitsPage, "Playground: digits")
