"""Components of Panel's that cost less: they show what they show without the patches."""

from __future__ import annotations

from copy import copy
from importlib.metadata import version
from typing import Any

import panel as pn
import param
import pytest
from bokeh.document import Document
from bokeh.model import Model
from panel.pane.base import PaneBase
from panel.reactive import Reactive
from param.parameterized import Parameters

from playground.pages.design import PageDesign, page_design
from playground.serving.browser.browser_component import BrowserComponent
from playground.serving.patches import component_memory as memory
from playground.serving.patches import component_speedups as speedups
from playground.serving.patches import construction_speedups as construction
from playground.serving.patches import message_speedups, model_defaults, parameter_reads
from playground.serving.patches import shared_style_sheets as sheets
from playground.serving.patches import value_checks as checks
from playground.serving.patches import value_containers as containers
from playground.serving.patches.known_code import changed_functions

# As they are when tests are collected, before `conftest.py` patches them.
ORIGINALS: list[tuple[Any, str, Any]] = [
    (speedups.references, "visit_immediate_value_references", speedups.visit_all),
    (speedups.references, "visit_value_and_its_immediate_references", speedups.visit_any),
    (speedups.Callback, "_process_callbacks", speedups.link_all),
    (Reactive, "_init_params", Reactive._init_params),
    (Reactive, "_get_properties", sheets.find_properties),
    (PaneBase, "__init__", PaneBase.__init__),
    (Reactive, "__init__", construction.construct),
    (Parameters, "_resolve_ref", construction.resolve_reference),
    (Parameters, "_register_watcher", memory.register_watcher),
    (memory._InstancePrivate, "__init__", memory.begin_private),
    (checks.Property, "prepare_value", checks.prepare),
    *((kind, "wrap", kind.wrap) for kind in containers.SMALL),
    (construction.parameterized, "_instantiate_param_obj", construction.instantiate_parameter),
]


