"""What keys and fields do to the network and to the points, without a browser."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from playground.pages.accessibility.diagram_keys import DiagramKeys
from playground.pages.accessibility.keys import KEYS
from playground.pages.accessibility.network_list import WeightFields, level_names, unit_values
from playground.pages.accessibility.point_form import PointForm
from playground.pages.gates import GatesPage
from playground.problems.points.points import OWN, Points
from playground.views.diagram import FeatureRef, LinkRef, Ref, UnitRef
from playground.views.diagram.walking import Stop, first_stop, stop_at, tell, walk
from tests.support.servers.server import ROOT
from tests.support.training.dense_frames import make_frame
from tests.support.widgets import click

pytestmark = pytest.mark.filterwarnings("ignore:Widget.name is deprecated")

FRAME = make_frame(hidden=(4, 2), features=("x", "y"), all_features=("x", "x²", "y"))


def ref_after(*steps: str, start: Ref | None = None) -> Any:
    stop = first_stop(FRAME) if start is None else stop_at(FRAME, start)
    for step in steps:
        stop = walk(FRAME, stop, step)  # type: ignore[arg-type]
    return stop.ref


@pytest.mark.parametrize(
    ("steps", "reached"),
    [
        ((), UnitRef(-1, 0)),
        (("down",), FeatureRef("x²")),
        (("down", "down"), UnitRef(-1, 1)),
        (("down",) * 5, UnitRef(-1, 1)),
        (("left",), UnitRef(-1, 0)),
        (("right",), LinkRef(0, 0, 0)),
        (("right", "down"), LinkRef(0, 1, 0)),
        (("right", "down", "right"), UnitRef(0, 1)),
        (("right", "down", "right", "left", "down"), LinkRef(0, 1, 1)),
        (("right", "down", "left"), UnitRef(-1, 0)),
        (("end",), UnitRef(2, 0)),
        (("end", "right"), UnitRef(2, 0)),
        (("end", "left", "left"), UnitRef(1, 0)),
        (("end", "home"), UnitRef(-1, 0)),
    ],
)
def test_arrows_walk_along_links_from_neuron_to_neuron(
    steps: tuple[str, ...], reached: Ref
) -> None:
    assert ref_after(*steps) == reached


def test_what_is_gone_leads_to_the_start_and_what_is_there_is_told() -> None:
    assert ref_after("down", start=UnitRef(0, 3)) == UnitRef(0, 3)
    assert ref_after(start=UnitRef(7, 0)) == UnitRef(-1, 0)
    assert tell(FRAME, Stop(FeatureRef("x²"))) == "feature x², not taken. Enter takes it."
    assert "weight" in tell(FRAME, Stop(LinkRef(0, 1, 0)))


def test_keys_point_at_parts_and_open_them() -> None:
    pointed: list[object] = []
    opened: list[object] = []
    keys = DiagramKeys(lambda: FRAME, pointed.append, lambda ref: not opened.append(ref))
    for message in ("focus", "right", "open", "close", "blur"):
        assert keys.receive(message)
    assert pointed == [UnitRef(-1, 0), LinkRef(0, 0, 0), None]
    assert opened == [LinkRef(0, 0, 0), None]
    assert "hidden 1, neuron 1: weight" in keys.text
    assert not keys.receive({"right": 1})


def test_the_list_names_all_neurons_and_holds_the_open_ones_only() -> None:
    assert level_names(FRAME)[:2] == [["x", "y"], [f"neuron {n} of layer 1" for n in range(1, 5)]]
    values = unit_values(FRAME, [(0, 1), (9, 9)])
    assert list(values) == ["0,1"]
    assert values["0,1"]["weights"] == pytest.approx(
        [*FRAME.layers[0].weight[1], FRAME.layers[0].bias[1]], abs=1e-4
    )


def test_fields_of_the_list_set_and_freeze_weights() -> None:
    page = GatesPage(gate="XOR", hidden=[3])
    fields = page._network_list.__panel__()
    assert isinstance(fields, WeightFields)
    said: list[str] = []
    fields.refuse = said.append  # type: ignore[method-assign]
    assert fields.receive({"open": [[0, 2]]})
    assert fields.receive({"ref": [0, 2, 1], "value": 3})
    assert fields.receive({"ref": [0, 2, 1], "frozen": True})
    page.train(1)
    page.update(page.trainer.frame())
    assert fields.values["0,2"]["weights"][1] == 3
    assert fields.values["0,2"]["frozen"] == [False, True, False]
    assert fields.receive({"ref": [0, 2, None], "value": 101})
    assert fields.receive({"ref": [0, 7, None], "value": 1})
    assert fields.receive({"ref": [0, 2, None], "value": None})
    assert len(said) == 3
    for junk in (
        {"ref": [0], "value": 1},
        {"open": [[0, "a"]]},
        {"ref": [0, 2, 1], "value": "3"},
        7,
    ):
        assert not fields.receive(junk)


def test_points_are_added_moved_and_removed_by_coordinates() -> None:
    problem = Points(shape="circle", count=20)
    said: list[str] = []
    places: list[object] = []
    form = PointForm(problem, said.append, places.append)
    before = problem.snapshot()
    form._point.value = 3
    assert places == [pytest.approx(tuple(before.x[2]), abs=1e-3)]
    form._x.value, form._y.value = 9.0, -2.0
    click(form, "Move it")
    assert "x can be -6 to 6" in said[-1]
    assert problem.shape == "circle"
    form._x.value = 1.5
    click(form, "Move it")
    assert problem.shape == OWN
    assert problem.own.x[2] == pytest.approx((1.5, -2.0))
    np.testing.assert_array_equal(problem.own.x[:2], before.x[:2])
    form._class.value = 1
    click(form, "Add a point")
    assert (len(problem.own), problem.own.y[-1]) == (21, 1)
    click(form, "Remove it")
    assert len(problem.own) == 20
    assert said[-1] == ""


def test_the_guide_lists_the_keys() -> None:
    guide = (ROOT / "docs" / "using.md").read_text()
    assert [key for key in KEYS if f"| {key.keys} | {key.does} |" not in guide] == []
