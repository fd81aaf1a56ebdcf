"""Serving pages: what is done before a server listens."""

from __future__ import annotations

from unittest.mock import Mock
from weakref import WeakKeyDictionary

import holoviews as hv
import panel as pn
import pytest
from bokeh.document import Document

from playground.pages import server
from playground.pages.digits.digits_page import DigitsPage
from playground.pages.gates import GatesPage
from playground.problems.image_datasets.image_dataset import ImageDataset
from playground.serving.settings.server_settings import ServerSettings
from playground.views.rendering import figure_template

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


def test_a_server_for_many_renders_views_before_it_listens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(figure_template, "_templates", WeakKeyDictionary())
    monkeypatch.setattr(server, "PAGES", {"Gates": GatesPage, "Digits": DigitsPage})
    monkeypatch.setattr(server, "prepare_server_process", Mock())
    rendered = Mock(side_effect=hv.renderer("bokeh").get_plot)
    monkeypatch.setattr(type(hv.renderer("bokeh")), "get_plot", rendered)
    before: list[int] = []

    def listen(*_apps: object, **_options: object) -> Mock:
        before.append(rendered.call_count)
        return Mock()

    monkeypatch.setattr(pn, "serve", listen)
    monkeypatch.setattr(ImageDataset, "load", Mock(side_effect=AssertionError("a download")))
    for host in ("127.0.0.1", "0.0.0.0"):
        server.run_server(ServerSettings(host=host, port=0), show=False)
    local, public = before
    assert local == 0
    assert public > 3
    GatesPage().__panel__().get_root(Document())
    assert rendered.call_count == public
