"""The pages without a browser: what Python sets the widgets show, and the other way round."""

from __future__ import annotations

import asyncio
import html
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import panel as pn
import param
import pytest

import playground
from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.pages.app import App
from playground.pages.cards.parameter_editor import ParameterEditor
from playground.pages.controls.fields.parameter_fields import LogField
from playground.pages.controls.notes import Notes
from playground.pages.controls.uploads.points_upload import PointsUpload
from playground.pages.gates import GatesPage
from playground.pages.part import DenseHeartbeat, Part
from playground.pages.points import PointsPage
from playground.pages.points.point_brush import MODES, SCATTER, SPACING, PointBrush
from playground.problems.gates import Gates
from playground.problems.points.point_set import MAX_POINTS, PointSet
from playground.problems.points.point_snapshot import empty_snapshot
from playground.problems.points.points import OWN, Points
from playground.serving.browser.back_pressure import BackPressure
from playground.serving.heartbeat import Heartbeat
from playground.training.core.metrics import Score
from playground.training.core.notes import Note, Remedy
from playground.training.dense.frame import Frame
from playground.training.trainer import Trainer
from playground.training.training import Training
from playground.views.diagram import BiasRef, LinkRef, UnitRef, layout_of
from playground.views.gradient_norms import gradient_norms
from playground.views.theme import DARK, LIGHT
from tests.support.data.shared_pages import SharedPages, lending_fixture
from tests.support.each_case import check_each
from tests.support.widgets import click, text, widget, widgets

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")


gates, points = lending_fixture(GatesPage), lending_fixture(PointsPage)


@pytest.fixture
def kept_page(shared_pages: SharedPages) -> Callable[[type], Any]:
    """Return a function that gives a page, the same to all tests that leave it as it was."""
    return shared_pages.peek


def refresh(page: Any) -> Any:
    """Show a page the state of things, as its heartbeat does."""
    page.heartbeat.frame = page.trainer.frame()
    page.update(page.heartbeat.frame)
    return page


# Construction -------------------------------------------------------------------------------


def test_choices_reach_the_gate_and_the_network() -> None:
    page = GatesPage(gate="AND", hidden=[3], dark=True, learning_rate=0.2, pace=5.0)
    assert page.problem.gate == widget(page, "Gate").value == "AND"
    assert page.heartbeat.frame.plan.widths == (3, 1)
    assert page.training.learning_rate == 0.2
    assert page.heartbeat.pace == 5.0
    assert {view.theme for view in page.views} == {DARK}
    assert "pg-dark" in page.__panel__().css_classes


def test_choices_reach_the_points() -> None:
    page = PointsPage(shape="spiral", hidden=[8, 8])
    assert page.problem.shape == "spiral"
    assert page.heartbeat.frame.plan.widths == (8, 8, 1)
    assert {view.theme for view in page.views} == {LIGHT}


def test_an_unknown_choice_names_the_known_ones() -> None:
    with pytest.raises(TypeError, match=r"no choice 'hiden'; there are .*'hidden'.*'noise'"):
        GatesPage(hiden=[3])


@pytest.mark.parametrize(
    ("choice", "value"), [("gate", "NEITHER"), ("hidden", [99]), ("learning_rate", -1.0)]
)
def test_a_wrong_value_is_refused(choice: str, value: object) -> None:
    with pytest.raises(ValueError, match=str(value).strip("[]")):
        GatesPage(**{choice: value})


def test_the_package_offers_its_pages() -> None:
    assert isinstance(playground.Gates("nor", hidden=[3]), GatesPage)
    assert isinstance(playground.Points("spiral"), PointsPage)
    with pytest.raises(AttributeError, match="Digitz"):
        playground.Digitz  # noqa: B018


# Parameters and widgets -----------------------------------------------------------------------

SHARED = [
    ("training", "optimiser", "Optimiser", "SGD"),
    ("training", "batch_size", "Batch size", 7),
    ("training", "schedule", "Schedule", "cosine"),
    ("training", "horizon", "Schedule length", 50),
    ("training", "engine", "Engine", "autograd"),
    ("training", "loss", "Loss", "hinge"),
    ("training", "class_weights", "Class weights", "balanced"),
    ("training", "stop_epoch", "Run to epoch", 12),
    ("training", "early_stopping", "Early stopping", 7),
    ("training", "plateau_patience", "Plateau patience", 3),
    ("architecture", "activation", "Activation", "ReLU"),
    ("architecture", "dropout", "Dropout", 0.3),
    ("architecture", "initialiser", "Initialisation", "He"),
    ("architecture", "seed", "Weight seed", 4),
]
OF_GATES = [
    ("problem", "gate", "Gate", "NOR"),
    ("problem", "inputs_count", "Inputs", 3),
    ("problem", "noise", "Noise", 0.2),
]
OF_POINTS = [
    ("problem", "count", "Points", 300),
    ("problem", "noise", "Noise", 0.25),
    ("problem", "train_ratio", "Training fraction", 0.8),
    ("problem", "classes_count", "Classes", 4),
    ("problem", "seed", "Seed", 9),
]
FIELDS = [(GatesPage, *row) for row in SHARED + OF_GATES] + [
    (PointsPage, *row) for row in OF_POINTS
]


@pytest.mark.parametrize(("kind", "owner", "name", "label", "value"), FIELDS)
def test_a_parameter_and_its_widget_follow_each_other(
    kind: Any, owner: str, name: str, label: str, value: object, kept_page: Callable[..., Any]
) -> None:
    page = kept_page(kind)
    parameters, shown = getattr(page, owner), widget(page, label)
    first = getattr(parameters, name)
    assert shown.value == first != value
    setattr(parameters, name, value)
    assert shown.value == value
    shown.value = first
    assert getattr(parameters, name) == first


