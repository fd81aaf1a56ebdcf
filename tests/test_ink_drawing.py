"""A drawing while it is being made."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.errors import InputError
from playground.ink.drawing import Drawing
from playground.ink.strokes import MAX_POINTS

BAR = ([0.1, 0.9], [0.5, 0.5])
STEM = ([0.5, 0.5, 0.5], [0.1, 0.4, 0.9])


def as_lists(drawing: Drawing) -> list[tuple[list[float], list[float]]]:
    return [(xs.tolist(), ys.tolist()) for xs, ys in drawing.strokes]


def drawn(*strokes: tuple[list[float], list[float]]) -> Drawing:
    drawing = Drawing()
    for xs, ys in strokes:
        drawing.begin(xs[0], ys[0])
        for x, y in zip(xs[1:], ys[1:], strict=True):
            drawing.extend(x, y)
    return drawing


def test_points_that_come_one_by_one_make_strokes() -> None:
    assert as_lists(drawn(BAR, STEM)) == [BAR, STEM]


def test_each_point_triggers_watchers() -> None:
    drawing, seen = Drawing(), []
    drawing.param.watch(lambda event: seen.append(len(event.new[-1])), "lines")
    drawing.begin(0, 0)
    drawing.extend(1, 0)
    drawing.extend(1, 1)
    assert seen == [1, 2, 3]


def test_undo_takes_back_one_stroke_after_another_and_a_clear() -> None:
    drawing = drawn(BAR, STEM)
    drawing.clear()
    assert not drawing.lines
    drawing.undo()
    assert as_lists(drawing) == [BAR, STEM]
    drawing.undo()
    assert as_lists(drawing) == [BAR]
    drawing.undo()
    assert not drawing.lines
    assert not drawing.can_undo
    drawing.undo()


def test_what_the_canvas_reports_puts_the_stroke_under_way_right() -> None:
    drawing = drawn(BAR)
    longer = ([0.1, 0.9, 0.95], [0.5, 0.5, 0.5])
    drawing.set_strokes([longer])
    assert as_lists(drawing) == [longer]
    drawing.undo()
    assert not drawing.lines


def test_known_strokes_trigger_no_watcher() -> None:
    drawing, seen = drawn(BAR, STEM), []
    drawing.param.watch(seen.append, "lines")
    drawing.set_strokes([BAR, STEM])
    assert not seen


def test_a_stroke_that_came_only_at_its_end_can_be_undone() -> None:
    drawing = drawn(BAR)
    drawing.set_strokes([BAR, STEM])
    drawing.undo()
    assert as_lists(drawing) == [BAR]


@pytest.mark.parametrize("junk", [[([0], [0, 1])], [(["a"], [0])], [([np.nan], [0])], [7]])
def test_junk_leaves_the_drawing_as_it_is(junk: list[object]) -> None:
    drawing = drawn(BAR)
    with pytest.raises(InputError):
        drawing.set_strokes(junk)  # type: ignore[arg-type]
    assert as_lists(drawing) == [BAR]


def test_no_drawing_grows_without_end() -> None:
    drawing = Drawing()
    drawing.set_strokes([(np.linspace(0, 1, MAX_POINTS), np.zeros(MAX_POINTS))])
    drawing.extend(0, 0)
    assert len(drawing.lines[0]) == MAX_POINTS


@given(st.lists(st.sampled_from(["begin", "extend", "clear", "undo"]), max_size=30))
def test_undoing_everything_leads_back_to_an_empty_sheet(acts: list[str]) -> None:
    drawing = Drawing()
    for act in acts:
        call = getattr(drawing, act)
        call(0.5, 0.5) if act in ("begin", "extend") else call()
    while drawing.can_undo:
        drawing.undo()
    assert not drawing.lines
