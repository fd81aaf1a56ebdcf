"""Fields and other choices: they set parameters, and follow them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import panel as pn
import pytest

from playground.pages.controls.fields.parameter_fields import LogField
from playground.pages.gates import GatesPage
from playground.pages.points import PointsPage
from playground.training.core.metrics import Score
from playground.training.core.notes import Note, Remedy
from playground.training.training import Training
from playground.views.diagram import layout_of
from tests.support.data.shared_pages import SharedPages, lending_fixture
from tests.support.each_case import check_each
from tests.support.widgets import click, refresh, text, widget, widgets

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")
gates, points = lending_fixture(GatesPage), lending_fixture(PointsPage)


@pytest.fixture
def kept_page(shared_pages: SharedPages) -> Callable[[type], Any]:
    """Return a function that gives a page, the same to all tests that leave it as it was."""
    return shared_pages.peek


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
        ("Momentum", "1", "1 is not possible: momentum can be 0 to 0.9999."),
        ("Beta 2", "", "An empty field is not possible"),
        ("Batch size", 0, "0 is not possible: batch size can be 1 to 2,000."),
        ("Batch size", 2001, "2001 is not possible"),
        ("Stop at loss", "-1", "stop at loss can be 0 to 1000, or empty for never"),
        ("Stop at loss", "1,000", "1,000 is not possible"),
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
    back = f"It was 100% at epoch {solved.learned_epoch}: drag back to see it."
    assert f"<b>97.5% right.</b> {back}" in text(gates._welcome)
    almost = np.full(solved.curves.epoch.shape, 0.984)
    curves = replace(solved.curves, train_accuracy=almost, test_accuracy=almost)
    gates._welcome.update(replace(less, curves=curves))
    assert "<b>97.5% right,</b> close to its best." in text(gates._welcome)
    assert (solved.is_solved, less.is_solved) == (True, False)
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
