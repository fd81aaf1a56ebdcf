from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from playground.views.confusion import confusion
from playground.views.live_view import element_plots
from playground.views.theme import DARK, LIGHT, class_palette, full_colour_index
from tests.support.patching import all_columns, assert_patches_equal_renders, axes, render
from tests.support.training.dense_frames import CLASS_NAMES, make_frame


def view(frame):
    return confusion(frame, LIGHT)


CHANGES = {
    "more classes": {"classes": 6},
    "values": {"regression": True},
    "all right": {"confusion": np.diag([7, 7])},
    "nothing yet": {"confusion": np.zeros((2, 2), int)},
}


def test_a_patch_shows_what_a_render_shows():
    changed = [make_frame(side=4, seed=1, **change) for change in CHANGES.values()]
    assert_patches_equal_renders(view, make_frame(side=4), *changed)


@pytest.fixture(scope="module")
def rendering():
    live = view(make_frame(side=4))
    return live, render(live)


@pytest.mark.parametrize("classes", range(2, 7))
def test_every_count_stands_in_its_row_and_column(rendering, classes):
    live, plot = rendering
    frame = make_frame(side=4, classes=classes)
    live.push(frame)
    cells, counts = all_columns(plot)
    *_, across = axes(plot)["xaxis"]
    *_, up = axes(plot)["yaxis"]
    for x, y, text in zip(counts["x"], counts["y"], counts["text"], strict=True):
        answer = CLASS_NAMES.index(across[min(across, key=lambda place: abs(place - x))])
        truth = CLASS_NAMES.index(up[min(up, key=lambda place: abs(place - y))])
        assert text == str(frame.confusion[truth, answer])
    np.testing.assert_allclose((cells["left"] + cells["right"]) / 2, counts["x"])
    np.testing.assert_allclose((cells["top"] + cells["bottom"]) / 2, counts["y"])


def test_the_first_class_is_on_top_and_names_below_are_as_wide_as_columns():
    names = [f"species of trees, number {number}" for number in range(3)]
    plot = render(view(replace(make_frame(side=4, classes=3), classes=tuple(names))))
    *_, up = axes(plot)["yaxis"]
    assert up[max(up)] == names[0]
    *_, across = axes(plot)["xaxis"]
    for number, place in enumerate(sorted(across)):
        assert re.fullmatch(f"….*number {number}", across[place])
    many = tuple(f"species of trees, number {number}" for number in range(8))
    plot = render(view(replace(make_frame(side=4, classes=8), classes=many)))
    *_, across = axes(plot)["xaxis"]
    *_, up = axes(plot)["yaxis"]
    assert [across[place] for place in sorted(across)] == [*"12345678"]
    assert up[min(up)] == f"{many[-1]} 8"


def test_a_cell_has_the_colour_of_the_answer_as_strong_as_its_share():
    frame = make_frame(side=4, confusion=np.array([[10, 0], [5, 5]]))
    colours = all_columns(render(view(frame)))[0]["fill_color"]
    assert colours.tolist() == [full_colour_index(0, 2), 128, 63, 128 + 63]


def test_a_theme_changes_colours_in_place():
    live = view(make_frame(side=4))
    plot = render(live)
    live.restyle(DARK)
    cells, counts = element_plots(plot)
    assert cells.handles["fill_color_color_mapper"].palette == class_palette(DARK, 2)
    assert counts.handles["text_color_color_mapper"].palette == [DARK.ink, DARK.surface]
