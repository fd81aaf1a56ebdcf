"""An app that is only the tabs of code and files."""

import panel as pn

from playground.pages.design import COLOUR_CSS, page_design
from playground.pages.runs.drawer.code_tab import CodeTab
from playground.pages.runs.drawer.files_tab import FilesTab
from playground.problems import Gates
from playground.training.dense.trainer import Trainer

with page_design():
    trainer = Trainer(Gates(gate="XOR"))
    tabs = pn.Tabs(("Code", CodeTab(trainer)), ("Take away", FilesTab(trainer)), dynamic=True)
    pn.Column(tabs, css_classes=["pg"], stylesheets=[COLOUR_CSS]).servable()
