"""The truth table of a gate, whose targets turn with a click."""

from __future__ import annotations

from typing import Any

import numpy as np
import panel as pn
import pytest

from playground.pages.gates import GatesPage
from playground.pages.points import PointsPage
from tests.support.data.shared_pages import lending_fixture
from tests.support.widgets import refresh, text, widget, widgets

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")
gates, points = lending_fixture(GatesPage), lending_fixture(PointsPage)


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
