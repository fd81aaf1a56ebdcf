"""The digits page alone: `panel serve apps/digits.py`."""

import panel as pn

from playground.pages.digits.digits_page import DigitsPage
from playground.pages.server import serve

pn.extension("filedropper", reconnect=True)
serve(DigitsPage, "Playground: digits")