def test_every_parameter_has_a_widget(gates: GatesPage, points: PointsPage) -> None:
    """All but those that are set in the table, in the diagram or by pictures."""
    elsewhere = {"name", "table", "pins", "horizontal", "vertical", "hidden", "features"}
    elsewhere |= {"layer_activations", "learning_rate", "l1", "l2", "shape"}
    elsewhere |= {"stop_loss", "stop_accuracy", "max_norm"}  # typed as text; see below
    elsewhere |= {"momentum", "beta1", "beta2", "plateau_factor"}  # likewise
    fields = {(kind, owner, name) for kind, owner, name, _label, _value in FIELDS}
    for page, owners in ((gates, ["problem", "training", "architecture"]), (points, ["problem"])):
        for owner in owners:
            for name in set(getattr(page, owner).param) - elsewhere:
                fixed_seed = (owner, name) == ("problem", "seed") and page is gates
                assert fixed_seed or (type(page), owner, name) in fields, (owner, name)


def test_the_pace_can_be_chosen(gates: GatesPage) -> None:
    pace = next(each for each in widgets(gates) if "full speed" in getattr(each, "options", ()))
    assert pace.value == "60 epochs/s"
    pace.value = "full speed"
    assert gates.heartbeat.pace is None
    pace.value = "5 epochs/s"
    assert gates.heartbeat.pace == 5.0


@pytest.mark.parametrize(
    ("number", "place"), [(0.1, -1.0), (0.03, -1.52), (1e-5, -5.0), (10.0, 1.0)]
)
def test_a_log_slider_stands_where_the_number_is(number: float, place: float) -> None:
    training = Training()
    slider = LogField(training, "learning_rate", -5, 1).__panel__()
    training.learning_rate = number
    assert slider.value == pytest.approx(place, abs=0.026)
    assert training.learning_rate == number


def test_a_log_slider_sets_round_numbers() -> None:
    training = Training()
    slider = LogField(training, "learning_rate", -5, 1).__panel__()
    slider.value = -1.7
    assert training.learning_rate == 0.02
    slider.value = 1
    assert training.learning_rate == 10
    slider.value = -5
    assert training.learning_rate == 1e-5


@pytest.mark.parametrize("number", [0.033, 0.0123, 0.5, 7.77])
def test_a_log_slider_leaves_a_number_from_elsewhere_alone(number: float) -> None:
    training = Training()
    slider = LogField(training, "learning_rate", -5, 1).__panel__()
    training.learning_rate = number
    slider.param.trigger("value")
    assert training.learning_rate == pytest.approx(number, rel=0.06)
    training.learning_rate = number
    assert training.learning_rate == number


def test_a_log_slider_with_zero() -> None:
    training = Training()
    slider = LogField(training, "l2", -6, 0, zero=True).__panel__()
    assert slider.value == -6
    slider.value = -2
    assert training.l2 == 0.01
    slider.value = -6
    assert training.l2 == 0
    training.l2 = 0.001
    assert slider.value == pytest.approx(-3)
    training.l2 = 0
    assert slider.value == -6


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("stop_loss", "Stop at loss"),
        ("stop_accuracy", "Stop at accuracy"),
        ("max_norm", "Clip gradient norm"),
    ],
)
def test_a_fraction_is_typed_as_text(name: str, label: str, kept_page: Callable[..., Any]) -> None:
    gates = kept_page(GatesPage)
    shown = widget(gates, label)
    assert shown.value == ""
    setattr(gates.training, name, 0.25)
    assert shown.value == "0.25"
    shown.value = "0,75"
    assert getattr(gates.training, name) == 0.75
    shown.value = ""
    assert getattr(gates.training, name) is None


def test_settings_of_optimisers_and_schedules_are_shown_where_they_have_them(
    gates: GatesPage,
) -> None:
    cases = [
        ("SGD", "constant", set()),
        ("Nesterov", "plateau", {"Momentum", "Plateau factor", "Plateau patience"}),
        ("RMSprop", "cosine", {"Schedule length"}),
        ("AdamW", "plateau", {"Beta 1", "Beta 2", "Plateau factor", "Plateau patience"}),
    ]
    check_each(partial(check_shown_settings, gates), cases)


def check_shown_settings(gates: GatesPage, optimiser: str, schedule: str, labels: set[str]) -> None:
    gates.training.optimiser, gates.training.schedule = optimiser, schedule
    typed = {"Momentum": "momentum", "Beta 1": "beta1", "Beta 2": "beta2"}
    typed["Plateau factor"] = "plateau_factor"
    tags = {**typed, "Plateau patience": "plateau_patience", "Schedule length": "horizon"}
    for label, name in tags.items():
        (box,) = (
            each
            for each in gates.__panel__().select(pn.Column)
            if f"Training.{name}" in (each.tags or ())
        )
        assert box.visible == (label in labels)
        if label in typed:
            usual = getattr(gates.training, name)
            widget(gates, label).value = "0,25"
            assert getattr(gates.training, name) == 0.25
            setattr(gates.training, name, usual)


