"""Weights, biases, neurons and layers that are set and frozen in the diagram."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground.errors import InputError
from playground.networks.architecture import Architecture
from playground.pages.cards.parameter_editor import ParameterEditor
from playground.pages.gates import GatesPage
from playground.pages.part import DenseHeartbeat
from playground.pages.points import PointsPage
from playground.problems.gates import Gates
from playground.serving.browser.back_pressure import BackPressure
from playground.serving.heartbeat import Heartbeat
from playground.training.dense.frame import Frame
from playground.training.trainer import Trainer
from playground.training.training import Training
from playground.views.diagram import BiasRef, LinkRef, UnitRef
from tests.support.data.shared_pages import lending_fixture
from tests.support.widgets import click, refresh, text, widget

# Panel 1.9.4 would have widgets called by their label, which its own `from_param` does not do yet.
pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")
gates, points = lending_fixture(GatesPage), lending_fixture(PointsPage)


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
    assert (editor._popover._slider.value, editor._popover._slider.end) == (12.5, 13)
    with pytest.raises(InputError, match="can be set to -100 … 100, not to 1000"):
        editor._heartbeat.trainer.edit(set_first_weight(1000))
    shown.value = 1000
    assert "can be set to -100 … 100, not to 1000" in text(editor)
    assert editor._popover._slider.value == 12.5


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
