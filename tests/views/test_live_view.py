from __future__ import annotations

import gc
import weakref

import holoviews as hv
import numpy as np
import pytest
from bokeh.document import Document
from bokeh.events import Tap
from bokeh.models import ColumnDataSource

from playground.views.live_view import LiveView, element_plots, patch_columns, set_property
from playground.views.theme import DARK, LIGHT
from tests.support.patching import all_columns, assert_same_columns, render
from tests.support.training.dense_frames import make_frame


def draw(frame, theme, shift):
    points = columns(frame, theme, shift)[0]
    return hv.Points((points["x"], points["y"])) * hv.Curve(([0, 1], [0, 1]))


def columns(frame, theme, shift):
    x = frame.samples.train.x
    return [{"x": x[:, 0] + np.float32(shift), "y": x[:, 1]}, None]


def properties(frame, theme, shift):
    return {"0.xaxis.axis_label": frame.inputs[0], "1.glyph.line_color": theme.ink}


@pytest.fixture
def frame():
    return make_frame(side=4, seed=1)


@pytest.fixture
def view():
    frame = make_frame(side=4, seed=0)
    return LiveView(draw, columns, frame, properties=properties, shift=0.0)


def test_a_pushed_frame_is_patched_into_every_render(view, frame):
    plots = [render(view), render(view)]
    view.push(frame)
    for plot in plots:
        source = element_plots(plot)[0].handles["source"]
        np.testing.assert_array_equal(source.data["y"], frame.samples.train.x[:, 1])


def test_a_patch_keeps_models_and_never_draws(view, frame):
    calls = []
    counted = LiveView(
        lambda *args, **choices: calls.append(1) or draw(*args, **choices),
        columns,
        view.frame,
        shift=0.0,
    )
    plot = render(counted)
    drawn, glyph = len(calls), element_plots(plot)[0].handles["glyph"]
    counted.push(frame)
    assert len(calls) == drawn
    assert element_plots(plot)[0].handles["glyph"] is glyph


def test_a_patch_is_one_event_for_each_source_and_changed_property(view, frame):
    plot = render(view)
    document, events = Document(), []
    document.add_root(plot.state)
    document.on_change(events.append)
    view.push(frame)
    assert len(events) == 1


def test_columns_with_the_same_values_are_not_sent_again(view):
    plot = render(view)
    document, events = Document(), []
    document.add_root(plot.state)
    document.on_change(events.append)
    view.push(make_frame(side=4, seed=0))
    assert not events


ROWS = np.array([1.0, np.nan, 3.0, 4.0])


@pytest.mark.parametrize(
    ("after", "kind"),
    [
        ({"x": ROWS, "y": -ROWS}, "ColumnsStreamed"),
        ({"x": ROWS.astype(np.float32), "y": -ROWS}, "ColumnDataChanged"),
        ({"x": ROWS[::-1], "y": -ROWS}, "ColumnDataChanged"),
        ({"x": ROWS, "y": ROWS}, "ColumnDataChanged"),
    ],
)
def test_rows_that_were_added_are_all_that_is_sent(after, kind):
    source, document, events = (
        ColumnDataSource({"x": ROWS[:2], "y": -ROWS[:2]}),
        Document(),
        [],
    )
    document.add_root(source)
    document.on_change(events.append)
    patch_columns(source, after)
    assert [each.kind for each in events] == [kind]
    for name, values in after.items():
        np.testing.assert_array_equal(source.data[name], values)
        assert source.data[name].dtype == values.dtype


def test_rows_are_not_added_to_columns_that_wait_to_be_sent():
    source, document = ColumnDataSource({"x": ROWS[:1]}), Document()
    document.add_root(source)
    document.hold("collect")
    patch_columns(source, {"x": ROWS[1:3]})
    patch_columns(source, {"x": ROWS[1:]})
    assert {each.kind for each in document.callbacks._held_events} == {"ColumnDataChanged"}


def test_a_later_render_shows_the_newest_frame(view, frame):
    for seed in (1, 2, 3):
        render(view)
        view.push(make_frame(side=4, seed=seed))
        view.push(make_frame(side=4, seed=seed + 1))
    view.push(frame)
    fresh = LiveView(draw, columns, frame, shift=0.0)
    assert_same_columns(all_columns(render(view)), all_columns(render(fresh)))


def test_properties_are_applied_when_rendered_and_when_pushed(view, frame):
    plot = render(view)
    axis = element_plots(plot)[0].handles["xaxis"]
    assert axis.axis_label == "x"
    view.push(make_frame(side=4, inputs=("a", "b")))
    assert axis.axis_label == "a"


def test_a_theme_changes_colours_in_place(view):
    plot = render(view)
    view.restyle(DARK)
    assert element_plots(plot)[1].handles["glyph"].line_color == DARK.ink
    assert element_plots(plot)[0].handles["xaxis"].axis_label_text_color == DARK.muted


def test_choices_reach_the_columns(view):
    plot = render(view)
    before = element_plots(plot)[0].handles["source"].data["x"]
    view.set(shift=2.0)
    after = element_plots(plot)[0].handles["source"].data["x"]
    np.testing.assert_allclose(after, before + 2, rtol=1e-6)
    assert view.choices == {"shift": 2.0}


def test_an_unknown_choice_is_refused_and_changes_nothing(view):
    with pytest.raises(TypeError, match="no such choice: shfit"):
        view.set(shfit=2.0)
    assert view.choices == {"shift": 0.0}


def test_a_push_may_turn_choices_too(view, frame):
    plot = render(view)
    view.push(frame, shift=1.0)
    expected = frame.samples.train.x[:, 0] + np.float32(1)
    np.testing.assert_array_equal(element_plots(plot)[0].handles["source"].data["x"], expected)


def test_listeners_get_every_plot_that_is_rendered(view):
    plots, taps = [], []
    view.on_render(plots.append)
    view.on_render(lambda plot: plot.state.on_event(Tap, taps.append))
    plot = render(view)
    assert plots == [plot]
    plot.state._trigger_event(Tap(plot.state, x=1, y=2))
    assert [(tap.x, tap.y) for tap in taps] == [(1, 2)]


def test_a_pane_that_is_gone_is_neither_patched_nor_kept(view, frame):
    plots = []
    view.on_render(lambda plot: plots.append(weakref.ref(plot)))
    pane = view.pane()
    root = pane.get_root()
    assert [plot() is None for plot in plots] == [False]
    pane._cleanup(root)
    del root, pane
    view.push(frame)
    gc.collect()
    assert [plot() is None for plot in plots] == [True]


def test_a_view_of_one_element_has_one_part():
    view = LiveView(
        lambda frame, theme: hv.Curve(frame.curves.train_loss),
        lambda frame, theme: [{"y": frame.curves.train_loss}],
        make_frame(side=4),
        LIGHT,
    )
    assert len(element_plots(render(view))) == 1


def test_properties_are_found_by_path(view):
    plot = render(view)
    set_property(plot, "0.plot.title.text_color", "#123456")
    assert plot.state.title.text_color == "#123456"