@pytest.mark.parametrize(
    ("label", "typed", "sentence"),
    [
        ("Momentum", "1", "1 is not possible: momentum can be 0.0 to 0.9999."),
        ("Beta 2", "", "An empty field is not possible"),
        ("Batch size", 0, "0 is not possible: batch size can be 1 to 2,000."),
        ("Batch size", 2001, "2001 is not possible"),
        ("Stop at loss", "-1", "stop at loss can be 0.0 to 1,000.0, or empty for never"),
        ("Stop at accuracy", "2", "2 is not possible"),
        ("Stop at accuracy", "<b>", "&lt;b&gt; is not possible"),
    ],
)
def test_a_wrong_number_is_refused_in_a_sentence(
    label: str, typed: object, sentence: str, kept_page: Callable[..., Any]
) -> None:
    gates = kept_page(GatesPage)
    shown = widget(gates, label)
    before = shown.value
    shown.value = typed
    assert sentence in text(gates)
    assert shown.value == before


def test_losses_follow_the_task(points: PointsPage) -> None:
    loss = widget(points, "Loss")
    points.problem.shape = "plane"
    refresh(points)
    assert list(loss.options) == ["squared error", "Huber"]
    assert not widget(points, "Class weights").visible
    assert points.training.loss == loss.value == "squared error"
    loss.value = "Huber"
    points.problem.shape = "moons"
    refresh(points)
    assert list(loss.options) == ["cross-entropy", "squared error", "hinge"]
    assert points.training.loss == loss.value == "cross-entropy"


def test_classes_can_be_chosen_where_the_shape_allows(points: PointsPage) -> None:
    classes = widget(points, "Classes")
    assert not classes.visible
    points.problem.shape = "blobs"
    assert classes.visible
    points.problem.shape = "plane"
    assert not classes.visible


def test_a_thumbnail_chooses_a_shape_and_is_marked(points: PointsPage) -> None:
    names = [each.name for each in widgets(points) if "pg-shape" in each.css_classes]
    assert len(names) == len(points.problem.param.shape.objects)
    moons = next(name for name in names if name.startswith("moons"))
    click(points, moons)
    assert points.problem.shape == "moons"
    assert "pg-chosen" in widget(points, moons).css_classes
    points.problem.shape = "circle"
    assert "pg-chosen" not in widget(points, moons).css_classes


def test_regenerate_draws_other_points(points: PointsPage) -> None:
    before = points.problem.snapshot()
    click(points, "Regenerate")
    assert not np.array_equal(points.problem.snapshot().x, before.x)


def test_at_least_one_feature_stays(points: PointsPage) -> None:
    features = widget(points, "Features")
    features.value = ["x", "x²"]
    assert points.architecture.features == ["x", "x²"]
    features.value = []
    assert features.value == points.architecture.features == ["x", "x²"]
    points.architecture.features = ["y"]
    refresh(points)
    assert features.value == ["y"]


def test_a_click_on_a_feature_of_the_diagram_takes_or_leaves_it(points: PointsPage) -> None:
    card = points._diagram

    def press(name: str) -> None:
        layout, frame = layout_of(card.view), card.view.frame
        names = frame.plan.features
        x, y = (
            (layout.x[names.index(name)], layout.y[names.index(name)])
            if name in names
            else (
                axis[frame.unused_features.index(name)]
                for axis in (layout.unused_x, layout.unused_y)
            )
        )
        card._select((float(x), float(y)))
        refresh(points)

    taken = list(points.architecture.features)
    press("xy")
    assert points.architecture.features == [*taken[:2], "xy", *taken[2:]]
    press("xy")
    assert points.architecture.features == taken


def test_an_experiment_starts_with_one_click_and_is_not_offered_where_it_is_set(
    points: PointsPage,
) -> None:
    offered = {name: widget(points, name) for name in ("one neuron", "only x and y")}
    assert not any(each.visible for each in offered.values())  # before Play was pressed once
    points.train(1)
    refresh(points)
    assert all(each.visible for each in offered.values())
    click(points, "one neuron")
    assert points.architecture.hidden == [1]
    assert points.heartbeat.running
    points.train(1)
    refresh(points)
    assert {name: each.visible for name, each in offered.items()} == {
        "one neuron": False,
        "only x and y": True,
    }

    # One of the things to try is in sight, and the next one comes once it is on the page.
    first, second = points.things_to_try[:2]
    assert first.question in text(points._tries)
    click(points._tries, first.label)
    assert points._is_set(first.settings)
    assert points.heartbeat.running
    assert second.question in text(points._tries)
    points.choose(second.settings)
    refresh(points)
    assert points.things_to_try[2].question in text(points._tries)


def test_success_is_said_above_the_picture(gates: GatesPage) -> None:
    assert "Press Play" in text(gates._welcome)
    solved = gates.train(60)
    refresh(gates)
    said = f'<b class="pg-solved">Solved: 100% right</b> first at epoch {solved.learned_epoch}.'
    assert said in text(gates._welcome)
    assert "Can it be done with less? " in text(gates._welcome)
    gates.trainer.reset()
    refresh(gates)
    assert "Press Play" in text(gates._welcome)

    # It says nothing that the numbers beside it don't, and what goes wrong with what helps.
    score = Score(0.1, 0.975)
    less = replace(solved, train=score, test=score)
    gates._welcome.update(less)
    assert f"Solved at epoch {solved.learned_epoch}</b> 97.5% right now." in text(gates._welcome)
    half = Score(0.6, 0.5)
    unsolved = replace(solved, learned_epoch=None)
    for frame, said in (
        (replace(less, learned_epoch=None), "<b>Nearly solved:</b> 97.5% are right."),
        (replace(unsolved, train=half, test=half), "Paused. Press <b>Play</b> to go on."),
        (unsolved, "<b>All are right,</b> but not yet for sure."),
    ):
        gates._welcome.update(frame)
        assert said in text(gates._welcome)
    weaker = Remedy("L2 to 0.25", (("l2", 0.25),))
    note = Note("guessing", "curves", "warning", "", weaker, "It is guessing: only 50% right.")
    error = replace(note, severity="error")
    for frame, said in ((less, note), (solved, error)):
        gates._welcome.update(replace(frame, notes=(said,)))
        assert "<b>It is guessing:</b> only 50% right." in text(gates._welcome)
        assert not widget(gates, "one neuron").visible
    click(gates, "L2 to 0.25")
    assert gates.training.l2 == 0.25
    gates._welcome.update(replace(solved, notes=(note,)))
    assert "guessing" not in text(gates._welcome)
    assert not widget(gates, "L2 to 0.25").visible
    assert widget(gates, "one neuron").visible