@pytest.fixture(autouse=True)
def unpatched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the patches away for one test, whether another one has left them or not."""
    for owner, name, original in ORIGINALS:
        monkeypatch.setattr(owner, name, original)
    monkeypatch.setattr(PaneBase, "layout", None, raising=False)


@pytest.fixture
def patched(unpatched: None) -> None:
    patch()


def patch() -> None:
    speedups.patch_components.__wrapped__()
    construction.patch_construction.__wrapped__()
    memory.patch_component_memory.__wrapped__()
    containers.patch_containers.__wrapped__()
    checks.patch_checks.__wrapped__()
    sheets.patch_style_sheets.__wrapped__()


def components() -> list[Any]:
    return [
        pn.Column(pn.pane.HTML("<b>1</b>", width=30, margin=4), pn.widgets.Button(label="Go")),
        pn.pane.Markdown("*1*", css_classes=["a"], styles={"color": "red"}),
        pn.widgets.FloatSlider(label="x", value=0.5, tags=["t"]),
        pn.pane.Str("text", sizing_mode="stretch_width"),
        pn.Param(pn.widgets.IntSlider(), parameters=["value"]),
    ]


KNOWN_VERSIONS = {"bokeh": "3.9.2", "panel": "1.9.4", "param": "2.4.2"}
"""Those whose code was read; where others are installed, what they have changed is left alone."""


def models_of_components() -> list[list[tuple[str, list[str]]]]:
    """Of each component, and of two of each on a page: kind and values of all their models."""
    roots = [each.get_root(Document()) for each in components()]
    with page_design():
        page = pn.Row(*components(), *components(), pn.Row(stylesheets=["a {}"]))
    roots.append(page.get_root(Document()))
    return [
        sorted((type(one).__name__, plain_values(one)) for one in root.references())
        for root in roots
    ]


def plain_values(model: Model) -> list[str]:
    plain = (str, int, float, bool, list, tuple, type(None))
    values = model.properties_with_values().items()
    found = [f"{k}={v}" for k, v in values if isinstance(v, plain) and k != "name"]
    addresses = [getattr(each, "url", each) for each in getattr(model, "stylesheets", ())]
    return [*sorted(each for each in found if "id=" not in each), *addresses]


def test_components_render_as_without_the_patches() -> None:
    before, early = models_of_components(), pn.pane.HTML("made before", width=30)
    patch()
    assert models_of_components() == before
    early.width = 40
    assert early.layout.width == 40 + 2 * early.margin[1]
    early.layout = early.layout.clone()
    early.width = 50
    assert early.layout.width == 50 + 2 * early.margin[1]


PATCHES = (
    *(speedups, construction, memory, checks, containers, sheets),
    *(message_speedups, model_defaults, parameter_reads),
)


def test_code_that_a_later_version_has_changed_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if {name: version(name) for name in KNOWN_VERSIONS} == KNOWN_VERSIONS:
        for module in PATCHES:
            assert changed_functions(module.KNOWN) == (), "nothing would be cheaper"
    monkeypatch.setattr(construction, "KNOWN", ((construction.construct, "another"),))
    construction.patch_construction.__wrapped__()
    assert Reactive.__init__ is construction.construct
    assert changed_functions(((len, "another"),)) == ("builtins.len",)


def watcher_names(component: Any) -> dict[str, list[str]]:
    """Return by which methods each value of a component is watched, in their order."""
    watchers = component._param__private.watchers
    return {
        name: [getattr(each.fn, "__qualname__", "partial") for each in kinds["value"]]
        for name, kinds in watchers.items()
    }


def test_components_watch_their_values_as_without_the_patches() -> None:
    before = [watcher_names(each) for each in components()]
    assert len(before[0]) > 20
    construction.patch_construction.__wrapped__()
    memory.patch_component_memory.__wrapped__()
    assert [watcher_names(each) for each in components()] == before


def test_copies_of_parameters_are_those_of_param() -> None:
    for component in components():
        own = type(component)()
        for parameter in type(component).param.objects("existing").values():
            copies = [
                make(parameter, own)
                for make in (construction.instantiate_parameter, construction.copy_parameter)
            ]
            for name in type(parameter)._all_slots_:
                of_param, ours = (getattr(each, name) for each in copies)
                assert type(ours) is type(of_param)
                assert ours is of_param or ours == of_param, (parameter, name)
                known = getattr(parameter, name)
                assert (ours is known) == (of_param is known), (parameter, name)


def test_watchers_are_called_for_the_values_that_they_watch(patched: None) -> None:
    card = pn.Column()
    assert type(card.param.watchers) is memory.WatcherTable
    calls: list[str] = []

    def note(*events: Any) -> None:
        calls.extend(each.name for each in events)

    one, two = card.param.watch(note, "width"), card.param.watch(note, ["height", "margin"])
    card.param.update(width=3, height=4, margin=5, visible=False)
    assert sorted(calls) == ["height", "margin", "width"]
    card.param.unwatch(two)
    card.param.update(width=6, height=7, margin=8)
    assert sorted(calls) == ["height", "margin", "width", "width"]
    card.param.unwatch(one)
    card.param.unwatch(one)
    card.width = 9
    assert len(calls) == 4
    assert watcher_names(card) == watcher_names(pn.Column())
    twice = card.param.watch(note, ["visible", "visible"])
    card.styles = {"color": "red"}
    assert len(calls) == 4, "another value than the one that is watched"
    card.visible = False
    card.visible = True
    assert len(calls) == 6
    card.param.unwatch(twice)
    card.visible = False
    assert len(calls) == 6
    assert copy(card).param.watchers["objects"]["value"][0].inst is not card


def test_references_are_followed_and_unknown_names_refused(patched: None) -> None:
    class Card(pn.Column):
        """A class that the patch has not seen yet."""

    Card.param.add_parameter("caption", param.String(""))
    Card()
    Card.param.add_parameter("later", param.String(""))
    slider = pn.widgets.IntSlider(value=3, end=9)
    words = pn.bind(str, slider)
    card = Card(width=slider.param.value, caption=words, later=words)
    pane = pn.pane.Str(words, refs=pn.bind(lambda height: {"height": height}, slider))
    for value in (3, 7):
        slider.value = value
        assert (card.width, card.caption, card.later) == (value, str(value), str(value))
        assert (pane.object, pane.height) == (str(value), value)
    calls: list[object] = []
    watcher = card.param.watch(lambda *events: calls.extend(events), ["width", "later"])
    slider.value = 8
    card.param.unwatch(watcher)
    slider.value = 9
    assert len(calls) == 2
    with pytest.raises(ValueError, match="was not found"):
        card.param.watch(calls.append, ["width", "nonsense"])


def test_what_is_added_to_a_page_is_linked_where_there_is_a_link(
    patched: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes: list[object] = []
    link_all = speedups.link_all
    monkeypatch.setattr(speedups, "link_all", lambda *args: passes.append(args) or link_all(*args))
    one, other, box = pn.widgets.IntInput(), pn.widgets.IntInput(), pn.Column()
    one.jslink(other, value="value")
    root = pn.Column(one, box).server_doc(Document()).roots[0]
    passes.clear()
    box.append(pn.Column(pn.widgets.IntInput()))
    assert not passes
    box.append(pn.Column(other))
    assert len(passes) == 1
    source, target = (each._models[root.ref["id"]][0] for each in (one, other))
    [callback] = source.js_property_callbacks["change:value"]
    assert target in callback.args.values()


def test_a_pane_has_its_row_when_it_is_asked_for(patched: None) -> None:
    pane = pn.pane.HTML("<b>1</b>", width=100, margin=5)
    assert "_layout" not in pane.__dict__
    pane.width = 200
    assert pane.layout[0] is pane
    assert pane.layout.width == 210
    pane.height = 40
    assert type(pane.get_root(Document())).__name__ == "HTML"
    assert pane.layout.height == 50
    with pytest.raises(ValueError, match="does not support"):
        pn.pane.HTML(3)


def test_the_design_of_a_class_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    original = pn.theme.Design._get_modifiers.__func__
    monkeypatch.setattr(PageDesign, "_found", {})
    monkeypatch.setattr(
        pn.theme.Design,
        "_get_modifiers",
        classmethod(lambda cls, *args: calls.append(1) or original(cls, *args)),
    )
    with page_design():
        sheets = [pn.Column().get_root(Document()).stylesheets for _ in range(3)]
    assert len(calls) == 1
    assert [len(each) for each in sheets] == [len(sheets[0])] * 3
    assert len(sheets[0]) > 6


class One(BrowserComponent):
    _esm = "export const render = () => 1"


class Other(One):
    _esm = "export const render = () => 2"


def test_browsers_run_the_scripts_of_components_as_they_are_and_each_its_own() -> None:
    models = [kind().get_root(Document()) for kind in (One, Other, One)]
    assert [each.esm for each in models] == [One._esm, Other._esm, One._esm]
    first, second, third = [each.bundle for each in models]
    assert first == third
    assert len({None, first, second}) == 3
