"""An app that is only a tab of runs, and says which tab of the browser it is in."""

import panel as pn

from playground.pages.design import COLOUR_CSS, page_design
from playground.pages.runs.browser_tab import BrowserTab
from playground.pages.runs.drawer.runs_tab import RunsTab
from playground.runs.store import Store, default_folder
from playground.serving.patches.bokeh_patches import BokehPatches
from playground.views.theme import LIGHT
from tests.support.data.fake_run_session import FakeRunSession

pn.extension("filedropper")
with page_design():
    known = pn.pane.HTML("", css_classes=["known"])
    tab = BrowserTab(lambda key, _reloaded: known.param.update(object=key))
    runs = RunsTab(FakeRunSession(gate="XOR", hidden=[4]), Store(default_folder() / "tab"), LIGHT)
    card = pn.Column(runs, css_classes=["pg-card"], width=420)
    pn.Column(
        BokehPatches(), known, tab, card, css_classes=["pg"], stylesheets=[COLOUR_CSS]
    ).servable()
