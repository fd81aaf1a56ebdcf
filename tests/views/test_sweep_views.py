"""The views of a sweep: wall, heatmap, dots and curves, all runs visible in each."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from playground.networks.architecture import Architecture
from playground.problems import Gates, Points
from playground.training.sweeps import SweepFrame, SweepTrainer, make_sweep, metric_values
from playground.training.training import Training
from playground.views.live_view import LiveView, element_plots
from playground.views.populations import parallel_coordinates as parallel
from playground.views.populations import sweep_curves, sweep_dots
from playground.views.populations.places import places_of
from playground.views.populations.run_columns import columns_of_sweep
from playground.views.populations.sweep_heatmap import sweep_heatmap
from playground.views.populations.sweep_runs import SweepRuns
from playground.views.populations.sweep_wall import strip_cells, sweep_wall
from playground.views.populations.wall import GAP, picture_indices
from playground.views.theme import DARK, LIGHT
from tests.support.patching import Shown, assert_patches_equal_renders, render


def make_frame(epochs: int, problem: Any = None, hidden: Any = (3,), **vary: Any) -> SweepFrame:
    trainer = SweepTrainer(
        problem or Gates(gate="XOR"),
        Architecture(hidden=list(hidden)),
        Training(optimiser="Adam" if hidden else "SGD"),
        make_sweep(**vary),
    )
    return trainer.train(epochs)


GRID = make_frame(40, width=[2, 3, 4], seed=range(4))
ROW = make_frame(3, seed=range(20))
NAMES = make_frame(3, activation=["tanh", "ReLU"])
SEEDED = make_frame(5, width=[2, 3], l2=[0.0, 0.01], seed=range(3))
LOST = make_frame(
    20, Points(shape="plane", count=60), (), learning_rate=[0.01, 0.02, 10.0], l2=[0.0, 0.01]
)
VIEWS: dict[str, Any] = {
    "heatmap": sweep_heatmap,
    "dots": partial(sweep_dots.sweep_dots, axis=0),
    "dots of the second": partial(sweep_dots.sweep_dots, axis=1),
    "curves": sweep_curves.sweep_curves,
}


def data_of(view: LiveView, element: int) -> Any:
    return element_plots(render(view))[element].handles["source"].data


@pytest.mark.parametrize("name", ["wall", *VIEWS])
def test_a_patch_shows_what_a_render_shows(name: str) -> None:
    is_wall = name == "wall"
    view, shown = (sweep_wall, lambda frame: frame) if is_wall else (VIEWS[name], SweepRuns)
    lost = [Shown(shown(LOST), DARK), shown(SEEDED)] if name in ("wall", "heatmap") else []
    assert_patches_equal_renders(
        lambda frame: view(frame, LIGHT), shown(NAMES), shown(GRID), *lost, selected=(1, 30)
    )


@pytest.mark.parametrize("frame", [GRID, ROW, NAMES, SEEDED], ids=repr)
def test_each_run_has_a_place_of_its_own_with_its_picture(frame: SweepFrame) -> None:
    places = places_of(frame.sweep)
    (picture,) = data_of(sweep_wall(frame, LIGHT), 0)["image"]
    side = frame.runs.pictures.shape[1]
    width = side + GAP
    height = width + strip_cells(side)
    assert picture.shape == (places.rows * height, places.across * width)
    for run, expected in enumerate(picture_indices(frame.runs)):
        assert places.run_at(places.column[run] + 0.5, places.row[run] + 0.5) == run
        top, left = (places.row[run] + 1) * height - GAP // 2, places.column[run] * width + GAP // 2
        np.testing.assert_array_equal(picture[top - side : top, left : left + side], expected)
    assert places.run_at(places.across + 0.5, 0.5) is None
    assert places.run_at(-0.5, 0.5) is None


def test_the_setting_with_more_values_goes_across() -> None:
    places = places_of(GRID.sweep)
    assert (places.rows, places.across) == (3, 4)
    assert list(places.x_labels.values()) == ["0", "1", "2", "3"]
    assert list(places.y_labels.values()) == ["2", "3", "4"]
    run = places.run_at(2.5, 1.5)
    assert run is not None
    assert GRID.sweep.values(run) == {"width": 3, "seed": 2}


def test_the_heatmap_shows_the_figure_of_each_run_and_the_best_is_the_strongest() -> None:
    view = sweep_heatmap(SweepRuns(GRID), LIGHT)
    cells, words = data_of(view, 0), data_of(view, 1)
    losses = metric_values(GRID, "test loss")
    assert cells["fill_color"][losses.argmin()] == 255
    for low, high, middle in (("left", "right", "x"), ("bottom", "top", "y")):
        np.testing.assert_allclose((cells[low] + cells[high]) / 2, words[middle])
    assert cells["fill_color"][losses.argmax()] == 1
    assert float(words["text"][5]) == pytest.approx(float(losses[5]), abs=5e-4)
    lost = sweep_heatmap(SweepRuns(LOST), LIGHT)
    gone = LOST.runs.diverged
    assert gone.tolist() == [False, False, True] * 2
    assert (np.array(data_of(lost, 1)["text"]) == "✕").tolist() == gone.tolist()
    assert (data_of(lost, 0)["fill_color"] == 0).tolist() == gone.tolist()


def test_seeds_of_a_setting_stand_together_and_the_heatmap_shows_their_median_and_range() -> None:
    places = places_of(SEEDED.sweep)
    assert (places.rows, places.across) == (4, 4)
    assert places.x_labels == {1.0: "2", 3.0: "3"}
    assert places.y_labels == {1.0: "0", 3.0: "0.01"}
    # Width 3 without L2, seeds 0 to 2: two above, one below, and a place that stays free.
    assert [places.run_at(*at) for at in ((2.5, 1.5), (3.5, 1.5), (2.5, 0.5), (3.5, 0.5))] == [
        1, 5, 9, None,
    ]  # fmt: skip
    (picture,) = data_of(sweep_wall(SEEDED, LIGHT), 0)["image"]
    height, width = picture.shape[0] // 4, picture.shape[1] // 4
    assert not picture[:height, 3 * width :].any()
    borders = data_of(sweep_wall(SEEDED, LIGHT), 5)
    assert [borders[name].tolist() for name in ("x", "y", "x1", "y1")] == [
        [2, 0], [0, 2], [2, 4], [4, 2],
    ]  # fmt: skip
    assert not len(data_of(sweep_wall(GRID, LIGHT), 5)["x"])
    view = sweep_heatmap(SweepRuns(SEEDED), LIGHT)
    view.set(selected=(9,))
    cells, words, framed, areas = (data_of(view, number) for number in range(4))
    losses = np.sort(metric_values(SEEDED, "test loss").reshape(3, 4), axis=0)
    low, median, high = (f"{each:.3f}" for each in losses[:, 1])
    assert words["text"][1] == f"{median}\n{low}–{high}"
    assert cells["fill_color"].argmax() == losses[1].argmin()
    assert f"median {median}<br>from {low}–{high}" in areas["words"][1]
    assert (framed["left"][0], framed["bottom"][0]) == (cells["left"][1], cells["bottom"][1])
    dots = sweep_dots.dots_of(SweepRuns(SEEDED), "test loss", "last", 1)
    assert len({*dots.x.tolist()}) == 12
    assert (
        sweep_dots.nearest_run(SweepRuns(SEEDED), "test loss", "last", 1, dots.x[9], dots.y[9]) == 9
    )


def test_every_run_is_a_dot_and_those_that_diverged_are_in_the_bin() -> None:
    for frame in (GRID, LOST):
        dots = sweep_dots.dots_of(SweepRuns(frame), "test loss", "last", 0)
        assert len({*zip(dots.x.tolist(), dots.y.tolist(), strict=True)}) == len(frame.sweep)
        assert (dots.y > dots.high).tolist() == frame.runs.diverged.tolist()
        assert dots.y.max() < dots.top
        for run in range(len(frame.sweep)):
            near = (dots.x[run], dots.y[run])
            assert sweep_dots.nearest_run(SweepRuns(frame), "test loss", "last", 0, *near) == run
    assert sweep_dots.nearest_run(SweepRuns(GRID), "test loss", "last", 0, 99.0, 0.0) is None
    # Logarithms, so that equal factors are equal distances.
    places = sweep_dots.x_positions(SweepRuns(LOST), 0).reshape(2, 3).mean(0)
    np.testing.assert_allclose(places, [-2, np.log10(0.02), 1])


def test_all_curves_are_drawn_and_the_selected_in_front() -> None:
    view = sweep_curves.sweep_curves(SweepRuns(GRID), LIGHT)
    view.set(selected=(4,))
    diverged, others, chosen = (data_of(view, number) for number in range(3))
    epochs = len(GRID.runs.curve_epochs)
    assert len(diverged["epoch"]) == 0
    assert len(others["epoch"]) == 11 * (epochs + 1)
    expected = np.log10(GRID.runs.curves[:, 1, 4])
    np.testing.assert_allclose(chosen["value"][:-1], expected, rtol=1e-5)
    assert sweep_curves.nearest_run(SweepRuns(GRID), "test loss", 20.0, float(expected[20])) == 4
    lost = sweep_curves.sweep_curves(SweepRuns(LOST), LIGHT)
    gone = data_of(lost, 0)
    assert np.isnan(gone["value"][gone["epoch"] > LOST.runs.diverged_epoch.max()]).all()


def test_patched_parallel_coordinates_show_what_a_render_shows() -> None:
    brushes = (parallel.Brush(0, 2.5, 4.5, missing=False), parallel.Brush(6, 0, 1, missing=True))
    assert_patches_equal_renders(
        lambda frame: parallel.parallel_coordinates(frame, LIGHT),
        columns_of_sweep(NAMES),
        Shown(columns_of_sweep(GRID), selected=(1, 30), brushes=brushes),
        Shown(columns_of_sweep(LOST), DARK),
    )


def test_each_run_is_a_line_through_its_values_on_axes_of_their_own_scale() -> None:
    columns = columns_of_sweep(LOST)
    names = [each.name for each in columns.columns]
    assert names == ["learning rate", "L2", "test loss", "training loss", "epochs to learn"]
    heights = parallel.heights_of(columns)
    # Equal factors are equal distances on an axis that says so, and 0 has a place on none other.
    np.testing.assert_allclose(heights[:3, 0], [0, np.log10(2) / 3, 1], atol=1e-12)
    assert heights[:, 1].tolist() == [0, 0, 0, 1, 1, 1]
    gone = LOST.runs.diverged
    assert (heights[:, 2] == parallel.MISSING).tolist() == gone.tolist()
    losses = np.log10(metric_values(LOST, "test loss")[~gone])
    expected = (losses - losses.min()) / np.ptp(losses)
    np.testing.assert_allclose(heights[~gone, 2], expected, rtol=1e-4, atol=1e-6)
    view = parallel.parallel_coordinates(columns, LIGHT)
    view.set(selected=(2, 3))
    failed, others, chosen = (data_of(view, number) for number in (1, 2, 4))
    assert [len(each["x"]) // 6 for each in (failed, others, chosen)] == [1, 3, 2]
    np.testing.assert_allclose(chosen["y"].reshape(2, 6)[:, :5], heights[[2, 3]])
    words = columns_of_sweep(NAMES).columns[0]
    assert (words.labels, words.values.tolist()) == ({0.0: "tanh", 1.0: "ReLU"}, [0, 1])


def test_a_brush_selects_what_lies_in_all_ranges() -> None:
    columns = columns_of_sweep(LOST)
    scale = parallel.scales_of(columns)[0]
    between = parallel.make_brush(columns, 0, 0.5, -0.05)
    assert 10**between.low < 0.01
    assert 10**between.high == pytest.approx(np.sqrt(0.01 * 10))
    assert scale.heights(between.high) == pytest.approx(0.5)
    assert parallel.brushed_runs(columns, (between,)) == (0, 1, 3, 4)
    upper = parallel.make_brush(columns, 1, 0.9, 1.1)
    assert parallel.brushed_runs(columns, (between, upper)) == (3, 4)
    lost = parallel.make_brush(columns, 2, -0.2, -0.1)
    assert parallel.brushed_runs(columns, (lost,)) == (2, 5)
    assert parallel.brushed_runs(columns, ()) == ()
    assert (
        parallel.nearest_run(columns, 0.5, float(parallel.heights_of(columns)[4, :2].mean())) == 4
    )
    assert parallel.nearest_run(columns, 0.5, 3.0) is None
    assert [parallel.column_at(columns, x) for x in (-0.55, -0.4, 4.3, 4.6)] == [None, 0, 4, None]