# Transport ------------------------------------------------------------------------------------


def test_play_and_pause(gates: GatesPage) -> None:
    click(gates, "Play")
    assert gates.heartbeat.running
    click(gates, "Pause")
    assert not gates.heartbeat.running
    assert widget(gates, "Play")


def test_reset_gives_the_same_weights_and_the_die_gives_others(gates: GatesPage) -> None:
    first = gates.trainer.frame().layers[0].weight
    gates.trainer.advance(epochs=5)
    click(gates, "Reset to the same initial weights")
    again = gates.trainer.frame()
    assert again.epoch == 0
    np.testing.assert_array_equal(again.layers[0].weight, first)
    click(gates, "New initial weights")
    assert not np.array_equal(gates.trainer.frame().layers[0].weight, first)


@pytest.mark.parametrize(("owner", "name", "value"), [("initialiser", "zero", 0), ("seed", 5, 1)])
def test_another_start_begins_anew(
    gates: GatesPage, owner: str, name: object, value: object
) -> None:
    gates.trainer.advance(epochs=5)
    setattr(gates.architecture, owner, name)
    assert gates.trainer.frame().epoch == 0


def test_numbers_follow(gates: GatesPage) -> None:
    gates.trainer.advance(epochs=1001)
    assert "<b>1,001</b>epoch" in text(refresh(gates))


def test_a_regression_has_no_accuracy(points: PointsPage) -> None:
    assert "test accuracy" in text(refresh(points))
    points.problem.shape = "multi-Gaussian"
    assert "test accuracy" not in text(refresh(points))


# Brush ----------------------------------------------------------------------------------------


class BrushHarness:
    """A brush on points, and what it said."""

    def __init__(self, own: PointSet | None = None, **choices: Any) -> None:
        self.reported: list[str] = []
        shape = {"shape": OWN} if own is not None else {}
        self.problem = Points(own=own, **shape, **choices)
        self.brush = PointBrush(self.problem, self.reported.append)

    def stroke(self, *places: tuple[float, float]) -> None:
        self.brush.press(places[0])
        for place in places[1:]:
            self.brush.drag(place)
        self.brush.release(places[-1])


def points_at(*places: tuple[float, float], regression: bool = False) -> PointSet:
    points = PointSet(empty_snapshot(regression=regression))
    points.add(np.reshape(places, (-1, 2)), np.zeros(len(places)))
    return points


def test_looking_changes_nothing() -> None:
    canvas = BrushHarness()
    before = canvas.problem.snapshot()
    canvas.brush.tap((0, 0))
    canvas.stroke((0, 0), (3, 3))
    assert canvas.problem.snapshot() is before
    assert canvas.problem.shape == "circle"


def test_a_tap_paints_one_point_where_it_is() -> None:
    canvas = BrushHarness(points_at())
    canvas.brush.mode = "paint"
    canvas.brush.label = 1
    canvas.brush.tap((2.5, -1.5))
    assert canvas.problem.own.x.tolist() == [[2.5, -1.5]]
    assert canvas.problem.own.y.tolist() == [1]


def test_a_stroke_strews_points_along_it() -> None:
    canvas = BrushHarness(points_at())
    canvas.brush.mode = "paint"
    line = [(x, 1.0) for x in np.linspace(-4, 4, 200)]
    canvas.stroke(*line)
    x = canvas.problem.own.x
    # A point every 0.35 of 8 units, however many events the stroke came in.
    assert 18 <= len(x) <= 24
    assert np.abs(x[:, 1] - 1).mean() < 0.5
    assert x[:, 0].min() < -3
    assert x[:, 0].max() > 3


def test_generated_points_become_ones_own_with_the_first_change() -> None:
    canvas = BrushHarness()
    before = canvas.problem.snapshot()
    canvas.brush.mode = "paint"
    canvas.brush.tap((0, 0))
    assert canvas.problem.shape == OWN
    assert len(canvas.problem.own) == len(before) + 1
    np.testing.assert_array_equal(canvas.problem.own.x[:-1], before.x)


def test_a_new_class_is_painted() -> None:
    canvas = BrushHarness(points_at((0, 0)))
    canvas.brush.mode = "paint"
    canvas.brush.label = 3
    canvas.brush.tap((1, 1))
    assert canvas.problem.classes == ("0", "1", "2", "3")


def test_a_value_is_painted_in_regression() -> None:
    canvas = BrushHarness(points_at((0, 0), regression=True))
    canvas.brush.mode = "paint"
    canvas.brush.value = -0.5
    canvas.brush.tap((1, 1))
    assert canvas.problem.own.y.tolist() == [0, -0.5]


def test_the_nearest_point_is_moved() -> None:
    canvas = BrushHarness(points_at((0, 0), (3, 3)))
    canvas.brush.mode = "move"
    canvas.stroke((2.9, 2.9), (2, 2), (-1, 4))
    assert canvas.problem.own.x.tolist() == [[0, 0], [-1, 4]]
    canvas.brush.drag((5, 5))
    assert canvas.problem.own.x.tolist() == [[0, 0], [-1, 4]]


