"""The pages without a browser: what Python sets the widgets show, and the other way round."""

from __future__ import annotations

from typing import Any

import numpy as np
import panel as pn
import pytest

import playground
from playground.pages.app import App
from playground.pages.controls.notes import Notes
from playground.pages.gates import GatesPage
from playground.pages.part import DenseHeartbeat, Part
from playground.pages.points import PointsPage
from playground.training.core.notes import Note
from playground.views.gradient_norms import gradient_norms
from playground.views.theme import DARK, LIGHT
from tests.support.data.shared_pages import lending_fixture
from tests.support.widgets import click, refresh, text, widget, widgets

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")
gates, points = lending_fixture(GatesPage), lending_fixture(PointsPage)


# Construction -----------------------------------------------------------------------------------


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


# Transport --------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(("name", "value"), [("initialiser", "zero"), ("seed", 5)])
def test_another_start_begins_anew(gates: GatesPage, name: str, value: object) -> None:
    gates.trainer.advance(epochs=5)
    setattr(gates.architecture, name, value)
    assert gates.trainer.frame().epoch == 0


def test_numbers_follow(gates: GatesPage) -> None:
    gates.trainer.advance(epochs=1001)
    assert "<b>1,001</b>epoch" in text(refresh(gates))


def test_a_regression_has_no_accuracy(points: PointsPage) -> None:
    assert "test accuracy" in text(refresh(points))
    points.problem.shape = "multi-Gaussian"
    assert "test accuracy" not in text(refresh(points))


# Notes, boundary and theme ----------------------------------------------------------------------


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


# The app ----------------------------------------------------------------------------------------


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
