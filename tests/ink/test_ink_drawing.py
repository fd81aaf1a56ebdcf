"""A drawing while it is being made."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.errors import InputError
from playground.ink.drawing import MAX_UNDO_POINTS, Drawing
from playground.ink.strokes import MAX_POINTS, MAX_STROKES

BAR = ([0.1, 0.9], [0.5, 0.5])
STEM = ([0.5, 0.5, 0.5], [0.1, 0.4, 0.9])


def as_lists(drawing: Drawing) -> list[tuple[list[float], list[float]]]:
    return [(xs.tolist(), ys.tolist()) for xs, ys in drawing.strokes]


def make_drawing(*strokes: tuple[list[float], list[float]]) -> Drawing:
    drawing = Drawing()
    for xs, ys in strokes:
        drawing.begin((xs[0], ys[0]))
        for x, y in zip(xs[1:], ys[1:], strict=True):
            drawing.extend((x, y))
    return drawing


def test_points_that_come_one_by_one_make_strokes() -> None:
    assert as_lists(make_drawing(BAR, STEM)) == [BAR, STEM]


def test_each_point_triggers_watchers() -> None:
    drawing, seen = Drawing(), []
    drawing.param.watch(lambda event: seen.append(len(event.new[-1])), "lines")
    drawing.begin((0, 0))
    drawing.extend((1, 0))
    drawing.extend((1, 1))
    assert seen == [1, 2, 3]


def test_undo_takes_back_one_stroke_after_another_and_a_clear() -> None:
    drawing = make_drawing(BAR, STEM)
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


def test_strokes_may_come_as_several_points_at_once() -> None:
    drawing = Drawing()
    drawing.begin(*zip(*STEM, strict=True))
    drawing.extend(*zip(*BAR, strict=True))
    drawing.extend()
    assert as_lists(drawing) == [(STEM[0] + BAR[0], STEM[1] + BAR[1])]
    drawing.undo()
    assert not drawing.lines


def test_a_drawing_without_room_refuses_points_and_stays_as_it_is() -> None:
    drawing = Drawing()
    drawing.begin(*np.zeros((MAX_POINTS - 1, 2)))
    drawing.extend((1, 1))
    for add in (drawing.begin, drawing.extend):
        with pytest.raises(InputError, match="no room for more"):
            add((0, 0))
    assert len(drawing.lines) == 1
    assert len(drawing.lines[0]) == MAX_POINTS


def test_a_drawing_takes_no_more_strokes_than_can_be_read_and_stays_as_it_is() -> None:
    drawing = Drawing()
    for _ in range(MAX_STROKES):
        drawing.begin((0.5, 0.5))
    lines = drawing.lines
    with pytest.raises(InputError, match="200 strokes, and there is no room for more"):
        drawing.begin((0, 0))
    assert drawing.lines is lines
    drawing.extend((1, 1))
    drawing.undo()
    drawing.begin((0, 0))
    assert len(drawing.lines) == MAX_STROKES


def test_what_can_be_undone_has_a_limit_in_memory() -> None:
    drawing, steps = Drawing(), 0
    for number in range(15):
        drawing.begin(*np.full((MAX_POINTS, 2), number))
        drawing.clear()
    while drawing.can_undo:
        drawing.undo()
        steps += 1
        if drawing.lines:
            assert drawing.lines[0][0, 0] == 14 - steps // 2
    assert steps // 2 == MAX_UNDO_POINTS // MAX_POINTS


@given(st.lists(st.sampled_from(["begin", "extend", "clear", "undo"]), max_size=30))
def test_undoing_everything_leads_back_to_an_empty_sheet(acts: list[str]) -> None:
    drawing = Drawing()
    for act in acts:
        call = getattr(drawing, act)
        call((0.5, 0.5)) if act in ("begin", "extend") else call()
    while drawing.can_undo:
        drawing.undo()
    assert not drawing.lines