def test_nothing_is_moved_where_there_is_nothing() -> None:
    canvas = BrushHarness(points_at((0, 0)))
    canvas.brush.mode = "move"
    canvas.stroke((4, 4), (5, 5))
    assert canvas.problem.own.x.tolist() == [[0, 0]]


def test_the_brush_erases_what_it_passes() -> None:
    canvas = BrushHarness(points_at((0, 0), (1, 0), (2, 0), (0, 3)))
    canvas.brush.mode = "erase"
    canvas.stroke((0, 0.1), (1, 0.1), (2, 0.1))
    assert canvas.problem.own.x.tolist() == [[0, 3]]
    canvas.brush.tap((0, 3))
    assert len(canvas.problem.own) == 0


def test_too_many_points_are_refused_in_a_sentence() -> None:
    canvas = BrushHarness(points_at(*[(0.0, 0.0)] * MAX_POINTS))
    canvas.brush.mode = "paint"
    canvas.brush.tap((1, 1))
    assert len(canvas.problem.own) == MAX_POINTS
    assert canvas.reported == [
        "There are 10000 points; with 1 more they would be 10001, and 10000 is the most allowed."
    ]


def test_each_change_triggers_watchers() -> None:
    canvas = BrushHarness(points_at((0, 0)))
    events: list[object] = []
    canvas.problem.param.watch(events.append, "shape", onlychanged=False)
    canvas.brush.mode = "paint"
    canvas.brush.tap((1, 1))
    assert events


def test_a_fast_stroke_leaves_no_gaps() -> None:
    canvas = BrushHarness(points_at())
    canvas.brush.mode = "paint"
    canvas.brush.press((-4.0, 0.0))
    canvas.brush.drag((4.0, 0.0))
    across = np.sort(canvas.problem.own.x[:, 0])
    assert len(across) == 1 + int(8 / SPACING)
    assert np.diff(across).max() < 4 * SCATTER


def test_the_brush_is_chosen_on_the_page(points: PointsPage) -> None:
    def shown(options: list[object]) -> Any:
        return next(
            each
            for each in widgets(points)
            if isinstance(each, pn.widgets.RadioButtonGroup) and list(each.values) == options
        )

    mode, label = shown(list(MODES)), shown([*range(6)])
    value = [each for each in widgets(points) if each.name == "Value"][-1]
    assert not label.visible
    assert not value.visible
    mode.value = "paint"
    label.value = 4
    brush = points._points_card.brush
    assert (brush.mode, brush.label) == ("paint", 4)
    assert label.visible
    assert not value.visible
    points.problem.shape = "plane"
    assert value.visible
    assert not label.visible


# Upload ---------------------------------------------------------------------------------------


class UploadHarness:
    """An upload, and what it said last."""

    def __init__(self) -> None:
        self.reported, self.wrong = "", True
        self.problem = Points()
        self.upload = PointsUpload(self.problem, self.say)
        self.file = next(
            each for each in widgets(self.upload) if isinstance(each, pn.widgets.FileDropper)
        )

    def say(self, sentence: str, *, wrong: bool = True) -> None:
        self.reported, self.wrong = sentence, wrong

    def give(self, data: bytes, *chosen: str) -> None:
        """Choose a file, then columns if there are any to be chosen, and use them."""

        async def act() -> None:
            self.file.value = {"points.csv": data}
            await drain_tasks()
            for name, column in zip(("x column", "y column", "label column"), chosen, strict=False):
                widget(self.upload, name).value = column
            if chosen:
                click(self.upload, "Use these")
                await drain_tasks()

        asyncio.run(act())


async def drain_tasks() -> None:
    """Wait for all that has been started."""
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


