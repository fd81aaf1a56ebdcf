"""Copies of rendered figures: their own models, nobody else's data."""

from __future__ import annotations

import gc
import weakref

import holoviews as hv
import numpy as np
from bokeh.document import Document

from playground.views.live_view import LiveView, element_plots
from playground.views.theme import LIGHT
from tests.support.patching import all_columns, description


def draw(values, theme, **choices):
    (points,) = columns(values, theme, **choices)
    return hv.Overlay([hv.Points((points["x"], points["y"])).opts(tools=["hover"])])


def columns(values, theme, **choices):
    return [{"x": values, "y": values}]


def properties(values, theme, *, title=""):
    return {"0.xaxis.axis_label": title} if title else {}


def make_view(values, **choices):
    values = np.asarray(values, float)
    return LiveView(draw, columns, values, LIGHT, properties=properties, **choices)


def models(figure):
    return {id(each) for each in figure.state.references()}


def test_copies_share_no_model_and_no_list():
    one, other = make_view([1.0]).figure(), make_view([2.0]).figure()
    assert not models(one) & models(other)
    assert description(one.state) == description(other.state)
    one.state.renderers.clear()
    one.state.css_classes.append("mine")
    assert len(other.state.renderers) == 1
    assert "mine" not in other.state.css_classes
    assert make_view([3.0]).figure().state.renderers


def test_a_list_of_a_copy_tells_its_own_document():
    one, other = make_view([1.0]).figure(), make_view([2.0]).figure()
    documents, changes = [Document(), Document()], []
    for figure, document in zip((one, other), documents, strict=True):
        document.add_root(figure.state)
        document.on_change(lambda event: changes.append((event.model, event.attr)))
    one.state.css_classes.append("mine")
    assert changes == [(one.state, "css_classes")]


def test_nothing_of_one_view_is_seen_in_another():
    make_view([11.0, 12.0], title="a secret").figure()
    plain = make_view([1.0]).figure()
    assert element_plots(plain)[0].handles["xaxis"].axis_label != "a secret"
    untouched = LiveView(draw, lambda *_args, **_choices: [{}], np.zeros(0), LIGHT).figure()
    (data,) = all_columns(untouched)
    assert [len(column) for column in data.values()] == [0, 0]


def test_a_view_of_one_element_is_copied_too():
    values = np.asarray([1.0, 2.0])
    view = LiveView(
        lambda *_args: hv.Points((values, values)),
        lambda *_args: [{"x": values, "y": values}],
        values,
        LIGHT,
    )
    np.testing.assert_array_equal(all_columns(view.figure())[0]["x"], values)


def test_a_pane_gives_each_document_a_figure_and_lets_go_of_it():
    view = make_view([1.0])
    seen = []
    view.on_render(lambda figure: seen.append(weakref.ref(figure)))
    pane = view.pane(sizing_mode="stretch_width", height=120, css_classes=["mine"])
    roots = [pane.get_root(Document()) for _ in range(2)]
    view.push(np.asarray([5.0, 6.0]))
    figures = [each() for each in seen]
    assert [len(all_columns(each)[0]["x"]) for each in figures] == [2, 2]
    assert all(each.state.height == 120 for each in figures)
    assert all(each.state.css_classes == ["mine"] for each in figures)
    pane.css_classes = ["other"]
    assert figures[0].state.css_classes == ["other"]
    del figures
    for root in roots:
        pane._cleanup(root)
    del root, roots
    gc.collect()
    assert [each() for each in seen] == [None, None]
