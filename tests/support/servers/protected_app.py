"""A small app that is served as the pages are: a text field, and a box for files of up to 2 MB."""

import panel as pn
import param

from playground.pages.controls.uploads.file_dropper import FileUpload
from playground.serving.process.process_settings import prepare_server_process

pn.extension("filedropper")
prepare_server_process()
files = FileUpload(2, css_classes=["files"])
said = pn.widgets.StaticText(css_classes=["said"])


def say(*_events: object) -> None:
    said.value = ", ".join(f"{name}: {len(content)}" for name, content in files.take())


def refuse(event: param.parameterized.Event) -> None:
    said.value = event.new


files.param.watch(say, "value")
files.param.watch(refuse, "refusal", onlychanged=False)
pn.Column(pn.widgets.TextInput(css_classes=["field"]), files, said).servable()