@pytest.fixture(autouse=True)
def async_callbacks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have Param run async callbacks as tasks of the running loop, as on a page."""

    def run(call: Any) -> None:
        asyncio.get_running_loop().create_task(call())

    monkeypatch.setattr(param.parameterized, "async_executor", run)


CSV = b"height,width,kind\n1,2,cat\n2,1,dog\n3,3,cat\n4,0,dog\n"


def test_columns_are_offered_in_order() -> None:
    sheet = UploadHarness()
    assert not widget(sheet.upload, "x column").options
    sheet.give(CSV)
    for name, chosen in (("x", "height"), ("y", "width"), ("label", "kind")):
        shown = widget(sheet.upload, f"{name} column")
        assert list(shown.options) == ["height", "width", "kind"]
        assert shown.value == chosen
    assert sheet.reported == ""
    assert sheet.problem.shape == "circle"


def test_a_file_becomes_the_points() -> None:
    sheet = UploadHarness()
    sheet.give(CSV, "width", "height", "kind")
    assert sheet.problem.shape == OWN
    assert sheet.problem.classes == ("cat", "dog")
    assert sheet.problem.own.y.tolist() == [0, 1, 0, 1]
    assert sheet.problem.own.x[2].tolist() == [5, pytest.approx(5 / 3)]
    assert sheet.reported == ""


def test_what_was_understood_of_a_file_is_said_and_can_be_corrected() -> None:
    sheet = UploadHarness()
    sheet.give(b"2020;1,234;5;a\n2021;2,5;6;b\n2022;3,5;7;a\n")
    assert "4 columns separated by semicolons, decimal commas, data from the" in text(sheet.upload)
    for name, shown in (("Separator", ";"), ("Decimal mark", ","), ("First row", False)):
        assert widget(sheet.upload, name).value == shown

    async def correct() -> None:
        widget(sheet.upload, "First row").value = True
        await drain_tasks()
        assert widget(sheet.upload, "x column").options == ["2020", "1,234", "5", "a"]
        assert "decimal commas, names in the first row" in text(sheet.upload)
        click(sheet.upload, "Use these")
        await drain_tasks()

    asyncio.run(correct())
    assert "2 rows: x is '2020', y is '1,234', 2 classes from 'a'." in html.unescape(
        text(sheet.upload)
    )
    assert len(sheet.problem.own) == 2
    sheet.give(CSV)
    assert widget(sheet.upload, "First row").value is True
    assert "separated by commas, no decimals" in text(sheet.upload)


def test_values_become_a_regression() -> None:
    sheet = UploadHarness()
    rows = "\n".join(f"{i},{i * i % 7},{i / 3:.3f}" for i in range(20))
    sheet.give(f"a,b,c\n{rows}\n".encode(), "a", "b", "c")
    assert sheet.problem.classes == ()
    assert np.abs(sheet.problem.own.y).max() == 1


def test_skipped_rows_are_reported() -> None:
    sheet = UploadHarness()
    sheet.give(CSV + b"nan,1,cat\n", "height", "width", "kind")
    assert len(sheet.problem.own) == 4
    assert "1 of 5 rows were left out" in sheet.reported
    assert not sheet.wrong


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty"),
        (b"\x89PNG\r\n\x00\x00", "binary"),
        (b"x\n1\n2\n", "1 column"),
        (b"x,y\n1,2\n", "2 columns"),
    ],
)
def test_a_file_that_is_no_table_is_refused(data: bytes, sentence: str) -> None:
    sheet = UploadHarness()
    before = sheet.problem.snapshot()
    sheet.give(data)
    assert sentence in sheet.reported
    assert sheet.problem.snapshot() is before


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"a,b,c\n", "no rows"),
        (b"a,b,c\n1,two,0\n", "holds 'two' in row 1 where only numbers"),
        (b"a,b,c\n1,,0\n", "None of 1 rows"),
        (b"a,b,c\n" + b"".join(b"1,2,%c\n" % (97 + i) for i in range(13)), "13 different labels"),
    ],
)
def test_a_table_without_points_is_refused(data: bytes, sentence: str) -> None:
    sheet = UploadHarness()
    before = sheet.problem.snapshot()
    sheet.give(data, "a", "b", "c")
    assert sentence in sheet.reported
    assert sheet.problem.snapshot() is before


def test_a_good_file_clears_the_message() -> None:
    sheet = UploadHarness()
    sheet.give(b"x\n1\n")
    assert sheet.reported
    sheet.give(CSV)
    assert sheet.reported == ""


def test_what_is_downloaded_can_be_uploaded(points: PointsPage) -> None:
    file = widget(points, "Download these points").callback()
    sheet = UploadHarness()
    sheet.give(file.read().encode(), "x", "y", "label")
    np.testing.assert_array_equal(sheet.problem.own.x, points.problem.snapshot().x)
    np.testing.assert_array_equal(sheet.problem.own.y, points.problem.snapshot().y)


def test_all_points_can_be_removed(points: PointsPage) -> None:
    click(points, "Remove all points")
    assert len(points.problem.own) == 0
    assert "There are no points to learn from yet" in text(refresh(points))
    points.trainer.advance(epochs=1, steps=1)
    assert points.trainer.step_count == 0


def test_what_is_wrong_is_shown_and_escaped(points: PointsPage) -> None:
    points._points_card.message.say("<b>bold</b>")
    assert "&lt;b&gt;bold&lt;/b&gt;" in text(points)
    points._points_card.message.say("")
    assert "bold" not in text(points)


# Truth table ----------------------------------------------------------------------------------


def targets(page: GatesPage) -> list[Any]:
    return [each for each in widgets(page) if "pg-target" in each.css_classes]


def test_a_click_on_a_target_turns_it_and_makes_the_gate_custom(gates: GatesPage) -> None:
    assert [each.name for each in targets(gates)] == ["0", "1", "1", "0"]
    targets(gates)[3].clicks += 1
    assert gates.problem.gate == widget(gates, "Gate").value == "custom"
    assert gates.problem.table == (0, 1, 1, 1)
    assert [each.name for each in targets(gates)] == ["0", "1", "1", "1"]
    assert "pg-target-1" in targets(gates)[3].css_classes


def test_another_gate_has_other_targets(gates: GatesPage) -> None:
    gates.problem.gate = "NAND"
    assert [each.name for each in targets(gates)] == ["1", "1", "1", "0"]


def test_rows_are_checked_and_counted(gates: GatesPage) -> None:
    shown = text(refresh(gates))
    assert shown.count("✓") + shown.count("✗") == 4
    assert "of 4 rows right." in shown
    gates.trainer.advance(epochs=500)
    shown = text(refresh(gates))
    assert shown.count("✓") == 4
    assert "Learned at epoch" in shown


@pytest.mark.parametrize("inputs", [3, 4])
def test_more_inputs_make_a_longer_table_and_a_slice(gates: GatesPage, inputs: int) -> None:
    across, held = widget(gates, "Across"), widget(gates, "C held at")
    switches = [each for each in widgets(gates) if isinstance(each, pn.widgets.Toggle)]
    widget(gates, "Inputs").value = inputs
    assert len(targets(gates)) == 2**inputs
    assert [each.visible for each in switches] == [number < inputs for number in range(4)]
    assert list(across.options) == list("ABCD"[:inputs])
    assert held.visible
    held.value = 0.5
    assert gates.problem.pins[2] == 0.5
    across.value = "C"
    assert gates.problem.plane.axes == (2, 1)
    assert not held.visible
    assert widget(gates, "A held at").visible
    refresh(gates)
    assert gates.heartbeat.frame.inputs == tuple("ABCD"[:inputs])
    widget(gates, "Inputs").value = 2
    assert len(targets(gates)) == 4
    assert refresh(gates).heartbeat.frame.plane.axes == (0, 1)


def test_switches_ask_the_network(gates: GatesPage) -> None:
    first = next(each for each in widgets(gates) if isinstance(each, pn.widgets.Toggle))
    first.value = True
    assert first.name == "A = 1"
    refresh(gates)
    (answer,) = gates.heartbeat.frame.probe_outputs["switches"]
    np.testing.assert_allclose(answer, gates.trainer.predict(np.array([[1.0, 0.0]]))[0], atol=1e-6)
    assert f"{answer.max():.1%}" in text(gates)


# Editor ---------------------------------------------------------------------------------------


class EditorHarness:
    """The editor of a network, without a page around it."""

    def __init__(self) -> None:
        self.architecture = Architecture(hidden=[6])
        self.trainer = Trainer(Gates(), self.architecture, Training())
        self.heartbeat: DenseHeartbeat = Heartbeat(self.trainer, self.update, BackPressure())
        self.editor = ParameterEditor(self.heartbeat)

    def update(self, frame: Frame) -> None:
        self.editor.update(frame)


@pytest.fixture
def lab() -> EditorHarness:
    return EditorHarness()


@pytest.fixture
def editor(lab: EditorHarness) -> ParameterEditor:
    return lab.editor


def test_a_link_is_read_and_set(lab: EditorHarness, editor: ParameterEditor) -> None:
    editor.ref = LinkRef(0, 1, 0)
    value = widget(editor, "Weight")
    assert value.visible
    assert value.value == round(float(lab.heartbeat.frame.layers[0].weight[1, 0]), 4)
    assert "weight" in text(editor)
    value.value = 2.5
    assert lab.trainer.frame().layers[0].weight[1, 0] == 2.5


def test_selecting_a_link_does_not_round_its_weight(
    lab: EditorHarness, editor: ParameterEditor
) -> None:
    before = lab.trainer.frame().layers[0].weight
    editor.ref = LinkRef(0, 1, 0)
    editor.ref = BiasRef(1, 0)
    np.testing.assert_array_equal(lab.trainer.frame().layers[0].weight, before)


def test_a_bias_is_set_and_frozen(lab: EditorHarness, editor: ParameterEditor) -> None:
    editor.ref = BiasRef(0, 2)
    widget(editor, "Bias").value = -1.25
    widget(editor, "frozen").value = True
    lab.trainer.advance(epochs=20)
    layer = lab.trainer.frame().layers[0]
    assert layer.bias[2] == -1.25
    assert layer.frozen[2, -1]
    assert layer.frozen.sum() == 1
    editor.ref = None
    refresh(lab)
    editor.ref = BiasRef(0, 2)
    assert widget(editor, "frozen").value
    widget(editor, "frozen").value = False
    lab.trainer.advance(epochs=20)
    assert lab.trainer.frame().layers[0].bias[2] != -1.25


def test_a_layer_is_frozen_by_its_neuron(lab: EditorHarness, editor: ParameterEditor) -> None:
    editor.ref = UnitRef(0, 1)
    widget(editor, "Bias").value = 0.75
    before = lab.trainer.frame().layers[0].weight
    assert lab.trainer.frame().layers[0].bias[1] == 0.75
    widget(editor, "freeze layer").value = True
    lab.trainer.advance(epochs=20)
    frame = lab.trainer.frame()
    np.testing.assert_array_equal(frame.layers[0].weight, before)
    assert frame.layers[0].frozen.all()
    assert not frame.layers[1].frozen.any()


def test_a_layer_gets_its_own_activation(lab: EditorHarness, editor: ParameterEditor) -> None:
    editor.ref = UnitRef(0, 0)
    activation = widget(editor, "Activation")
    activation.value = "ReLU"
    assert lab.trainer.frame().plan.hidden[0].activation == "ReLU"
    activation.value = "network default"
    assert lab.trainer.frame().plan.hidden[0].activation == "tanh"


def test_a_removed_unit_is_deselected(lab: EditorHarness, editor: ParameterEditor) -> None:
    editor.ref = UnitRef(0, 3)
    lab.architecture.hidden = [2]
    refresh(lab)
    assert editor.ref is None
    assert "Point at a neuron" in text(editor)


def test_a_weight_out_of_range_is_refused_in_a_sentence(editor: ParameterEditor) -> None:
    editor.ref = LinkRef(0, 0, 0)
    shown = widget(editor, "Weight")
    shown.value = 12.5
    assert (editor._slider.value, editor._slider.end) == (12.5, 13)
    with pytest.raises(InputError, match="can be set to -100 … 100, not to 1000"):
        editor._heartbeat.trainer.edit(set_first_weight(1000))
    shown.value = 1000
    assert "can be set to -100 … 100, not to 1000" in text(editor)
    assert editor._slider.value == 12.5


def set_first_weight(value: float) -> Any:
    from playground.training.dense.edits import ParameterRef, SetValue

    return SetValue(ParameterRef(0, 0, 0), value)


def test_neurons_and_layers_come_and_go(gates: GatesPage) -> None:
    gates.architecture.hidden = [4]
    refresh(gates)
    click(gates, "Add a hidden layer")
    assert gates.architecture.hidden == [4, 4]
    click(gates, "One neuron more")
    assert gates.architecture.hidden == [5, 4]
    click(gates, "One neuron fewer")
    click(gates, "Remove the last hidden layer")
    assert gates.architecture.hidden == [4]
    for _ in range(3):
        click(gates, "Remove the last hidden layer")
    assert gates.architecture.hidden == []
    for _ in range(12):
        click(gates, "Add a hidden layer")
    assert len(gates.architecture.hidden) == 8


@pytest.mark.parametrize(("width", "button"), [(1, "One neuron fewer"), (32, "One neuron more")])
def test_a_layer_stays_within_its_bounds(gates: GatesPage, width: int, button: str) -> None:
    gates.architecture.hidden = [width]
    click(refresh(gates), button)
    assert gates.architecture.hidden == [width]


# Notes, boundary and theme --------------------------------------------------------------------


def test_notes_are_shown_at_their_place_only() -> None:
    notes = Notes("curves")
    notes.show_notes(
        [Note("a", "curves", "error", "Too <much>."), Note("b", "network", "info", "Other.")]
    )
    assert "Too &lt;much&gt;." in text(notes)
    assert "Other" not in text(notes)
    notes.show_notes([])
    assert text(notes) == ""


@pytest.mark.parametrize(
    ("choices", "label", "then"),
    [
        ({"initialiser": "zero"}, "Use Xavier", {"initialiser": "Xavier"}),
        ({"l2": 1.0}, "L2 to 0", {"l2": 0.0}),
        ({"gate": "parity", "inputs_count": 4}, "Batches of 16", {"batch_size": 16}),
    ],
)
def test_a_note_ends_in_a_button_that_does_what_it_says(
    gates: GatesPage, choices: dict[str, Any], label: str, then: dict[str, Any]
) -> None:
    gates.settings.apply(choices)
    gates.trainer.train(100)
    refresh(gates)
    above, *shown = [each for each in widgets(gates) if each.name == label and each.visible]
    assert len(shown) == 1  # one note for a cause, whose button stands beside the headline too
    assert above is widget(gates._welcome, label)
    shown[0].clicks += 1
    assert {name: getattr(gates, name) for name in then} == then


def test_remarks_on_the_data_are_shown(gates: GatesPage) -> None:
    gates.problem.param.update(gate="custom", table=(1, 1, 1, 1))
    shown = text(refresh(gates))
    assert "Every row&#x27;s answer is 1" in shown


def test_reaching_a_stop_condition_is_reported(gates: GatesPage) -> None:
    gates.training.stop_epoch = 3
    gates.trainer.advance(epochs=10)
    assert "Stopped at epoch 3, as you asked." in text(refresh(gates))


def test_a_failure_is_shown(gates: GatesPage) -> None:
    gates.heartbeat.failure = "Training stopped: on purpose"
    assert "Training stopped: on purpose" in text(gates)


def test_the_answer_under_the_pointer_is_read_out(gates: GatesPage) -> None:
    card = gates._boundary
    card.point_at((0.25, 1.0))
    shown = text(refresh(gates))
    assert "A = 0.25, B = 1.00" in shown
    expected = gates.trainer.predict(np.array([[0.25, 1.0]]))[0]
    assert f"{expected[1]:.1%}" in shown
    card._clear_pointer()
    assert "Point at the picture" in text(refresh(gates))


def test_switches_of_the_boundary(gates: GatesPage) -> None:
    for name, choice in (("Discretise", "discretise"), ("Test data", "show_test")):
        widget(gates, name).value = True
        assert gates._boundary.view.choices[choice]


def test_the_theme_turns_everything(gates: GatesPage) -> None:
    click(gates, "Light or dark")
    assert {view.theme for view in gates.views} == {DARK}
    assert "pg-dark" in gates.__panel__().css_classes
    gates.dark = False
    assert {view.theme for view in gates.views} == {LIGHT}
    assert "pg-dark" not in gates.__panel__().css_classes


class GradientsTab(Part):
    """A tab that someone adds, with a view as an attribute, made in the light theme."""

    def __init__(self, heartbeat: DenseHeartbeat) -> None:
        super().__init__()
        self.view = gradient_norms(heartbeat.frame, LIGHT)

    def __panel__(self) -> pn.viewable.Viewable:
        return self.view.pane()


class PageWithTab(GatesPage):
    """A page with a tab of its own."""

    def tabs(self, heartbeat: DenseHeartbeat) -> tuple[tuple[str, Part], ...]:
        return (("Gradients too", GradientsTab(heartbeat)),)


def test_the_view_of_an_added_tab_follows_the_theme() -> None:
    page = PageWithTab(dark=True)
    ((_title, tab),) = page._tabs
    assert isinstance(tab, GradientsTab)
    assert tab.view in page.views
    assert tab.view.theme is DARK
    page.dark = False
    assert tab.view.theme is LIGHT


def test_compared_runs_follow_the_theme(gates: GatesPage) -> None:
    click(gates, "Runs, files and code")
    (view,) = gates._persistence.drawer.views
    click(gates, "Light or dark")
    assert view.theme is DARK


# The app --------------------------------------------------------------------------------------


def test_a_page_is_built_when_it_is_first_opened_and_kept() -> None:
    app = App(page="Gates")
    assert set(app._built) == {"Gates"}
    gates = app._built["Gates"]
    gates.heartbeat.running = True
    app.page = "Points"
    points = app._built["Points"]
    assert isinstance(points, PointsPage)
    assert not gates.heartbeat.running
    points.dark = True
    assert gates.dark
    app.page = "Gates"
    assert app._built == {"Gates": gates, "Points": points}
