"""An app that is only a tab of runs, and says which tab of the browser it is in."""

import panel as pn

from playground.pages.keep.runs_tab import RunsTab
from playground.pages.keep.tab import Tab
from playground.pages.style import COLOURS, dressed
from playground.runs import Store
from playground.views.theme import LIGHT
from tests.bench_page import Bench

pn.extension("filedropper")
with dressed():
    known = pn.pane.HTML("", css_classes=["known"])
    tab = Tab(lambda key, _reloaded: known.param.update(object=key))
    runs = RunsTab(Bench(gate="XOR", hidden=[4]), Store(), LIGHT)
    card = pn.Column(runs, css_classes=["pg-card"], width=420)
    pn.Column(known, tab, card, css_classes=["pg"], stylesheets=[COLOURS]).servable()
